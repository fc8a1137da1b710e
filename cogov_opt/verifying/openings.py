"""How much of a giver's resources a period holds (convention S7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import calendar_days
from .calendar_days import DAY_MINUTES, Span

if TYPE_CHECKING:
    from .facts import Agreement, Facts, Resource


def limit(facts: Facts, agreement: Agreement, span: Span, kind: str) -> int:
    """Give the limit of an agreement in a period: the smaller of quantity and share."""
    limits = [] if agreement.quantity is None else [agreement.quantity]
    if agreement.share_percent is not None:
        given = _owned(facts, kind).get(agreement.giver, ())
        own = (r for r in given if agreement.resource in {None, r.id})
        capacity = sum(r.capacity if kind == "service" else minutes(facts, r, span) for r in own)
        limits.append(agreement.share_percent * capacity // 100)
    return min(limits)


def _owned(facts: Facts, kind: str) -> dict[str, list[Resource]]:
    """Give the resources of a kind by their owner."""
    found: dict[str, list[Resource]] | None = facts.cache.get(("owned", kind))
    if found is None:
        found = facts.cache["owned", kind] = {}
        for resource in facts.of_kind(kind):
            found.setdefault(resource.actor, []).append(resource)
    return found


def minutes(facts: Facts, resource: Resource, span: Span) -> int:
    """Give a volunteer's max_minutes if stated, else its open minutes, or those of a space."""
    if resource.kind == "volunteer" and resource.row.get("max_minutes") is not None:
        return int(resource.row["max_minutes"])
    if resource.available:
        return _union(_inside(facts, resource, span))
    silence = facts.no_rows_means(resource.kind)
    days = range(span.first, span.after)
    if silence == "closed":
        return 0
    return DAY_MINUTES * sum(silence == "always" or calendar_days.is_workday(d) for d in days)


def _inside(facts: Facts, resource: Resource, span: Span) -> list[tuple[int, int]]:
    """Cut the availability of a resource to a period, local clock, days of 1,440 minutes."""
    first = (span.first - facts.first_day) * DAY_MINUTES
    after = (span.after - facts.first_day) * DAY_MINUTES
    cut = [(max(s, first), min(e, after)) for s, e in resource.available]
    return [(s, e) for s, e in cut if s < e]


def _union(intervals: list[tuple[int, int]]) -> int:
    total, reached = 0, None
    for start, end in sorted(intervals):
        begin = start if reached is None else max(start, reached)
        total += max(0, end - begin)
        reached = end if reached is None else max(reached, end)
    return total
