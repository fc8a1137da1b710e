"""Tables as loaded: text columns, where they stood, nothing checked yet (data.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.errors import Where


@dataclass(frozen=True, slots=True)
class TextColumn:
    """
    A column of text, each distinct value held once.

    `codes` has one entry a row, an index into `values`. Cells are read once a distinct value.
    """

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    @classmethod
    def of(cls, cells: Any) -> TextColumn:
        """Encode an iterable of strings."""
        column = list(cells)
        values = tuple(dict.fromkeys(column))
        place = dict(zip(values, range(len(values)), strict=True))
        codes = np.fromiter(map(place.__getitem__, column), dtype=np.int32, count=len(column))
        codes.setflags(write=False)
        return cls(codes, values)

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        """Give the text of one row."""
        return self.values[int(self.codes[row])]

    def cells(self) -> list[str]:
        """Give the text of every row."""
        return np.array(self.values, dtype=object)[self.codes].tolist() if self.values else []


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table's rows stand: file, sheet, and the row number of the first data row."""

    file: str
    sheet: str | None = None
    first_row: int = 2
    letters: bool = False
    rows: NDArray[np.int64] | None = None

    def row_number(self, row: int) -> int:
        """Give the number of a row as its author sees it."""
        return int(self.rows[row]) if self.rows is not None else row + self.first_row

    def where(self, row: int, column: str | None) -> Where:
        """Give the place of a cell as its author sees it."""
        return Where(self.file, self.sheet, self.row_number(row), column)


@dataclass(frozen=True, slots=True)
class Table:
    """One table as loaded: text columns, where they stood, and columns nobody knows."""

    name: str
    columns: Mapping[str, TextColumn]
    source: Source
    unknown: Mapping[str, TextColumn] = field(default_factory=dict)

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(next(iter(self.columns.values()))) if self.columns else 0


@dataclass(frozen=True, slots=True)
class Tables:
    """
    A dataset as loaded: nothing checked yet.

    `package` is datapackage.json as a mapping; `units` says whether money cells are in major
    units of the currency (people's files) or already in minor units (frames, canonical folders);
    `notes` are the repairs the loader made; `trusted_ids` exempts benchmark formats from the
    pseudonym test.
    """

    package: Mapping[str, Any]
    tables: Mapping[str, Table]
    source: str
    units: str = "major"
    trusted_ids: bool = False
    notes: tuple[Any, ...] = ()
