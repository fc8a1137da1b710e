"""forbid: matching options, or matching candidates, are not used (convention S8.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import measures
from ..selectors import OF_DEMAND, Item, Selector
from . import barring

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..policy import Card, Clause
    from ..priced import Key


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the served options, or the uses, that are forbidden."""
    selector = Selector(facts, clause.where)
    if not selector.entities <= OF_DEMAND:
        return barring.used(facts, clause, plan, selector.matches)
    return [
        (clause.id, demand, option)
        for demand, option in plan.served.items()
        if selector.matches(Item(facts.demands[demand], facts.option(demand, option)))
    ]


def rows(draft: Draft, clause: Clause) -> None:
    """Add y <= 0 of matching options, or x <= 0 of matching candidates."""
    selector = Selector(draft.facts, clause.where)
    if not selector.entities <= OF_DEMAND:
        barring.add_rows(draft, clause, selector.matches)
        return
    for item in measures.demand_items(draft.facts, selector):
        parts = item.option.key
        draft.bounded(clause, parts, [(("y", *parts), 1)], 0, None)
