"""forbid: matching options or candidates are not used (S8.8)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.policy import DEMAND_ENTITIES, Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.clauses.switching_off import forbid_candidates, forbid_options
from cogov_opt.formulating.measures import candidates_frame, options_frame
from cogov_opt.formulating.selectors import select


def build(building: Building, clause: Clause) -> None:
    """Forbid options where the lines are on demands alone, else candidates."""
    facts = building.facts
    if all(line.entity in DEMAND_ENTITIES for line in clause.where):
        forbid_options(
            building, clause, np.flatnonzero(select(facts, clause.where, options_frame(facts)))
        )
    else:
        frame = candidates_frame(building.model)
        forbid_candidates(building, clause, np.flatnonzero(select(facts, clause.where, frame)))
