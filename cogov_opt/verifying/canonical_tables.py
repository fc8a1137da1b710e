"""Whether the tables of `inputs/` are in canonical form (convention S2.1-S2.3, S2.5)."""

from __future__ import annotations

import csv
import itertools
import json
import pkgutil
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from .facts import KINDS
from .reading import Line, RunFolder, read_csv
from .reading_tables import INTEGERS, LISTS

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Findings

_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
REPEATED = frozenset({"provenance"})
"""Tables in which one key may stand more than once."""
WORDS = {
    ("needs", "kind"): frozenset(KINDS),
    ("agreements", "kind"): frozenset(KINDS) - {"fund"},
    ("agreements", "per"): frozenset({"day", "week", "month", "year", "horizon"}),
    ("standing", "status"): frozenset({"draft", "published", "pinned"}),
}
"""Columns that hold one of a few words."""


def contracts() -> dict[str, dict[str, Any]]:
    """Give the columns and key of every table, as shipped."""
    found: dict[str, dict[str, Any]] = json.loads(_data("table_columns.json"))
    return found


def check(opened: RunFolder, findings: Findings) -> None:
    """Look at every table: known, its columns in order, sorted, each cell as S2.3 writes it."""
    known = contracts()
    for table in opened.tables:
        path = f"inputs/{table}.csv"
        if table not in known:
            findings.add("unknown", path)
            continue
        for code, about in _faults(opened.folder / path, table, known[table]):
            findings.add(code, path, about)


def _faults(path: Path, table: str, contract: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        data = path.read_bytes()
        lines = read_csv(data, tuple(contract["columns"]))
    except (OSError, ValueError, csv.Error) as error:
        return [("input", str(error))]
    if not lines:
        return [("input", "no rows")]
    faults = _unsorted(lines, contract["key"], repeated=table in REPEATED)
    if not unicodedata.is_normalized("NFC", data.decode("utf-8")):
        faults.append("text that is not NFC")
    faults += [about for line in lines for about in _bad_cells(table, line, contract)]
    told = [("private", about) for line in lines for about in _too_much(line, contract)]
    return [("input", about) for about in faults] + told


def _unsorted(lines: list[Line], key: list[str], *, repeated: bool) -> list[str]:
    keys = [tuple(line[column] for column in key) for line in lines]
    return [
        " ".join(two)
        for one, two in itertools.pairwise(keys)
        if one > two or (one == two and not repeated)
    ]


def _bad_cells(table: str, line: Line, contract: dict[str, Any]) -> list[str]:
    bad = []
    for column, cell in line.items():
        if not cell:
            continue
        if column in INTEGERS:
            good = _INTEGER.fullmatch(cell) is not None
        elif column in LISTS:
            items = cell.split(";")
            good = all(items) and all(a < b for a, b in itertools.pairwise(items))
        else:
            good = cell in WORDS.get((table, column), (cell,))
        if not good:
            bad.append(f"{line[contract['key'][0]]} {column}")
    return bad


def _too_much(line: Line, contract: dict[str, Any]) -> list[str]:
    """Name the cells that hold more about a person than a run may (S2.5), never what they hold."""
    grains: dict[str, int] = contract.get("grain", {})
    fine = [
        c for c, grain in grains.items() if _INTEGER.fullmatch(line[c]) and int(line[c]) % grain
    ]
    filled = [column for column in contract.get("blank", ()) if line[column]]
    return [f"{line[contract['key'][0]]} {column}" for column in fine + filled]


def _data(name: str) -> bytes:
    """Give a file shipped beside these modules, from a folder or a zip."""
    data = pkgutil.get_data(__package__ or "", name)
    if data is None:
        raise FileNotFoundError(name)
    return data
