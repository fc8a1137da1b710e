"""What rows alone leave of a box: bounds that follow from the bounds of the others (S10.6)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.trees.boxes import Box

PASSES = 10
"""How many passes one step may make (S10.6)."""


class Propagator:
    """
    Narrows boxes of one system by its rows, a pass at a time, all rows of a pass at once.

    Where `told` is given, the rows that ever moved a bound are added to it.
    """

    def __init__(self, system: Formulation, told: set[int] | None = None) -> None:
        matrix = system.matrix
        self.told = told
        self.starts = matrix.starts
        self.row: IndexArray = matrix.row_of
        self.column, self.value = matrix.columns, matrix.values
        self.positive: NDArray[np.bool_] = self.value > 0
        reach = np.maximum(np.abs(system.lower), np.abs(system.upper)).astype(np.float64)
        sums = np.bincount(self.row, np.abs(self.value) * reach[self.column])
        self.safe = float(sums.max(initial=0.0)) < 2.0**61

    def narrowed(self, box: Box) -> Box:
        """Give what is left after the passes of one step; it may be empty."""
        if not self.safe or box.empty:
            return box
        for _ in range(PASSES):
            after = self._pass(box)
            moved = (after.lower != box.lower).any() or (after.upper != box.upper).any()
            if not moved:
                break
            box = after
            if box.empty:
                break
        return box

    def _pass(self, box: Box) -> Box:
        """Make one pass: every bound that some row implies from the bounds before the pass."""
        left = self.value * box.lower[self.column]
        right = self.value * box.upper[self.column]
        least, most = np.minimum(left, right), np.maximum(left, right)
        low, high = box.lower.copy(), box.upper.copy()
        from_above = box.row_upper < FREE
        from_below = box.row_lower > -FREE
        self._imply(box, low, high, box.row_upper, least, from_above, self.positive)
        self._imply(box, low, high, box.row_lower, most, from_below, ~self.positive)
        return replace(box, lower=low, upper=high)

    def _imply(
        self,
        box: Box,
        low: IntArray,
        high: IntArray,
        side: IntArray,
        terms: IntArray,
        finite: NDArray[np.bool_],
        caps: NDArray[np.bool_],
    ) -> None:
        """Take what one side of every row leaves each column; `caps` marks bounds from above."""
        running = np.concatenate(([0], np.cumsum(terms)))
        rest = (running[self.starts[1:]] - running[self.starts[:-1]])[self.row] - terms
        mine = finite[self.row]
        room = np.where(mine, side[self.row] - rest, 0)
        above, below = np.flatnonzero(mine & caps), np.flatnonzero(mine & ~caps)
        most, least = room[above] // self.value[above], -((-room[below]) // self.value[below])
        np.minimum.at(high, self.column[above], most)
        np.maximum.at(low, self.column[below], least)
        if self.told is not None:
            self.told.update(self.row[above[most < box.upper[self.column[above]]]].tolist())
            self.told.update(self.row[below[least > box.lower[self.column[below]]]].tolist())
