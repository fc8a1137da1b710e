"""Whether money pays in release order, as far as the plan leaves it open (convention S6.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import sources
from .case import Case, shown

if TYPE_CHECKING:
    from .facts import Resource
    from .priced import Key, Row

ALWAYS = frozenset({"balance", "link", "own"})
DECIDED = frozenset({"y", "x", "bought", "own"})
HUB: Key = ("hub", "")
Limits = tuple["int | None", "int | None"]


def order(funds: list[Resource]) -> list[str]:
    """Give the funds in release order, the one that pays first in front."""
    return [fund.id for fund in sorted(funds, key=lambda fund: (turn(fund), fund.id))]


def turn(fund: Resource) -> tuple[int, int, int]:
    """Say when a fund pays; those with the same turn are told apart by id."""
    named = [len(codes) for codes in fund.restricted.values()]
    return fund.open_until, -sum(count > 0 for count in named), sum(named)


def check(case: Case) -> None:
    """Tell what funds earlier in turn could pay more of, and needs of more sources than need be."""
    payments = Payments(case)
    if not payments.amounts:
        return
    for row in case.priced.rows:
        payments.read(row)
    told = case.findings
    ways, sums, pays = payments.ways()
    for fund in sums:
        if ways.could_rise(HUB, fund):
            told.add("money", "allocation.csv", f"release order {shown(fund)}")
    by_need: dict[Key, list[sources.Pay]] = {}
    for need, pay in pays:
        by_need.setdefault(need, []).append(pay)
    for need in sources.wrong(ways, sorted(by_need.items())):
        told.add("money", "allocation.csv", f"fewest sources {need[1]}")
    for need, pay in pays:
        if pay.source and ways.could_rise(pay.tail, need):
            told.add("money", "allocation.csv", f"release order {pay.source} {need[1]}")


@dataclass(slots=True)
class Payments:
    """The payments of a plan and what the rows leave them, read row by row."""

    case: Case
    amounts: dict[Key, int] = field(default_factory=dict)
    """The x column of every fund candidate at an option taken, with its amount."""
    sets: dict[Key, set[Key]] = field(default_factory=dict)
    """P(n), P(f, d) and P(f), by their node."""
    limits: dict[Key, list[Limits]] = field(default_factory=dict)
    kept: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        """List the payments."""
        facts = self.case.facts
        for demand, option in self.case.plan.served.items():
            for need in facts.demands[demand].needs:
                if need.kind == "fund":
                    for candidate in self.case.priced.candidates[need.id][option]:
                        key = ("x", need.id, candidate.resource, option, candidate.agreement)
                        self.amounts[key] = self.case.values.get(key, 0)
                        for node in self._nodes(key):
                            self.sets.setdefault(node, set()).add(key)

    def _nodes(self, key: Key) -> tuple[Key, Key, Key]:
        """Give need, award and fund of a payment."""
        _, need, fund, _, _ = key
        return ("need", need), ("award", fund, self.case.facts.needs[need].demand), ("fund", fund)

    def read(self, row: Row) -> None:
        """Take from a row what it asks of the payments in it."""
        paid = {key: times for key, times in row.terms if key in self.amounts}
        if not paid or (row.key[0] == "law.money" and row.key[1] in ALWAYS):
            return
        rest = [(key, times) for key, times in row.terms if key not in paid]
        fixed = sum(times * self.case.values.get(key, 0) for key, times in rest)
        follow = {key[0] for key, _ in rest} - DECIDED
        low = None if row.lower is None else row.lower - fixed
        high = None if row.upper is None else row.upper - fixed
        _, award, fund = self._nodes(next(iter(paid)))
        if set(paid.values()) == {1}:
            for node, may in ((award, {"award"}), (fund, set())):
                if paid.keys() == self.sets[node] and follow <= may:
                    self.limits.setdefault(node, []).append((low, high))
                    return
        needs = {self._nodes(key)[0] for key in paid}
        if any(len({paid.get(key) for key in self.sets[need]}) > 1 for need in needs):
            self.kept.update(paid)
        elif follow or not self._holds_anyway(paid, needs, (low, high)):
            self.kept.update(self._own(need) for need in needs)

    def _own(self, need: Key) -> Key:
        demand = self.case.facts.needs[need[1]].demand
        return ("own", need[1], self.case.plan.served[demand])

    def _holds_anyway(self, paid: dict[Key, int], needs: set[Key], limits: Limits) -> bool:
        """Tell whether a row of whole needs holds whatever part of them own money pays."""
        least = most = 0
        for need in needs:
            times = paid[next(iter(self.sets[need]))]
            own = self.case.values.get(self._own(need), 0)
            all_ = sum(self.amounts[key] for key in self.sets[need]) + own
            less = all_ - self.case.priced.columns.get(self._own(need), (0, 0))[1]
            least += min(times * all_, times * less)
            most += max(times * all_, times * less)
        low, high = limits
        return (low is None or low <= least) and (high is None or most <= high)

    def ways(self) -> tuple[sources.Ways, list[Key], list[tuple[Key, sources.Pay]]]:
        """Give what may move, and in the order of the rule: funds, and payments of needs."""
        columns, values = self.case.priced.columns, self.case.values
        ways, pays = sources.Ways(), []
        needs = [node for node in self.sets if node[0] == "need"]
        own = {need: key for need in needs if (key := self._own(need)) in columns}
        whole = sum(self.amounts.values()) + sum(values.get(key, 0) for key in own.values())
        resources = self.case.facts.resources
        funds = order([resources[node[1]] for node in self.sets if node[0] == "fund"])
        for fund in funds:
            self._sum(ways, HUB, ("fund", fund), whole)
        for award in (node for node in self.sets if node[0] == "award" and node in self.limits):
            self._sum(ways, ("fund", award[1]), award, whole)
        for fund in funds:
            for key in sorted(self.sets["fund", fund] - self.kept):
                need, award, tail = self._nodes(key)
                tail = award if award in self.limits else tail
                pays.append((need, sources.Pay(fund, tail, self.amounts[key], columns[key][1])))
        for need, key in own.items():
            if key not in self.kept:
                pay = sources.Pay("", HUB, values.get(key, 0), columns[key][1])
                pays.append((need, pay))
        for need, pay in pays:
            ways.open(pay.tail, need, pay.cap - pay.paid)
            ways.open(need, pay.tail, pay.paid)
        return ways, [("fund", fund) for fund in funds], pays

    def _sum(self, ways: sources.Ways, tail: Key, head: Key, whole: int) -> None:
        """Let all payments of a fund or an award move within what the rows leave them."""
        total = sum(self.amounts[key] for key in self.sets[head])
        limits = self.limits.get(head, [])
        highs = [high for _, high in limits if high is not None]
        lows = [low for low, _ in limits if low is not None]
        ways.open(tail, head, min([whole, *highs]) - total)
        ways.open(head, tail, total - max([0, *lows]))
