"""One linear programme kept alive in HiGHS: bounds move, the basis stays (speed.md 9)."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from cogov_opt.domain.instance import IndexArray
from cogov_opt.solving.backends.highs import HighsError, prepared
from cogov_opt.solving.problem import FloatArray, Problem, Relaxed, Status, Work

_MODEL = highspy.HighsModelStatus
_STATUS = {
    _MODEL.kOptimal: Status.OPTIMAL,
    _MODEL.kInfeasible: Status.INFEASIBLE,
    _MODEL.kUnboundedOrInfeasible: Status.INFEASIBLE,
    _MODEL.kIterationLimit: Status.NODES,
    _MODEL.kObjectiveBound: Status.NODES,
    _MODEL.kTimeLimit: Status.SECONDS,
}
_BASIS = highspy.HighsBasisStatus
_NO_LIMIT = 2**31 - 1


class LiveProgramme:
    """
    A linear programme whose bounds change from solve to solve; warm dual simplex, one thread.

    `iterations` counts the work done so far: the same on every machine with the same library.
    """

    def __init__(self, problem: Problem) -> None:
        self.solver: Any = prepared(problem, Work(ray=True))
        self.iterations = 0
        self.height = len(problem.row_lower)

    def set_columns(self, columns: IndexArray, lower: FloatArray, upper: FloatArray) -> None:
        """Move the bounds of columns."""
        if len(columns):
            self._plain(
                self.solver.changeColsBounds(
                    len(columns), columns.astype(np.int32), lower, upper
                ), "the bounds of columns",
            )  # fmt: skip

    def set_rows(self, rows: IndexArray, lower: FloatArray, upper: FloatArray) -> None:
        """Move the sides of rows."""
        if len(rows):
            self._plain(
                self.solver.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper),
                "the sides of rows",
            )

    def basis(self) -> Any:
        """Give the basis of the last solve, to come back to."""
        return self.solver.getBasis()

    def back_to(self, basis: Any) -> None:
        """Begin the next solve from a basis."""
        self._plain(self.solver.setBasis(basis), "a basis")

    def basic(self) -> IndexArray:
        """Give what is basic in each place: a column, or -1 - row."""
        _, found = self.solver.getBasicVariables()
        return np.asarray(found, dtype=np.int32)

    def inverse_row(self, place: int) -> FloatArray | None:
        """Give a row of the inverse of the basis, or None where there is none."""
        status, found = self.solver.getBasisInverseRow(place)
        return np.asarray(found, np.float64) if status == highspy.HighsStatus.kOk else None

    def sides(self) -> tuple[IndexArray, IndexArray]:
        """Tell where columns and rows stand: 0 at their lower bound, 1 at their upper, 2 within."""
        basis = self.solver.getBasis()
        at = {_BASIS.kLower: 0, _BASIS.kUpper: 1}
        columns, rows = (
            np.asarray([at.get(s, 2) for s in part], dtype=np.int32)
            for part in (basis.col_status, basis.row_status)
        )
        return columns, rows

    def solve(self, most: int | None = None) -> Relaxed:
        """
        Solve; a figure is given only under the status that gives it meaning.

        `most` limits the iterations; the bound of a solve that stops there is a guess.
        """
        limit = _NO_LIMIT if most is None else most
        self._plain(self.solver.setOptionValue("simplex_iteration_limit", limit), "a limit")
        ended = self.solver.run()
        model, info = self.solver.getModelStatus(), self.solver.getInfo()
        used = max(int(info.simplex_iteration_count), 0)
        self.iterations += used
        if ended == highspy.HighsStatus.kError:
            return Relaxed(Status.FAULT)
        status = _STATUS.get(model, Status.FAULT)
        if status is Status.INFEASIBLE:
            return Relaxed(status, ray=self._ray())
        solution = self.solver.getSolution()
        if status is Status.OPTIMAL and not (solution.dual_valid and solution.value_valid):
            return Relaxed(Status.FAULT)
        if status is not Status.OPTIMAL:
            return Relaxed(status, bound=float(info.objective_function_value))
        return Relaxed(
            status, np.asarray(solution.col_value, np.float64),
            float(info.objective_function_value), np.asarray(solution.row_dual, np.float64),
        )  # fmt: skip

    def _ray(self) -> FloatArray | None:
        """Give a dual ray, or None where HiGHS has none."""
        status, there, ray = self.solver.getDualRay()
        if status == highspy.HighsStatus.kError or not there:
            return None
        return np.asarray(ray, np.float64)

    @staticmethod
    def _plain(status: highspy.HighsStatus, what: str) -> None:
        """Refuse to go on after anything but a plain yes."""
        if status != highspy.HighsStatus.kOk:
            raise HighsError(f"HiGHS refused {what}")
