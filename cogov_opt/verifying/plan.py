"""A plan: what allocation.csv says was decided, and the columns that follow (convention S13.1)."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .facts import Facts, FactsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .priced import Definition, Key, Priced, Terms

OUTSIDE = "outside"


@dataclass(slots=True)
class Plan:
    """
    The decisions of a run.

    `served` maps a demand to its option, `given` a candidate (n, r, o, g) to its units, `bought`
    and `own` a fund need and option to money; `rows` are those of allocation.csv as text.
    """

    served: dict[str, str] = field(default_factory=dict)
    given: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    bought: dict[tuple[str, str], int] = field(default_factory=dict)
    own: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)

    def totals(self) -> dict[tuple[str, str], int]:
        """Give all units given to each need at each option."""
        found: dict[tuple[str, str], int] = {}
        for (need, _, option, _), units in self.given.items():
            found[need, option] = found.get((need, option), 0) + units
        return found


def read_plan(folder: Path, facts: Facts) -> Plan:
    """Read allocation.csv of a run folder."""
    with (folder / "allocation.csv").open(encoding="utf-8", newline="") as file:
        return plan_of(list(csv.DictReader(file)), facts)


def plan_of(rows: list[dict[str, str]], facts: Facts) -> Plan:
    """Give the plan of the rows of allocation.csv; ids must be known and options one a demand."""
    plan = Plan(rows=rows)
    for row in rows:
        demand, option = row["demand"], row["option"]
        if demand not in facts.demands or option not in facts.demands[demand].options:
            raise FactsError(f"unknown option {demand} {option}")
        if plan.served.setdefault(demand, option) != option:
            raise FactsError(f"{demand} is served at two options")
        if row["need"]:
            _add_row(plan, row, facts)
    return plan


def _add_row(plan: Plan, row: dict[str, str], facts: Facts) -> None:
    need, option, resource, units = (
        row["need"],
        row["option"],
        row["resource"],
        int(row["quantity"]),
    )
    if need not in facts.needs or facts.needs[need].demand != row["demand"]:
        raise FactsError(f"unknown need {need} of {row['demand']}")
    if resource and resource not in facts.resources:
        raise FactsError(f"unknown resource {resource}")
    place = (need, option)
    if row["kind"] == "fund" and row["buys"] == OUTSIDE:
        plan.bought[place] = plan.bought.get(place, 0) + units
    if not resource:
        plan.own[place] = plan.own.get(place, 0) + units
        return
    key = (need, resource, option, row["agreement"])
    plan.given[key] = plan.given.get(key, 0) + units


def complete(plan: Plan, priced: Priced) -> dict[Key, int]:
    """Give the value of every column, the auxiliary ones by their definitions."""
    values = nonzero(plan, priced)
    return {key: values.get(key, 0) for key in priced.columns}


def nonzero(plan: Plan, priced: Priced) -> dict[Key, int]:
    """Give the value of every column that is not 0, auxiliary columns after what they follow."""
    values = {key: value for key, value in _decided(plan).items() if key in priced.columns}
    for key, definition in priced.definitions.items():
        value = _value(definition, values)
        if value:
            values[key] = value
    return values


def unknown(plan: Plan, priced: Priced) -> list[Key]:
    """Give the columns that a plan uses and the formulation does not have."""
    return [key for key in _decided(plan) if key not in priced.columns]


def _decided(plan: Plan) -> dict[Key, int]:
    """Give the columns that a plan decides and uses."""
    found: dict[Key, int] = {("y", *pair): 1 for pair in plan.served.items()}
    found.update((("x", *key), units) for key, units in plan.given.items() if units)
    found.update((("bought", *place), money) for place, money in plan.bought.items() if money)
    found.update((("own", *place), money) for place, money in plan.own.items() if money)
    return found


def _value(definition: Definition, values: Mapping[Key, int]) -> int:
    if definition.rule == "level":
        shares = [10000 * _sum(got, values) // need for need, got in definition.groups]
        return min([10000, *shares])
    total = _sum(definition.terms, values)
    if definition.rule == "any":
        return int(total > 0)
    if definition.rule == "slack":
        short = definition.over * (total - definition.bound)
        return max(0, -(-short // definition.times))
    return definition.times * total // definition.over


def _sum(terms: Terms, values: Mapping[Key, int]) -> int:
    return sum(c * values.get(key, 0) for key, c in terms)
