"""What this version does not know: refused where it would change a decision, else named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.domain.tables import LATER_COLUMNS, LATER_TABLES, PRIVATE_TABLES, contracts
from cogov_opt.errors import Where

if TYPE_CHECKING:
    from cogov_opt.checking.findings import Findings

NEEDED = ("actors", "demands", "needs")


def refuse(tables: Tables, findings: Findings) -> None:
    """Refuse tables and columns of later versions; name those nobody knows."""
    # Of an empty sheet of requests it is said already: what it would have made is not missed too.
    empty = any(note.code == "no_rows" for note in tables.notes)
    for name in () if empty else NEEDED:
        if name not in tables.tables:
            guess = findings.closest(name, tables.tables)
            findings.add("missing_table", Where(tables.source), table=name, closest=guess)
        elif not len(tables.tables[name]):
            place = Where(tables.tables[name].source.file, tables.tables[name].source.sheet)
            findings.add("no_rows", place, table=name)
    for name, table in tables.tables.items():
        place = Where(table.source.file, table.source.sheet)
        if name in LATER_TABLES:
            if _filled_rows(table):
                findings.add("later", place, what=name)
        elif name in contracts():
            _columns(table, findings, name_unknown=not tables.trusted_ids)
        elif name not in PRIVATE_TABLES:
            guess = findings.closest(name, contracts())
            findings.add("unknown_table", place, read=name, closest=guess)


def _filled_rows(table: Table) -> bool:
    """Tell whether a table has a row with something in it."""
    columns = [*table.columns.values(), *table.unknown.values()]
    return any(v.strip() for column in columns for v in column.values)


def _columns(table: Table, findings: Findings, *, name_unknown: bool) -> None:
    """Refuse filled columns of later versions; name unknown and missing ones."""
    contract = contracts()[table.name]
    given = {**table.unknown, **table.columns}
    later = LATER_COLUMNS.get(table.name, ())
    place = Where(table.source.file, table.source.sheet)
    for name in later:
        rows = filled(given[name]) if name in given else np.empty(0, dtype=np.int64)
        if len(rows):
            findings.at_rows(table, rows[:1], name, "later", {"what": f"{table.name}.{name}"})
    unknown = [n for n in given if n not in contract.fields and n not in later]
    missing = [c for c in contract.fields if c in contract.required and c not in given]
    for name in missing:
        guess = findings.closest(name, unknown)
        findings.add("missing_column", place, table=table.name, column=name, closest=guess)
    absent = [c for c in contract.fields if c not in given]
    for name in unknown if name_unknown else ():
        guess = findings.closest(name, absent)
        told = {"read": name, "table": table.name, "closest": guess}
        findings.add("unknown_column", place, "warning", **told)


def filled(column: TextColumn) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the rows whose cell is not blank."""
    blank = np.array([not v or v.isspace() for v in column.values], dtype=bool)
    return np.flatnonzero(~blank[column.codes]) if len(column) else np.empty(0, dtype=np.int64)
