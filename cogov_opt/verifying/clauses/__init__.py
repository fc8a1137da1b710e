"""The clause kinds: what each means (`holds`) and its priced rows (`rows`), one module a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..policy import Card, CardError, Clause
from . import award, earmark, forbid, guarantee, limit, pin, require

if TYPE_CHECKING:
    from types import ModuleType

    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..priced import Key

KINDS: dict[str, ModuleType] = {
    "require": require,
    "forbid": forbid,
    "earmark": earmark,
    "limit": limit,
    "guarantee": guarantee,
    "award": award,
    "pin": pin,
}
NEVER_SOFT = frozenset({"earmark", "award"})


def holds(facts: Facts, card: Card, plan: Plan) -> list[Key]:
    """Give the row keys the plan breaks of the hard clauses; key[0] is the clause id."""
    broken: list[Key] = []
    for clause in card.clauses:
        if not clause.soft:
            broken += holds_one(facts, card, clause, plan)
    return broken


def holds_one(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the row keys the plan breaks of one clause, taken as hard."""
    keys: list[Key] = KINDS[clause.kind].holds(facts, card, clause, plan)
    return keys


def rows(draft: Draft, clause: Clause) -> None:
    """Add the rows of one clause (S8.6-S8.11)."""
    if clause.soft and clause.kind in NEVER_SOFT:
        raise CardError(f"clause {clause.id}: {clause.kind} is never soft")
    KINDS[clause.kind].rows(draft, clause)
