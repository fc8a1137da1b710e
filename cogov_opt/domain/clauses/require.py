"""require: a candidate that matches `where` must match `must` (S8.8)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.clauses.parameters import Parameters


class Require(Parameters):
    """The selector that candidates must match."""

    must: tuple[Any, ...]


CONTRACT = Require
