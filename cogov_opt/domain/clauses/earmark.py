"""earmark: the money of the funds in `where` pays only what `only` selects (S8.8)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.clauses.parameters import Parameters


class Earmark(Parameters):
    """The selector of what the money may pay."""

    only: tuple[Any, ...]


CONTRACT = Earmark
