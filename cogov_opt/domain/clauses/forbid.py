"""forbid: candidates or options that match `where` are not used (S8.8)."""

from __future__ import annotations

from cogov_opt.domain.clauses.parameters import Parameters


class Forbid(Parameters):
    """Nothing beside `where`."""


CONTRACT = Forbid
