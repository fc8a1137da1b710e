"""require: a candidate that matches `where` must match `must` (S8.8)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.clauses.require import Require
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.clauses.switching_off import forbid_candidates
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select


def build(building: Building, clause: Clause) -> None:
    """Set to 0 what matches `where` and not `must`."""
    if not isinstance(clause.parameters, Require):
        raise TypeError(clause.kind)
    facts, frame = building.facts, candidates_frame(building.model)
    bad = select(facts, clause.where, frame) & ~select(facts, clause.parameters.must, frame)
    forbid_candidates(building, clause, np.flatnonzero(bad))
