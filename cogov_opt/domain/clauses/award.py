"""award: what a fund gives a demand is 0 or within [min, max] and a multiple of step (S8.9)."""

from __future__ import annotations

from cogov_opt.domain.clauses.parameters import Count, Parameters


class Award(Parameters):
    """Bounds and step of an award, in minor units; at least one is given."""

    min: Count | None = None
    max: Count | None = None
    step: Count | None = None


CONTRACT = Award
