"""limit: a measure stays at or under a bound, by group and period (S8.6)."""

from __future__ import annotations

from cogov_opt.domain.clauses.limit import Limit
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.clauses.bounding import bound


def build(building: Building, clause: Clause) -> None:
    """Add sum <= bound for every group and period with something in it."""
    if not isinstance(clause.parameters, Limit):
        raise TypeError(clause.kind)
    bound(building, clause, clause.parameters, at_most=True)
