"""
Amounts in exact integers, once the whole columns of a solver's point are fixed (proof.md 1).

A solver holds money as floats; what is published are integers that keep every row exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.problem import Backend, FloatArray, Problem, Status, Work
from cogov_opt.solving.scaling import BOUND, prepare, soft_columns


@dataclass(frozen=True, slots=True)
class Settled:
    """A checked vector, or None; `proved` says that None means there are no such amounts."""

    vector: IntArray | None
    proved: bool = False


def rounded(formulation: Formulation, point: FloatArray) -> IntArray:
    """Give the nearest whole vector inside the box."""
    whole = np.rint(np.clip(point, formulation.lower, formulation.upper)).astype(np.int64)
    return np.clip(whole, formulation.lower, formulation.upper)


def settle(
    formulation: Formulation, point: FloatArray, costs: IntArray, backend: Backend, work: Work
) -> Settled:
    """
    Give a vector that keeps every bound and row in exact integers, near a solver's point.

    First the point rounded; then the money system solved afresh with all other columns fixed, its
    vertex rounded; then a small integer programme in units of the data's gcd.
    """
    whole = rounded(formulation, point)
    if exact.feasible(formulation, whole):
        return Settled(whole)
    soft = soft_columns(formulation)
    if not soft.any():
        return Settled(None, proved=True)
    fixed = replace(
        formulation,
        lower=np.where(soft, formulation.lower, whole),
        upper=np.where(soft, formulation.upper, whole),
    )
    scaled = prepare(fixed)
    problem, _ = scaled.with_costs(costs)
    answer = backend(problem, work)
    if answer.status is Status.INFEASIBLE:
        return Settled(None, proved=True)
    if answer.point is not None:
        near = rounded(fixed, scaled.scaling.true_point(answer.point))
        if exact.feasible(fixed, near):
            return Settled(near)
    return _in_units(fixed, np.flatnonzero(soft), costs, backend, work)


def _in_units(
    fixed: Formulation, soft: IntArray, costs: IntArray, backend: Backend, work: Work
) -> Settled:
    """Try whole amounts in units of the gcd of all data, then in single units."""
    system = _Residual.of(fixed, soft)
    unit = system.common
    for size in (unit, 1) if unit > 1 else (1,):
        problem = system.problem(costs[soft], size)
        if problem is None:
            continue
        answer = backend(problem, replace(work, start=None))
        if answer.point is not None:
            vector = fixed.lower.copy()
            vector[soft] = np.rint(answer.point).astype(np.int64) * size
            if exact.feasible(fixed, vector):
                return Settled(vector)
        if size == 1 and answer.status is Status.INFEASIBLE:
            return Settled(None, proved=True)
    return Settled(None)


@dataclass(frozen=True, slots=True)
class _Residual:
    """The rows and columns of money alone, everything else taken over to the sides."""

    lower: IntArray
    upper: IntArray
    row_lower: IntArray
    row_upper: IntArray
    starts: IntArray
    columns: IntArray
    values: IntArray

    @classmethod
    def of(cls, fixed: Formulation, soft: IntArray) -> _Residual:
        """Take the fixed columns out of the rows that hold money."""
        place = np.full(len(fixed.lower), -1, np.int64)
        place[soft] = np.arange(len(soft))
        matrix = fixed.matrix
        inside = place[matrix.columns] >= 0
        rows = np.unique(matrix.row_of[inside])
        rest = fixed.lower.copy()
        rest[soft] = 0
        taken = exact.activity(matrix, rest)[rows].astype(np.int64)
        low, high = fixed.row_lower[rows], fixed.row_upper[rows]
        counts = np.bincount(matrix.row_of[inside], minlength=len(matrix.starts) - 1)[rows]
        return cls(
            fixed.lower[soft],
            fixed.upper[soft],
            np.where(low <= -FREE, low, low - taken),
            np.where(high >= FREE, high, high - taken),
            np.concatenate(([0], np.cumsum(counts))),
            place[matrix.columns[inside]],
            matrix.values[inside],
        )

    @property
    def common(self) -> int:
        """Give the gcd of every finite bound, at least 1."""
        sides = np.concatenate((self.row_lower, self.row_upper, self.lower, self.upper))
        finite = np.abs(sides[np.abs(sides) < FREE])
        return max(int(np.gcd.reduce(finite)) if len(finite) else 1, 1)

    def problem(self, costs: IntArray, size: int) -> Problem | None:
        """Give the integer programme in units of `size`, or None where it cannot be trusted."""
        lower, upper = -(-self.lower // size), self.upper // size
        if (np.maximum(np.abs(lower), np.abs(upper)) > BOUND).any() or (lower > upper).any():
            return None
        low, high = -(-self.row_lower // size), self.row_upper // size
        lows, highs = low.astype(np.float64), high.astype(np.float64)
        lows[self.row_lower <= -FREE] = -np.inf
        highs[self.row_upper >= FREE] = np.inf
        return Problem(
            costs.astype(np.float64), lower.astype(np.float64), upper.astype(np.float64),
            lows, highs, self.starts.astype(np.int32), self.columns.astype(np.int32),
            self.values.astype(np.float64), np.ones(len(costs), np.int32),
        )  # fmt: skip
