"""Whether money pays in release order, as far as the plan leaves it open (convention S6.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .case import Case, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Resource
    from .priced import Key, Row

ALWAYS = frozenset({"balance", "link", "own"})
DECIDED = frozenset({"y", "x", "bought", "own"})
HUB: Key = ("hub",)
Limits = tuple["int | None", "int | None"]


class Arc(NamedTuple):
    """Money that may move from one node to the next: by how much it may rise, and fall."""

    tail: Key
    head: Key
    rise: int | None
    fall: int | None
    name: Key


def order(funds: list[Resource]) -> list[str]:
    """Give the funds in release order, the one that pays first in front."""
    return [fund.id for fund in sorted(funds, key=lambda fund: (turn(fund), fund.id))]


def turn(fund: Resource) -> tuple[int, int, int]:
    """Say when a fund pays; those with the same turn are told apart by id."""
    named = [len(codes) for codes in fund.restricted.values()]
    return fund.open_until, -sum(count > 0 for count in named), sum(named)


def check(case: Case) -> None:
    """Tell every amount that a fund earlier in turn could pay more of."""
    payments = Payments(case)
    if not payments.amounts:
        return
    for row in case.priced.rows:
        payments.read(row)
    for arc in _could_rise(*payments.arcs()):
        case.findings.add("money", "allocation.csv", f"release order {shown(arc.name)}")


def _could_rise(named: list[Arc], others: list[Arc]) -> Iterator[Arc]:
    """Give the arcs that a way round by later ones could raise."""
    leaving: dict[Key, list[tuple[int, Key]]] = {}
    for place, arc in enumerate(named + others):
        if arc.rise is None or arc.rise > 0:
            leaving.setdefault(arc.tail, []).append((place, arc.head))
        if arc.fall is None or arc.fall > 0:
            leaving.setdefault(arc.head, []).append((place, arc.tail))
    for place, arc in enumerate(named):
        if arc.rise is not None and arc.rise <= 0:
            continue
        reached, ahead = {arc.head}, [arc.head]
        while ahead and arc.tail not in reached:
            for other, target in leaving.get(ahead.pop(), ()):
                if other > place and target not in reached:
                    reached.add(target)
                    ahead.append(target)
        if arc.tail in reached:
            yield arc


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

    def arcs(self) -> tuple[list[Arc], list[Arc]]:
        """Give the arcs the rule names, in its order, and the others."""
        facts, columns, values = self.case.facts, self.case.priced.columns, self.case.values
        funds = [facts.resources[node[1]] for node in self.sets if node[0] == "fund"]
        sums, pays, others = [], [], []
        moving = [key for key in self.amounts if key not in self.kept]
        for fund in order(funds):
            sums.append(self._sum(HUB, ("fund", fund)))
            for key in sorted(k for k in moving if k[2] == fund):
                need, award, _ = self._nodes(key)
                x, cap = self.amounts[key], columns[key][1]
                pays.append(Arc(award, need, cap - x, x, key))
        others += [self._sum(("fund", n[1]), n) for n in self.sets if n[0] == "award"]
        for need in (node for node in self.sets if node[0] == "need"):
            own = self._own(need)
            if own in columns and own not in self.kept:
                paid = values.get(own, 0)
                others.append(Arc(HUB, need, columns[own][1] - paid, paid, own))
        return sums + pays, others

    def _sum(self, tail: Key, head: Key) -> Arc:
        """Give the arc of all payments of a fund or an award, within what the rows leave."""
        total = sum(self.amounts[key] for key in self.sets[head])
        limits = self.limits.get(head, [])
        highs = [high for _, high in limits if high is not None]
        lows = [low for low, _ in limits if low is not None]
        return Arc(tail, head, min(highs) - total if highs else None,
                   total - max([0, *lows]), head)  # fmt: skip
