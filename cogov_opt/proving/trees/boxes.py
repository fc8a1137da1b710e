"""What prices leave of a box, in exact integers (convention S10.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cogov_opt.domain.branching import Split
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Exact, Priced

MOST = 2**40
"""A move beyond this narrows nothing: no column reaches so far."""


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds of columns and sides of rows: a part of all plans of a system."""

    lower: IntArray
    upper: IntArray
    row_lower: IntArray
    row_upper: IntArray

    @classmethod
    def of(cls, system: Formulation) -> Box:
        """Give the box of a whole system."""
        return cls(system.lower, system.upper, system.row_lower, system.row_upper)

    @property
    def empty(self) -> bool:
        """Tell whether a column or row has no value left."""
        rows = self.row_lower > self.row_upper
        return bool((self.lower > self.upper).any() or rows.any())

    def on(self, system: Formulation) -> Formulation:
        """Give the system within this box."""
        return replace(
            system, lower=self.lower, upper=self.upper,
            row_lower=self.row_lower, row_upper=self.row_upper,
        )  # fmt: skip

    def half(self, split: Split, *, high: bool) -> Box:
        """Give one half of a split."""
        names = ("row_lower", "row_upper") if split.of_row else ("lower", "upper")
        side = getattr(self, names[0 if high else 1]).copy()
        i = split.index
        side[i] = max(side[i], split.most + 1) if high else min(side[i], split.most)
        return replace(self, **{names[0 if high else 1]: side})


def priced(system: Formulation, box: Box, costs: IntArray, prices: Exact, scale: int) -> Priced:
    """Give v and B of prices within a box; scale 0 leaves the costs out."""
    return exact.priced(box.on(system), costs, prices, scale)


def narrowed(system: Formulation, box: Box, found: Priced, floor: int) -> Box | None:
    """
    Give the box that holds every plan worth `floor` or more; None if there is none.

    What a plan loses against B is a sum of terms that are never negative: each of them may be
    R = B - S floor at most (S10.6).
    """
    room = found.bound - found.scale * floor
    if room < 0:
        return None
    lower, upper = _moved(found.reduced, room, box.lower, box.upper)
    low, high = _moved(found.prices, room, box.row_lower, box.row_upper)
    return Box(lower, upper, low, high)


def _moved(weights: Exact, room: int, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Keep each member within R // |weight| of its better side."""
    low, high = low.copy(), high.copy()
    for i in np.flatnonzero(weights).tolist():
        weight = int(weights[i])
        move = room // abs(weight)
        if move > MOST:
            continue
        if weight > 0:
            low[i] = max(int(low[i]), int(high[i]) - move)
        else:
            high[i] = min(int(high[i]), int(low[i]) + move)
    return low, high


def settles(before: Box, after: Box) -> bool:
    """Tell whether a narrowing does anything."""
    names = ("lower", "upper", "row_lower", "row_upper")
    return any((getattr(before, n) != getattr(after, n)).any() for n in names)


def open_columns(box: Box) -> int:
    """Give how many columns may still have more than one value."""
    return int((box.lower < box.upper).sum())


def redundant(system: Formulation, box: Box) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the rows that every vector within the box keeps."""
    matrix = system.matrix
    left = matrix.values * box.lower[matrix.columns]
    right = matrix.values * box.upper[matrix.columns]
    least = _sums(matrix.starts, np.minimum(left, right))
    most = _sums(matrix.starts, np.maximum(left, right))
    below = (box.row_lower <= -FREE) | (least >= box.row_lower)
    above = (box.row_upper >= FREE) | (most <= box.row_upper)
    return below & above


def _sums(starts: IntArray, terms: IntArray) -> IntArray:
    """Give the sum of each row's terms."""
    running = np.concatenate(([0], np.cumsum(terms)))
    return np.asarray(running[starts[1:]] - running[starts[:-1]])
