"""The law every plan keeps whatever the card says, told in loops (convention S4-S7)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from . import candidates, eligibility, openings, overlap
from .facts import Facts, Need, Option, Resource
from .measures import Calendar

if TYPE_CHECKING:
    from .plan import Plan
    from .priced import Key

Uses = list[tuple[Need, Option, str, int]]
"""What one resource is used for: need, option, agreement, units."""


def holds(facts: Facts, plan: Plan) -> list[Key]:
    """Give what the plan breaks, [] if nothing: keys of `law.eligibility`, `law.set` ..."""
    uses = _uses(facts, plan)
    broken = [*_eligibility(facts, plan), *_sets(facts, plan), *_money(facts, plan)]
    for resource in facts.resources.values():
        broken += _capacity(facts, resource, uses.get(resource.id, []))
    return broken + _awards(facts, plan) + _overlap(facts, uses) + _agreements(facts, plan)


def _uses(facts: Facts, plan: Plan) -> dict[str, Uses]:
    uses: dict[str, Uses] = {}
    for (need, resource, option, agreement), units in plan.given.items():
        if units:
            line = facts.needs[need]
            place = facts.option(line.demand, option)
            uses.setdefault(resource, []).append((line, place, agreement, units))
    return uses


def _eligibility(facts: Facts, plan: Plan) -> list[Key]:
    """S4: every use is of a candidate, under an agreement it has, at a served option."""
    broken: list[Key] = []
    for key, units in plan.given.items():
        need, resource, option, agreement = key
        line, used = facts.needs[need], facts.resources[resource]
        demand = facts.demands[line.demand]
        place = demand.options[option]
        allowed = eligibility.agreements(facts, used, demand.performer, place.days)
        eligible = line.kind == used.kind and agreement in allowed
        if not eligible or eligibility.failing_tests(facts, line, used, place):
            broken.append(("law.eligibility", *key))
        if units < 0 or plan.served.get(demand.id) != option:
            broken.append(("law.set", "link", *key))
    return broken


def _sets(facts: Facts, plan: Plan) -> list[Key]:
    """S5: every need of a served demand lies between minimum and quantity, each person once."""
    broken: list[Key] = []
    totals: dict[str, int] = {}
    persons: dict[tuple[str, str], int] = {}
    for (need, resource, _, _), units in plan.given.items():
        totals[need] = totals.get(need, 0) + units
        persons[need, resource] = persons.get((need, resource), 0) + units
    for line in facts.needs.values():
        option = plan.served.get(line.demand)
        if line.kind == "fund" or option is None:
            continue
        if not line.minimum <= totals.get(line.id, 0) <= line.quantity:
            broken.append(("law.set", "need", line.id, option))
    for (need, resource), units in persons.items():
        if units > 1 and facts.resources[resource].kind in {"volunteer", "space"}:
            served = plan.served.get(facts.needs[need].demand, "")
            broken.append(("law.set", "once", need, resource, served))
    return broken


def _money(facts: Facts, plan: Plan) -> list[Key]:
    """S6: what a fund need receives is what it pays for, within its bounds."""
    broken: list[Key] = [
        ("law.money", "bought", *place)
        for place in (*plan.bought, *plan.own)
        if facts.needs[place[0]].kind != "fund"
    ]
    paid_in, costs = plan.totals(), _costs(facts, plan)
    for need in facts.needs.values():
        if need.kind != "fund":
            continue
        served = plan.served.get(need.demand)
        for option in facts.demands[need.demand].options:
            place = (need.id, option)
            bought, own = plan.bought.get(place, 0), plan.own.get(place, 0)
            least, most, limit = (
                (need.minimum, need.quantity, need.own_limit) if served == option else (0, 0, 0)
            )
            if not least <= bought <= most:
                broken.append(("law.money", "bought", *place))
            if not 0 <= own <= limit:
                broken.append(("law.money", "own", *place))
            cost = sum(costs.get((paid, option), 0) for paid in need.pays_for)
            if paid_in.get(place, 0) + own != bought + cost:
                broken.append(("law.money", "balance", *place))
    return broken


def _costs(facts: Facts, plan: Plan) -> dict[tuple[str, str], int]:
    """Give the cost of everything used for each need at each option (S6.1)."""
    costs: dict[tuple[str, str], int] = {}
    for (need, resource, option, _), units in plan.given.items():
        place = facts.option(facts.needs[need].demand, option)
        cost = units * candidates.unit_cost(facts.resources[resource], place)
        costs[need, option] = costs.get((need, option), 0) + cost
    return costs


def _awards(facts: Facts, plan: Plan) -> list[Key]:
    """S6.6: what a fund awards one demand, over all its needs."""
    totals: dict[tuple[str, str], int] = {}
    for (need, resource, _, _), units in plan.given.items():
        if facts.resources[resource].kind == "fund":
            pair = (resource, facts.needs[need].demand)
            totals[pair] = totals.get(pair, 0) + units
    broken: list[Key] = []
    for pair, total in totals.items():
        row = facts.resources[pair[0]].row
        most = row.get("max_per_demand")
        if most is not None and total > most:
            broken.append(("law.money", "per_demand", *pair))
        if 0 < total < (row.get("min_award") or 0):
            broken.append(("law.money", "min_award", *pair))
        if total % (row.get("step") or 1):
            broken.append(("law.money", "step", *pair))
    return broken


def _capacity(facts: Facts, resource: Resource, uses: Uses) -> list[Key]:
    """S7.1, S7.2: no more units, minutes and slots than there are; not too few minutes if used."""
    if not uses:
        return []
    name, row = resource.id, resource.row
    if resource.kind in {"fund", "service"}:
        taken = sum(u * facts.affinity(name, n.demand).use_units for n, _, _, u in uses)
        if resource.kind == "fund":
            taken = sum(units for _, _, _, units in uses)
        return [("law.capacity", "units", name)] if taken > resource.capacity else []
    if resource.kind == "space":
        return []
    minutes = sum(option.minutes * units for _, option, _, units in uses)
    slots = sum(option.slots * units for _, option, _, units in uses)
    broken: list[Key] = []
    if row.get("max_minutes") is not None and minutes > row["max_minutes"]:
        broken.append(("law.capacity", "minutes", name))
    if row.get("max_slots") is not None and slots > row["max_slots"]:
        broken.append(("law.capacity", "slots", name))
    if minutes < (row.get("min_minutes") or 0):
        broken.append(("law.capacity", "least_minutes", name))
    return broken


def _overlap(facts: Facts, uses: dict[str, Uses]) -> list[Key]:
    """S7.3, S7.4: two uses in one ring do not overlap, the larger buffer after each."""
    broken: list[Key] = []
    for ring in overlap.rings(facts):
        taken = [
            (member, need, option, agreement)
            for member in ring
            for need, option, agreement, _ in uses.get(member.id, [])
        ]
        for one, two in combinations(taken, 2):
            if _conflict(one[2], two[2], max(one[0].buffer, two[0].buffer)):
                names = sorted("|".join((n.id, r.id, o.id, g)) for r, n, o, g in (one, two))
                broken.append(("law.no_overlap", ring[0].id, *names))
    return broken


def _conflict(one: Option, two: Option, buffer: int) -> bool:
    return any(
        second.start < first.end + buffer and first.start < second.end + buffer
        for first in one.sessions
        for second in two.sessions
    )


def _agreements(facts: Facts, plan: Plan) -> list[Key]:
    """S7.5: units or minutes under each limited agreement, in each period."""
    taken: dict[tuple[str, str, str], int] = {}
    calendars = {a.id: Calendar(facts, a.per) for a in facts.agreements.values() if a.limited}
    for (need, _, option, agreement), units in plan.given.items():
        if agreement not in calendars:
            continue
        line = facts.needs[need]
        place = facts.option(line.demand, option)
        amounts = [(s.day, s.end - s.start) for s in place.sessions]
        for day, amount in [(place.days[0], 1)] if line.kind == "service" else amounts:
            for period in calendars[agreement].keys(day):
                key = (agreement, period, line.kind)
                taken[key] = taken.get(key, 0) + amount * units
    broken: list[Key] = []
    for (name, period, kind), amount in taken.items():
        agreement_row = facts.agreements[name]
        span = next(s for s in calendars[name].spans if s.key == period)
        if amount > openings.limit(facts, agreement_row, span, kind):
            parts = (name, period) if agreement_row.kind else (name, period, kind)
            broken.append(("law.agreement", *parts))
    return broken
