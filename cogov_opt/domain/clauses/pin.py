"""pin: pinned standing rows that match `where` keep exactly their quantity (S8.10)."""

from __future__ import annotations

from cogov_opt.domain.clauses.parameters import Parameters


class Pin(Parameters):
    """Nothing beside `where`."""


CONTRACT = Pin
