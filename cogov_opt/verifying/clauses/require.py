"""require: a candidate that matches `where` must match `must` (convention S8.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..selectors import Item, Selector
from . import barring

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..policy import Card, Clause
    from ..priced import Key


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the uses that match `where` and not `must`."""
    return barring.used(facts, clause, plan, _barred(facts, clause))


def rows(draft: Draft, clause: Clause) -> None:
    """Add x <= 0 of every candidate that matches `where` and not `must`."""
    barring.add_rows(draft, clause, _barred(draft.facts, clause))


def _barred(facts: Facts, clause: Clause) -> barring.Barred:
    where, must = Selector(facts, clause.where), Selector(facts, clause.values["must"])

    def barred(item: Item) -> bool:
        return where.matches(item) and not must.matches(item)

    return barred
