"""Recomputes every derived column of allocation.csv and unmet.csv (convention S6.7, S13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import candidates
from .reading import ALLOCATION, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .case import Case
    from .facts import Demand, Need, Option

KEY = ("demand", "option", "need", "resource", "agreement", "buys", "payee")
Purchase = tuple[str, str, int]
"""What is bought (a need, or `outside`), who is paid, how much money."""
UNITS = {"volunteer": "person", "space": "booking"}
OUTSIDE = "outside"


def check(case: Case) -> None:
    """Compare both tables, line by line, with what plan, inputs and records give."""
    _compare(case, "allocation", case.opened.allocation, expected(case), KEY)
    _compare(case, "unmet", case.opened.unmet, case.unmet, ("demand", "need"))


def _compare(
    case: Case, code: str, told: list[Line], right: list[Line], columns: tuple[str, ...]
) -> None:
    """Tell lines that differ, are missing, too many or out of order."""
    if told == right:
        return
    file = f"{code}.csv"
    told_by = {tuple(line[c] for c in columns): line for line in told}
    right_by = {tuple(line[c] for c in columns): line for line in right}
    for key in sorted(told_by.keys() | right_by.keys()):
        if told_by.get(key) != right_by.get(key):
            case.findings.add(code, file, " ".join(key))
    if len(told_by) != len(told) or told_by == right_by:
        case.findings.add(code, file, "order")


def expected(case: Case) -> list[Line]:
    """Give the lines allocation.csv must have."""
    uses: dict[str, list[tuple[str, str, int]]] = {}
    for (need, resource, _, agreement), units in case.plan.given.items():
        if units:
            uses.setdefault(need, []).append((resource, agreement, units))
    for found in uses.values():
        found.sort()
    lines: list[Line] = []
    for name, chosen in case.plan.served.items():
        demand = case.facts.demands[name]
        lines += _lines_of(case, demand, demand.options[chosen], uses)
    return sorted(lines, key=lambda line: tuple(line[c] for c in KEY))


def _lines_of(
    case: Case, demand: Demand, option: Option, uses: dict[str, list[tuple[str, str, int]]]
) -> Iterator[Line]:
    empty = True
    for need in demand.needs:
        paid = need.kind == "fund"
        made = (
            _fund_lines(case, need, option, uses) if paid else _use_lines(case, need, option, uses)
        )
        for line in made:
            empty = False
            yield line
    if empty:
        yield _line(case, demand, option)


def _use_lines(
    case: Case, need: Need, option: Option, uses: dict[str, list[tuple[str, str, int]]]
) -> Iterator[Line]:
    """Give one line for each volunteer, space or service of a need."""
    demand = case.facts.demands[need.demand]
    for name, agreement, units in uses.get(need.id, []):
        resource = case.facts.resources[name]
        unit = UNITS.get(need.kind) or str(resource.row.get("unit") or "")
        cost = units * candidates.unit_cost(resource, option)
        yield _line(
            case, demand, option, need=need.id, kind=need.kind, resource=name, unit=unit,
            quantity=str(units), cost=str(cost), giver=resource.actor, agreement=agreement,
        )  # fmt: skip


def _fund_lines(
    case: Case, need: Need, option: Option, uses: dict[str, list[tuple[str, str, int]]]
) -> Iterator[Line]:
    """Give one line for each payer and what it buys: payers filled first to first (S6.7)."""
    demand, facts = case.facts.demands[need.demand], case.facts
    payers = [(name, units) for name, _, units in uses.get(need.id, [])]
    payers.append(("", case.plan.own.get((need.id, option.id), 0)))
    for (payer, buys, payee), amount in spread(
        payers, _purchases(case, need, option, uses)
    ).items():
        giver = facts.resources[payer].actor if payer else demand.performer
        yield _line(
            case, demand, option, need=need.id, kind="fund", resource=payer, quantity=str(amount),
            unit=str(facts.package.get("currency", "")), cost_type=need.row.get("cost_type") or "",
            buys=buys, giver=giver, payee=payee,
        )  # fmt: skip


def _purchases(
    case: Case, need: Need, option: Option, uses: dict[str, list[tuple[str, str, int]]]
) -> list[Purchase]:
    """List what a fund need buys: paid needs and their resources by id, then outside (S6.7)."""
    facts = case.facts
    found: list[Purchase] = []
    for paid in sorted(need.pays_for):
        for name, _, units in uses.get(paid, []):
            resource = facts.resources[name]
            amount = units * candidates.unit_cost(resource, option)
            found.append((paid, resource.actor, amount))
    bought = case.plan.bought.get((need.id, option.id), 0)
    return [*found, (OUTSIDE, facts.demands[need.demand].performer, bought)]


def spread(
    payers: list[tuple[str, int]], purchases: list[Purchase]
) -> dict[tuple[str, str, str], int]:
    """Give (payer, buys, payee) -> money by the north-west rule: filled first to first (S6.7)."""
    found: dict[tuple[str, str, str], int] = {}
    waiting = iter(payers)
    payer, left = next(waiting, ("", 0))
    for buys, payee, amount in purchases:
        open_amount = amount
        while open_amount > 0:
            if left <= 0:
                following = next(waiting, None)
                if following is None:
                    break
                payer, left = following
                continue
            part = min(left, open_amount)
            found[payer, buys, payee] = found.get((payer, buys, payee), 0) + part
            left -= part
            open_amount -= part
    return found


def _line(case: Case, demand: Demand, option: Option, **cells: str) -> Line:
    line = dict.fromkeys(ALLOCATION, "")
    line.update(
        demand=demand.id, option=option.id, start=option.start, end=option.end, quantity="0",
        cost="0", taker=demand.performer,
    )  # fmt: skip
    line.update(cells)
    about = (demand.id, option.id, line["need"], line["resource"], line["agreement"])
    record, code = case.reasons.get(about, ("", ""))
    line["record"] = record
    line["origin"] = _origin(case, code)
    return line


def _origin(case: Case, code: str) -> str:
    if case.procedural:
        return "procedure"
    return {"pinned": "pinned", "tie_draw": "drawn"}.get(code, "optimised")
