"""Where cuts come from: chains of few rows, rows of the simplex tableau (Gomory 1958; S10.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.chains import Chains
from cogov_opt.proving.trees.programme import Programme
from cogov_opt.proving.trees.rounding import LARGEST, Found, Rounding, Sum
from cogov_opt.solving.problem import FloatArray
from cogov_opt.solving.scaling import money_columns

TABLEAU = 80
"""How many rows of the tableau a round looks at."""
TIMES = (1, -1, 2, -2, 3)
"""What a row of the tableau is multiplied by before its whole parts are left out."""
DIVISORS = 8
"""How many divisors of a sum are tried, the largest."""
KEPT = (1, 2, 3, 4)
"""How many of the largest parts of a limit a cut of it may leave room for."""
DENOMINATOR = 1_000
OFF = 1e-3
"""How far from whole a value is not taken for whole."""
NOTHING = 1e-9


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
    def rounding(self) -> Rounding:
        """Give what rounds sums of rows to cuts."""
        return Rounding(self.system, self.box, self.point)

    @cached_property
    def with_money(self) -> NDArray[np.bool_]:
        """Mark the rows that hold money."""
        m = self.system.matrix
        count = np.bincount(m.row_of[self.money[m.columns]], minlength=len(self.box.row_lower))
        return count > 0

    def of_chains(self) -> Iterator[Found]:
        """
        Give cuts of few rows: of each that is near its limit, alone or with rows that follow.

        A limit of 240 minutes has room for 1.6 sessions of 150 in prices, for one in truth.
        """
        chains = Chains(self.system, self.box, self.point, self.with_money)
        for chain in chains.each():
            for total in chain:
                found = self.rounding.cut(total, self._divisors(total))
                if found is not None:
                    yield found
                    break

    def _divisors(self, total: Sum) -> list[int]:
        """
        Give divisors by which a sum may cut: its own values, or to leave room for a few.

        By one that is less than what the point leaves of the sum no rounding breaks it.
        """
        c = total.columns
        low, high, here = self.box.lower[c], self.box.upper[c], self.point[c]
        inside = (here > low + OFF) & (here < high - OFF)
        found = set(np.abs(total.values[inside]).tolist())
        left = total.most - int(np.minimum(total.values * low, total.values * high).sum())
        found |= {left // (k + 1) + 1 for k in KEPT if left >= 0}
        slack = total.most - float(total.values @ here)
        return [d for d in sorted(found) if d > max(1, slack)][-DIVISORS:]

    def of_tableau(self, programme: Programme) -> Iterator[Found]:
        """Give cuts of the tableau: what whole columns whose value is not whole are a sum of."""
        sides = programme.live.sides()
        for multipliers in self._tableau(programme):
            for times in TIMES:
                part = self._fractions(programme, times * multipliers, sides[1])
                found = self._rounded(part)
                if found is not None:
                    yield found

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

    def _rounded(self, part: FloatArray) -> Found | None:
        """Write multipliers as whole numbers with a divisor, and round their sum."""
        used = np.flatnonzero(part)
        divisor = common_divisor(part[used])
        whole = np.rint(part[used] * divisor).astype(np.int64)
        if not whole.any():
            return None
        total = Sum.of(self.system, self.box, used[whole != 0], whole[whole != 0])
        return self.rounding.cut(total, [divisor])


def common_divisor(parts: FloatArray) -> int:
    """Give the least whole number that makes all of these whole, or `LARGEST`."""
    found = 1
    for value in np.unique(np.round(np.abs(parts), 9)).tolist():
        near = Fraction(value).limit_denominator(DENOMINATOR)
        found = lcm(found, near.denominator)
        if found > LARGEST or abs(float(near) - value) > 1e-7:
            return LARGEST
    return max(found, 2)


def cosine(one: Found, other: Found) -> float:
    """Give the cosine of the angle between two cuts."""
    _, a, b = np.intersect1d(one.columns, other.columns, True, return_indices=True)
    both = float(one.weights[a].astype(float) @ other.weights[b].astype(float))
    left, right = one.weights.astype(float), other.weights.astype(float)
    return both / float(np.sqrt((left @ left) * (right @ right)))
