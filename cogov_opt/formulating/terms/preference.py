"""preference: affinity points for every unit given; for money once an award (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.candidates import affinity_of
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add affinity points to each selected x, or to the award they belong to."""
    model, facts, c = building.model, building.facts, building.model.candidates
    points = affinity_of(facts, c, "points", 0)
    mine = select(facts, term.where, candidates_frame(model)) & (points != 0)
    money = facts.need_kind[c.need] == FUND
    goods = np.flatnonzero(mine & ~money)
    building.add_cost(stage, model.x(goods), sign * term.weight * points[goods])
    awards = building.awards
    hit = np.flatnonzero(mine[awards.member])
    some, first = np.unique(awards.award[hit], return_index=True)
    if len(some):
        worth = points[awards.member[hit[first]]]
        building.add_cost(stage, awards.given(some), sign * term.weight * worth)
