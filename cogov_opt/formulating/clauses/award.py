"""award: what a fund gives a demand is 0 or within [min, max] and a multiple of step (S8.9)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.clauses.award import Award
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select


def build(building: Building, clause: Clause) -> None:
    """Bound every award that has a matching candidate, over all of its columns."""
    p = clause.parameters
    if not isinstance(p, Award):
        raise TypeError(clause.kind)
    awards = building.awards
    hit = select(building.facts, clause.where, candidates_frame(building.model))
    some = np.unique(awards.award[hit[awards.member]])
    if p.max is not None:
        awards.at_most((clause.id, "max"), some, np.full(len(some), p.max))
    if p.min is not None and p.min > 1:
        awards.at_least((clause.id, "min"), some, np.full(len(some), p.min))
    if p.step is not None and p.step > 1:
        awards.in_steps(clause.id, (clause.id, "step"), some, np.full(len(some), p.step))
