"""The set value of an option: what serving a demand there brings at the prices (S12.4, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .case import Case, StageProof
    from .facts import Demand, Need
    from .priced import Key

Part = tuple[int, int]
"""The reduced value of one unit, and how many there are."""


def set_value(case: Case, proof: StageProof, demand: Demand, option: str) -> int:
    """Give w: v of y, of the units the set asks for, of what it buys and of who pays for it all."""
    total = proof.reduced.get(("y", demand.id, option), 0)
    costs: dict[str, int] = {}
    for need in demand.needs:
        if need.kind != "fund":
            worth, costs[need.id] = _units(case, proof, need, option)
            total += worth
    for need in demand.needs:
        if need.kind == "fund":
            due = need.minimum + sum(costs.get(paid, 0) for paid in need.pays_for)
            bought = proof.reduced.get(("bought", need.id, option), 0)
            total += need.minimum * bought + _payers(case, proof, need, option, due)
    return total


def _units(case: Case, proof: StageProof, need: Need, option: str) -> Part:
    """Give value and cost of the `minimum` units that are worth most; ties by (r, g)."""
    found = [
        (proof.reduced.get(("x", need.id, c.resource, option, c.agreement), 0), c)
        for c in case.priced.candidates[need.id][option]
    ]
    found.sort(key=lambda one: (-one[0], one[1].resource, one[1].agreement))
    open_units, worth, cost = need.minimum, 0, 0
    for value, candidate in found:
        units = min(candidate.cap, open_units)
        open_units -= units
        worth += units * value
        cost += units * candidate.cost
    return worth, cost


def _payers(case: Case, proof: StageProof, need: Need, option: str, due: int) -> int:
    """Give the value of the money paid: dearest payer first, own money last among equals."""
    found: list[tuple[Part, str]] = []
    for c in case.priced.candidates[need.id][option]:
        key: Key = ("x", need.id, c.resource, option, c.agreement)
        found.append(((proof.reduced.get(key, 0), c.cap), c.resource))
    found.sort(key=lambda one: (-one[0][0], one[1]))
    parts = [part for part, _ in found]
    parts.append((proof.reduced.get(("own", need.id, option), 0), need.own_limit))
    parts.sort(key=lambda part: -part[0])
    worth = 0
    for value, most in parts:
        paid = min(most, due)
        due -= paid
        worth += paid * value
    return worth
