"""earmark: the money of the selected funds pays only what `only` selects (convention S8.8)."""

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
    """Give the payments of the selected funds that `only` does not select."""
    return barring.used(facts, clause, plan, _barred(facts, clause))


def rows(draft: Draft, clause: Clause) -> None:
    """Add x <= 0 of every candidate of the selected funds that `only` does not select."""
    barring.add_rows(draft, clause, _barred(draft.facts, clause))


def _barred(facts: Facts, clause: Clause) -> barring.Barred:
    where, only = Selector(facts, clause.where), Selector(facts, clause.values["only"])

    def barred(item: Item) -> bool:
        fund = item.resource is not None and item.resource.kind == "fund"
        return fund and where.matches(item) and not only.matches(item)

    return barred
