"""Whose each row is: the limits that only one resource uses, and what a copy need not keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.facts import FUND

BoolArray = NDArray[np.bool_]
OWN = ("law.capacity", "law.no_overlap")
LINKS = (("law.set", "link"), ("law.set", "once"), ("law.money", "link"))
OF_NEEDS = (
    *(("law.set", name) for name in ("need", "least", "most", "major", "people")),
    ("law.money", "balance"),
)
MEASURES = ("units", "minutes", "slots")
HOUR, YUAN = 60, 100
"""What is one unit of a row of minutes, and of money in minor units."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Limits of resources, each with what its sum may be when one unit is gone.

    `row` is -1 where it is the cap of `column` that stands in no row of its resource alone.
    """

    resource: IndexArray
    row: IndexArray
    column: IndexArray
    most: IntArray


class Rows:
    """The rows of a formulation by whose they are."""

    def __init__(self, f: Formulation, kind: IndexArray) -> None:
        self.f, self.kind = f, kind
        self.height = len(f.row_lower)
        at = np.flatnonzero((f.matrix.columns >= f.x.start) & (f.matrix.columns < f.x.stop))
        self.entries = at
        self.row = f.matrix.row_of[at]
        self.candidate = f.matrix.columns[at] - f.x.start
        resource = f.candidates.resource[self.candidate]
        low = np.full(self.height, len(kind), dtype=np.int64)
        high = np.full(self.height, -1, dtype=np.int64)
        np.minimum.at(low, self.row, resource)
        np.maximum.at(high, self.row, resource)
        self.owner = np.where(low == high, high, -1)
        """The resource whose candidates alone stand in a row, -1 where there is none."""

    def marked(self, test: Callable[[Key], bool]) -> BoolArray:
        """Mark the rows of the families a test picks by the key of their first row."""
        found = np.zeros(self.height, dtype=bool)
        for first, block in zip(self.f.rows.starts.tolist(), self.f.rows.blocks, strict=False):
            if block.count and test(block.key(0)):
                found[first : first + block.count] = True
        return found

    def left_out(self) -> BoolArray:
        """Mark the rows that a copy of a resource need not keep."""
        return self.marked(lambda key: key[0] in OWN or key[:2] in LINKS)

    def bound_beyond(self) -> set[int]:
        """Give the resources that a row speaks of alone which a copy keeps all the same."""
        needs = self.marked(lambda key: key[:2] in OF_NEEDS or key[0].startswith("term."))
        single = (np.diff(self.f.matrix.starts) == 1) & (self.f.row_upper == 0)
        others = (self.owner >= 0) & ~self.left_out() & ~needs & ~single
        return set(self.owner[others].tolist())

    def limits(self) -> Limits:
        """Give every limit that only one resource uses, one unit lower."""
        ours = self.marked(_is_limit) & (self.owner >= 0)
        rows = np.flatnonzero(ours)
        resource = self.owner[rows]
        unit = np.ones(len(rows), dtype=np.int64)
        unit[self.marked(lambda key: key[1] == "minutes")[rows]] = HOUR
        unit[self.kind[resource] == FUND] = YUAN
        held = np.zeros(len(self.f.candidates), dtype=bool)
        held[self.candidate[ours[self.row]]] = True
        bare = np.flatnonzero(~held & (self.f.upper[self.f.x] > 0))
        none = np.full(len(bare), -1)
        return Limits(
            np.concatenate((resource, self.f.candidates.resource[bare])),
            np.concatenate((rows, none)),
            np.concatenate((np.full(len(rows), -1), bare + self.f.x.start)),
            np.concatenate((np.maximum(self.f.row_upper[rows] - unit, 0), np.zeros_like(none))),
        )


def _is_limit(key: Key) -> bool:
    return key[0] == "law.no_overlap" or (key[0] == "law.capacity" and key[1] in MEASURES)
