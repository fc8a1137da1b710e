"""pin: standing rows with status pinned keep exactly their quantity (convention S8.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..selectors import Item, Selector

if TYPE_CHECKING:
    from ..draft import Draft
    from ..facts import Facts, Row
    from ..plan import Plan
    from ..policy import Card, Clause
    from ..priced import Key, Terms


def holds(facts: Facts, card: Card, clause: Clause, plan: Plan) -> list[Key]:
    """Give the pinned rows whose quantity is not what the plan gives."""
    uses: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for (need, resource, option, _), units in plan.given.items():
        uses.setdefault((need, resource), []).append((option, units))
    broken = []
    for row in _pinned(facts, clause):
        found = uses.get((row["need_id"], row["resource_id"]), [])
        given = sum(units for option, units in found if row["option_id"] in {None, option})
        if given != row["quantity"]:
            broken.append((clause.id, *_parts(row)))
    return broken


def rows(draft: Draft, clause: Clause) -> None:
    """Add sum = quantity, or two slacks where the clause is soft (S8.11)."""
    for row in _pinned(draft.facts, clause):
        terms, quantity = _terms(draft, row), row["quantity"]
        if clause.soft:
            draft.bounded(clause, (*_parts(row), "over"), terms, quantity, None)
            draft.bounded(clause, (*_parts(row), "under"), terms, None, quantity)
        else:
            draft.bounded(clause, _parts(row), terms, quantity, quantity)


def _parts(row: Row) -> Key:
    return (row["demand_id"], row["option_id"] or "", row["need_id"], row["resource_id"])


def _terms(draft: Draft, row: Row) -> Terms:
    """Give the columns of a pinned row: every agreement, and every option where none is named."""
    options = draft.priced.candidates[row["need_id"]]
    return [
        (("x", row["need_id"], c.resource, option, c.agreement), 1)
        for option, found in options.items()
        if row["option_id"] in {None, option}
        for c in found
        if c.resource == row["resource_id"]
    ]


def _pinned(facts: Facts, clause: Clause) -> list[Row]:
    """Give the pinned standing rows that match; a blank option is asked of any of the demand's."""
    selector = Selector(facts, clause.where)
    chosen = []
    for row in facts.tables["standing"]:
        if row["status"] != "pinned":
            continue
        demand = facts.demands[row["demand_id"]]
        need, resource = facts.needs[row["need_id"]], facts.resources[row["resource_id"]]
        options = [o for o in demand.options.values() if row["option_id"] in {None, o.id}]
        if any(selector.matches(Item(demand, o, need, resource, row)) for o in options):
            chosen.append(row)
    return chosen
