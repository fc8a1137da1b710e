"""The full plain test of a pair (convention S4.4-S4.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import calendar_days, requirements

if TYPE_CHECKING:
    from .facts import Demand, Facts, Need, Option, Resource

TESTS = (
    "skill", "level", "credential", "credential_expired", "language", "availability", "no_answer",
    "distance", "seats", "feature", "space_kind", "service_type", "purpose", "cost_type", "group",
    "area", "period", "agreement", "consent",
)  # fmt: skip
"""All tests in the order of S4.11."""

_RANK = {test: rank for rank, test in enumerate(TESTS)}


def failing_tests(facts: Facts, need: Need, resource: Resource, option: Option) -> list[str]:
    """Give every failing test of a pair in the order of S4.11; [] means a candidate."""
    demand = facts.demands[need.demand]
    failing = requirements.failures(need.items, resource, option.days) if need.items else []
    if option.sessions:
        failing += _availability(facts, resource, option)
    if resource.kind == "volunteer":
        if resource.open_until < max(option.days):
            failing.append("consent")
    elif resource.restricted:
        failing += _restrictions(facts, need, demand, resource)
    if resource.kind == "fund":
        if not resource.open_from <= min(option.days) <= max(option.days) <= resource.open_until:
            failing.append("period")
    elif not agreements(facts, resource, demand.performer, option.days):
        failing.append("agreement")
    return sorted(set(failing), key=_RANK.__getitem__) if failing else failing


def _availability(facts: Facts, resource: Resource, option: Option) -> list[str]:
    """S4.5: every session inside one row, or what silence means."""
    rows = resource.available
    if rows:
        for session in option.sessions:
            for start, end in rows:
                if start <= session.start and session.end <= end:
                    break
            else:
                return ["availability"]
        return []
    silence = facts.no_rows_means(resource.kind)
    if silence == "closed":
        return ["no_answer"]
    if silence == "always":
        return []
    touched = (d for s in option.sessions for d in range(s.day, max(s.day, s.last_day) + 1))
    return [] if all(calendar_days.is_workday(day) for day in touched) else ["availability"]


def _restrictions(facts: Facts, need: Need, demand: Demand, resource: Resource) -> list[str]:
    """S4.7, S4.8: a restricted resource serves only what is in or below one of its codes."""
    failing = []
    for vocabulary, allowed in resource.restricted.items():
        if not allowed:
            continue
        row = need.row if vocabulary == "cost_type" else demand.row
        code = row.get(vocabulary)
        if code is None or not any(facts.in_or_below(vocabulary, code, top) for top in allowed):
            failing.append(vocabulary)
    return failing


def agreements(
    facts: Facts, resource: Resource, performer: str, days: tuple[int, ...]
) -> tuple[str, ...]:
    """
    Give the agreements a resource may be used under, ("",) for none needed (S4.9).

    () means that it may not be used.
    """
    if resource.kind == "fund":
        return ("",)
    named = resource.id if resource.id in facts.named else ""
    key = (resource.actor, performer, resource.kind, named, days)
    found: tuple[str, ...] | None = facts.cache.get(key)
    if found is None:
        found = facts.cache[key] = _agreements(facts, resource, performer, days)
    return found


def related(facts: Facts, owner: str, performer: str) -> bool:
    """Tell whether use is free: the owner is the performer, above it or below it."""
    above = facts.ancestors
    return owner == performer or owner in above[performer] or performer in above[owner]


def _agreements(
    facts: Facts, resource: Resource, performer: str, days: tuple[int, ...]
) -> tuple[str, ...]:
    if related(facts, resource.actor, performer):
        return ("",)
    takers = {"*", performer, *facts.ancestors[performer]}
    found = [
        a
        for a in facts.given.get(resource.actor, ())
        if a.taker in takers
        and a.kind in {None, resource.kind}
        and a.resource in {None, resource.id}
        and all(a.valid_from <= day <= a.valid_until for day in days)
    ]
    unlimited = [a.id for a in found if not a.limited]
    return (min(unlimited),) if unlimited else tuple(sorted(a.id for a in found))
