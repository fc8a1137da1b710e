"""Rows made at load, each with the cell that was typed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cogov_opt.domain.loaded import Source, Table, TextColumn
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import Where

Origin = tuple[Source, int, str | None]
"""The table a row comes from, its row there, and the column that was typed for it."""


@dataclass(frozen=True, slots=True)
class TypedSource(Source):
    """Where rows come from that nobody typed as such; `typed` maps columns to typed ones."""

    origins: tuple[Origin, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)

    def where(self, row: int, column: str | None) -> Where:
        """Give the cell that was typed for a cell of these rows."""
        source, at, default = self.origins[row]
        return place_of(source, at, self.typed.get(column or "", default or column))


def place_of(source: Source, row: int, column: str | None) -> Where:
    """Give the place of a cell of any source, with its letters where it stands on a sheet."""
    where = getattr(source, "where", None)
    if where is not None:
        found: Where = where(row, column)
        return found
    return Where(source.file, source.sheet, source.row_number(row), column)


class Rows:
    """A table being made row by row."""

    def __init__(
        self, name: str, typed: Mapping[str, str] | None = None, source: Source | None = None
    ) -> None:
        self.name, self.typed, self.source = name, typed or {}, source
        self.texts: dict[str, list[str]] = {}
        self.origins: list[Origin] = []

    def add(self, origin: Origin, **cells: str) -> None:
        """Add one row; cells it does not have are blank."""
        row = len(self.origins)
        for name, text in cells.items():
            column = self.texts.get(name)
            if column is None:
                column = self.texts[name] = [""] * row
            column.append(text)
        if len(cells) < len(self.texts):
            for column in self.texts.values():
                if len(column) == row:
                    column.append("")
        self.origins.append(origin)

    def keep(self, table: Table) -> None:
        """Take over the rows of a table as they are."""
        columns = {n: c.cells() for n, c in table.columns.items()}
        for row in range(len(table)):
            cells = {n: c[row] for n, c in columns.items()}
            self.add((table.source, row, None), **cells)

    def table(self, unknown: tuple[str, ...] = ()) -> Table:
        """Give the table; a column appears if a row has it, and all where there is no row."""
        texts = self.texts or {name: [] for name in contracts()[self.name].fields}
        columns = {n: TextColumn.of(cells) for n, cells in texts.items()}
        numbers = np.array([s.row_number(r) for s, r, _ in self.origins], dtype=np.int64)
        first = self.origins[0][0] if self.origins else self.source or Source("")
        source = TypedSource(
            first.file, first.sheet, letters=first.letters, rows=numbers,
            origins=tuple(self.origins), typed=self.typed,
        )  # fmt: skip
        known = {n: c for n, c in columns.items() if n not in unknown}
        return Table(self.name, known, source, {n: columns[n] for n in unknown if n in columns})
