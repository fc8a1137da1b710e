"""What clauses count: items, amounts, groups, periods and bases (convention S8.1, S8.3-S8.7)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from . import candidates, openings
from .policy import CardError, Clause, Points, Where
from .selectors import OF_RESOURCE, RESOURCE_ENTITIES, Item, Selector, field_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Demand, Facts, Need, Option, Resource
    from .priced import Candidate

OF_DEMANDS = frozenset({"demands", "people", "points"})
KINDS_OF = {
    "assignments": frozenset({"volunteer", "fund", "space", "service"}),
    "units": frozenset({"volunteer", "space", "service"}),
    "minutes": frozenset({"volunteer", "space"}),
    "slots": frozenset({"volunteer", "space"}),
    "money": frozenset({"fund"}),
}
ASKED_KINDS = {**KINDS_OF, "assignments": frozenset({"volunteer", "space"})}
NONE = "(none)"

Group = tuple[str, ...]


def points(rule: Points, demand: Demand) -> int:
    """Give points(d): the demand's own, else its priority's, its people's and its tags' (S8.1)."""
    if demand.row.get("points") is not None:
        return int(demand.row["points"])
    priority = demand.row.get("priority")
    priority = 3 if priority is None else priority
    total = rule.priority.get(priority, 0) + rule.per_person.get(priority, 0) * demand.people
    return total + sum(rule.tags.get(tag, 0) for tag in demand.row["tags"])


def check_measure(measure: str, selector: Selector, each: tuple[str, ...]) -> None:
    """Refuse a measure nobody knows, and lines on needs or resources where demands count (S8.3)."""
    if measure not in OF_DEMANDS and measure not in KINDS_OF:
        raise CardError(f"unknown measure {measure}")
    named = selector.entities | {name.partition(".")[0] for name in each}
    if measure in OF_DEMANDS and named & (OF_RESOURCE | {"need"}):
        raise CardError(f"measure {measure} takes no lines on needs or resources")


def demand_items(facts: Facts, selector: Selector) -> Iterator[Item]:
    """List the selected demands at the selected options."""
    for demand in facts.demands.values():
        for option in demand.options.values():
            item = Item(demand, option)
            if selector.demand(item) and selector.option(item):
                yield item


def need_items(facts: Facts, selector: Selector, kinds: frozenset[str]) -> Iterator[Item]:
    """List the selected needs at the selected options, whether or not they have candidates."""
    for need in facts.needs.values():
        demand = facts.demands[need.demand]
        for option in demand.options.values():
            item = Item(demand, option, need)
            if need.kind in kinds and selector.without_resource(item):
                yield item


def candidate_items(
    facts: Facts, selector: Selector, kinds: frozenset[str]
) -> Iterator[tuple[Item, Need, Candidate]]:
    """List the selected candidates, agreements apart."""
    lists = candidates.of(facts)
    for item in need_items(facts, selector, kinds):
        need = item.need
        if need is None:
            continue
        for candidate in lists[need.id][item.option.id]:
            one = with_resource(facts, item, candidate)
            if selector.resource(one):
                yield one, need, candidate


def with_resource(facts: Facts, item: Item, candidate: Candidate) -> Item:
    """Give an item of a need with the resource of one of its candidates."""
    return Item(item.demand, item.option, item.need, facts.resources[candidate.resource])


def groups(facts: Facts, each: tuple[str, ...], item: Item) -> list[Group]:
    """Give the groups an item belongs to: one for each item of a list field (S8.5)."""
    if not each:
        return [()]
    found = [_texts(facts, name, item) for name in each]
    return list(dict.fromkeys(product(*found)))


def _texts(facts: Facts, name: str, item: Item) -> list[str]:
    entity, _, field = name.partition(".")
    values = field_values(facts, entity, field, item)
    texts: list[str] = []
    for value in values or ():
        parts = value if isinstance(value, tuple) else (value,)
        texts += [NONE if part in (None, "") else str(part) for part in parts] or [NONE]
    return list(dict.fromkeys(texts))


def spread(measure: str, option: Option) -> list[tuple[int, int]]:
    """Give (day, amount of one unit) of a candidate's x or indicator (S8.3, S8.5)."""
    if measure == "minutes":
        return [(s.day, s.end - s.start) for s in option.sessions]
    if measure == "slots":
        return [(day, 1) for day in option.days]
    return [(option.days[0], 1)]


class Calendar:
    """The periods of one `per`, asked by day."""

    def __init__(self, facts: Facts, per: str | int) -> None:
        self.spans = facts.periods(per)
        self._all = per == "horizon"
        self._by_day: dict[int, list[str]] = {}

    def keys(self, day: int) -> list[str]:
        """Give the keys of the periods a day lies in; everything lies in the horizon."""
        if self._all:
            return ["horizon"]
        if day not in self._by_day:
            self._by_day[day] = [s.key for s in self.spans if s.first <= day < s.after]
        return self._by_day[day]


def partly_counted(demand: Demand) -> Need | None:
    """Give the one service need by which people are counted in part, if there is one (S8.3)."""
    services = [n for n in demand.needs if n.kind == "service"]
    if len(services) == 1 and services[0].minimum < services[0].quantity:
        return services[0]
    return None


def selects_by_resource(selector: Selector, each: tuple[str, ...]) -> bool:
    """Tell whether a line or an `each` field asks about resources (S8.6)."""
    return bool(OF_RESOURCE & (selector.entities | {name.partition(".")[0] for name in each}))


def asked(
    facts: Facts, rule: Points, where: Where, each: tuple[str, ...], measure: str
) -> dict[Group, int]:
    """
    Give what each group asks for, eligible or not (S8.7).

    Fields of resources in `each` tell needs nothing: `asked_of` looks their groups up without them.
    """
    selector = Selector(facts, where)
    each = tuple(name for name in each if name.partition(".")[0] not in OF_RESOURCE)
    total: dict[Group, int] = {}
    seen: set[tuple[str, Group]] = set()
    by_demand = measure in OF_DEMANDS
    items = (
        demand_items(facts, selector)
        if by_demand
        else need_items(facts, selector, ASKED_KINDS[measure])
    )
    for item in items:
        subject = item.need.id if item.need else item.demand.id
        for group in groups(facts, each, item):
            if (subject, group) not in seen:
                seen.add((subject, group))
                total[group] = total.get(group, 0) + _asked_of(rule, measure, item)
    return total


def _asked_of(rule: Points, measure: str, item: Item) -> int:
    demand = item.demand
    if item.need is None:
        return {"demands": 1, "people": demand.people, "points": points(rule, demand)}[measure]
    first = demand.options[min(demand.options)]
    times = {"minutes": first.minutes, "slots": first.slots}.get(measure, 1)
    return item.need.quantity * times


def asked_key(each: tuple[str, ...], group: Group) -> Group:
    """Give the part of a group that `asked` is kept under."""
    pairs = zip(each, group, strict=True)
    return tuple(value for name, value in pairs if name.partition(".")[0] not in OF_RESOURCE)


def standing(facts: Facts, where: Where, each: tuple[str, ...], measure: str) -> dict[Group, int]:
    """Give the standing units of the selected needs of each group, of kinds counted (S8.7)."""
    selector = Selector(facts, where)
    each = tuple(name for name in each if name.partition(".")[0] not in OF_RESOURCE)
    member: dict[str, set[Group]] = {}
    for item in need_items(facts, selector, KINDS_OF.get(measure, frozenset(RESOURCE_ENTITIES))):
        if item.need:
            member.setdefault(item.need.id, set()).update(groups(facts, each, item))
    total: dict[Group, int] = {}
    for row in facts.tables["standing"]:
        for group in member.get(row["need_id"], ()):
            total[group] = total.get(group, 0) + row["quantity"]
    return total


def available(facts: Facts, where: Where, measure: str) -> int:
    """Give the capacity of the resources the resource and giver lines select (S8.7)."""
    if measure in OF_DEMANDS:
        raise CardError(f"measure {measure} has no base 'available'")
    lines = tuple(n for n in where if n.entity in {*RESOURCE_ENTITIES, "giver"})
    selector = Selector(facts, lines)
    anyone = next(iter(facts.demands.values()), None)
    if anyone is None:
        return 0
    option = next(iter(anyone.options.values()))
    chosen = (
        r for r in facts.resources.values() if selector.resource(Item(anyone, option, None, r))
    )
    return sum(_available(facts, measure, resource) for resource in chosen)


def _available(facts: Facts, measure: str, resource: Resource) -> int:
    if measure == "assignments":
        return 1
    if measure == "units":
        return resource.capacity if resource.kind == "service" else 0
    if measure == "money":
        return resource.capacity if resource.kind == "fund" else 0
    if measure == "slots":
        return int(resource.row.get("max_slots") or 0)
    horizon = facts.periods("horizon")[0]
    return openings.minutes(facts, resource, horizon) if resource.kind in KINDS_OF["minutes"] else 0


def base(facts: Facts, rule: Points, clause: Clause, group: Group) -> int:
    """Give the fixed base of a percent row of a group (S8.7)."""
    of = clause.values.get("of")
    key = ("base", of, clause.where, clause.each, clause.measure, id(rule))
    if of == "available":
        if key not in facts.cache:
            facts.cache[key] = available(facts, clause.where, clause.measure)
        return int(facts.cache[key])
    if of not in {"asked", "standing"}:
        raise CardError(f"clause {clause.id}: unknown base {of}")
    if key not in facts.cache:
        facts.cache[key] = (
            asked(facts, rule, clause.where, clause.each, clause.measure)
            if of == "asked"
            else standing(facts, clause.where, clause.each, clause.measure)
        )
    return int(facts.cache[key].get(asked_key(clause.each, group), 0))


def guaranteed_groups(
    facts: Facts, where: Where, each: tuple[str, ...], measure: str
) -> list[Group]:
    """Give the groups among the selected demands, needs or candidates (S8.6)."""
    selector = Selector(facts, where)
    if measure in OF_DEMANDS:
        items: Iterator[Item] = demand_items(facts, selector)
    elif selects_by_resource(selector, each):
        items = (item for item, _, _ in candidate_items(facts, selector, KINDS_OF[measure]))
    else:
        items = need_items(facts, selector, KINDS_OF[measure])
    return sorted({group for item in items for group in groups(facts, each, item)})
