"""cost: of every resource used, and of what is bought outside, whoever pays (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.policy import Term
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import Frame, select

RESOURCE_ENTITIES = ("giver", "payee", *RESOURCE_KINDS)


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add unit costs to each selected x and 1 to each selected amount bought outside."""
    model, facts, c = building.model, building.facts, building.model.candidates
    mine = select(facts, term.where, candidates_frame(model)) & (facts.need_kind[c.need] != FUND)
    mine = np.flatnonzero(mine & (c.unit_cost > 0))
    building.add_cost(stage, model.x(mine), sign * term.weight * c.unit_cost[mine])
    if any(line.entity in RESOURCE_ENTITIES for line in term.where):
        return
    money = building.money
    frame = Frame(facts.need_demand[money.need], money.option, money.need)
    bought = np.flatnonzero(select(facts, term.where, frame) & (money.bought >= 0))
    building.add_cost(stage, money.bought[bought], sign * term.weight)
