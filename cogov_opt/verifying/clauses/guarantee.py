"""guarantee: each selected group receives at least a bound (convention S8.6, S8.7)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from .. import measures, sums, tallies

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts
    from ..plan import Plan
    from ..policy import Card, Clause
    from ..priced import Key


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the groups and periods in which less is given than the bound, nothing included."""
    given = tallies.of_clause(facts, card, clause, plan, clause.each)
    whole = tallies.of_clause(facts, card, clause, plan, ())
    broken = []
    for group, period in _places(facts, clause):
        amount = given.get((group, period), 0)
        if "at_least" in clause.values:
            enough = amount >= sums.fixed_bound(clause, "at_least")
        else:
            if clause.values["of"] == "given":
                base = whole.get(((), period), 0)
            else:
                base = measures.base(facts, card.points, clause, group)
            enough = 100 * amount >= clause.values["at_least_percent"] * base
        if not enough:
            broken.append((clause.id, *group, period))
    return broken


def rows(draft: Draft, clause: Clause) -> None:
    """Add one row for each selected group and each period of the horizon, even if without terms."""
    found = sums.of_clause(draft, clause, clause.each)
    whole, unit = sums.whole(draft, clause), sums.unit(clause)
    for place in _places(draft.facts, clause):
        terms, parts = found.get(place, {}), (*place[0], place[1])
        if "at_least" in clause.values:
            least = sums.fixed_bound(clause, "at_least")
            draft.bounded(clause, parts, list(terms.items()), None, least, unit, always=True)
        else:
            percent = clause.values["at_least_percent"]
            row, least = sums.percent_terms(draft, clause, percent, terms, place, whole)
            draft.bounded(clause, parts, row, None, least, 100 * unit, always=True)


def _places(facts: Facts, clause: Clause) -> list[tuple[measures.Group, str]]:
    groups = measures.guaranteed_groups(facts, clause.where, clause.each, clause.measure)
    spans = facts.periods(clause.per)
    return [(group, span.key) for group, span in product(groups, spans)]
