"""
First come, first served: as a counter does it, for comparison (convention S14.2, S14.3).

Demands come in the order they were submitted. Each takes what it needs at its first option that
works, or nothing; nobody is moved afterwards.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import groupby, product
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import TraceStep
from cogov_opt.domain.decision import Decision, Draw
from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import Allocation, Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.policy import Policy
from cogov_opt.formulating import formulate
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.facts import FUND, Facts
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.money import Awards
from cogov_opt.formulating.terms.distance import candidate_metres
from cogov_opt.strategies.context import Context
from cogov_opt.strategies.draws import rank
from cogov_opt.strategies.payments import release_ranks
from cogov_opt.strategies.procedure import (
    cancelled,
    decided,
    held_draw,
    refuse_unknown,
    told_apart,
)
from cogov_opt.strategies.room import Room

api = 1
name = "first_come"
version = "1"

OPTIONS = ("seed", "lots")


def allocate(instance: Instance, policy: Policy, context: Context) -> Decision:
    """
    Serve the demands one by one, in the order they came.

    Hard clauses bind nobody here: those the plan breaks are listed in the trace.

    Raises
    ------
    UnsupportedError
        An option is not known.
    """
    began = time.monotonic()
    refuse_unknown(context, OPTIONS)
    came = instance.demands.ints("submitted_at")
    tied = len(np.unique(came)) < len(came)
    asked = tied or {"seed", "lots"} & context.options.keys()
    draw = held_draw(instance, context) if asked else None
    formulation = formulate(instance, policy)
    counter = _Counter.open(Facts(instance), formulation, policy)
    steps = []
    for number, demand in enumerate(_order(instance, came, draw), start=1):
        if context.cancelled:
            return cancelled(instance, policy, context, formulation)
        verdict, values = counter.serve(demand)
        steps.append(TraceStep(number, instance.demands.ids[demand], verdict, values))
    steps = _with_ties(instance, came, steps)
    plan = counter.plan
    return decided(instance, policy, context, formulation, plan, steps, draw, began)


def _order(instance: Instance, came: IntArray, draw: Draw | None) -> list[int]:
    """Order the demands: submitted_at with blanks last, then the draw, then id (S14.2)."""
    ids = instance.demands.ids
    ranks = [rank(draw, "", d, "") if draw else 0 for d in ids]
    order: list[int] = np.lexsort((np.array(ranks), came, came == BLANK)).tolist()
    return order


def _with_ties(instance: Instance, came: IntArray, steps: list[TraceStep]) -> list[TraceStep]:
    """Name at each step the demands that came at the same time and were decided differently."""
    index = instance.demands.index
    ties = told_apart(
        [int(came[index[s.demand]]) for s in steps],
        [s.verdict == "taken" for s in steps],
        [s.demand for s in steps],
    )
    return [
        TraceStep(s.step, s.demand, s.verdict, s.values, tie)
        for s, tie in zip(steps, ties, strict=True)
    ]


@dataclass(slots=True)
class _Attempt:
    """One demand tried at one option: units, awards and money so far, nothing booked for good."""

    option: int
    units: dict[int, int] = field(default_factory=dict)
    costs: dict[int, int] = field(default_factory=dict)
    bought: dict[int, int] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)
    awards: dict[int, int] = field(default_factory=dict)
    asked: int = 0
    payable: int = 0


@dataclass(slots=True)
class _Counter:
    """What has been given so far, and what is still there."""

    facts: Facts
    room: Room
    plan: Allocation
    sorted: list[int]
    """Candidates by (need, option), each run in the order they are taken."""
    runs: dict[tuple[int, int], tuple[int, int]]
    accounts: dict[tuple[int, int], int]
    resource: list[int]
    cap: list[int]
    cost: list[int]
    rules: dict[str, list[int]]
    turns: list[int]
    """When each fund pays, by its row (S6.8)."""

    @classmethod
    def open(cls, facts: Facts, formulation: Formulation, policy: Policy) -> _Counter:
        """Begin with nothing given."""
        c, money = formulation.candidates, formulation.money
        model = Model(facts, c)
        metres = candidate_metres(Building(model, policy, Awards(model), money))
        order = np.lexsort((c.agreement, c.resource, metres, c.unit_cost, c.option, c.need))
        key = c.need.astype(np.int64) * len(facts.options) + c.option
        distinct, first = np.unique(key, return_index=True)
        last = np.append(first, len(key))[1:]
        pairs = zip(*(a.tolist() for a in np.divmod(distinct, len(facts.options))), strict=True)
        spans = zip(first.tolist(), last.tolist(), strict=True)
        accounts = zip(money.need.tolist(), money.option.tolist(), strict=True)
        funds = facts.instance.funds
        empty = np.zeros(len(money.need), dtype=np.int64)
        return cls(
            facts=facts,
            room=Room.of(formulation),
            plan=Allocation(
                np.full(len(facts.instance.demands), -1, dtype=np.int32),
                np.zeros(len(c), dtype=np.int64),
                empty,
                empty.copy(),
            ),
            sorted=order.tolist(),
            runs=dict(zip(pairs, spans, strict=True)),
            accounts={pair: k for k, pair in enumerate(accounts)},
            resource=c.resource.tolist(),
            cap=c.cap.tolist(),
            cost=c.unit_cost.tolist(),
            rules={
                "max_per_demand": funds.ints("max_per_demand", 2**60).tolist(),
                "min_award": funds.ints("min_award", 0).tolist(),
                "step": funds.ints("step", 0).tolist(),
            },
            turns=release_ranks(facts.instance),
        )

    def serve(self, demand: int) -> tuple[str, dict[str, Any]]:
        """Keep the first option whose every need reaches its minimum; else say what was short."""
        options = self.facts.options
        verdict, values = "nothing", {"option": "", "cost": 0, "left": 0}
        for option in range(int(options.of_demand[demand]), int(options.of_demand[demand + 1])):
            attempt = _Attempt(option)
            gathered = self._gather(demand, attempt)
            if gathered and self._pay(demand, attempt):
                self._keep(demand, attempt)
                return "taken", {"option": options.ids[option], "cost": 0, "left": 0}
            self.room.take_back()
            if gathered and verdict == "nothing":
                verdict = "too_dear"
                told = {"cost": attempt.asked, "left": attempt.payable}
                values = {"option": options.ids[option], **told}
        return verdict, values

    def _needs(self, demand: int, *, money: bool) -> list[int]:
        """List the needs of a demand that ask for money, or the others, by id."""
        needs = self.facts.instance.needs_of.row(demand).tolist()
        return [n for n in needs if (int(self.facts.need_kind[n]) == FUND) == money]

    def _run(self, need: int, option: int) -> list[int]:
        """List the candidates of a need at an option, in the order they are taken."""
        first, last = self.runs.get((need, option), (0, 0))
        return self.sorted[first:last]

    def _gather(self, demand: int, attempt: _Attempt) -> bool:
        """Take candidates greedily, need by need; tell whether every minimum is reached."""
        for need in self._needs(demand, money=False):
            quantity, got = int(self.facts.quantity[need]), 0
            for candidate in self._run(need, attempt.option):
                if got == quantity:
                    break
                units = self.room.fits(candidate, min(self.cap[candidate], quantity - got))
                if units:
                    got += units
                    self.room.take(candidate, units)
                    attempt.units[candidate] = units
                    paid = attempt.costs.get(need, 0) + units * self.cost[candidate]
                    attempt.costs[need] = paid
            if got < int(self.facts.minimum[need]):
                return False
        return True

    def _pay(self, demand: int, attempt: _Attempt) -> bool:
        """Pay need by need: the quantity if that can be paid, else the minimum (S14.3)."""
        for need in self._needs(demand, money=True):
            used = sum(attempt.costs.get(m, 0) for m in self.facts.pays_for.row(need).tolist())
            amounts = (int(self.facts.quantity[need]), int(self.facts.minimum[need]))
            ways = product(dict.fromkeys(amounts), (True, False))
            if not any(self._pay_need(need, a, used, attempt, few=few) for a, few in ways):
                return False
        return True

    def _pay_need(self, need: int, amount: int, used: int, attempt: _Attempt, *, few: bool) -> bool:
        """
        Let funds in turn, then own money, pay one amount and what was used; all or nothing.

        Of funds alike in release order pays whoever can pay most, so that `few` do; else by id.
        """
        total = open_amount = amount + used
        parts: dict[int, int] = {}
        for alike in self._in_turn(self._run(need, attempt.option)):
            while alike:
                could = [self._award(candidate, open_amount, attempt) for candidate in alike]
                place = could.index(max(could)) if few else 0
                candidate, part = alike.pop(place), could[place]
                open_amount -= part
                parts |= {candidate: part} if part else {}
        own = min(open_amount, int(self.facts.own_limit[need]))
        attempt.asked, attempt.payable = total, total - open_amount + own
        if own < open_amount:
            return False
        attempt.bought[need], attempt.own[need] = amount, own
        for candidate, part in parts.items():
            fund = self.resource[candidate]
            self.room.take(candidate, part)
            attempt.units[candidate] = part
            attempt.awards[fund] = attempt.awards.get(fund, 0) + part
        return True

    def _in_turn(self, candidates: list[int]) -> list[list[int]]:
        """Put the funds of a need in release order, those of one turn together."""
        first = self.facts.span(FUND).start
        turn = {c: self.turns[self.resource[c] - first] for c in candidates}
        found = sorted(candidates, key=lambda c: (turn[c], self.resource[c]))
        return [list(alike) for _, alike in groupby(found, key=turn.__getitem__)]

    def _award(self, candidate: int, wanted: int, attempt: _Attempt) -> int:
        """Give what a fund may pay: what is left, within its own rules about awards (S6.6)."""
        fund = self.resource[candidate]
        row = fund - self.facts.span(FUND).start
        before = attempt.awards.get(fund, 0)
        most = min(wanted, self.cap[candidate], self.rules["max_per_demand"][row] - before)
        most = self.room.fits(candidate, most)
        most -= (before + most) % (self.rules["step"][row] or 1)
        return most if most > 0 and before + most >= self.rules["min_award"][row] else 0

    def _keep(self, demand: int, attempt: _Attempt) -> None:
        """Write an attempt into the plan."""
        self.room.keep()
        self.plan.option[demand] = attempt.option
        for candidate, units in attempt.units.items():
            self.plan.units[candidate] = units
        for need, amount in attempt.bought.items():
            account = self.accounts[need, attempt.option]
            self.plan.bought[account] = amount
            self.plan.own[account] = attempt.own[need]
