"""What forbid, require and earmark share: candidates that must not be used (convention S8.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import candidates
from ..selectors import Item
from ..tallies import plan_item

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..policy import Clause
    from ..priced import Key

Barred = Callable[[Item], bool]


def used(facts: Facts, clause: Clause, plan: Plan, barred: Barred) -> list[Key]:
    """Give the uses of a plan that are barred, as row keys."""
    return [
        (clause.id, *key)
        for key, units in plan.given.items()
        if units and barred(plan_item(facts, key[0], key[1], key[2]))
    ]


def add_rows(draft: Draft, clause: Clause, barred: Barred) -> None:
    """Add x <= 0 for every barred candidate, or with a slack on its indicator (S8.11)."""
    for need, options in candidates.of(draft.facts).items():
        for option, found in options.items():
            for candidate in found:
                if barred(plan_item(draft.facts, need, candidate.resource, option)):
                    parts = (need, candidate.resource, option, candidate.agreement)
                    key: Key = ("x", *parts)
                    column = draft.indicator(key) if clause.soft else key
                    draft.bounded(clause, parts, [(column, 1)], 0, None)
