"""Selectors: which rows, options and candidates a card speaks of (convention S8.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import calendar_days
from .policy import CardError, Line, Where, minor

if TYPE_CHECKING:
    from collections.abc import Callable

    from .facts import Demand, Facts, Need, Option, Resource, Row

RESOURCE_ENTITIES = ("volunteer", "fund", "space", "service")
OF_RESOURCE = frozenset({*RESOURCE_ENTITIES, "giver", "payee"})
OF_DEMAND = frozenset({"demand", "option", "actor", "performer"})
ENTITIES = OF_RESOURCE | OF_DEMAND | {"need", "standing"}
ID_OF = {
    "demand": "demand_id", "need": "need_id", "actor": "actor_id", "performer": "actor_id",
    "giver": "actor_id", "payee": "actor_id", "volunteer": "volunteer_id", "fund": "fund_id",
    "space": "space_id", "service": "service_id",
}  # fmt: skip
TREES = {
    "area": "area", "areas": "area", "serves_areas": "area", "group": "group", "groups": "group",
    "purpose": "purpose", "purposes": "purpose", "cost_type": "cost_type",
    "cost_types": "cost_type",
}  # fmt: skip
MONEY = frozenset({
    "amount", "committed", "min_award", "max_per_demand", "step", "cost_per_slot", "cost_per_hour",
    "cost_per_unit", "own_limit",
})  # fmt: skip


class Item:
    """What a selector is asked about: a demand at an option, perhaps a need, perhaps a resource."""

    __slots__ = ("demand", "need", "option", "resource", "standing")

    def __init__(
        self, demand: Demand, option: Option, need: Need | None = None,
        resource: Resource | None = None, standing: Row | None = None,
    ) -> None:  # fmt: skip
        self.demand = demand
        self.option = option
        self.need = need
        self.resource = resource
        self.standing = standing


class Selector:
    """
    The lines of a `where`, asked of items.

    Lines are split by what they look at, so that each demand, need, option and resource is asked
    once: `demand_level`, `need_level`, `option_level`, `resource_level`.
    """

    def __init__(self, facts: Facts, where: Where) -> None:
        for line in where:
            if line.entity not in ENTITIES:
                raise CardError(f"unknown entity {line.entity}")
        self.facts = facts
        self.lines = where
        self.entities = frozenset(line.entity for line in where)
        self._demand = [n for n in where if n.entity in {"demand", "actor", "performer"}]
        self._need = [n for n in where if n.entity == "need"]
        self._option = [n for n in where if n.entity == "option"]
        self._resource = [n for n in where if n.entity in OF_RESOURCE]
        self._standing = [n for n in where if n.entity == "standing"]
        self._seen: dict[Any, bool] = {}

    @property
    def asks_resources(self) -> bool:
        """Whether some line is on a resource, a giver or a payee."""
        return bool(self._resource)

    def demand(self, item: Item) -> bool:
        """Ask the demand, actor and performer lines."""
        return self._once(("d", item.demand.id), self._demand, item)

    def option(self, item: Item) -> bool:
        """Ask the option lines."""
        return self._once(("o", *item.option.key), self._option, item)

    def need(self, item: Item) -> bool:
        """Ask the need lines."""
        if not self._need:
            return True
        return item.need is not None and self._once(("n", item.need.id), self._need, item)

    def resource(self, item: Item) -> bool:
        """Ask the resource, giver and payee lines."""
        if not self._resource:
            return True
        key = ("r", item.resource.id if item.resource else "", item.demand.performer)
        return self._once(key, self._resource, item)

    def without_resource(self, item: Item) -> bool:
        """Ask every line but those of resources, givers and payees."""
        return self.demand(item) and self.need(item) and self.option(item)

    def matches(self, item: Item) -> bool:
        """Tell whether every line holds of an item."""
        return (
            self.demand(item)
            and self.need(item)
            and self.option(item)
            and self.resource(item)
            and all(line_holds(self.facts, n, item) for n in self._standing)
        )

    def _once(self, key: Any, lines: list[Line], item: Item) -> bool:
        if not lines:
            return True
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = all(line_holds(self.facts, n, item) for n in lines)
        return found


def line_holds(facts: Facts, line: Line, item: Item) -> bool:
    """Tell whether one line holds of an item; every session must match an option line."""
    values = field_values(facts, line.entity, line.field, item)
    if values is None:
        return False
    return all(
        all(_test(facts, line, word, wanted, value) for word, wanted in line.tests)
        for value in values
    )


def field_values(facts: Facts, entity: str, field: str, item: Item) -> list[Any] | None:
    """
    Give the value of `entity.field`: one, or one for each session of an option.

    None means that the item has no such entity, so that no line on it matches.
    """
    if entity == "option":
        return _option_values(item.option, field)
    row = _row_of(facts, entity, item)
    if row is None:
        return None
    name = ID_OF.get(entity, field) if field == "id" else field
    if name not in row:
        raise CardError(f"unknown field {entity}.{field}")
    value = row[name]
    return [3 if value is None and (entity, name) == ("demand", "priority") else value]


def _row_of(facts: Facts, entity: str, item: Item) -> Row | None:
    resource = item.resource
    if entity == "demand":
        return item.demand.row
    if entity == "need":
        return item.need.row if item.need else None
    if entity == "actor":
        return facts.actors[item.demand.row["actor_id"]]
    if entity == "performer":
        return facts.actors[item.demand.performer]
    if entity == "standing":
        return item.standing
    if entity == "giver":
        return facts.actors[resource.actor] if resource else None
    if entity == "payee":
        bought = resource is not None and resource.kind != "fund"
        return facts.actors[resource.actor if bought and resource else item.demand.performer]
    return resource.row if resource and resource.kind == entity else None


_OPTION_FIELDS: dict[str, Callable[[Option], list[Any]]] = {
    "id": lambda o: [o.id],
    "option_id": lambda o: [o.id],
    "demand_id": lambda o: [o.demand],
    "date": lambda o: [calendar_days.day_text(d) for d in o.days] if o.sessions else [None],
    "weekday": lambda o: [calendar_days.weekday(d) for d in o.days] if o.sessions else [None],
    "day_kind": lambda o: [calendar_days.day_kind(d) for d in o.days] if o.sessions else [None],
    "start": lambda o: [s.start_clock for s in o.sessions] or [None],
    "end": lambda o: [s.end_clock for s in o.sessions] or [None],
}


def _option_values(option: Option, field: str) -> list[Any]:
    if field not in _OPTION_FIELDS:
        raise CardError(f"unknown field option.{field}")
    return _OPTION_FIELDS[field](option)


def _test(facts: Facts, line: Line, word: str, wanted: tuple[Any, ...], value: Any) -> bool:
    if word == "any":
        return any(_is(facts, line, value, w) for w in wanted)
    if word == "not":
        return not any(_is(facts, line, value, w) for w in wanted)
    if word == "all":
        return all(_is(facts, line, value, w) for w in wanted)
    if value is None or isinstance(value, tuple):
        return False
    bound = _as(line, wanted[0], value)
    return bool(value >= bound if word == "at_least" else value <= bound)


def _is(facts: Facts, line: Line, value: Any, wanted: Any) -> bool:
    """Tell whether a field's value is the wanted one, contains it, or lies below it."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(_is(facts, line, one, wanted) for one in value)
    if line.field == "skills":
        code, _, level = str(wanted).partition(":")
        held, _, held_level = str(value).partition(":")
        return code == held and int(held_level or 1) >= int(level or 1)
    if line.field in TREES:
        return facts.in_or_below(TREES[line.field], str(value), str(wanted))
    return bool(value == _as(line, wanted, value))


def _as(line: Line, wanted: Any, value: Any) -> Any:
    """Give a card's value in the type of the field; money of a card is in major units."""
    if not isinstance(value, int):
        return str(wanted)
    return minor(wanted) if line.field in MONEY else int(wanted)
