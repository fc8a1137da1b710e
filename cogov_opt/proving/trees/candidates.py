"""What a node may be split on, whole demands first, and what splits have brought so far."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cogov_opt.domain.branching import Split
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IndexArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.cuts import are_cuts
from cogov_opt.solving.problem import FloatArray
from cogov_opt.solving.scaling import money_columns

FRACTION = 1e-6
FEW = 4
"""With fewer demands that are served in part, their options are looked at too."""
Name = tuple[bool, int]
"""A row or column that may be split on: whether it is a row, and its index."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A split, how far the point is from its lower half, and what it is expected to bring."""

    split: Split
    down: float
    weight: float

    @property
    def name(self) -> Name:
        """Give the row or column."""
        return self.split.of_row, self.split.index


class Splits:
    """Finds the splits of a point; demands before options, options before the rest, money last."""

    def __init__(self, system: Formulation, stage: Stage) -> None:
        self.system = system
        count = len(system.options)
        self.count = count
        self.demands = _demand_rows(system, count)
        self.members = [_columns(system, i) for i in self.demands.tolist()]
        joint = np.zeros(len(system.lower), dtype=bool)
        for columns in self.members:
            joint[columns] = True
        self.alone = np.flatnonzero(~joint[:count])
        self.money = money_columns(system)
        last = self.count + len(system.candidates)
        beside = np.arange(last, len(system.lower))
        several = np.arange(count, last)
        several = several[(system.upper - system.lower > 1)[count:last] & ~self.money[several]]
        self.beside = np.concatenate((several, beside[~self.money[beside]]))
        """Units of which several are given, clauses and awards: what money may do hangs on them."""
        self.weights = _weights(system, stage)
        self.sums = np.flatnonzero(are_cuts(system))

    def of(self, point: FloatArray, box: Box) -> Iterator[list[Candidate]]:
        """Give the splits of one kind after the other, likeliest first; no kind is empty."""
        found = self._demands(point) + self._columns(point, self.alone, box)
        if len(found) < FEW:
            found += self._columns(point, np.arange(self.count), box)
        found += self._columns(point, self.beside, box) + self._sums(point)
        first = {c.name: c for c in reversed(found)}
        rest = self._columns(point, np.flatnonzero(~self.money), box)
        kinds = [list(first.values()), [c for c in rest if c.name not in first]]
        if not any(kinds):
            kinds = [self._columns(point, np.flatnonzero(self.money), box)]
        order = lambda c: (-min(c.down, 1 - c.down) * c.weight, c.name)  # noqa: E731
        return (sorted(kind, key=order) for kind in kinds if kind)

    def _demands(self, point: FloatArray) -> list[Candidate]:
        """Give the demands that a point serves in part."""
        found = []
        for row, columns in zip(self.demands.tolist(), self.members, strict=True):
            served = float(point[columns].sum())
            if FRACTION < served < 1 - FRACTION:
                weight = float(self.weights[columns].max(initial=1.0))
                found.append(Candidate(Split(True, row, 0), served, weight))
        return found

    def _sums(self, point: FloatArray) -> list[Candidate]:
        """Give the rows of cuts whose sum is not whole."""
        matrix, found = self.system.matrix, []
        for row in self.sums.tolist():
            part = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
            total = float(matrix.values[part] @ point[matrix.columns[part]])
            most = math.floor(total)
            if FRACTION < total - most < 1 - FRACTION:
                weight = float(self.weights[matrix.columns[part]].max(initial=1.0))
                found.append(Candidate(Split(True, row, most), total - most, weight))
        return found

    def _columns(self, point: FloatArray, columns: IndexArray, box: Box) -> list[Candidate]:
        """Give the columns among these whose value is not whole."""
        values = point[columns]
        off = np.abs(values - np.rint(values)) > FRACTION
        off &= box.lower[columns] < box.upper[columns]
        return [
            Candidate(
                Split(False, int(j), math.floor(point[j])),
                float(point[j] - math.floor(point[j])), float(self.weights[j]),
            )
            for j in columns[off].tolist()
        ]  # fmt: skip


def _demand_rows(system: Formulation, count: int) -> IndexArray:
    """Give the rows that let a demand have one option at most."""
    matrix = system.matrix
    other = (matrix.columns >= count) | (matrix.values != 1)
    has_other = np.bincount(matrix.row_of[other], minlength=len(system.row_lower)) > 0
    has_other |= are_cuts(system)
    lengths = np.diff(matrix.starts)
    return np.flatnonzero(~has_other & (lengths > 1) & (system.row_upper == 1))


def _columns(system: Formulation, row: int) -> IndexArray:
    """Give the columns of a row."""
    matrix = system.matrix
    return matrix.columns[matrix.starts[row] : matrix.starts[row + 1]]


def _weights(system: Formulation, stage: Stage) -> FloatArray:
    """Give what a column is worth at the stage, at least 1."""
    return 1.0 + np.abs(stage.costs.astype(np.float64))


@dataclass(slots=True)
class History:
    """What splits have brought: gain for a unit moved, on either side of each row or column."""

    gains: dict[tuple[Name, bool], list[float]] = field(default_factory=dict)

    def learn(self, candidate: Candidate, *, high: bool, gain: float) -> None:
        """Remember what one half brought."""
        moved = 1 - candidate.down if high else candidate.down
        kept = self.gains.setdefault((candidate.name, high), [0.0, 0.0])
        kept[0] += gain / max(moved, FRACTION)
        kept[1] += 1

    def known(self, candidate: Candidate) -> int:
        """Give how often the rarer side was tried."""
        sides = (self.gains.get((candidate.name, high), [0.0, 0.0]) for high in (False, True))
        return int(min(side[1] for side in sides))

    def expected(self, candidate: Candidate) -> tuple[float, float]:
        """Give what the past promises of both halves."""
        found = []
        for high in (False, True):
            total, count = self.gains.get((candidate.name, high), [0.0, 0.0])
            moved = 1 - candidate.down if high else candidate.down
            found.append(total / count * moved if count else candidate.weight * moved)
        return found[0], found[1]


def score(down: float, up: float) -> float:
    """Give the worth of a split from what its halves bring."""
    return max(down, 1e-6) * max(up, 1e-6)
