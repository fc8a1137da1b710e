"""Where cuts come from: limits taken alone, rows of the simplex tableau (Gomory 1958; S10.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.branching import CUT, Step
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.cuts import CutRow, derived
from cogov_opt.proving.trees.programme import Programme
from cogov_opt.solving.problem import FloatArray
from cogov_opt.solving.scaling import money_columns

TABLEAU = 80
"""How many rows of the tableau a round looks at."""
TIMES = (1, -1, 2, -2, 3)
"""What a row of the tableau is multiplied by before its whole parts are left out."""
KEPT = (1, 2, 3, 4)
"""How many of the largest parts of a limit a cut of it may leave room for."""
WIDEST = 300
"""The open columns a cut may have."""
LARGEST = 10**4
"""The largest weight of a cut, and the divisor where no smaller one makes multipliers whole."""
DENOMINATOR = 1_000
DEEP = 0.02
"""How far, for its length, a cut must cut off the point it is made for."""
OFF = 1e-3
"""How far from whole a value is not taken for whole."""
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """A cut, its row, and how deep it cuts."""

    step: Step
    row: CutRow
    depth: float


@dataclass(frozen=True)
class Separator:
    """Finds cuts of a system within a box that a point of its relaxation breaks."""

    system: Formulation
    box: Box
    point: FloatArray

    @cached_property
    def money(self) -> NDArray[np.bool_]:
        """Mark the columns of money: no cut holds them, so small that one more is nothing."""
        return money_columns(self.system)

    @cached_property
    def with_money(self) -> NDArray[np.bool_]:
        """Mark the rows that hold money."""
        m = self.system.matrix
        count = np.bincount(m.row_of[self.money[m.columns]], minlength=len(self.box.row_lower))
        return count > 0

    def of_limits(self) -> Iterator[Found]:
        """
        Give cuts of limits alone: of parts larger than half of what is left, one at most.

        A limit of 240 minutes has room for 1.6 sessions of 150 in prices, for one in truth.
        """
        m = self.system.matrix
        least = np.full(len(self.box.row_lower), FREE)
        np.minimum.at(least, m.row_of, m.values)
        off = np.abs(self.point - np.rint(self.point)) > OFF
        touched = np.bincount(m.row_of[off[m.columns]], minlength=len(least)) > 0
        rows = touched & ~self.with_money & (least > 0) & (self.box.row_upper < FREE)
        for i in np.flatnonzero(rows).tolist():
            divisor = self._divisor_of(i)
            if divisor is not None:
                yield from self._deep(Step(CUT, divisor, (i,), (1,)))

    def _divisor_of(self, row: int) -> int | None:
        """Give the divisor by which a limit alone cuts deepest, if any does."""
        columns, values = self._terms(row)
        low = self.box.lower[columns]
        here = self.point[columns] - low
        left = int(self.box.row_upper[row]) - int(values @ low)
        best, deepest = None, NOTHING
        parts = np.unique(values[here > OFF]).tolist()
        for divisor in sorted({left // (k + 1) + 1 for k in KEPT if left >= 0} | set(parts)):
            weights = values // divisor
            over = float(weights @ here) - left // divisor
            depth = over / max(1.0, float(np.sqrt(float(weights @ weights))))
            if depth > deepest:
                best, deepest = divisor, depth
        return best

    def of_tableau(self, programme: Programme) -> Iterator[Found]:
        """Give cuts of the tableau: what whole columns whose value is not whole are a sum of."""
        sides = programme.live.sides()
        for multipliers in self._tableau(programme):
            for times in TIMES:
                part = self._fractions(programme, times * multipliers, sides[1])
                step = self._step(programme, part, sides[0])
                if step is not None:
                    yield from self._deep(step)

    def _tableau(self, programme: Programme) -> Iterator[FloatArray]:
        """Give the multipliers of all rows for the values farthest from whole."""
        activity = self._activity
        wanted = []
        for place, index in enumerate(programme.live.basic().tolist()):
            i = int(programme.columns[index] if index >= 0 else programme.rows[-1 - index])
            if not (self.money if index >= 0 else self.with_money)[i]:
                value = float((self.point if index >= 0 else activity)[i])
                wanted.append((-abs(value - round(value)), i, place))
        for off, _, place in sorted(wanted)[:TABLEAU]:
            inverse = programme.live.inverse_row(place) if off < -OFF else None
            if inverse is not None:
                found = np.zeros(len(self.box.row_lower))
                found[programme.rows] = inverse * programme.row_factor[programme.rows]
                yield found

    @cached_property
    def _activity(self) -> FloatArray:
        """Give the sum of each row at the point."""
        m = self.system.matrix
        terms = m.values * self.point[m.columns]
        return np.asarray(np.bincount(m.row_of, terms, minlength=len(self.box.row_lower)), float)

    def _fractions(
        self, programme: Programme, multipliers: FloatArray, sides: IndexArray
    ) -> FloatArray:
        """Leave whole parts out, so that every multiplier has the sign of the side it stands at."""
        kept = np.where(np.abs(multipliers) < NOTHING, 0.0, multipliers)
        part = kept - np.floor(kept + NOTHING)
        at_low = np.zeros(len(kept), dtype=bool)
        at_low[programme.rows] = sides == 0
        part = np.where(at_low, kept - np.ceil(kept - NOTHING), part)
        part = np.where(self.box.row_lower == self.box.row_upper, kept - np.rint(kept), part)
        # A whole multiple of money is not small: there multipliers stay as they are.
        part = np.where(self.with_money, kept, part)
        high, low = self.box.row_upper < FREE, self.box.row_lower > -FREE
        good = (np.abs(part) > NOTHING) & np.where(part > 0, high, low)
        return np.where(good, part, 0.0)

    def _step(self, programme: Programme, part: FloatArray, sides: IndexArray) -> Step | None:
        """Write multipliers as whole numbers with a divisor, and round to where columns stand."""
        used = np.flatnonzero(part)
        divisor = common_divisor(part[used])
        whole = np.rint(part[used] * divisor).astype(np.int64)
        rows, prices = used[whole != 0], whole[whole != 0]
        if not len(rows):
            return None
        charged = np.zeros(len(self.point), dtype=np.int64)
        for i, y in zip(rows.tolist(), prices.tolist(), strict=True):
            columns, values = self._terms(i)
            np.add.at(charged, columns, y * values)
        down = charged // divisor
        weights, c = down.copy(), programme.columns
        basic, high = c[sides == 2], c[sides == 1]
        weights[basic] = np.rint(charged[basic] / divisor).astype(np.int64)
        weights[high] = -(-charged[high] // divisor)
        weights[self.money] = 0
        if self._over(rows, prices, charged, weights, divisor) <= 0:
            return None
        told = np.flatnonzero(weights != down)
        return Step(
            CUT, divisor, tuple(rows.tolist()), tuple(prices.tolist()),
            tuple(told.tolist()), tuple(weights[told].tolist()),
        )  # fmt: skip

    def _over(
        self, rows: IndexArray, prices: IntArray, charged: IntArray, weights: IntArray, divisor: int
    ) -> float:
        """Give about how far the point is beyond a cut; exact numbers are for those that are."""
        side = np.where(prices > 0, self.box.row_upper[rows], self.box.row_lower[rows])
        rest = weights.astype(np.float64) * divisor - charged
        most = float(prices.astype(np.float64) @ side)
        most += float(np.maximum(rest * self.box.lower, rest * self.box.upper).sum())
        return float(weights @ self.point) - float(np.floor(most / divisor + NOTHING))

    def _deep(self, step: Step) -> Iterator[Found]:
        """Derive a cut and give it if it cuts deep and is neither wide nor steep."""
        row = derived(self.system, self.box, step)
        wide = self.box.lower[row.columns] < self.box.upper[row.columns]
        weights = row.weights.astype(np.float64)
        if not wide.any() or wide.sum() > WIDEST or np.abs(weights).max() > LARGEST:
            return
        over = float(weights @ self.point[row.columns]) - row.most
        depth = over / float(np.sqrt(weights[wide] @ weights[wide]))
        if depth > DEEP:
            yield Found(step, row, depth)

    def _terms(self, row: int) -> tuple[IndexArray, IntArray]:
        """Give the columns and values of a row."""
        m = self.system.matrix
        part = slice(int(m.starts[row]), int(m.starts[row + 1]))
        return m.columns[part], m.values[part]


def common_divisor(parts: FloatArray) -> int:
    """Give the least whole number that makes all of these whole, or `LARGEST`."""
    found = 1
    for value in np.unique(np.round(np.abs(parts), 9)).tolist():
        near = Fraction(value).limit_denominator(DENOMINATOR)
        found = lcm(found, near.denominator)
        if found > LARGEST or abs(float(near) - value) > 1e-7:
            return LARGEST
    return max(found, 2)


def cosine(one: CutRow, other: CutRow) -> float:
    """Give the cosine of the angle between two cuts."""
    _, a, b = np.intersect1d(one.columns, other.columns, return_indices=True)
    both = float(one.weights[a].astype(float) @ other.weights[b].astype(float))
    left, right = one.weights.astype(float), other.weights.astype(float)
    return both / float(np.sqrt((left @ left) * (right @ right)))
