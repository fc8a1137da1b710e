"""The growing formulation: blocks of columns and rows added by meaning, frozen at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from cogov_opt.domain.formulation import (
    Block,
    Candidates,
    Formulation,
    Key,
    Labels,
    Matrix,
    Money,
    Part,
    Recipe,
    Stage,
)  # fmt: skip
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.facts import FUND, Facts

SHIFT = 32
"""Row and column share one integer: the row above this bit, the column below."""
Entry = tuple[IntArray, IntArray, IntArray | int]
"""Rows within a block, columns, coefficients."""
Run = tuple[IntArray, IntArray]
"""Places, row and column in one integer, rising; and their coefficients."""
Entries = tuple[IntArray, IndexArray, IntArray]
"""A block's entries by row: their number in each row, columns, coefficients."""


class Model:
    """Rows and columns as they are added. `x0` is the first candidate column."""

    def __init__(self, facts: Facts, candidates: Candidates) -> None:
        self.facts = facts
        self.candidates = candidates
        self.x0 = len(facts.options)
        self.made: dict[Key, IndexArray] = {}
        """Columns made when first needed (indicators, awards), by family."""
        self.upper: list[IntArray] = []
        self.width = 0
        self._columns: list[Block] = []
        self._continuous: list[tuple[int, int]] = []
        self._recipes: list[Recipe] = []
        self._rows: list[Block] = []
        self._height = 0
        self._low: list[IntArray] = []
        self._high: list[IntArray] = []
        self._entries: list[Entries] = []

    def columns(
        self, prefix: Key, parts: Sequence[Part], upper: IntArray, *, continuous: bool = False
    ) -> IndexArray:
        """Add columns with lower bound 0; give their indices."""
        count = len(upper)
        first = self.width
        self._columns.append(Block(prefix, tuple(parts), count))
        self.upper.append(np.asarray(upper, dtype=np.int64))
        if continuous:
            self._continuous.append((first, first + count))
        self.width += count
        return np.arange(first, self.width, dtype=np.int32)

    def rows(
        self,
        prefix: Key,
        parts: Sequence[Part],
        low: IntArray | int,
        high: IntArray | int,
        count: int,
        *entries: Entry,
    ) -> IndexArray:
        """
        Add `count` rows; each entry block is (row within the block, column, coefficient).

        Use `-FREE` or `FREE` for a side without a bound. Gives the indices of the rows.
        """
        first = self._height
        self._rows.append(Block(prefix, tuple(parts), count))
        self._low.append(np.broadcast_to(np.asarray(low, dtype=np.int64), (count,)))
        self._high.append(np.broadcast_to(np.asarray(high, dtype=np.int64), (count,)))
        self._entries.append(_compressed(count, entries))
        self._height += count
        return np.arange(first, self._height, dtype=np.int32)

    def define(self, columns: IndexArray, rows: IndexArray, *, least: bool) -> None:
        """Say that auxiliary columns take the least (or greatest) value their rows allow."""
        self._recipes.append(Recipe(columns, rows, least))

    def upper_bounds(self) -> IntArray:
        """Give the upper bound of every column so far."""
        return np.concatenate(self.upper) if self.upper else np.zeros(0, dtype=np.int64)

    def x(self, candidates: IndexArray) -> IndexArray:
        """Give the columns of some candidates."""
        return (np.asarray(candidates) + self.x0).astype(np.int32)

    def of_kinds(self, *kinds: int) -> IntArray:
        """Give the candidates for needs of some kinds."""
        return np.flatnonzero(np.isin(self.facts.need_kind, kinds).take(self.candidates.need))

    def x_parts(self, candidates: IndexArray | None = None) -> list[Part]:
        """Give the key parts (n, r, o, g) of some candidates; of all, sharing their arrays."""
        c, instance = self.candidates, self.facts.instance
        some = slice(None) if candidates is None else candidates
        agreements = (*instance.agreements.ids, "")
        return [
            (instance.needs.ids, c.need[some]),
            (instance.resources.ids, c.resource[some]),
            (instance.options.ids, c.option[some]),
            (agreements, c.agreement[some]),
        ]

    def freeze(self, stages: Sequence[Stage], money: Money) -> Formulation:
        """Give the formulation; rows without terms that hold anyway are left out (S7.1)."""
        upper = self.upper_bounds()
        cap = upper[self.x0 : self.x0 + len(self.candidates)]
        matrix = self._matrix()
        low, high = (
            np.concatenate([np.zeros(0, dtype=np.int64), *sides])
            for sides in (self._low, self._high)
        )
        meant = (np.diff(matrix.starts) > 0) | (low > 0) | (high < 0)
        said = np.flatnonzero(meant)
        starts = np.append(matrix.starts[said], matrix.starts[-1])
        kept = np.split(meant, np.cumsum([b.count for b in self._rows])[:-1])
        continuous = np.zeros(self.width, dtype=bool)
        for first, last in self._continuous:
            continuous[first:last] = True
        continuous[self.x(self.of_kinds(FUND))] = True
        return Formulation(
            options=self.facts.options,
            candidates=replace(self.candidates, cap=cap),
            columns=Labels(tuple(self._columns)),
            lower=np.broadcast_to(np.int64(0), self.width),
            upper=upper,
            rows=Labels(tuple(b.some(k) for b, k in zip(self._rows, kept, strict=True))),
            row_lower=low[said],
            row_upper=high[said],
            matrix=Matrix(starts, matrix.columns, matrix.values),
            stages=tuple(stages),
            money=money,
            continuous=continuous,
            recipes=tuple(
                Recipe(r.columns, np.searchsorted(said, r.rows[meant[r.rows]]), r.least)
                for r in self._recipes
            ),
        )

    def _matrix(self) -> Matrix:
        """Put the entries of all blocks together."""
        none = np.zeros(0, dtype=np.int64)
        counts, columns, values = zip(
            (none, none.astype(np.int32), none), *self._entries, strict=True
        )
        self._entries.clear()
        starts = np.zeros(self._height + 1, dtype=np.int64)
        np.cumsum(np.concatenate(counts), out=starts[1:])
        return Matrix(starts, np.concatenate(columns), np.concatenate(values))


def _compressed(count: int, entries: Sequence[Entry]) -> Entries:
    """Put a block's entries by row, columns rising: equal places added up, zeros left out."""
    runs = [run for run in map(_sorted, entries) if len(run[0])]
    if not runs:
        none = np.zeros(0, dtype=np.int64)
        return np.zeros(count, dtype=np.int64), none.astype(np.int32), none
    place, value = reduce(_merged, runs)
    fresh = np.concatenate(([True], place[1:] != place[:-1]))
    if not fresh.all():
        value = np.add.reduceat(value, np.flatnonzero(fresh))
        place = place[fresh]
    if not value.all():
        place, value = place[value != 0], value[value != 0]
    columns = (place & ((1 << SHIFT) - 1)).astype(np.int32)
    return np.bincount(place >> SHIFT, minlength=count), columns, value


def _merged(run: Run, other: Run) -> Run:
    """Merge two runs of rising places."""
    if len(run[0]) < len(other[0]):
        run, other = other, run
    at = np.searchsorted(run[0], other[0]) + np.arange(len(other[0]))
    stays = np.ones(len(run[0]) + len(other[0]), dtype=bool)
    stays[at] = False
    kept = np.flatnonzero(stays)
    place, value = np.empty((2, len(stays)), dtype=np.int64)
    for whole, mine, more in ((place, run[0], other[0]), (value, run[1], other[1])):
        whole[kept], whole[at] = mine, more
    return place, value


def _sorted(entry: Entry) -> Run:
    """Bring entries into the order of their places."""
    row, column, value = entry
    place = (np.asarray(row, dtype=np.int64) << SHIFT) + column
    worth = np.broadcast_to(np.asarray(value, dtype=np.int64), place.shape)
    if (place[1:] >= place[:-1]).all():
        return place, worth
    if np.ndim(value) == 0:
        return np.sort(place), worth
    order = np.argsort(place)
    return place[order], worth[order]
