"""The set value of an option: what serving its demand there brings at the prices (S12.4, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.explaining.plan import BoolArray, Plan
from cogov_opt.explaining.prices import Prices, within_64_bits
from cogov_opt.formulating.facts import FUND


@dataclass(frozen=True)
class Takers:
    """Entries in segments, each to be filled up to what is wanted there, the dearest first."""

    segment: IntArray
    column: IndexArray
    cap: IntArray

    def taken(self, value: IntArray, wanted: IntArray) -> IntArray:
        """Give the units of each entry: largest value first, earlier entries among equals."""
        order = np.lexsort((-value, self.segment))
        segment, cap = self.segment[order], self.cap[order]
        before = np.cumsum(cap) - cap
        fresh = np.flatnonzero(np.diff(segment, prepend=-1))
        lengths = np.diff(np.append(fresh, len(segment)))
        before -= np.repeat(before[fresh], lengths)
        found = np.empty(len(order), dtype=np.int64)
        found[order] = np.clip(wanted[segment] - before, 0, cap)
        return found


class SetValues:
    """
    The set value w of every option that asks for one, stage by stage.

    Only needs with a minimum above 0 and money count: the rest of a set may stay away.
    """

    def __init__(self, plan: Plan, prices: Prices, demands: BoolArray) -> None:
        self.plan = plan
        self.prices = prices
        self.wanted = demands[plan.instance.options.demand]
        """The options whose set value is asked for."""

    @cached_property
    def decisive(self) -> tuple[IndexArray, IntArray]:
        """Give the place of the first stage where w is not 0, or their number, and w there."""
        stages = self.prices.stages
        count = len(self.wanted)
        place = np.full(count, len(stages), dtype=np.int16)
        value = np.zeros(count, dtype=np.int64)
        open_ = self.wanted.copy()
        for k, stage in enumerate(stages):
            if not open_.any():
                break
            w = self.at(within_64_bits(stage.reduced))
            here = open_ & (w != 0)
            place[here], value[here] = k, w[here]
            open_ &= ~here
        return place, value

    def at(self, v: IntArray) -> IntArray:
        """Give w of every option wanted, from the reduced values of one stage."""
        w: IntArray = np.where(self.wanted, v[: len(self.wanted)], 0).astype(np.int64)
        due = self.money_minimum.copy()
        self._add_single(w, due, v)
        self._add_several(w, due, v)
        self._add_money(w, due, v)
        return w

    def _add_single(self, w: IntArray, due: IntArray, v: IntArray) -> None:
        """Add the best unit of each need that asks for one."""
        first, column, option, account, cost = self.single
        if not len(first):
            return
        value = v[column]
        best = np.maximum.reduceat(value, first)
        np.add.at(w, option[first], best)
        if not len(due):
            return
        lengths = np.diff(np.append(first, len(value)))
        place = np.where(value == np.repeat(best, lengths), np.arange(len(value)), len(value))
        chosen = np.minimum.reduceat(place, first)
        paid = chosen[account[chosen] >= 0]
        np.add.at(due, account[paid], cost[paid])

    def _add_several(self, w: IntArray, due: IntArray, v: IntArray) -> None:
        """Add the best units of each need that asks for more than one."""
        takers, wanted, option, account, cost = self.several
        if not len(takers.segment):
            return
        value = v[takers.column]
        units = takers.taken(value, wanted)
        np.add.at(w, option, value * units)
        paid = np.flatnonzero(account >= 0)
        np.add.at(due, account[paid], (cost * units)[paid])

    def _add_money(self, w: IntArray, due: IntArray, v: IntArray) -> None:
        """Add what is bought, and the payers of all that is due."""
        money = self.plan.decision.formulation.money
        buys = np.flatnonzero((money.bought >= 0) & self.wanted[money.option])
        np.add.at(w, money.option[buys], self.money_minimum[buys] * v[money.bought[buys]])
        payers = self.payers
        if len(payers.segment):
            value = v[payers.column]
            np.add.at(w, money.option[payers.segment], value * payers.taken(value, due))

    @cached_property
    def money_minimum(self) -> IntArray:
        """Give the minimum of each account: one fund need at one option."""
        found: IntArray = self.plan.facts.minimum[self.plan.decision.formulation.money.need]
        return found.astype(np.int64)

    @cached_property
    def _usable(self) -> IndexArray:
        """Give the candidates of needs that have to be met at an option wanted."""
        c, facts = self.plan.candidates, self.plan.facts
        needed = (facts.need_kind != FUND) & (facts.minimum > 0)
        usable = needed[c.need] & self.wanted[c.option] & (c.cap > 0)
        return np.flatnonzero(usable).astype(np.int32)

    @cached_property
    def single(self) -> tuple[IntArray, IndexArray, IndexArray, IntArray, IntArray]:
        """Give needs of one unit: segments, and column, option, account, cost of each entry."""
        usable = self._usable[self.plan.facts.minimum[self.plan.candidates.need[self._usable]] == 1]
        segment = self._segment(usable)
        first = np.flatnonzero(np.diff(segment, prepend=-1)) if len(segment) else segment
        return first, *self._entries(usable)

    @cached_property
    def several(self) -> tuple[Takers, IntArray, IndexArray, IntArray, IntArray]:
        """Give needs of more units: takers, units wanted, and option, account, cost of each."""
        minimum = self.plan.facts.minimum
        usable = self._usable[minimum[self.plan.candidates.need[self._usable]] > 1]
        runs, segment = np.unique(self._segment(usable), return_inverse=True)
        column, option, account, cost = self._entries(usable)
        takers = Takers(segment, column, self.plan.candidates.cap[usable])
        wanted = minimum[runs // max(len(self.wanted), 1)]
        return takers, wanted, option, account, cost

    def _segment(self, candidates: IndexArray) -> IntArray:
        """Give need and option of candidates as one rising number."""
        c = self.plan.candidates
        found: IntArray = c.need[candidates].astype(np.int64) * len(self.wanted)
        return found + c.option[candidates]

    def _entries(self, candidates: IndexArray) -> tuple[IndexArray, IndexArray, IntArray, IntArray]:
        """Give column, option, account that pays (or -1) and unit cost of candidates."""
        c = self.plan.candidates
        need, option = c.need[candidates], c.option[candidates]
        account = self._account(self._payer[need], option)
        return candidates + len(self.wanted), option, account, c.unit_cost[candidates]

    @cached_property
    def _payer(self) -> IntArray:
        """Give the fund need that pays for each need, or -1."""
        pays = self.plan.facts.pays_for
        found = np.full(len(self.plan.instance.needs), -1, dtype=np.int64)
        found[pays.values] = pays.owners()
        return found

    def _account(self, need: IntArray, option: IndexArray) -> IntArray:
        """Give the account of each (fund need, option), or -1."""
        money = self.plan.decision.formulation.money
        width = max(len(self.wanted), 1)
        keys = money.need.astype(np.int64) * width + money.option
        found = np.full(len(need), -1, dtype=np.int64)
        if len(keys):
            order = np.argsort(keys, kind="stable")
            asked = need.astype(np.int64) * width + option
            place = order[np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)]
            found = np.where((need >= 0) & (keys[place] == asked), place, -1)
        return found

    @cached_property
    def payers(self) -> Takers:
        """Give the payers of each account: funds by id, then own money."""
        c, money = self.plan.candidates, self.plan.decision.formulation.money
        fund = self.plan.facts.need_kind[c.need] == FUND
        funds = np.flatnonzero(fund & self.wanted[c.option])
        own = np.flatnonzero((money.own >= 0) & self.wanted[money.option])
        limit = self.plan.facts.own_limit[money.need[own]]
        account = self._account(c.need[funds].astype(np.int64), c.option[funds])
        return Takers(
            np.concatenate((account, own)),
            np.concatenate((funds + len(self.wanted), money.own[own])).astype(np.int32),
            np.concatenate((c.cap[funds], limit)),
        )
