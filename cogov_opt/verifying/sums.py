"""The sums of columns that limits, guarantees and shares speak of (convention S8.3-S8.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import measures
from .measures import OF_DEMANDS, Group
from .policy import Clause, Where, minor
from .priced import Key, Terms
from .selectors import Item, Selector

if TYPE_CHECKING:
    from .draft import Draft

Sums = dict[tuple[Group, str], dict[Key, int]]


def of_clause(draft: Draft, clause: Clause, each: tuple[str, ...]) -> Sums:
    """Give the sum of each group and period of a clause."""
    return of(draft, clause.where, each, clause.per, clause.measure)


def of(draft: Draft, where: Where, each: tuple[str, ...], per: str | int, measure: str) -> Sums:
    """Give (group, period) -> column -> amount."""
    selector = Selector(draft.facts, where)
    measures.check_measure(measure, selector, each)
    calendar = measures.Calendar(draft.facts, per)
    sums: Sums = {}
    for item, key, days in _columns(draft, selector, measure):
        for group in measures.groups(draft.facts, each, item):
            for day, amount in days:
                for period in calendar.keys(day):
                    terms = sums.setdefault((group, period), {})
                    terms[key] = terms.get(key, 0) + amount
    return {place: terms for place, terms in sums.items() if any(terms.values())}


def _columns(
    draft: Draft, selector: Selector, measure: str
) -> list[tuple[Item, Key, list[tuple[int, int]]]]:
    """Give each item's column with its amounts by day."""
    found = []
    if measure in OF_DEMANDS:
        for item in measures.demand_items(draft.facts, selector):
            key, amount = _of_demand(draft, measure, item)
            found.append((item, key, [(item.option.days[0], amount)]))
        return found
    kinds = measures.KINDS_OF[measure]
    for item, need, candidate in measures.candidate_items(draft.facts, selector, kinds):
        key = ("x", need.id, candidate.resource, item.option.id, candidate.agreement)
        if measure == "assignments":
            key = draft.indicator(key)
        found.append((item, key, measures.spread(measure, item.option)))
    return found


def _of_demand(draft: Draft, measure: str, item: Item) -> tuple[Key, int]:
    demand = item.demand
    if measure == "people":
        return draft.people(demand, item.option)
    amount = 1 if measure == "demands" else measures.points(draft.card.points, demand)
    return ("y", demand.id, item.option.id), amount


def unit(clause: Clause) -> int:
    """Give u: the amount one unit of slack stands for (S8.11)."""
    return 100 if clause.measure == "money" else 1


def fixed_bound(clause: Clause, word: str) -> int:
    """Give a bound that is an amount; money of a card is in major units (S8.6)."""
    value = clause.values[word]
    return minor(value) if clause.measure == "money" else int(value)


def percent_terms(
    draft: Draft,
    clause: Clause,
    percent: int,
    terms: dict[Key, int],
    place: tuple[Group, str],
    sums: Sums,
) -> tuple[Terms, int]:
    """Give terms and bound of a percent row: 100 sum against percent x base (S8.6, S8.7)."""
    row = {key: 100 * amount for key, amount in terms.items()}
    if clause.values.get("of") == "given":
        for key, amount in sums.get(((), place[1]), {}).items():
            row[key] = row.get(key, 0) - percent * amount
        return list(row.items()), 0
    return list(row.items()), percent * measures.base(
        draft.facts, draft.card.points, clause, place[0]
    )


def whole(draft: Draft, clause: Clause) -> Sums:
    """Give the sums over everything selected, for rows that ask a share of what is given."""
    if clause.values.get("of") != "given":
        return {}
    return of_clause(draft, clause, ())
