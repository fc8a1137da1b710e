"""The linear programme of a tree: what the root's box leaves open, kept alive in the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation, Stage
from cogov_opt.proving.trees.boxes import Box, redundant
from cogov_opt.proving.trees.cuts import are_cuts
from cogov_opt.solving.backends.highs_live import LiveProgramme
from cogov_opt.solving.problem import FloatArray, Problem, Relaxed
from cogov_opt.solving.scaling import prepare


@dataclass(frozen=True, slots=True)
class Answered:
    """A relaxation in true units: bound and point of all columns, duals or a ray of all rows."""

    status: str
    bound: float | None = None
    point: FloatArray | None = None
    duals: FloatArray | None = None


class Programme:
    """
    A stage's linear programme within the root's box; nodes are reached by moving bounds.

    Columns the box has fixed and rows it makes redundant are left out: their prices are 0.
    """

    def __init__(self, system: Formulation, stage: Stage, box: Box) -> None:
        self.system, self.box = system, box
        scaled = prepare(system)
        problem, self.factor = scaled.with_costs(stage.costs)
        units, rows = scaled.scaling.units, scaled.scaling.rows
        self.units = np.ones(len(system.lower)) if units is None else units
        self.row_factor = np.ones(len(system.row_lower)) if rows is None else rows
        self.columns = np.flatnonzero(box.lower < box.upper)
        self.rows = np.flatnonzero(~redundant(system, box) | are_cuts(system))
        self.column_at = np.full(len(system.lower), -1)
        self.column_at[self.columns] = np.arange(len(self.columns))
        self.row_at = np.full(len(system.row_lower), -1)
        self.row_at[self.rows] = np.arange(len(self.rows))
        self.settled = box.lower.astype(np.float64)
        self.beside = float(stage.costs @ np.where(box.lower < box.upper, 0, box.lower))
        self.live = LiveProgramme(self._problem(problem))
        self.applied = box

    def _problem(self, whole: Problem) -> Problem:
        """Cut the open part out of the scaled arrays."""
        from scipy.sparse import csr_matrix

        shape = (len(whole.row_lower), len(whole.lower))
        matrix = csr_matrix((whole.values, whole.columns, whole.starts), shape=shape)
        fixed = np.where(self.column_at < 0, self.settled / self.units, 0.0)
        self.shift = np.asarray(matrix @ fixed)
        part = matrix[self.rows][:, self.columns].tocsr()
        part.sort_indices()
        low, high = self._sides(self.rows, self.box)
        return Problem(
            whole.costs[self.columns],
            self.box.lower[self.columns] / self.units[self.columns],
            self.box.upper[self.columns] / self.units[self.columns],
            low, high,
            part.indptr.astype(np.int32), part.indices.astype(np.int32), part.data,
        )  # fmt: skip

    def _sides(self, rows: Any, box: Box) -> tuple[FloatArray, FloatArray]:
        """Give the sides of rows in the solver's units, what is fixed taken off."""
        found = []
        for side in (box.row_lower, box.row_upper):
            here = side[rows].astype(np.float64) * self.row_factor[rows] - self.shift[rows]
            here[side[rows] >= FREE] = np.inf
            here[side[rows] <= -FREE] = -np.inf
            found.append(here)
        return found[0], found[1]

    @property
    def iterations(self) -> int:
        """Give the work done so far."""
        return self.live.iterations

    def go_to(self, box: Box) -> None:
        """Move the bounds to those of a node."""
        was, c, r = self.applied, self.columns, self.rows
        columns = c[(box.lower[c] != was.lower[c]) | (box.upper[c] != was.upper[c])]
        rows = r[(box.row_lower[r] != was.row_lower[r]) | (box.row_upper[r] != was.row_upper[r])]
        units = self.units[columns]
        self.live.set_columns(
            self.column_at[columns], box.lower[columns] / units, box.upper[columns] / units
        )
        self.live.set_rows(self.row_at[rows], *self._sides(rows, box))
        self.applied = box

    def solve(self, most: int | None = None) -> Answered:
        """Solve where the bounds stand now."""
        found: Relaxed = self.live.solve(most)
        bound = None if found.bound is None else found.bound / self.factor + self.beside
        point = None
        if found.point is not None:
            point = self.settled.copy()
            point[self.columns] = found.point * self.units[self.columns]
        duals = found.duals if found.ray is None else found.ray
        return Answered(found.status, bound, point, self._prices(duals))

    def _prices(self, duals: FloatArray | None) -> FloatArray | None:
        """Give duals for all rows in true units."""
        if duals is None:
            return None
        found = np.zeros(len(self.row_factor))
        found[self.rows] = duals * self.row_factor[self.rows] / self.factor
        return found
