"""What a repair costs others: its plan beside one without the clauses in conflict (S16.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.errors import CogovError
from cogov_opt.explaining.asking.edits import Edit, changed
from cogov_opt.explaining.asking.exact import served
from cogov_opt.explaining.asking.files import Weighing
from cogov_opt.explaining.asking.reaching import gives
from cogov_opt.explaining.asking.weighing import Budget, best_plan
from cogov_opt.formulating import formulate
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.proving.ceilings import Ceiling, best_ceiling, first_ceiling
from cogov_opt.recording import Run
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of

LEAVES = 60
"""The leaves a tree may have that proves a goal of the free plan."""


@dataclass(frozen=True)
class Free:
    """The plan found with all clauses of the conflict lifted: every repair is held against it."""

    edits: Sequence[Edit]
    formulation: Formulation
    plan: IntArray
    chain: tuple[Ceiling, ...]
    points: Mapping[str, int]

    def claim(self) -> dict[str, Any]:
        """Give what it reaches, and on how many goals from the first none is proved better."""
        reached = values(self.formulation, self.plan)
        return {"values": reached, "exact": str(len(self.chain))}

    def weighing(self) -> Weighing:
        """Give the plan with its proof."""
        return Weighing(self.edits, (), self.formulation, self.plan, self.chain)

    def others(self, system: Formulation, plan: IntArray) -> dict[str, Any]:
        """Name what this plan serves and another does not, the other way round, and the points."""
        mine, theirs = served(self.formulation, self.plan), served(system, plan)
        dropped, gained = sorted(mine - theirs), sorted(theirs - mine)
        return {
            "dropped": dropped, "loss": str(sum(self.points[d] for d in dropped)),
            "gained": gained, "gain": str(sum(self.points[d] for d in gained)), "exact": "0",
        }  # fmt: skip

    def nearest(self, system: Formulation, plan: IntArray, budget: Budget) -> IntArray:
        """Of plans that reach as much, look for one that serves more of what this one serves."""
        mine = served(self.formulation, self.plan)
        costs = np.zeros(len(system.columns), np.int64)
        for j in range(len(system.options)):
            name = system.columns.key(j)[1]
            costs[j] = 1 + self.points[name] if name in mine else 0
        for stage in telling(system):
            system = system.with_stage_row(stage, exact.value(stage.costs, plan))
        near = Stage(len(system.stages) + 1, costs, 0, None)
        found, _ = best_plan(system, near, budget.near, plan)
        return plan if found is None else found


def free_plan(run: Run, clauses: Sequence[str], budget: Budget) -> Free | None:
    """Look for the best plan without some clauses; None where there is none, or time ended."""
    edits = [["lift", clause] for clause in clauses]
    try:
        instance, policy = changed(run, edits)
        system = formulate(instance, policy)
        plan = improved(system, None, budget)
    except CogovError:
        return None
    if plan is None:
        return None
    points = demand_points(Facts(instance), policy.points).tolist()
    chain = () if gives(policy) else bounded(system, plan, budget)
    named = dict(zip(instance.demands.ids, points, strict=True))
    return Free(edits, system, plan, chain, named)


def telling(system: Formulation) -> list[Stage]:
    """Give the goals that say who is served: the others are not worth a search."""
    return [s for s in system.stages if s.costs[: len(system.options)].any()] or [system.stages[0]]


def improved(system: Formulation, plan: IntArray | None, budget: Budget) -> IntArray | None:
    """Search for a plan goal by goal, from a plan or from none; None where time ended first."""
    for stage in telling(system):
        found, _ = best_plan(system, stage, budget, plan)
        plan = plan if found is None else found
        if plan is None or budget.over:
            return None
        system = system.with_stage_row(stage, floor_of(stage, exact.value(stage.costs, plan)))
    return plan


def bounded(system: Formulation, plan: IntArray, budget: Budget) -> tuple[Ceiling, ...]:
    """Prove of goal after goal that no plan reaches more; up to the first that is not proved."""
    chain: list[Ceiling] = []
    for stage in system.stages:
        if budget.over:
            break
        value = exact.value(stage.costs, plan)
        ceiling = first_ceiling(system, stage, value, None)
        ceiling = best_ceiling(system, stage, value, ceiling, budget.left, LEAVES)
        if ceiling is None or ceiling.bound != value:
            break
        chain.append(ceiling)
        system = system.with_stage_row(stage, floor_of(stage, value))
    return tuple(chain)


def values(system: Formulation, plan: IntArray) -> list[str]:
    """Give what a plan reaches at each goal, as the card states it."""
    return [str(s.stated(exact.value(s.costs, plan) + s.constant)) for s in system.stages]
