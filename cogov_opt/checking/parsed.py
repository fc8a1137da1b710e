"""Columns once read: a payload for each distinct value, gathered into rows by numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cogov_opt.domain.instance import Column, IntArray, Ragged
from cogov_opt.domain.loaded import TextColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Order = IntArray | None
"""Sorted row -> loaded row; None where the rows were sorted already."""


class Problem(NamedTuple):
    """What is wrong with, or was changed in, one distinct value of a column."""

    value: int
    code: str
    values: dict[str, Any]
    severity: str = "error"


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only."""
    array.setflags(write=False)
    return array


def in_order(codes: NDArray[Any], order: Order) -> NDArray[Any]:
    """Bring one entry a row into sorted order."""
    return codes if order is None else codes[order]


@dataclass(frozen=True, slots=True)
class Ints:
    """A column of integers or indices: one for each distinct value."""

    codes: NDArray[np.int32]
    values: NDArray[Any]

    def rows(self, order: Order) -> Column:
        """Give one integer a row, in sorted order."""
        if len(self.values) == 1:
            return frozen(np.full(len(self.codes), self.values[0]))
        return frozen(self.values[in_order(self.codes, order)])

    def loaded(self) -> NDArray[Any]:
        """Give one integer a row, in loaded order."""
        gathered: NDArray[Any] = self.values[self.codes]
        return gathered


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of text: one for each distinct value, which reading may have made equal."""

    codes: NDArray[np.int32]
    values: Sequence[str]
    plain: bool = False
    """Whether the values are as they were typed, and so distinct."""

    @property
    def distinct(self) -> bool:
        """Tell whether every row is known to hold a text of its own."""
        return self.plain and len(self.values) == len(self.codes)

    def rows(self, order: Order) -> Column:
        """Give the text of each row in sorted order, values numbered as they first occur."""
        codes = in_order(self.codes, order)
        if self.distinct:
            values = tuple(map(self.values.__getitem__, codes.tolist()))
            return TextColumn(frozen(np.arange(len(codes), dtype=np.int32)), values)
        seen: dict[str, int] = {}
        merged = np.array([seen.setdefault(v, len(seen)) for v in self.values], dtype=np.int32)
        texts = tuple(seen)
        merged_codes = merged[codes] if len(merged) else codes
        used, first, places = np.unique(merged_codes, return_index=True, return_inverse=True)
        by_first = np.argsort(first)
        renumbered = np.empty(len(used), dtype=np.int32)
        renumbered[by_first] = np.arange(len(used), dtype=np.int32)
        values = tuple(texts[k] for k in used[by_first].tolist())
        return TextColumn(frozen(renumbered[places].astype(np.int32)), values)


@dataclass(frozen=True, slots=True)
class Lists:
    """A column of lists of indices: one list for each distinct value."""

    codes: NDArray[np.int32]
    starts: IntArray
    flat: NDArray[np.int32]
    levels: NDArray[np.int32] | None = None

    @classmethod
    def of(cls, codes: NDArray[np.int32], lists: list[list[Any]], *, levels: bool) -> Lists:
        """Join the lists; with `levels` each item is a pair of index and level."""
        starts = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(x) for x in lists], out=starts[1:])
        items = [item for found in lists for item in found]
        if not levels:
            return cls(codes, starts, np.array(items, dtype=np.int32))
        pairs = np.array(items, dtype=np.int32).reshape(-1, 2)
        return cls(codes, starts, pairs[:, 0].copy(), pairs[:, 1].copy())

    def rows(self, order: Order) -> Column:
        """Give the list of each row, in sorted order."""
        codes = in_order(self.codes, order)
        lengths = np.diff(self.starts)[codes]
        starts = np.zeros(len(codes) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        places = np.repeat(self.starts[codes] - starts[:-1], lengths) + np.arange(starts[-1])
        levels = None if self.levels is None else frozen(self.levels[places])
        return Ragged(frozen(starts), frozen(self.flat[places]), levels)


Parsed = Ints | Texts | Lists
