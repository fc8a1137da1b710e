"""The totals of run.json, added up anew (convention S13.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import measures

if TYPE_CHECKING:
    from collections.abc import Callable

    from .case import Case
    from .facts import Demand


def check(case: Case) -> None:
    """Compare every total that is told; a total nobody knows is unknown."""
    told = case.opened.run.get("totals", {})
    for name in ("demands", "served"):
        if name not in told:
            case.findings.add("total", "run.json", name)
    for name, value in told.items():
        rule = RULES.get(name)
        if rule is None:
            case.findings.add("unknown", "run.json", f"totals.{name}")
        elif value not in _spellings(rule(case)) or isinstance(value, bool):
            case.findings.add("total", "run.json", name)


def people_served(case: Case, demand: Demand) -> int:
    """Give the people a served demand reaches: whole, or by its one service need (data.md 3)."""
    need = measures.partly_counted(demand)
    if need is None:
        return demand.people
    given = sum(units for (name, *_), units in case.plan.given.items() if name == need.id)
    return demand.people * given // need.quantity


def _people(case: Case) -> int:
    demands = case.facts.demands
    return sum(people_served(case, demands[name]) for name in case.plan.served)


def _attendances(case: Case) -> int:
    """Give visits: people of every session held."""
    demands = case.facts.demands
    return sum(
        people_served(case, demands[name]) * demands[name].options[option].slots
        for name, option in case.plan.served.items()
    )


def _money(case: Case) -> int:
    """Give what funds award."""
    kinds = case.facts.resources
    return sum(u for (_, r, _, _), u in case.plan.given.items() if kinds[r].kind == "fund")


RULES: dict[str, Callable[[Case], int]] = {
    "demands": lambda case: len(case.facts.demands),
    "served": lambda case: len(case.plan.served),
    "needs": lambda case: len(case.facts.needs),
    "unmet": lambda case: len(case.unmet),
    "assignments": lambda case: sum(1 for units in case.plan.given.values() if units),
    "people": _people,
    "attendances": _attendances,
    "money": _money,
}


def _spellings(value: int) -> tuple[int | str, ...]:
    return (value,) if abs(value) <= 2**53 else (str(value),)
