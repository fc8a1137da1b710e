"""
What each goal reaches before later goals take back from it (convention S16.8).

Where goals give, to be worse on one settles nothing: a plan counts if it keeps of every goal what
that goal must keep. How much that is follows from what the goal reaches: at least what a plan on
record does, at most what a ceiling allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Policy
from cogov_opt.explaining.asking.weighing import QUICK_LEAVES, Budget, best_plan
from cogov_opt.explaining.rebuilding import filled
from cogov_opt.proving.ceilings import (
    LEAVES,
    Ceiling,
    best_ceiling,
    by_prices,
    by_programme,
    known_prices,
)
from cogov_opt.recording import Run
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of

Known = tuple[int, Sequence[Sequence[Any]]]
"""The scale and the prices of a certificate."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one goal reaches: a plan that keeps the goals before it, and a ceiling over all."""

    stage: Stage
    plan: IntArray
    ceiling: Ceiling

    @property
    def value(self) -> int:
        """Give what the plan reaches, without the goal's constant."""
        return exact.value(self.stage.costs, self.plan)

    @property
    def least(self) -> int:
        """Give what every best plan keeps of the goal at least."""
        return floor_of(self.stage, self.value)

    @property
    def most(self) -> int:
        """Give what a plan has to keep so that it surely keeps enough."""
        return floor_of(self.stage, self.ceiling.bound)


@dataclass(frozen=True)
class Reaches:
    """
    What the goals reach, as far as it was told.

    No best plan lies without `outer`, and every plan of `inner` keeps of these goals what it must.
    """

    told: tuple[Reach, ...]
    outer: Formulation
    inner: Formulation

    @property
    def whole(self) -> bool:
        """Tell whether only the last goal is left."""
        return len(self.told) == len(self.outer.stages) - 1


def gives(policy: Policy) -> bool:
    """Tell whether later goals may take something back from earlier ones."""
    return any(o.give_percent or o.give_points for o in policy.objectives[:-1])


def own_plans(run: Run, formulation: Formulation) -> list[IntArray]:
    """Give the plan by which each goal of a run reached its value (S10.3)."""
    width = len(formulation.columns)
    told = run.certificate["plans"]
    return [filled(formulation, pairs, np.zeros(width, np.int64)) for pairs in told]


def reached_by(run: Run, decision: Decision, system: Formulation) -> tuple[int, ...]:
    """Give what the goals of a run reached, each by its own plan, as another formulation counts."""
    old, published = decision.formulation, decision.outcome.vector
    plans = own_plans(run, old)
    return tuple(
        max(valued(old, p, system, stage) for p in (plan, published) if p is not None)
        for stage, plan in zip(system.stages, plans, strict=True)
    )


def valued(old: Formulation, plan: IntArray, new: Formulation, stage: Stage) -> int:
    """Give what a plan is worth at a goal of another formulation, by the columns both have."""
    places = new.columns.index
    return sum(
        int(plan[j]) * int(stage.costs[places[key]])
        for j in np.flatnonzero(plan).tolist()
        if (key := old.columns.key(j)) in places
    )


def reaches_of(
    system: Formulation, starts: Sequence[IntArray | None], budget: Budget,
    known: Sequence[Known] = (), *, search: bool = True,
) -> Reaches:  # fmt: skip
    """
    Tell what every goal but the last reaches, as far as that can be proved.

    Parameters
    ----------
    starts
        A plan for each goal, to begin its search with.
    known
        For each goal the scale and prices of a certificate, tried before any solve.
    search
        Whether better plans are sought; else those of `starts` are taken as they are.
    """
    outer = inner = system
    told: list[Reach] = []
    for place, stage in enumerate(system.stages[:-1]):
        start = starts[place]
        plan = start if start is not None and exact.feasible(inner, start) else None
        if search:
            found, _ = best_plan(inner, stage, budget, plan)
            plan = plan if found is None else found
        if plan is None:
            break
        leaves = LEAVES if search else QUICK_LEAVES[1]
        price = known[place] if place < len(known) else None
        ceiling = ceiling_over(outer, stage, exact.value(stage.costs, plan), budget, leaves, price)
        if ceiling is None or ceiling.empty:
            break
        told.append(Reach(stage, plan, ceiling))
        outer = outer.with_stage_row(stage, told[-1].least)
        inner = inner.with_stage_row(stage, told[-1].most)
    return Reaches(tuple(told), outer, inner)


def ceiling_over(
    system: Formulation, stage: Stage, most: int, budget: Budget, leaves: int = LEAVES,
    known: Known | None = None,
) -> Ceiling | None:  # fmt: skip
    """Give a ceiling of at most `most` if one can be proved, else the best there is."""
    if known is not None:
        found = by_prices(system, stage, known_prices(system, known[1]), known[0])
        if found.bound <= most:
            return found
    ceiling = by_programme(system, stage, most)
    return best_ceiling(system, stage, most, ceiling, budget.left, leaves)
