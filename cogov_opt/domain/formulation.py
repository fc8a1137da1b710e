"""
A formulation: solver-neutral integer rows and columns, named by meaning (convention S5-S9).

Columns: first y, one for each option in option order; then x, one for each candidate in candidate
order; then money and auxiliary columns. Everything is an integer array; nothing is a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.instance import IndexArray, IntArray, Options
from cogov_opt.domain.policy import Objective

FREE = 2**62
"""The absolute value of a row bound that stands for "none"."""

Key = tuple[str, ...]
Part = tuple[Sequence[str], IndexArray]
"""One part of the keys of a block: names, and for each member the index of its name."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows or columns of one family: a prefix, and the parts that tell its members apart."""

    prefix: Key
    parts: tuple[Part, ...]
    count: int

    def key(self, member: int) -> Key:
        """Give the key of one member."""
        return self.prefix + tuple(names[index[member]] for names, index in self.parts)

    def some(self, keep: NDArray[np.bool_]) -> Block:
        """Give the block of some of the members."""
        if keep.all():
            return self
        parts = tuple((names, index[keep]) for names, index in self.parts)
        return Block(self.prefix, parts, int(keep.sum()))


@dataclass(frozen=True)
class Labels:
    """The keys of all rows, or of all columns, by family; written out only when asked."""

    blocks: tuple[Block, ...]

    @cached_property
    def starts(self) -> IntArray:
        """Give where each block begins, and the total at the end."""
        return np.concatenate(([0], np.cumsum([b.count for b in self.blocks]))).astype(np.int64)

    def __len__(self) -> int:
        """Give the number of members."""
        return int(self.starts[-1])

    def key(self, index: int) -> Key:
        """Give the key of one row or column."""
        place = int(np.searchsorted(self.starts, index, side="right")) - 1
        return self.blocks[place].key(index - int(self.starts[place]))

    def some(self, keep: NDArray[np.bool_]) -> Labels:
        """Give the labels of some rows or columns, in their order."""
        starts = self.starts.tolist()
        pairs = zip(self.blocks, starts, strict=False)
        return Labels(tuple(b.some(keep[at : at + b.count]) for b, at in pairs))

    @cached_property
    def index(self) -> dict[Key, int]:
        """Give the index of every key. Written out in full: for small formulations and tests."""
        return {self.key(i): i for i in range(len(self))}


def all_keys(labels: Labels) -> tuple[Key, ...]:
    """Give every key of rows or columns, in order."""
    return tuple(key for block in labels.blocks for key in _keys(block))


def _keys(block: Block) -> Sequence[Key]:
    """Give the keys of one block."""
    columns = [[names[i] for i in index.tolist()] for names, index in block.parts]
    if not columns:
        return (block.prefix,) * block.count
    return [block.prefix + parts for parts in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    The pairs that may be used (S4), sorted by (need, option, resource, agreement).

    `agreement` is -1 where none is needed; `cap` the most units; `use_units` capacity taken by a
    unit; `unit_cost` minor units for one unit, whoever pays.
    """

    need: IndexArray
    option: IndexArray
    resource: IndexArray
    agreement: IndexArray
    cap: IntArray
    use_units: IntArray
    unit_cost: IntArray

    def __len__(self) -> int:
        """Give the number of candidates."""
        return len(self.need)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of integers, compressed by row."""

    starts: IntArray
    columns: IndexArray
    values: IntArray

    @property
    def row_of(self) -> IndexArray:
        """Give the row of each entry."""
        count = len(self.starts) - 1
        return np.repeat(np.arange(count, dtype=np.int32), np.diff(self.starts))

    def of_rows(self, rows: IntArray) -> Matrix:
        """Give some rows alone, in their order."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        entries = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], sizes)
        return Matrix(starts, self.columns[entries], self.values[entries])

    def times(self, x: IntArray) -> IntArray:
        """Give A x, exactly while it stays within 63 bits."""
        products = np.concatenate(([0], np.cumsum(self.values * x[self.columns])))
        return products[self.starts[1:]] - products[self.starts[:-1]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as maximise costs x + constant; `objective` is the card's line (None: the draw)."""

    index: int
    costs: IntArray
    constant: int
    objective: Objective | None

    @property
    def sense(self) -> str:
        """Give the sense the card states."""
        return self.objective.sense if self.objective else "maximise"

    def value(self, x: IntArray) -> int:
        """Give the maximised value of a vector, its constant included."""
        return int(np.dot(self.costs, x)) + self.constant

    def stated(self, maximised: int) -> int:
        """Give a maximised value as the card states it: minimised stages positive."""
        return -maximised if self.sense == "minimise" else maximised


@dataclass(frozen=True, slots=True)
class Money:
    """Columns of fund needs: for each (need, option), the bought and own columns or -1."""

    need: IndexArray
    option: IndexArray
    bought: IndexArray
    own: IndexArray


@dataclass(frozen=True, slots=True)
class Recipe:
    """
    How auxiliary columns follow from the others: the least (or greatest) value their rows allow.

    Only `rows` and the box bound them.
    """

    columns: IndexArray
    rows: IndexArray
    least: bool


@dataclass(frozen=True)
class Formulation:
    """Rows lower <= A x <= upper, box lower <= x <= upper, and stages, all finite integers."""

    options: Options
    candidates: Candidates
    columns: Labels
    lower: IntArray
    upper: IntArray
    rows: Labels
    row_lower: IntArray
    row_upper: IntArray
    matrix: Matrix
    stages: tuple[Stage, ...]
    money: Money
    continuous: NDArray[np.bool_]
    """Columns of money: continuous inside a solver, recomputed in integers afterwards."""
    recipes: tuple[Recipe, ...] = ()
    """Auxiliary columns, in the order their values follow from the plan (see `completed`)."""

    @property
    def x(self) -> slice:
        """Give the range of the candidate columns."""
        first = len(self.options)
        return slice(first, first + len(self.candidates))

    def with_row(
        self, prefix: Key, columns: IndexArray, values: IntArray, low: int, high: int
    ) -> Formulation:
        """Give the formulation with one more row at the end."""
        matrix = Matrix(
            np.append(self.matrix.starts, self.matrix.starts[-1] + len(columns)),
            np.concatenate((self.matrix.columns, columns.astype(np.int32))),
            np.concatenate((self.matrix.values, values.astype(np.int64))),
        )
        return replace(
            self,
            rows=Labels((*self.rows.blocks, Block(prefix, (), 1))),
            row_lower=np.append(self.row_lower, low),
            row_upper=np.append(self.row_upper, high),
            matrix=matrix,
        )

    def with_stage_row(self, stage: Stage, floor: int) -> Formulation:
        """Give the formulation with `["stage", k]`: costs x >= floor, both without constant."""
        used = np.flatnonzero(stage.costs).astype(np.int32)
        key = ("stage", str(stage.index))
        return self.with_row(key, used, stage.costs[used], floor, FREE)

    def completed(self, x: IntArray) -> IntArray:
        """Give the vector with every auxiliary column set to what its rows make of it."""
        full = x.copy()
        for recipe in self.recipes:
            _fit(self, full, recipe)
        return full

    def violated(self, x: IntArray) -> list[Key]:
        """List the columns and rows a vector breaks, in exact integers."""
        broken = [
            self.columns.key(int(j)) for j in np.flatnonzero((x < self.lower) | (x > self.upper))
        ]
        activity = self.matrix.times(x)
        bad = np.flatnonzero((activity < self.row_lower) | (activity > self.row_upper))
        return broken + [self.rows.key(int(i)) for i in bad]


def _fit(f: Formulation, x: IntArray, recipe: Recipe) -> None:
    """Set the columns of one recipe to the least or greatest value its rows allow."""
    x[recipe.columns] = 0
    wanted = np.zeros(len(x), dtype=bool)
    wanted[recipe.columns] = True
    low, high = f.lower.copy(), f.upper.copy()
    m = f.matrix
    for row in recipe.rows.tolist():
        part = slice(int(m.starts[row]), int(m.starts[row + 1]))
        columns, values = m.columns[part], m.values[part]
        activity = int(np.dot(values, x[columns]))
        for j, a in zip(columns.tolist(), values.tolist(), strict=True):
            if wanted[j]:
                _narrow(
                    low,
                    high,
                    j,
                    a,
                    int(f.row_lower[row]) - activity,
                    int(f.row_upper[row]) - activity,
                )
    x[recipe.columns] = (low if recipe.least else high)[recipe.columns]


def _narrow(low: IntArray, high: IntArray, j: int, a: int, least: int, most: int) -> None:
    """Narrow one column's range to a x_j within [least, most]; free sides are far away."""
    if a < 0:
        a, least, most = -a, -most, -least
    if least > -FREE // 2:
        low[j] = max(low[j], -(-least // a))
    if most < FREE // 2:
        high[j] = min(high[j], most // a)


@dataclass(frozen=True, slots=True)
class Allocation:
    """
    Who gets what.

    For each demand its option (-1: not served), for each candidate its units, and for each entry
    of `Formulation.money` what is bought outside and what the performer pays.
    """

    option: IndexArray
    units: IntArray
    bought: IntArray
    own: IntArray
    note: str = field(default="")
