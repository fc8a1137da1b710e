"""Money follows what it buys: what is bought, who pays, and how awards may look (convention S6)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Money, Part
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.candidates import slot_of, slot_pairs
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.sets import slot_parts, slot_total


def add_money(model: Model) -> Money:
    """Add what fund needs buy outside and pay themselves, and balance every account (S6.1-S6.4)."""
    facts = model.facts
    funds = np.flatnonzero(facts.need_kind == FUND).astype(np.int32)
    need, option = slot_pairs(facts, funds)
    bought = _bounded(model, "bought", need, option, facts.quantity[need])
    own = _bounded(model, "own", need, option, facts.own_limit[need])
    money = Money(need, option, bought, own)
    _balance(model, money)
    _tie_bought(model, money)
    _tie_own(model, money)
    _tie_funds(model)
    return money


def _bounded(
    model: Model, family: str, need: IndexArray, option: IndexArray, top: IntArray
) -> IndexArray:
    """Add a money column for every pair whose bound is above 0; -1 for the others."""
    found = np.full(len(need), -1, dtype=np.int32)
    some = np.flatnonzero(top > 0)
    parts = slot_parts(model.facts, need[some], option[some])
    found[some] = model.columns((family,), parts, top[some], continuous=True)
    return found


def _balance(model: Model, money: Money) -> None:
    """Let funds and own money pay exactly what is bought and used (S6.2)."""
    facts, c = model.facts, model.candidates
    row = np.full(slot_total(facts), -1)
    row[slot_of(facts, money.need, money.option)] = np.arange(len(money.need))
    paying = model.of_kinds(FUND)
    at = row[slot_of(facts, c.need[paying], c.option[paying])]
    payer = np.full(len(facts.need_kind), -1)
    payer[facts.pays_for.values] = facts.pays_for.owners()
    used = np.flatnonzero((payer >= 0).take(c.need) & (c.unit_cost > 0))
    account = row[slot_of(facts, payer[c.need[used]].astype(np.int32), c.option[used])]
    own, bought = np.flatnonzero(money.own >= 0), np.flatnonzero(money.bought >= 0)
    model.rows(
        ("law.money", "balance"),
        slot_parts(facts, money.need, money.option),
        0,
        0,
        len(money.need),
        (at, model.x(paying), 1),
        (own, money.own[own], 1),
        (bought, money.bought[bought], -1),
        (account, model.x(used), -c.unit_cost[used]),
    )


def _tie_bought(model: Model, money: Money) -> None:
    """Buy between the minimum and the quantity where the option is chosen, else nothing (S6.3)."""
    facts = model.facts
    quantity, minimum = facts.quantity[money.need], facts.minimum[money.need]
    has = money.bought >= 0
    exact = has & (minimum == quantity)
    _tie(model, "bought", money, np.flatnonzero(exact), money.bought, quantity, 0, 0)
    _tie(
        model,
        "least",
        money,
        np.flatnonzero(has & ~exact & (minimum > 0)),
        money.bought,
        minimum,
        0,
        FREE,
    )
    _tie(model, "most", money, np.flatnonzero(has & ~exact), money.bought, quantity, -FREE, 0)


def _tie_own(model: Model, money: Money) -> None:
    """Take the performer's own money only where the option is chosen (S6.4)."""
    has = np.flatnonzero(money.own >= 0)
    _tie(model, "own", money, has, money.own, model.facts.own_limit[money.need], -FREE, 0)


def _tie(
    model: Model, family: str, money: Money, some: IntArray, column: IndexArray, times: IntArray,
    low: int, high: int,
) -> None:  # fmt: skip
    """Add column - times y within [low, high] for some pairs."""
    at = np.arange(len(some))
    model.rows(
        ("law.money", family),
        slot_parts(model.facts, money.need[some], money.option[some]),
        low,
        high,
        len(some),
        (at, column[some], 1),
        (at, money.option[some], -times[some]),
    )


def _tie_funds(model: Model) -> None:
    """Let a fund pay only where the option is chosen (S6.4)."""
    c = model.candidates
    mine = model.of_kinds(FUND)
    parts = model.x_parts(mine)[:3]
    at = np.arange(len(mine))
    model.rows(
        ("law.money", "link"), [parts[0], parts[1], parts[2]], -FREE, 0, len(mine),
        (at, model.x(mine), 1), (at, c.option[mine], -c.cap[mine]),
    )  # fmt: skip


class Awards:
    """Awards: all that one fund gives one demand (S6.5). Pairs are in (fund, demand) order."""

    def __init__(self, model: Model) -> None:
        self.model = model
        facts, c = model.facts, model.candidates
        self.member = model.of_kinds(FUND)
        key = c.resource[self.member].astype(np.int64) * len(facts.instance.demands)
        key += facts.need_demand[c.need[self.member]]
        pairs, self.award = np.unique(key, return_inverse=True)
        count = max(len(facts.instance.demands), 1)
        self.fund, self.demand = (pairs // count).astype(np.int32), (pairs % count).astype(np.int32)
        self.top = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(self.top, self.award, c.cap[self.member])
        self._given = np.full(len(pairs), -1, dtype=np.int32)

    def parts(self, awards: IntArray) -> list[Part]:
        """Give the key parts (f, d) of some awards."""
        instance = self.model.facts.instance
        return [
            (instance.resources.ids, self.fund[awards]),
            (instance.demands.ids, self.demand[awards]),
        ]

    def total(self, awards: IntArray) -> tuple[IntArray, IndexArray, int]:
        """Give the entries of T, one row for each of some awards (distinct)."""
        row = np.full(len(self.fund), -1)
        row[awards] = np.arange(len(awards))
        mine = row[self.award] >= 0
        return row[self.award[mine]], self.model.x(self.member[mine]), 1

    def given(self, awards: IntArray) -> IndexArray:
        """Give the columns that tell whether anything is awarded, made when first needed."""
        fresh = np.unique(awards[self._given[awards] < 0])
        if len(fresh):
            made = self.model.columns(
                ("award",), self.parts(fresh), np.ones(len(fresh), dtype=np.int64)
            )
            self._given[fresh] = made
            at = np.arange(len(fresh))
            most = self.model.rows(
                ("law.money", "award_most"), self.parts(fresh), -FREE, 0, len(fresh),
                self.total(fresh), (at, made, -self.top[fresh]),
            )  # fmt: skip
            self.model.rows(
                ("law.money", "award_least"), self.parts(fresh), 0, FREE, len(fresh),
                self.total(fresh), (at, made, -1),
            )  # fmt: skip
            self.model.define(made, most, least=True)
        return self._given[awards]

    def at_most(self, prefix: tuple[str, ...], awards: IntArray, most: IntArray) -> None:
        """Bound some awards from above."""
        self.model.rows(prefix, self.parts(awards), -FREE, most, len(awards), self.total(awards))

    def at_least(self, prefix: tuple[str, ...], awards: IntArray, least: IntArray) -> None:
        """Let some awards be 0 or at least so much."""
        given = self.given(awards)
        entries = (np.arange(len(awards)), given, -least)
        self.model.rows(
            prefix, self.parts(awards), 0, FREE, len(awards), self.total(awards), entries
        )

    def in_steps(
        self, source: str, prefix: tuple[str, ...], awards: IntArray, step: IntArray
    ) -> None:
        """Let some awards be whole multiples of a step."""
        steps = self.model.columns(("steps", source), self.parts(awards), self.top[awards] // step)
        entries = (np.arange(len(awards)), steps, -step)
        rows = self.model.rows(
            prefix, self.parts(awards), 0, 0, len(awards), self.total(awards), entries
        )
        self.model.define(steps, rows, least=False)


def add_award_rules(model: Model, awards: Awards) -> None:
    """Add what the funds' own rows say about awards (S6.6)."""
    table = model.facts.instance.funds
    if not len(table):
        return
    fund = awards.fund - model.facts.span(FUND).start
    most, least, step = (table.ints(c, 0)[fund] for c in ("max_per_demand", "min_award", "step"))
    bounded = table.ints("max_per_demand")[fund] >= 0
    some = np.flatnonzero(bounded)
    awards.at_most(("law.money", "per_demand"), some, most[some])
    some = np.flatnonzero(least > 1)
    awards.at_least(("law.money", "min_award"), some, least[some])
    some = np.flatnonzero(step > 1)
    awards.in_steps("law.money", ("law.money", "step"), some, step[some])
