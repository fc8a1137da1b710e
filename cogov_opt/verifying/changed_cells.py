"""What repairs.jsonl says was read otherwise than given, as far as a run can tell (S2.6)."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from . import canonical, canonical_tables, digests, reading

if TYPE_CHECKING:
    from .findings import Findings
    from .reading import RunFolder

    Line = dict[str, Any]
    Contract = dict[str, Any]

FILE = digests.REPAIRS
FIELDS = {"code": str, "table": str, "row": int, "id": str, "column": str, "values": dict}
READ = frozenset({"read", "used"})
COUNTED = READ | {"count"}
OF_A_CELL = {"read_as": frozenset({"read"}), "private_read_as": frozenset()}
OF_A_TABLE = {
    "places_rounded": frozenset({"count", "columns"}),
    "private_left_out": frozenset({"count", "columns"}),
    "more_rows": frozenset({"count", "of"}),
}
BEFORE_TABLES = {
    "read_as": READ, "read_encoding": READ, "merged_filled": COUNTED | {"cells"},
    **dict.fromkeys(
        ("actors_made", "shared_made", "example_rows", "formulas_read", "rows_above_header",
         "numbers_as_ids", "cells_read_as"), COUNTED),
}  # fmt: skip
"""The codes of each form of line, and the names of their values."""
HELD = {"places_rounded": "grain", "private_left_out": "blank"}
KEYS = {"horizon.start": "start", "horizon.end": "end"}
MOST_ROWS = 10**9
_COUNT = re.compile("[1-9][0-9]{0,9}", re.ASCII)


def check(opened: RunFolder, findings: Findings) -> None:
    """Check the form of every line, their order, and that each fits the tables it names."""
    if any(one >= two for one, two in itertools.pairwise(opened.repairs)):
        findings.add("format", FILE, "order")
    names = _Names(opened)
    for number, data in enumerate(opened.repairs, 1):
        for code, about in _faults(canonical.decode(data), names):
            findings.add(code, FILE, f"{number} {about}")


class _Names:
    """What the tables call their rows, each read when first asked for."""

    def __init__(self, opened: RunFolder) -> None:
        self.opened = opened
        self.contracts = canonical_tables.contracts()
        self._read: dict[str, list[str]] = {}

    def of(self, table: str) -> list[str]:
        """Give the first key cell of every row; blank where that column is private."""
        if table not in self._read:
            self._read[table] = self._named(table) if table in self.opened.tables else []
        return self._read[table]

    def _named(self, table: str) -> list[str]:
        contract = self.contracts[table]
        columns, first = contract["columns"], contract["key"][0]
        data = (self.opened.folder / f"inputs/{table}.csv").read_bytes()
        rows = reading.read_lines(data, tuple(columns))
        place = columns.index(first)
        return ["" if first in contract.get("private", ()) else row[place] for row in rows]


def _faults(line: Any, names: _Names) -> list[tuple[str, str]]:
    """Give what is wrong with one line."""
    if not isinstance(line, dict) or line.keys() != FIELDS.keys():
        return [("format", "fields")]
    typed = [(line[name], of) for name, of in FIELDS.items()]
    if not all(type(v) is of for v, of in typed + [(v, str) for v in dict.values(line["values"])]):
        return [("format", "types")]
    code, table, given = line["code"], line["table"], line["values"].keys()
    form = BEFORE_TABLES if not table else OF_A_CELL if line["row"] else OF_A_TABLE
    if not any(code in known for known in (BEFORE_TABLES, OF_A_CELL, OF_A_TABLE)):
        return [("unknown", f"code {code}")]
    if code not in form or given - {"key"} != form[code] or ("key" in given and table):
        return [("format", code)]
    if not table:
        return _of_no_table(line, names.opened.package)
    if table not in names.contracts:
        return [("unknown", f"table {table}")]
    columns = names.contracts[table]["columns"]
    if any(column not in columns for column in _columns(line)):
        return [("unknown", f"column {' '.join(_columns(line))}")]
    return _of_a_cell(line, names) if line["row"] else _of_a_table(line, names)


def _columns(line: Line) -> list[str]:
    """Give the columns that a line names."""
    listed: str = line["values"].get("columns", "")
    return listed.split(", ") if listed and not line["column"] else [line["column"]]


def _of_no_table(line: Line, package: dict[str, Any]) -> list[tuple[str, str]]:
    """Check a line about what was before the tables; a day of the horizon is the package's."""
    key, values = line["values"].get("key"), line["values"]
    if line["row"] or line["id"] or line["column"]:
        return [("format", "a row of no table")]
    if key is not None and (key not in KEYS or values["used"] != package["horizon"][KEYS[key]]):
        return [("input", f"key {key}")]
    return _counted(line, MOST_ROWS)


def _of_a_table(line: Line, names: _Names) -> list[tuple[str, str]]:
    """Check a line about a whole table or column: what was held back is what S2.5 holds back."""
    contract, held = names.contracts[line["table"]], HELD.get(line["code"])
    if line["id"]:
        return [("format", line["code"])]
    if held is not None and _columns(line) != list(contract.get(held, ())):
        return [("input", f"columns {' '.join(_columns(line))}")]
    return _counted(line, len(names.of(line["table"])))


def _of_a_cell(line: Line, names: _Names) -> list[tuple[str, str]]:
    """Check that the row stands there, and that nothing is repeated of a private cell."""
    rows = names.of(line["table"])
    about = f"{line['table']} {line['row']} {line['column']}"
    if not 0 < line["row"] <= len(rows) or rows[line["row"] - 1] != line["id"]:
        return [("input", about)]
    private = line["column"] in names.contracts[line["table"]].get("private", ())
    if private == (line["code"] == "private_read_as"):
        return []
    return [("private" if private else "input", about)]


def _counted(line: Line, most: int) -> list[tuple[str, str]]:
    """Check a number of rows: whole, and not more than there are."""
    count = line["values"].get("count", "1")
    good = _COUNT.fullmatch(count) is not None and int(count) <= most
    return [] if good else [("input", f"count {count}")]
