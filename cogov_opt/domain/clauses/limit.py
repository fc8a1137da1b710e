"""limit: a measure stays at or under a bound, by group and period (S8.6)."""

from __future__ import annotations

from cogov_opt.domain.clauses.parameters import Bounded, Count, Percent


class Limit(Bounded):
    """An upper bound, absolute or in percent of a base."""

    at_most: Count | None = None
    at_most_percent: Percent | None = None

    @property
    def bound(self) -> int | None:
        """Give the absolute bound."""
        return self.at_most

    @property
    def percent(self) -> int | None:
        """Give the percentage."""
        return self.at_most_percent


CONTRACT = Limit
