"""guarantee: a measure reaches a bound, by group and period (S8.6)."""

from __future__ import annotations

from cogov_opt.domain.clauses.guarantee import Guarantee
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.clauses.bounding import bound


def build(building: Building, clause: Clause) -> None:
    """Add sum >= bound for every group and period, even where nobody can serve it."""
    if not isinstance(clause.parameters, Guarantee):
        raise TypeError(clause.kind)
    bound(building, clause, clause.parameters, at_most=False)
