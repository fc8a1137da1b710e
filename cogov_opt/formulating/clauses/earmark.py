"""earmark: money of the funds in `where` pays only what `only` selects (S8.8)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.clauses.earmark import Earmark
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.clauses.switching_off import forbid_candidates
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select


def build(building: Building, clause: Clause) -> None:
    """Set to 0 the money of selected funds for anything outside `only`."""
    if not isinstance(clause.parameters, Earmark):
        raise TypeError(clause.kind)
    facts, frame = building.facts, candidates_frame(building.model)
    money = facts.need_kind[building.model.candidates.need] == FUND
    bad = money & select(facts, clause.where, frame) & ~select(facts, clause.parameters.only, frame)
    forbid_candidates(building, clause, np.flatnonzero(bad))
