"""Pure measures of what was asked and what was given: people reached, shares."""

from __future__ import annotations

from cogov_opt.measuring.people import people_reached
from cogov_opt.measuring.shares import Share, shares_by

__all__ = ["Share", "people_reached", "shares_by"]
