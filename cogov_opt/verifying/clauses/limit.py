"""limit: what the selected receive or give stays at or under a bound (convention S8.6, S8.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import measures, sums, tallies

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..policy import Card, Clause
    from ..priced import Key


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the groups and periods in which more is given than the bound."""
    given = tallies.of_clause(facts, card, clause, plan, clause.each)
    if "at_most" in clause.values:
        most = sums.fixed_bound(clause, "at_most")
        return [_key(clause, place) for place, amount in given.items() if amount > most]
    percent = clause.values["at_most_percent"]
    whole = tallies.of_clause(facts, card, clause, plan, ())
    broken = []
    for place, amount in given.items():
        if clause.values["of"] == "given":
            base = whole[(), place[1]]
        else:
            base = measures.base(facts, card.points, clause, place[0])
        if 100 * amount > percent * base:
            broken.append(_key(clause, place))
    return broken


def rows(draft: Draft, clause: Clause) -> None:
    """Add one row for each group and period that has a term."""
    found = sums.of_clause(draft, clause, clause.each)
    unit = sums.unit(clause)
    if "at_most" in clause.values:
        most = sums.fixed_bound(clause, "at_most")
        for place, terms in found.items():
            draft.bounded(clause, _key(clause, place)[1:], list(terms.items()), most, None, unit)
        return
    percent, whole = clause.values["at_most_percent"], sums.whole(draft, clause)
    for place, terms in found.items():
        row, most = sums.percent_terms(draft, clause, percent, terms, place, whole)
        draft.bounded(clause, _key(clause, place)[1:], row, most, None, 100 * unit)


def _key(clause: Clause, place: tuple[measures.Group, str]) -> Key:
    return (clause.id, *place[0], place[1])
