"""What a plan gave, counted as clauses count (convention S8.3-S8.7), without any column or row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import measures
from .measures import OF_DEMANDS, Group
from .selectors import Item, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Facts
    from .plan import Plan
    from .policy import Card, Clause

Tally = dict[tuple[Group, str], int]


def of_clause(facts: Facts, card: Card, clause: Clause, plan: Plan, each: tuple[str, ...]) -> Tally:
    """Give (group, period) -> amount given."""
    selector = Selector(facts, clause.where)
    measures.check_measure(clause.measure, selector, each)
    calendar = measures.Calendar(facts, clause.per)
    tally: Tally = {}
    for item, day, amount in _given(facts, card, clause.measure, plan):
        if not selector.matches(item):
            continue
        for group in measures.groups(facts, each, item):
            for period in calendar.keys(day):
                tally[group, period] = tally.get((group, period), 0) + amount
    return tally


def _given(facts: Facts, card: Card, measure: str, plan: Plan) -> Iterator[tuple[Item, int, int]]:
    """List (item, day, amount) of everything the plan gives, in the measure's unit."""
    if measure in OF_DEMANDS:
        totals = plan.totals() if measure == "people" else {}
        for demand, option in plan.served.items():
            item = Item(facts.demands[demand], facts.option(demand, option))
            yield item, item.option.days[0], _of_demand(card, measure, totals, item)
        return
    for (need, resource, option, _), units in plan.given.items():
        item = plan_item(facts, need, resource, option)
        if units and item.resource and item.resource.kind in measures.KINDS_OF[measure]:
            for day, amount in measures.spread(measure, item.option):
                yield item, day, amount * (1 if measure == "assignments" else units)


def plan_item(facts: Facts, need: str, resource: str, option: str) -> Item:
    """Give the item of one use of a resource."""
    line = facts.needs[need]
    demand = facts.demands[line.demand]
    return Item(demand, demand.options[option], line, facts.resources[resource])


def _of_demand(card: Card, measure: str, totals: dict[tuple[str, str], int], item: Item) -> int:
    """Give the amount of a served demand; people in part by the units of their service."""
    demand = item.demand
    if measure == "demands":
        return 1
    if measure == "points":
        return measures.points(card.points, demand)
    need = measures.partly_counted(demand)
    if need is None:
        return demand.people
    return demand.people * totals.get((need.id, item.option.id), 0) // need.quantity
