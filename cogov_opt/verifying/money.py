"""Money follows what it buys (convention S6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .draft import Draft
    from .facts import Need, Option
    from .priced import Terms


def add(draft: Draft) -> None:
    """Add the columns and rows of S6."""
    for need in draft.facts.needs.values():
        if need.kind == "fund":
            for option in draft.facts.demands[need.demand].options.values():
                _add_need(draft, need, option)
    for pair in draft.awards:
        row = draft.facts.resources[pair[0]].row
        bounds = (row.get("min_award") or 0, row.get("step") or 0, row.get("max_per_demand"))
        draft.award_rows("law.money", ("per_demand", "min_award", "step"), pair, bounds)


def _add_need(draft: Draft, need: Need, option: Option) -> None:
    parts = (need.id, option.id)
    served = ("y", need.demand, option.id)
    terms = draft.given(need, option)
    balance = list(terms)
    if need.own_limit > 0:
        own = draft.column(("own", *parts), 0, need.own_limit)
        balance.append((own, 1))
        draft.row(("law.money", "own", *parts), None, 0, [(own, 1), (served, -need.own_limit)])
    if need.quantity > 0:
        bought = draft.column(("bought", *parts), 0, need.quantity)
        balance.append((bought, -1))
        _add_bought(draft, need, option)
    for paid in need.pays_for:
        balance += _costs(draft, draft.facts.needs[paid], option)
    draft.row(("law.money", "balance", *parts), 0, 0, balance)
    for term in terms:
        cap = draft.columns[term[0]][1]
        draft.row(("law.money", "link", *term[0][1:4]), None, 0, [term, (served, -cap)])


def _add_bought(draft: Draft, need: Need, option: Option) -> None:
    """S6.3: what is bought outside lies between minimum and quantity where the option is served."""
    parts = (need.id, option.id)
    bought, served = (("bought", *parts), 1), ("y", need.demand, option.id)
    if need.minimum == need.quantity:
        draft.row(("law.money", "bought", *parts), 0, 0, [bought, (served, -need.quantity)])
        return
    if need.minimum > 0:
        draft.row(("law.money", "least", *parts), 0, None, [bought, (served, -need.minimum)])
    draft.row(("law.money", "most", *parts), None, 0, [bought, (served, -need.quantity)])


def _costs(draft: Draft, paid: Need, option: Option) -> Terms:
    found = draft.priced.candidates[paid.id][option.id]
    return [(("x", paid.id, c.resource, option.id, c.agreement), -c.cost) for c in found]
