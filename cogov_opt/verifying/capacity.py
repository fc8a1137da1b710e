"""Capacity and agreements (convention S7.1, S7.2, S7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import openings
from .measures import Calendar
from .priced import Definition, Key, Terms

if TYPE_CHECKING:
    from .draft import Draft
    from .facts import Agreement, Option, Resource


def add(draft: Draft) -> None:
    """Add the capacity rows of every resource with a candidate, then those of agreements."""
    for resource in draft.facts.resources.values():
        terms = draft.uses.get(resource.id)
        if not terms:
            continue
        if resource.kind in {"service", "fund"}:
            _add_units(draft, resource, terms)
        elif resource.kind == "volunteer":
            _add_time(draft, resource, terms, draft.times[resource.id])
    for agreement in draft.facts.agreements.values():
        if agreement.limited and agreement.id in draft.under:
            _add_agreement(draft, agreement)


def _add_units(draft: Draft, resource: Resource, terms: Terms) -> None:
    if resource.kind == "service":
        terms = [(key, units_of(draft, key)) for key, _ in terms]
    draft.row(("law.capacity", "units", resource.id), None, resource.capacity, terms, resource.id)


def units_of(draft: Draft, key: Key) -> int:
    """Give the capacity one unit of an x column takes."""
    return draft.facts.affinity(key[2], draft.need(key).demand).use_units


def _add_time(draft: Draft, resource: Resource, terms: Terms, options: list[Option]) -> None:
    row, law = resource.row, "law.capacity"
    if row.get("max_slots") is not None:
        slots = [
            term if option.slots == 1 else (term[0], option.slots)
            for term, option in zip(terms, options, strict=True)
        ]
        draft.row((law, "slots", resource.id), None, row["max_slots"], slots, resource.id)
    if row.get("max_minutes") is None and not row.get("min_minutes"):
        return
    minutes = [(key, option.minutes) for (key, _), option in zip(terms, options, strict=True)]
    if row.get("max_minutes") is not None:
        draft.row((law, "minutes", resource.id), None, row["max_minutes"], minutes, resource.id)
    if row.get("min_minutes"):
        used = draft.column(("used", resource.id), 0, 1, Definition("any", terms))
        for key, _ in terms:
            draft.row((law, "used", *key[1:]), None, 0, [(key, 1), (used, -1)])
        least = [*minutes, (used, -row["min_minutes"])]
        draft.row((law, "least_minutes", resource.id), 0, None, least)


def _add_agreement(draft: Draft, agreement: Agreement) -> None:
    """S7.5: one row for each period with a term; without a kind one for each kind."""
    calendar = Calendar(draft.facts, agreement.per)
    sums: dict[tuple[str, str], dict[Key, int]] = {}
    for key, _ in draft.under[agreement.id]:
        kind = draft.need(key).kind
        for day, amount in amounts(draft, key):
            for period in calendar.keys(day):
                terms = sums.setdefault((period, kind), {})
                terms[key] = terms.get(key, 0) + amount
    spans = {span.key: span for span in calendar.spans}
    for (period, kind), found in sums.items():
        limit = openings.limit(draft.facts, agreement, spans[period], kind)
        parts = (agreement.id, period) if agreement.kind else (agreement.id, period, kind)
        draft.row(("law.agreement", *parts), None, limit, list(found.items()))


def amounts(draft: Draft, key: Key) -> list[tuple[int, int]]:
    """Give (day, amount) of one unit under an agreement: units of services, else minutes."""
    option = draft.option(key)
    if draft.need(key).kind == "service":
        return [(option.days[0], 1)]
    return [(s.day, s.end - s.start) for s in option.sessions]
