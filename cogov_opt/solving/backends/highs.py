"""HiGHS by arrays: the only module that imports highspy."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from cogov_opt.solving.problem import Answer, Problem, Status, Work

THREADS = 1
"""One thread everywhere: recorded runs repeat, and a second number in one process breaks HiGHS."""
OFTEN = 0.2
"""Seconds between two reports of a search."""

_MODEL = highspy.HighsModelStatus
_STATUS = {
    _MODEL.kOptimal: Status.OPTIMAL,
    _MODEL.kInfeasible: Status.INFEASIBLE,
    _MODEL.kTimeLimit: Status.SECONDS,
    _MODEL.kSolutionLimit: Status.NODES,
    _MODEL.kIterationLimit: Status.NODES,
    _MODEL.kMemoryLimit: Status.MEMORY,
    _MODEL.kInterrupt: Status.CANCELLED,
}


class HighsError(RuntimeError):
    """A call HiGHS refused; it goes on silently otherwise."""


def version() -> str:
    """Give the version of the solver."""
    return str(_new().version())


class _Quiet(highspy.Highs):
    """A solver that says nothing: the first one of a process prints a banner otherwise."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is theirs
        """Silence the solver before its constructor's last step, which prints."""
        self.setOptionValue("output_flag", False)
        base: Any = super()
        base.enableCallbacks()


def _new() -> Any:
    """Give a solver."""
    make: Any = _Quiet
    return make()


def solve(problem: Problem, work: Work) -> Answer:
    """Solve one problem; every refusal of HiGHS becomes a fault, never an exception."""
    try:
        answer, value = _run(problem, work)
        if work.start is not None and not _meant(problem, answer, value):
            # HiGHS 1.16 may hand the start back as its optimum when presolve leaves nothing.
            answer, value = _run(problem, replace(work, start=None))
        if not _meant(problem, answer, value):
            return Answer(Status.FAULT, said="the point is not worth what HiGHS says")
    except HighsError as refused:
        return Answer(Status.FAULT, said=str(refused))
    return answer


def _run(problem: Problem, work: Work) -> tuple[Answer, float]:
    """Run once; give the answer and the value HiGHS says its point has."""
    solver = prepared(problem, work)
    # Warnings come with limits; errors are told by the model status.
    status = solver.run()
    if status == highspy.HighsStatus.kError and solver.getModelStatus() == _MODEL.kNotset:
        raise HighsError("run returned an error without a status")
    return _answer(solver, problem, work), float(solver.getInfo().objective_function_value)


def _meant(problem: Problem, answer: Answer, value: float) -> bool:
    """Tell whether a point is worth what was said of it."""
    if answer.point is None or answer.status is not Status.OPTIMAL:
        return True
    worth = float(problem.costs @ answer.point)
    return abs(worth - value) <= 1e-6 * max(1.0, float(np.abs(problem.costs * answer.point).sum()))


def _check(status: highspy.HighsStatus, what: str) -> None:
    """Refuse to go on after anything but a plain yes (an error would pass silently)."""
    if status == highspy.HighsStatus.kError:
        raise HighsError(f"HiGHS refused {what}")


def prepared(problem: Problem, work: Work) -> Any:
    """Give a solver that holds the problem, its options and its start."""
    solver = _new()
    options: dict[str, float | int | str | bool] = {
        "threads": THREADS,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": work.gap,
    }
    if work.seconds is not None:
        options["time_limit"] = max(work.seconds, 0.01)
    if work.nodes is not None:
        options["mip_max_nodes"] = work.nodes
    if work.ray:
        options |= {"presolve": "off", "solver": "simplex"}
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise HighsError(f"HiGHS refused option {name}")
    _pass(solver, problem)
    if work.start is not None and problem.integral is not None:
        # A start is a help only: HiGHS warns and goes on where it cannot use it.
        start = highspy.HighsSolution()
        start.col_value = work.start
        _check(solver.setSolution(start), "the start")
    if work.stopped is not None:
        _watch(solver, work)
    if work.tell is not None and problem.integral is not None:
        _listen(solver, work.tell)
    return solver


def _pass(solver: Any, problem: Problem) -> None:
    """Hand the arrays over; finite numbers only, since HiGHS takes a NaN and says optimal."""
    for name in ("costs", "values", "lower", "upper"):
        if not np.isfinite(getattr(problem, name)).all():
            raise HighsError(f"{name} hold a number that is not finite")
    integral = problem.integral
    status = solver.passModel(
        len(problem.costs),
        len(problem.row_lower),
        len(problem.values),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        problem.costs,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        problem.starts,
        problem.columns,
        problem.values,
        np.zeros(len(problem.costs), np.int32) if integral is None else integral,
    )
    # A warning here means coefficients were changed (too small, too large): not our problem then.
    if status != highspy.HighsStatus.kOk:
        raise HighsError("HiGHS refused the model or changed it")


def _watch(solver: Any, work: Work) -> None:
    """Let a caller's token stop the solve from inside."""

    def look(event: Any) -> None:
        if work.stopped is not None and work.stopped():
            event.interrupt()

    solver.cbSimplexInterrupt += look
    solver.cbMipInterrupt += look


def _listen(solver: Any, tell: Callable[[float, float], None]) -> None:
    """Pass on value and bound as they are when HiGHS asks whether to stop, not more than often."""
    last = 0.0

    def hear(event: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= OFTEN:
            last = time.monotonic()
            tell(float(event.data_out.mip_primal_bound), float(event.data_out.mip_dual_bound))

    # The callback of its log is silent with the log.
    solver.cbMipInterrupt += hear


def _answer(solver: Any, problem: Problem, work: Work) -> Answer:
    """Read the answer; a figure is read only under the status that gives it meaning."""
    model = solver.getModelStatus()
    said = str(solver.modelStatusToString(model))
    mip = problem.integral is not None and bool(problem.integral.any())
    if model == _MODEL.kUnboundedOrInfeasible:
        # Every column has finite bounds, so it cannot be unbounded.
        model = _MODEL.kInfeasible
    if model == _MODEL.kModelEmpty:
        return Answer(Status.OPTIMAL, problem.lower.copy(), 0.0, np.zeros(len(problem.row_lower)))
    status = _STATUS.get(model, Status.FAULT)
    info = solver.getInfo()
    solution = solver.getSolution()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    point = np.asarray(solution.col_value, np.float64) if found and solution.value_valid else None
    nodes = int(info.mip_node_count) if mip else 0
    if status is Status.INFEASIBLE:
        return Answer(status, ray=_ray(solver) if work.ray else None, nodes=nodes, said=said)
    if mip:
        bound = float(info.mip_dual_bound)
        return Answer(
            status, point, bound if math.isfinite(bound) else None, None, None, nodes, said
        )
    if status is not Status.OPTIMAL:
        return Answer(status, point, said=said)
    if point is None or not solution.dual_valid:
        return Answer(Status.FAULT, said=f"{said} without a point or duals")
    duals = np.asarray(solution.row_dual, np.float64)
    return Answer(status, point, float(info.objective_function_value), duals, said=said)


def _ray(solver: Any) -> Any:
    """Give a dual ray, or None where HiGHS has none."""
    status, there, ray = solver.getDualRay()
    if status == highspy.HighsStatus.kError or not there:
        return None
    return np.asarray(ray, np.float64)
