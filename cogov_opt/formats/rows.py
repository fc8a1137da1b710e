"""Rows of text become a Table: header, blank rows, ragged rows; shared by all tabular formats."""

from __future__ import annotations

import unicodedata
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from cogov_opt.domain.loaded import Source, Table, TextColumn
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import Issue, Where

if TYPE_CHECKING:
    from collections.abc import Sequence


def table_of_rows(
    name: str,
    rows: Sequence[Sequence[str]],
    notes: list[Issue],
    *,
    file: str,
    sheet: str | None = None,
    first_row: int = 2,
) -> Table:
    """
    Build a table from its header and its rows of text.

    Rows without anything in them are left out; rows with too many or too few cells, columns
    named twice and columns without a name are issues. `first_row` is the number, as its author
    sees it, of the row below the header.
    """
    header = [title_of(cell) for cell in rows[0]] if rows else []
    while header and not header[-1] and all(len(r) < len(header) or not r[-1] for r in rows[1:]):
        header.pop()
    width, body = len(header), rows[1:]
    lengths = np.fromiter(map(len, body), dtype=np.int64, count=len(body))
    kept = list(range(len(body)))
    if (lengths != width).any() or not all(map(any, body)):
        kept, body = _regular(body, width, notes, file, sheet, first_row)
    columns = [list(map(itemgetter(k), body)) for k in range(width)]
    gaps = bool(kept) and kept[-1] != len(kept) - 1
    numbers = np.array(kept, dtype=np.int64) + first_row if gaps else None
    source = Source(file, sheet, first_row, rows=numbers)
    return _table(name, header, columns, notes, source)


def table_of_columns(
    name: str, header: Sequence[str], columns: Sequence[Sequence[str]], notes: list[Issue], *,
    file: str,
) -> Table:  # fmt: skip
    """Build a table from its header and its columns; no row is empty, and each has every cell."""
    return _table(name, [title_of(cell) for cell in header], columns, notes, Source(file))


def _table(
    name: str, header: list[str], columns: Sequence[Sequence[str]], notes: list[Issue],
    source: Source,
) -> Table:  # fmt: skip
    """Encode the columns, and tell known from unknown ones."""
    encoded = [TextColumn.of(column) for column in columns]
    named = _named(header, encoded, notes, Where(source.file, source.sheet, source.first_row - 1))
    known = contracts()[name].fields if name in contracts() else named
    return Table(
        name,
        {c: t for c, t in named.items() if c in known},
        source,
        {c: t for c, t in named.items() if c not in known},
    )


def title_of(cell: str) -> str:
    """Tidy the name of a column."""
    return unicodedata.normalize("NFKC", cell).replace("\ufeff", "").strip()


def _regular(
    body: Sequence[Sequence[str]], width: int, notes: list[Issue], file: str, sheet: str | None,
    first_row: int,
) -> tuple[list[int], list[Sequence[str]]]:  # fmt: skip
    """Leave out empty rows, and note rows that are longer or shorter than the header."""
    kept: list[int] = []
    regular: list[Sequence[str]] = []
    for i, row in enumerate(body):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[width:]) or len(row) < width:
            told = {"cells": len(row), "columns": width}
            notes.append(Issue("ragged_row", Where(file, sheet, i + first_row), told))
        kept.append(i)
        regular.append([*row[:width], *[""] * (width - len(row))])
    return kept, regular


def _named(
    header: list[str], columns: list[TextColumn], notes: list[Issue], place: Where
) -> dict[str, TextColumn]:
    """Give the columns by name, noting names that stand twice or are missing."""
    named: dict[str, TextColumn] = {}
    for title, column in zip(header, columns, strict=True):
        if not title:
            if any(v.strip() for v in column.values):
                notes.append(Issue("blank_header", place, {}))
        elif title in named:
            where = Where(place.file, place.sheet, place.row, title)
            notes.append(Issue("duplicate_header", where, {"read": title}))
        else:
            named[title] = column
    return named
