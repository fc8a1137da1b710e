"""
Branch and bound on whole columns, until the best plan has exact amounts (proof.md 1).

A solver's point fixes the whole columns; where no exact amounts go with them, or only worse ones
than floats promised, a row excludes that choice and the search goes on. Such rows live for one
search only: no certificate knows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.money import settle
from cogov_opt.solving.problem import Answer, Backend, FloatArray, Status, Work
from cogov_opt.solving.scaling import prepare

Telling = Callable[[float, float], None]
"""Hears the value of the best point so far, and the bound."""

ROUNDS = 50
"""How many choices may turn out to have no good exact amounts before the search gives up."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    How a search ended: its best checked plan, the bound it claims, and what is wrong with it.

    `fault` names a lie; `passed_over` counts choices that were excluded; `unproved` says that
    better amounts than those found may exist; `ended` gives by column the part, of those searched
    apart, whose search came to its end (-1: none).
    """

    status: Status
    plan: IntArray | None
    bound: float | None
    fault: str = ""
    passed_over: int = 0
    unproved: bool = False
    said: str = ""
    ended: IntArray | None = None

    @property
    def over(self) -> bool:
        """Tell whether nothing better can be found."""
        return self.status is Status.OPTIMAL and not self.unproved


def reached(stage: Stage, plan: IntArray | None, bound: float) -> bool:
    """Tell whether a plan reaches a bound: no whole step is left between them."""
    if plan is None:
        return False
    step = exact.step(stage.costs)
    return bound < exact.value(stage.costs, plan) + step * (1 - 1e-6) - 1e-9 * abs(bound)


def refuted(stage: Stage, plan: IntArray | None, bound: float | None) -> bool:
    """Tell whether a known plan is worth more than a solver's bound."""
    if plan is None or bound is None:
        return False
    value = exact.value(stage.costs, plan)
    return bound < value - 1e-6 * max(1.0, abs(value))


def better(stage: Stage, plan: IntArray | None, other: IntArray | None) -> IntArray | None:
    """Give the better of two plans, the first where they are equal."""
    if plan is None or other is None:
        return other if plan is None else plan
    return other if exact.value(stage.costs, other) > exact.value(stage.costs, plan) else plan


def search(
    system: Formulation,
    hard: NDArray[np.bool_],
    stage: Stage,
    plan: IntArray | None,
    backend: Backend,
    work: Work,
) -> Found:
    """Search a system for the best plan of a stage; `hard` marks the columns that are branched."""
    deadline = None if work.seconds is None else time.monotonic() + work.seconds
    unproved = False
    seen: set[tuple[int, ...]] = set()
    for passed in range(ROUNDS):
        work = _until(deadline, work)
        answer, point = _branch(system, stage, plan, backend, work)
        if answer.status is Status.INFEASIBLE and passed:
            return _exhausted(plan, passed, unproved)
        if not passed and refuted(stage, plan, answer.bound):
            return Found(Status.FAULT, plan, answer.bound, "false_bound")
        found = None
        if point is not None:
            settled = settle(system, point, stage.costs, backend, work)
            found, plan = settled.vector, better(stage, plan, settled.vector)
            # Excluding a choice that has amounts is a claim unless those were the best.
            unproved |= found is None and not settled.proved
        ended = Found(answer.status, plan, answer.bound, "", passed, unproved, answer.said)
        if answer.status is not Status.OPTIMAL or point is None or answer.bound is None:
            return ended
        if reached(stage, plan, answer.bound):
            return ended
        if found is not None and hard.all():
            return replace(ended, status=Status.FAULT, fault="false_optimum")
        choice = _choice(system, hard, point)
        if choice is None and not hard.all():
            return _exhausted(plan, passed + 1, unproved=True)
        if choice is None or choice in seen:
            return replace(ended, status=Status.FAULT, fault="bad_plan")
        seen.add(choice)
        unproved |= bool((hard & (system.upper - system.lower > 1)).any())
        system = _without(system, hard, choice)
    return _exhausted(plan, ROUNDS, unproved=True)


def _until(deadline: float | None, work: Work) -> Work:
    """Give what one more call may use before the deadline."""
    return work if deadline is None else replace(work, seconds=deadline - time.monotonic())


def _exhausted(plan: IntArray | None, passed: int, unproved: bool) -> Found:
    """Give the end of a search that has excluded every choice it met."""
    if plan is not None:
        return Found(Status.OPTIMAL, plan, None, "", passed, unproved)
    # Without a plan nothing is claimed, unless every choice was proved to have no amounts.
    status = Status.NODES if unproved else Status.INFEASIBLE
    return Found(status, None, None, "", passed, unproved, "no exact amounts")


def _branch(
    system: Formulation, stage: Stage, plan: IntArray | None, backend: Backend, work: Work
) -> tuple[Answer, FloatArray | None]:
    """Ask the solver once; give its answer and its point in true units."""
    scaled = prepare(system)
    problem, factor = scaled.with_costs(stage.costs)
    start = None
    if plan is not None and exact.feasible(system, plan):
        start = scaled.scaling.scaled_point(plan.astype(np.float64))
    tell = None if work.tell is None else _in_true_units(work.tell, factor)
    answer = backend(
        replace(problem, integral=scaled.integral),
        replace(work, gap=max(work.gap * factor, 1e-9), start=start, tell=tell),
    )
    if answer.bound is not None:
        answer = replace(answer, bound=answer.bound / factor)
    return answer, None if answer.point is None else scaled.scaling.true_point(answer.point)


def _in_true_units(tell: Telling, factor: float) -> Telling:
    """Give a listener that hears what the costs were scaled by undone."""
    return lambda value, bound: tell(value / factor, bound / factor)


def _flags(system: Formulation, hard: NDArray[np.bool_]) -> IntArray:
    """Give the open 0/1 columns."""
    return np.flatnonzero(hard & (system.lower == 0) & (system.upper == 1))


def _choice(
    system: Formulation, hard: NDArray[np.bool_], point: FloatArray
) -> tuple[int, ...] | None:
    """Give the 0/1 columns of a point; None where there are none to exclude."""
    flags = _flags(system, hard)
    return tuple(np.rint(point[flags]).astype(int).tolist()) if len(flags) else None


def _without(system: Formulation, hard: NDArray[np.bool_], choice: tuple[int, ...]) -> Formulation:
    """Exclude one choice of the 0/1 columns: at least one of them must differ."""
    flags, at = _flags(system, hard), np.array(choice, np.int64)
    key = ("no_good", str(len(system.rows)))
    signs = np.where(at == 1, -1, 1)
    low, high = 1 - int(at.sum()), int((1 - at).sum())
    return system.with_row(key, flags.astype(np.int32), signs, low, high)
