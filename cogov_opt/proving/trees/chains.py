"""Chains of rows: each takes away a column of the sum so far (Marchand and Wolsey 2001; S10.6)."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.rounding import Sum
from cogov_opt.solving.problem import FloatArray

LENGTH = 4
"""The rows of a chain."""
TRIED = 6
"""How many columns, those farthest from their bounds first, one is sought of to take away."""
WIDEST = 300
"""The columns a chain that goes on may have."""
LARGEST = 10**6
"""The largest multiplier of a row."""
OFF = 1e-3
"""How far from its bounds a value is not taken to stand there."""
TIGHT = 1e-6


class Chains:
    """
    The chains of a system at a point, over rows without money.

    A row begins one where its limit, beside its numbers, is near; rows that follow stand at theirs.
    """

    def __init__(
        self, system: Formulation, box: Box, point: FloatArray, barred: NDArray[np.bool_]
    ) -> None:
        self.system, self.box, self.barred, m = system, box, barred, system.matrix
        self.room = np.minimum(point - box.lower, box.upper - point)
        self.row, self.lengths = m.row_of, np.diff(m.starts)
        reached = np.bincount(self.row, m.values * point[m.columns], len(barred))
        self.slack = {1: box.row_upper - reached, -1: reached - box.row_lower}
        self.finite = {1: box.row_upper < FREE, -1: box.row_lower > -FREE}
        near = TIGHT * np.maximum(1.0, np.abs(reached))
        self.tight = {y: self.finite[y] & ~barred & (self.slack[y] <= near) for y in (1, -1)}
        self.order = np.argsort(m.columns, kind="stable")
        self.starts = np.searchsorted(m.columns[self.order], np.arange(len(point) + 1))

    def each(self) -> Iterator[Iterator[Sum]]:
        """Give the chains, each as its sums: longer and longer."""
        m = self.system.matrix
        inside = self.room[m.columns] > OFF
        touched = np.bincount(self.row[inside], minlength=len(self.barred)) > 0
        largest = np.zeros(len(self.barred))
        np.maximum.at(largest, self.row, np.abs(m.values))
        for sign in (1, -1):
            good = touched & ~self.barred & self.finite[sign] & (self.slack[sign] < largest)
            for row in np.flatnonzero(good).tolist():
                yield self._from(self._one(row, sign))

    def _one(self, row: int, sign: int) -> Sum:
        return Sum.of(self.system, self.box, np.array([row]), np.array([sign]))

    def _from(self, total: Sum) -> Iterator[Sum]:
        """Give a sum, and what it becomes by further rows."""
        yield total
        for _ in range(LENGTH - 1):
            following = self._next(total)
            if following is None:
                return
            total = following
            yield total

    def _next(self, total: Sum) -> Sum | None:
        """Add the shortest row that takes away a column far from its bounds."""
        if len(total.columns) > WIDEST:
            return None
        room = self.room[total.columns]
        for place in np.argsort(-room, kind="stable")[:TRIED].tolist():
            if room[place] <= OFF:
                return None
            here = int(total.values[place])
            found = self._against(int(total.columns[place]), here, total.rows)
            if found is None:
                continue
            row, value = found
            common = gcd(here, value)
            times, others = abs(value) // common, abs(here) // common
            if times * max(map(abs, total.prices)) > LARGEST or others > LARGEST:
                return None
            sign = 1 if (here > 0) != (value > 0) else -1
            return total.plus(times, self._one(row, sign), others)
        return None

    def _against(self, column: int, here: int, rows: tuple[int, ...]) -> tuple[int, int] | None:
        """Give the shortest row at its limit that can take a column away, and its value there."""
        m = self.system.matrix
        at: IndexArray = self.order[self.starts[column] : self.starts[column + 1]]
        found, values = self.row[at], m.values[at]
        positive = (values > 0) == (here > 0)
        good = np.where(positive, self.tight[-1][found], self.tight[1][found])
        for row in rows:
            good &= found != row
        if not good.any():
            return None
        best = int(np.flatnonzero(good)[np.argmin(self.lengths[found[good]])])
        return int(found[best]), int(values[best])
