"""award: what a fund awards a demand is 0 or within bounds, in whole steps (convention S8.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import measures
from ..policy import Card, Clause, minor
from ..selectors import Selector

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..priced import Key

FUND = frozenset({"fund"})


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the awards above the greatest, below the least, or off the step."""
    least, step, most = _bounds(clause)
    totals: dict[tuple[str, str], int] = {}
    for (need, resource, _, _), units in plan.given.items():
        pair = (resource, facts.needs[need].demand)
        totals[pair] = totals.get(pair, 0) + units
    broken: list[Key] = []
    for fund, demand in _pairs(facts, clause):
        total = totals.get((fund, demand), 0)
        if most is not None and total > most:
            broken.append((clause.id, "max", fund, demand))
        if 0 < total < least:
            broken.append((clause.id, "min", fund, demand))
        if step > 1 and total % step:
            broken.append((clause.id, "step", fund, demand))
    return broken


def rows(draft: Draft, clause: Clause) -> None:
    """Add the rows of every pair of fund and demand with a matching candidate."""
    for pair in _pairs(draft.facts, clause):
        draft.award_rows(clause.id, ("max", "min", "step"), pair, _bounds(clause))


def _pairs(facts: Facts, clause: Clause) -> list[tuple[str, str]]:
    found = measures.candidate_items(facts, Selector(facts, clause.where), FUND)
    return sorted({(candidate.resource, item.demand.id) for item, _, candidate in found})


def _bounds(clause: Clause) -> tuple[int, int, int | None]:
    """Give least, step and greatest award in minor units; 0 and None do not bind."""
    values = clause.values
    most = minor(values["max"]) if "max" in values else None
    return minor(values.get("min", 0)), minor(values.get("step", 0)), most
