"""Where cells of a workbook stand: file, sheet, row, column and cell (`D17`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cogov_opt.domain.loaded import Source
from cogov_opt.errors import Issue, Where
from cogov_opt.formats.workbook_letters import letters_of


@dataclass(frozen=True, slots=True)
class SheetSource(Source):
    """A table that stands on a sheet; `header` gives the number of each column, from 0."""

    header: Mapping[str, int] = field(default_factory=dict)

    def where(self, row: int, column: str | None) -> Where:
        """Give the place of a cell by the row of the table and the name of its column."""
        number = self.row_number(row)
        place = self.header.get(column or "")
        cell = None if place is None else f"{letters_of(place)}{number}"
        return Where(self.file, self.sheet, number, column, cell)


class At(NamedTuple):
    """A row and a column of a sheet, both counted from 0, and the column's name."""

    row: int | None = None
    column: int | None = None
    name: str | None = None


@dataclass(slots=True)
class SheetNotes:
    """The notes of one sheet, each at its cell."""

    file: str
    sheet: str
    found: list[Issue]

    def add(
        self, code: str, at: At, severity: str = "error", values: Mapping[str, Any] | None = None
    ) -> None:
        """Note something at a place of the sheet."""
        number = None if at.row is None else at.row + 1
        both = at.row is not None and at.column is not None
        cell = f"{letters_of(at.column or 0)}{number}" if both else None
        place = Where(self.file, self.sheet, number, at.name, cell)
        self.found.append(Issue(code, place, values or {}, severity))
