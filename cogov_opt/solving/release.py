"""
Which money pays: amounts by release order, once everything else is decided (convention S6.8).

Payments are a small circulation: hub -> fund -> award -> need, and hub -> need for own money. What
funds pay together is raised one after the other as far as it goes, then each need has its sources
chosen, then single payments are raised, each held from then on; what comes out does not depend on
the amounts a solver happened to leave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving.circulation import Arc, Circulation, Node
from cogov_opt.solving.sources import OWN, Source, choose_sources

HUB = ("hub", -1, -1)
Pay = tuple[Source, int, int]
"""A source, the need it pays and its arc."""
STRUCTURE = {("law.money", family) for family in ("balance", "link", "own")}


def released(formulation: Formulation, vector: IntArray, order: Sequence[int]) -> IntArray:
    """
    Give the plan with its payments by release order; everything else stays as it is.

    Parameters
    ----------
    vector
        A plan that keeps every row, auxiliary columns included.
    order
        The resource indices of all funds, the one that pays first in front.
    """
    if not len(formulation.money.need):
        return vector
    payments = _Payments(formulation, vector)
    if not payments.of_fund:
        return vector
    payments.read_rows()
    network, supplies, pays = payments.network(order)
    for index in supplies:
        network.raise_and_hold(index)
    by_need: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source, need, index in pays:
        by_need[need].append((source, index))
    choose_sources(network, [by_need[need] for need in sorted(by_need)])
    for source, _, index in pays:
        if source != OWN:
            network.raise_and_hold(index)
    found = vector.copy()
    for arc in network.arcs:
        if arc.column >= 0:
            found[arc.column] = arc.flow
    return formulation.completed(found)


@dataclass(slots=True)
class _Bounds:
    low: int = 0
    high: int = FREE

    def narrow(self, low: int, high: int) -> None:
        self.low, self.high = max(self.low, low), min(self.high, high)


class _Payments:
    """The payments of a plan, and what the rows make of them (S6.8)."""

    def __init__(self, f: Formulation, vector: IntArray) -> None:
        self.f, self.vector = f, vector
        c, first = f.candidates, f.x.start
        chosen = vector[: len(f.options)] == 1
        funds = np.isin(c.need, f.money.need) & chosen[c.option]
        self.place: dict[int, tuple[int, int, int]] = {}
        self.of_fund: dict[int, list[int]] = defaultdict(list)
        self.of_award: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.of_need: dict[int, list[int]] = defaultdict(list)
        for i in np.flatnonzero(funds).tolist():
            fund, need = int(c.resource[i]), int(c.need[i])
            demand = int(f.options.demand[c.option[i]])
            self.place[first + i] = (fund, demand, need)
            self.of_fund[fund].append(first + i)
            self.of_award[fund, demand].append(first + i)
            self.of_need[need].append(first + i)
        own = np.flatnonzero((f.money.own >= 0) & chosen[f.money.option])
        self.own = {int(f.money.need[k]): int(f.money.own[k]) for k in own.tolist()}
        money = (f.money.bought, f.money.own)
        self.plain = set(np.concatenate(money).tolist()) | set(range(f.x.stop))
        self.fund_bounds: dict[int, _Bounds] = defaultdict(_Bounds)
        self.award_bounds: dict[tuple[int, int], _Bounds] = defaultdict(_Bounds)
        self.kept: set[int] = set()

    def read_rows(self) -> None:
        """Find out what every row with payments asks of them."""
        m = self.f.matrix
        paying = np.zeros(len(self.vector), dtype=bool)
        paying[list(self.place)] = True
        for row in np.unique(m.row_of[paying[m.columns]]).tolist():
            part = slice(int(m.starts[row]), int(m.starts[row + 1]))
            if self.f.rows.key(row)[:2] not in STRUCTURE:
                columns, values = m.columns[part].tolist(), m.values[part].tolist()
                self._read(row, dict(zip(columns, values, strict=True)))

    def _read(self, row: int, terms: dict[int, int]) -> None:
        paid = {j: a for j, a in terms.items() if j in self.place}
        rest = sum(a * int(self.vector[j]) for j, a in terms.items() if j not in self.place)
        follows = {j for j in terms if j not in self.plain}
        low, high = int(self.f.row_lower[row]) - rest, int(self.f.row_upper[row]) - rest
        (fund, demand, _), *_ = [self.place[j] for j in paid]
        if set(paid.values()) == {1}:
            if paid.keys() == set(self.of_award[fund, demand]) and self._awards(follows):
                return self.award_bounds[fund, demand].narrow(low, high)
            if paid.keys() == set(self.of_fund[fund]) and not follows:
                return self.fund_bounds[fund].narrow(low, high)
        needs = {self.place[j][2] for j in paid}
        if all(len({paid.get(j) for j in self.of_need[n]}) == 1 for n in needs):
            if follows or not self._holds_anyway(paid, needs, low, high):
                self.kept.update(self.own[n] for n in needs if n in self.own)
        else:
            self.kept.update(paid)
        return None

    def _awards(self, follows: Iterable[int]) -> bool:
        """Tell whether columns that follow from payments say no more than whether there is one."""
        return all(self.f.columns.key(j)[0] == "award" for j in follows)

    def _holds_anyway(self, paid: dict[int, int], needs: set[int], low: int, high: int) -> bool:
        """Tell whether a row of whole needs holds whatever part of them own money pays."""
        least = most = 0
        for need in needs:
            times = paid[self.of_need[need][0]]
            given = sum(int(self.vector[j]) for j in self.of_need[need])
            own = self.own.get(need, -1)
            now, top = (int(self.vector[own]), int(self.f.upper[own])) if own >= 0 else (0, 0)
            ends = times * (given + now - top), times * (given + now)
            least, most = least + min(ends), most + max(ends)
        return low <= least and most <= high

    def network(self, order: Sequence[int]) -> tuple[Circulation, range, list[Pay]]:
        """Give the circulation of what may move, with what the rule names in its order."""
        arcs: list[Arc] = []
        pays: list[Pay] = []
        funds = [fund for fund in order if fund in self.of_fund]
        for fund in funds:
            bounds = self.fund_bounds[fund]
            arcs.append(self._sum(HUB, ("fund", fund, -1), self.of_fund[fund], bounds))
        for award, bounds in self.award_bounds.items():
            tail = ("fund", award[0], -1)
            arcs.append(self._sum(tail, ("award", *award), self.of_award[award], bounds))
        for fund in funds:
            for j in sorted(self.of_fund[fund], key=lambda j: self.place[j][2]):
                _, demand, need = self.place[j]
                bounded = (fund, demand) in self.award_bounds
                tail = ("award", fund, demand) if bounded else ("fund", fund, -1)
                if j not in self.kept:
                    pays.append((fund, need, len(arcs)))
                    arcs.append(self._pay(tail, need, j))
        for need, j in self.own.items():
            if j not in self.kept:
                pays.append((OWN, need, len(arcs)))
                arcs.append(self._pay(HUB, need, j))
        return Circulation(arcs), range(len(funds)), pays

    def _pay(self, tail: Node, need: int, j: int) -> Arc:
        return Arc(tail, ("need", need, -1), int(self.vector[j]), 0, int(self.f.upper[j]), j)

    def _sum(self, tail: Node, head: Node, columns: list[int], bounds: _Bounds) -> Arc:
        """Give the arc of all payments of a fund, or of an award; those that are kept count."""
        total = sum(int(self.vector[j]) for j in columns)
        return Arc(tail, head, total, bounds.low, bounds.high)
