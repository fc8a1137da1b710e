"""
An Instance: the checked data of one decision, as typed read-only columns.

Having one is the proof that the data was checked. Every table is sorted by its key, so the index
of a row orders like its id, and "smallest id" is "smallest index" everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.calendar import Calendar
from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES, Row, contracts

IntArray = NDArray[np.signedinteger[Any]]
IndexArray = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Ragged:
    """A list of integers a row: row i holds `values[starts[i]:starts[i + 1]]`, `levels` beside."""

    starts: IntArray
    values: IndexArray
    levels: IndexArray | None = None

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.starts) - 1

    def row(self, index: int) -> IndexArray:
        """Give the list of one row."""
        return self.values[self.starts[index] : self.starts[index + 1]]

    def owners(self) -> IndexArray:
        """Give the row each value belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))


Column = NDArray[Any] | Ragged | TextColumn
"""
Integers (BLANK where blank) for numbers, money, minutes, dates (ordinals) and moments (minutes);
indices (-1 where blank) for references, codes (rows of `codes`) and choices; Ragged for lists;
TextColumn for ids, free text and requirements. A reference to a resource is an index into
`Instance.resources`; `*` and the word of a References field are -2.
"""


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """
    One table of an instance: its columns, and the row of each id.

    Ids of `codes` are written `vocabulary:code`; other tables without an id of their own have an
    empty `index`.
    `labels` holds, for each column of references or codes, the texts its indices stand for;
    with `calendar` it lets a row be written as text without the other tables.
    """

    name: str
    columns: Mapping[str, Column]
    size: int
    index: Mapping[str, int]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: Calendar | None = None

    def __len__(self) -> int:
        """Give the number of rows."""
        return self.size

    def __getitem__(self, key: str) -> Row:
        """Give one row by its id, as its contract."""
        from cogov_opt.domain.canonical import row_of

        return row_of(self, self.index[key])

    def ints(self, column: str, default: int | None = None) -> IntArray:
        """Give an integer or index column, blanks replaced by `default` if one is given."""
        found = self.columns[column]
        if not isinstance(found, np.ndarray):
            raise TypeError(f"{self.name}.{column} is not a column of integers")
        return found if default is None else np.where(found == BLANK, default, found)

    def text(self, column: str) -> TextColumn:
        """Give a text column."""
        found = self.columns[column]
        if not isinstance(found, TextColumn):
            raise TypeError(f"{self.name}.{column} is not a column of text")
        return found

    def lists(self, column: str) -> Ragged:
        """Give a list column."""
        found = self.columns[column]
        if not isinstance(found, Ragged):
            raise TypeError(f"{self.name}.{column} is not a column of lists")
        return found

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids in row order."""
        return tuple(self.index)


@dataclass(frozen=True, slots=True)
class Package:
    """datapackage.json, read: what the dataset is called and how it is to be understood."""

    name: str
    title: str
    currency: str
    calendar: Calendar
    language: str
    policy: str | None
    no_rows_means: Mapping[str, str]
    format: str
    meta: Mapping[str, Any]

    def silence(self, kind: str) -> str:
        """Say what no availability row means for a kind: closed, workdays or always (S4.5)."""
        return self.no_rows_means.get(kind, "closed" if kind == "volunteer" else "workdays")


@dataclass(frozen=True, slots=True)
class Resources:
    """All resources in one numbering: volunteers, funds, spaces, services, each by id."""

    ids: tuple[str, ...]
    kind: NDArray[np.int8]
    actor: IndexArray
    offsets: tuple[int, ...]

    def __len__(self) -> int:
        """Give the number of resources."""
        return len(self.ids)

    def span(self, kind: str) -> slice:
        """Give the range of one kind."""
        place = RESOURCE_KINDS.index(kind)
        return slice(self.offsets[place], self.offsets[place + 1])


@dataclass(frozen=True, slots=True)
class Options:
    """
    Every option of every demand, by (demand, option id), implicit ones included (S3.2).

    `demand` is the demand of each option; demand d has options `of_demand[d]:of_demand[d + 1]`.
    Sessions of option i are `starts[first[i]:first[i + 1]]` with `ends` and `days` (ordinals).
    """

    demand: IndexArray
    ids: tuple[str, ...]
    of_demand: IntArray
    first: IntArray
    starts: IntArray
    ends: IntArray
    days: IntArray

    def __len__(self) -> int:
        """Give the number of options."""
        return len(self.ids)

    @property
    def sessions(self) -> IntArray:
        """Give the number of sessions of each option."""
        return np.diff(self.first)

    @property
    def slots(self) -> IntArray:
        """Give the slots each option counts as: one at least (S3.3)."""
        return np.maximum(self.sessions, 1)

    @property
    def minutes(self) -> IntArray:
        """Give the minutes of each option, all sessions together."""
        total = np.concatenate(([0], np.cumsum(self.ends - self.starts)))
        return total[self.first[1:]] - total[self.first[:-1]]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Instance:
    """
    The checked data of one decision; two are equal only if they are the same.

    `needs_of` lists the needs of each demand; `warnings` and `repairs` are the issues that did
    not stop the check.
    """

    package: Package
    tables: Mapping[str, CheckedTable]
    resources: Resources
    options: Options
    needs_of: Ragged
    warnings: tuple[Any, ...] = ()
    repairs: tuple[Any, ...] = ()

    def __getattr__(self, name: str) -> CheckedTable:
        """Give a table by its name: `instance.volunteers`."""
        if name in contracts():
            return self.tables[name]
        raise AttributeError(name)

    @property
    def calendar(self) -> Calendar:
        """Give the horizon."""
        return self.package.calendar

    def resource_table(self, kind: str) -> CheckedTable:
        """Give the table of one kind of resource."""
        return self.tables[RESOURCE_TABLES[RESOURCE_KINDS.index(kind)]]

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        counts = ", ".join(f"{len(t)} {n}" for n, t in self.tables.items() if len(t))
        return f"Instance({self.package.name}: {counts})"
