"""guarantee: a measure reaches a bound, by group and period (S8.6)."""

from __future__ import annotations

from cogov_opt.domain.clauses.parameters import Bounded, Count, Percent


class Guarantee(Bounded):
    """A lower bound, absolute or in percent of a base."""

    at_least: Count | None = None
    at_least_percent: Percent | None = None

    @property
    def bound(self) -> int | None:
        """Give the absolute bound."""
        return self.at_least

    @property
    def percent(self) -> int | None:
        """Give the percentage."""
        return self.at_least_percent


CONTRACT = Guarantee
