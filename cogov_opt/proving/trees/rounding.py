"""Sums of rows rounded to cuts: every column down, or up where that costs least (S10.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.branching import CUT, Step
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.solving.problem import FloatArray
from cogov_opt.solving.scaling import money_columns

WIDEST = 300
"""The open columns a cut may have."""
LARGEST = 10**4
"""The largest weight of a cut, and the divisor where no smaller one makes multipliers whole."""
DEEP = 0.02
"""How far, for its length, a cut must cut off the point it is made for."""
LEAST = 1e-4
"""A point that breaks a cut by less is taken to keep it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Rows times whole numbers: what stands at each column, and the most the sum may be."""

    rows: tuple[int, ...]
    prices: tuple[int, ...]
    columns: IndexArray
    values: IntArray
    most: int

    @classmethod
    def of(cls, system: Formulation, box: Box, rows: IndexArray, prices: IntArray) -> Sum:
        """Add up some rows of a system, each at the side its sign asks for."""
        m = system.matrix
        parts = [slice(int(m.starts[i]), int(m.starts[i + 1])) for i in rows.tolist()]
        terms = [y * m.values[p].astype(np.int64) for p, y in zip(parts, prices, strict=True)]
        columns, values = m.columns[parts[0]], terms[0]
        if len(parts) > 1:
            columns, values = _merged([m.columns[p] for p in parts], terms)
        sides = np.where(prices > 0, box.row_upper[rows], box.row_lower[rows])
        most = int((prices * sides).sum())
        return cls(tuple(rows.tolist()), tuple(prices.tolist()), columns, values, most)

    def plus(self, times: int, other: Sum, others: int) -> Sum:
        """Give so many times this sum and so many times another of other rows."""
        columns, values = _merged(
            [self.columns, other.columns], [times * self.values, others * other.values]
        )
        prices = [times * y for y in self.prices] + [others * y for y in other.prices]
        rows = self.rows + other.rows
        order = sorted(range(len(rows)), key=rows.__getitem__)
        return Sum(
            tuple(rows[k] for k in order), tuple(prices[k] for k in order),
            columns, values, times * self.most + others * other.most,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A cut, what stands at each column of its row, and how deep it cuts for its length."""

    step: Step
    columns: IndexArray
    weights: IntArray
    depth: float


def _merged(
    columns: Sequence[IndexArray], values: Sequence[IntArray]
) -> tuple[IndexArray, IntArray]:
    """Add up what stands at the same column; leave out what comes to nothing."""
    found, place = np.unique(np.concatenate(columns), return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, place, np.concatenate(values))
    return found[sums != 0], sums[sums != 0]


class Rounding:
    """
    Rounds sums of rows to cuts that a point breaks.

    Rounding a column up adds its value to the left side, and to the right side what its bound
    then costs: that is nothing as long as it stays within what is rounded off at last.
    """

    def __init__(self, system: Formulation, box: Box, point: FloatArray) -> None:
        self.low, self.high, self.point = box.lower, box.upper, point
        self.width = (box.upper - box.lower).astype(np.float64)
        self.above = np.maximum(point - box.lower, 0.0)
        self.money: np.ndarray[tuple[int], np.dtype[np.bool_]] = money_columns(system)

    def cut(self, total: Sum, divisors: Sequence[int]) -> Found | None:
        """Give the cut of a sum that cuts deepest; None if none does that is narrow and flat."""
        if not len(divisors):
            return None
        c, by = total.columns, np.array(divisors, np.int64)[:, None]
        down = np.where(self.money[c], 0, total.values // by)
        rest = down * by - total.values
        most = total.most + np.maximum(rest * self.low[c], rest * self.high[c]).sum(axis=1)
        order, over = self._raised(c, by, down, rest, most)
        best = over.max(axis=1)
        row = int(np.argmax(best / np.sqrt(1 + (down * down).sum(axis=1))))
        if best[row] < LEAST:
            return None
        weights = down[row].copy()
        weights[order[row, : int(np.flatnonzero(over[row] >= best[row] - LEAST / 2)[-1])]] += 1
        told = np.flatnonzero(weights != total.values // divisors[row])
        step = Step(
            CUT, int(divisors[row]), total.rows, total.prices,
            tuple(c[told].tolist()), tuple(weights[told].tolist()),
        )  # fmt: skip
        return self._good(step, c[weights != 0], weights[weights != 0], float(best[row]))

    def _raised(
        self, c: IndexArray, by: IntArray, down: IntArray, rest: IntArray, most: IntArray
    ) -> tuple[IndexArray, FloatArray]:
        """Give for each divisor the order in which to round up, and how far each step is broken."""
        lift = np.where(self.money[c] | (rest == 0), np.inf, (by + rest) * self.width[c])
        lift = np.where(lift > 0, lift, np.inf)
        above = np.broadcast_to(self.above[c], lift.shape)
        # Whatever lies above its bound first, for what it costs; then what costs little.
        order = np.argsort(np.where(above > 0, -above / lift, lift), axis=1, kind="stable")
        gained = _running(np.take_along_axis(above, order, 1))
        paid = most[:, None] + _running(np.take_along_axis(lift, order, 1))
        return order, (down @ self.point[c])[:, None] + gained - np.floor(paid / by)

    def _good(
        self, step: Step, columns: IndexArray, weights: IntArray, over: float
    ) -> Found | None:
        """Give a cut if it cuts deep and is neither wide nor steep."""
        wide = self.width[columns] > 0
        if not wide.any() or wide.sum() > WIDEST or np.abs(weights).max() > LARGEST:
            return None
        depth = over / float(np.sqrt(float(weights[wide] @ weights[wide])))
        return Found(step, columns, weights, depth) if depth > DEEP else None


def _running(terms: FloatArray) -> FloatArray:
    """Give the sums of none, one, two and so on of the terms of each line."""
    return np.concatenate((np.zeros((len(terms), 1)), np.cumsum(terms, axis=1)), axis=1)
