"""What was read otherwise than it was given: which cell, in the run; where it stood, beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cogov_opt.domain.canonical import canonical_json, cell_texts
from cogov_opt.domain.tables import contracts

if TYPE_CHECKING:
    from cogov_opt.domain.instance import Instance
    from cogov_opt.errors import Issue, Where

MORE_ROWS = "more_rows"
"""Said at the first row of those that are counted only."""


def repairs_file(instance: Instance) -> bytes:
    """Write repairs.jsonl: each change once, by table, row, id and column (S2.6)."""
    return b"".join(line + b"\n" for line in sorted({line for line, _ in _told(instance)}))


def repair_places(instance: Instance) -> list[list[Any]]:
    """Give for every change its line in repairs.jsonl and the file, sheet, row, column, cell."""
    told = list(_told(instance))
    numbers = {line: n for n, line in enumerate(sorted({line for line, _ in told}), 1)}
    places = ((numbers[line], _place(where)) for line, where in told)
    return [[number, *place] for number, place in sorted(places)]


def _told(instance: Instance) -> Iterator[tuple[bytes, Where]]:
    """Give the line of every change, and where it was."""
    ids: dict[str, list[str]] = {}
    for issue in instance.repairs:
        name = issue.where.table
        if name and name not in ids:
            ids[name] = _ids(instance, name)
        yield canonical_json(_line(issue, ids.get(name, []))), issue.where


def _ids(instance: Instance, name: str) -> list[str]:
    """Give what the rows of a table are called; nothing where that is private."""
    first = contracts()[name].key[0]
    if contracts()[name].fields[first].visibility == "private":
        return [""] * len(instance.tables[name])
    return cell_texts(instance.tables[name], first)


def _line(issue: Issue, ids: list[str]) -> dict[str, Any]:
    """Give one change; what a cell was read as stands in the cell itself."""
    where = issue.where
    entry = None if issue.code == MORE_ROWS else where.entry
    left_out = "used" if entry is not None else ""
    return {
        "code": issue.code,
        "table": where.table,
        "row": 0 if entry is None else entry + 1,
        "id": "" if entry is None else ids[entry],
        "column": (where.canonical or where.column or "") if where.table else "",
        "values": {k: str(v) for k, v in issue.values.items() if k != left_out},
    }


def _place(where: Where) -> tuple[str, str, int, str, str]:
    """Give a place as its author sees it; of the file only the name."""
    name = Path(where.file).name
    return name, where.sheet or "", where.row or 0, where.column or "", where.cell or ""
