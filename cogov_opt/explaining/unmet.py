"""Why each unmet need is unmet: the first case of S12.4 that applies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.assignments import record_id
from cogov_opt.explaining.bans import BANS, clauses_on_columns
from cogov_opt.explaining.plan import NONE, BoolArray, Plan
from cogov_opt.explaining.prices import Prices, Scarcity, best_of
from cogov_opt.explaining.refusals import Refusals
from cogov_opt.explaining.sets import SetValues
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.failures import Failures

Reason = tuple[str, dict[str, Any]]
EARMARK_TESTS = ("purpose", "cost_type", "group", "area")
PRICED = ("outpriced", "gap", "tie_draw", "at_prices")


class Blocks:
    """Cases 1 to 3: what no plan could have met, whatever the prices."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.failures = Failures(plan.facts)
        self.ids = plan.instance.needs.ids

    @cached_property
    def none(self) -> BoolArray:
        """Case 1: no candidate at any option."""
        return ~self.plan.has_candidate

    @cached_property
    def short(self) -> BoolArray:
        """Case 2: candidates, but at every option too few for the minimum."""
        return ~self.none & (self.plan.most < self.plan.facts.minimum)

    @cached_property
    def blocker(self) -> IndexArray:
        """
        Case 3: for each demand not served its smallest need in case 1, else in case 2, else -1.

        Needs with minimum 0 are not in the way, except those of money.
        """
        facts = self.plan.facts
        counts = (facts.minimum > 0) | (facts.need_kind == FUND)
        first = self._smallest(self.none & counts)
        found = np.where(first >= 0, first, self._smallest(self.short & counts))
        return np.where(self.plan.served, NONE, found).astype(np.int32)

    def _smallest(self, mask: BoolArray) -> IntArray:
        count = len(self.plan.instance.demands)
        found = np.full(count, len(mask), dtype=np.int64)
        needs = np.flatnonzero(mask)
        np.minimum.at(found, self.plan.facts.need_demand[needs], needs)
        return np.where(found == len(mask), -1, found)

    def reason(self, need: int) -> Reason | None:
        """Give the reason of a need that cases 1 to 3 settle, else None."""
        facts = self.plan.facts
        if self.none[need]:
            return self._without_candidate(need)
        if self.short[need]:
            most, least = int(self.plan.most[need]), int(facts.minimum[need])
            return "below_minimum", {"most": most, "minimum": least}
        blocker = int(self.blocker[facts.need_demand[need]])
        if blocker >= 0:
            return "set_incomplete", {"need": self.ids[blocker]}
        return None

    def _without_candidate(self, need: int) -> Reason:
        """Case 1: count the failing tests; money that its givers tied has codes of its own."""
        counts = {"counts": self.failures.of_need(need)}
        if int(self.plan.facts.need_kind[need]) != FUND or not counts["counts"]:
            return "no_eligible_candidate", counts
        return self._of_money(need), counts

    def _of_money(self, need: int) -> str:
        """Name what keeps every fund from a need: other uses, the period, or no one thing."""
        of_demand = self.plan.instance.options.of_demand
        demand = int(self.plan.facts.need_demand[need])
        late, all_tied = False, True
        for option in range(int(of_demand[demand]), int(of_demand[demand + 1])):
            masks = self.failures.masks(need, option)
            tied, period = _any_of(masks, EARMARK_TESTS), _any_of(masks, ("period",))
            if not (tied | period).all():
                return "no_eligible_candidate"
            all_tied = all_tied and bool(tied.all())
            others = _any_of(masks, [t for t in masks if t != "period"])
            late = late or bool((period & ~others).any())
        if all_tied:
            return "earmark"
        return "period" if late else "no_eligible_candidate"


def _any_of(masks: dict[str, BoolArray], tests: Iterable[str]) -> BoolArray:
    """Tell which resources fail one of some tests."""
    none = np.zeros(len(next(iter(masks.values()))), dtype=bool)
    failing: BoolArray = np.logical_or.reduce([none, *(masks[t] for t in tests if t in masks)])
    return failing


class Bans:
    """Case 5: every option of a demand, or every candidate of a need, set to 0 by hard clauses."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        decision = plan.decision
        self._by, self.names = clauses_on_columns(decision.formulation, decision.policy, BANS)

    @cached_property
    def of_demand(self) -> IntArray:
        """Give the clause that takes every option of each demand, or -1."""
        options = self.plan.instance.options
        return _taken(self._by[: len(options)], options.of_demand[:-1])

    @cached_property
    def of_need(self) -> IntArray:
        """Give the clause that takes every candidate of each need, or -1."""
        found = np.full(len(self.plan.instance.needs), -1, dtype=np.int64)
        need = self.plan.candidates.need
        if len(need):
            first = np.flatnonzero(np.concatenate(([True], need[1:] != need[:-1])))
            found[need[first]] = _taken(self._by[self.plan.decision.formulation.x], first)
        return found

    def clause(self, need: int) -> str | None:
        """Give the smallest clause that does it for a need, or None."""
        demand = int(self.plan.facts.need_demand[need])
        found = {int(self.of_demand[demand]), int(self.of_need[need])} - {-1}
        return self.names[min(found)] if found else None


def _taken(by: IndexArray, first: IntArray) -> IntArray:
    """Give the smallest clause of each segment whose members are all taken, else -1."""
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    return np.where(np.minimum.reduceat(by, first) >= 0, np.minimum.reduceat(by, first), -1)


class PricedReasons:
    """Cases 4 and 6: what the prices say."""

    def __init__(self, plan: Plan, prices: Prices, open_demands: BoolArray) -> None:
        self.plan = plan
        evidence = plan.decision.evidence
        self.refusals = Refusals(
            plan, evidence.refusals if isinstance(evidence, Certificate) else ()
        )
        self.prices = prices
        self.scarcity = Scarcity(plan, prices)
        self.sets = SetValues(plan, prices, open_demands)
        self.option_ids = plan.instance.options.ids

    @cached_property
    def closest(self) -> tuple[list[int], list[int], list[int]]:
        """Give the option of each demand that comes closest, its stage and its w (S12.4, 6)."""
        place, value = self.sets.decisive
        best = best_of(self.plan.instance.options.of_demand[:-1], place, value)
        return best.tolist(), place[best].tolist(), value[best].tolist()

    @cached_property
    def _need_drawn(self) -> BoolArray:
        """Tell which needs have a candidate that the draw changed."""
        drawn = self.plan.drawn[self.plan.decision.formulation.x]
        size = len(self.plan.instance.needs)
        return np.bincount(self.plan.candidates.need[drawn], minlength=size) > 0

    @cached_property
    def _demand_drawn(self) -> BoolArray:
        """Tell which demands the draw settled: by an option, or on a flow by a candidate."""
        if self.plan.exact:
            size = len(self.plan.instance.demands)
            demands = self.plan.facts.need_demand[np.flatnonzero(self._need_drawn)]
            return np.bincount(demands, minlength=size) > 0
        options = self.plan.instance.options
        marks = self.plan.drawn[: len(options)]
        return np.bincount(options.demand[marks], minlength=len(options.of_demand) - 1) > 0

    def of_unserved(self, need: int) -> Reason:
        """Case 6: the option that comes closest, and what it would take."""
        demand = int(self.plan.facts.need_demand[need])
        if self._demand_drawn[demand]:
            return "tie_draw", {"seed": self.plan.seed}
        refused = self.refusals.reason(demand)
        if refused is not None:
            return refused
        options, places, values = self.closest
        return self._told(options[demand], places[demand], values[demand])

    def of_served(self, need: int) -> Reason:
        """Case 4: a demand that is served, and a need of it that is not full."""
        plan = self.plan
        option = int(plan.need_option[need])
        run = int(plan.runs.place(np.array([need * len(plan.instance.options) + option]))[0])
        return self._of_more(need, run, run + 1) if run >= 0 else ("capacity", {})

    def of_optional(self, need: int) -> Reason:
        """Case 6 on a flow, where the need may be left out: one unit more, at any option."""
        first = len(self.plan.instance.options)
        runs = np.searchsorted(self.plan.runs.key, [need * first, (need + 1) * first])
        return self._of_more(need, *runs.tolist())

    def _of_more(self, need: int, first: int, last: int) -> Reason:
        """Judge one unit more of a need by its best candidate below its cap, in some runs."""
        plan = self.plan
        members = np.arange(plan.runs.start[first], plan.runs.start[last])
        free = members[plan.allocation.units[members] < plan.candidates.cap[members]]
        if not len(free):
            return "capacity", {}
        if self._need_drawn[need]:
            return "tie_draw", {"seed": plan.seed}
        columns = free + len(plan.instance.options)
        whole = np.zeros(1, dtype=np.int64)
        best = best_of(whole, self.prices.decisive[columns], self.prices.value[columns])
        column = int(columns[best[0]])
        place, value = int(self.prices.decisive[column]), int(self.prices.value[column])
        option = int(plan.candidates.option[column - len(plan.instance.options)])
        return self._told(option, place, value)

    def _told(self, option: int, place: int, value: int) -> Reason:
        """Give code and values of an option, or of one unit more there, at its decisive stage."""
        stage, scale = self.prices.scale(place) if value else self.prices.last
        found: dict[str, Any] = {"option": self.option_ids[option], "stage": stage, "scale": scale}
        if not value:
            found["margin"] = 0
            return "at_prices", found
        if value > 0:
            found["share"] = value
            return "gap", found
        found["margin"], found["by"] = -value, self.scarcity.of_option(option, place)
        return "outpriced", found


def explain_unmet(plan: Plan, prices: Prices) -> list[Justification]:
    """Give one record for each unmet need."""
    blocks, bans = Blocks(plan), Bans(plan)
    priced = PricedReasons(plan, prices, ~plan.served & (blocks.blocker < 0))
    demands, needs = plan.instance.demands.ids, plan.instance.needs.ids
    known: dict[int, Reason] = {}
    found = []
    for number, need in enumerate(plan.unmet_needs.tolist(), start=1):
        demand = int(plan.facts.need_demand[need])
        code, values = _reason(need, demand, blocks, bans, priced, known)
        proven = plan.proven(code, values) if code in PRICED else "exact"
        if values.get("refused"):
            proven = "bound"
        about = {"demand": demands[demand], "need": needs[need]}
        found.append(Justification(record_id("U", number), "unmet", about, code, values, proven))
    return found


def _reason(
    need: int,
    demand: int,
    blocks: Blocks,
    bans: Bans,
    priced: PricedReasons,
    known: dict[int, Reason],
) -> Reason:
    """Give the first case that applies; unserved demands share one price reason."""
    reason = blocks.reason(need)
    if reason is not None:
        return reason
    if blocks.plan.served[demand]:
        return priced.of_served(need)
    clause = bans.clause(need)
    if clause is not None:
        return "clause", {"clause": clause}
    if blocks.plan.exact and not blocks.plan.facts.minimum[need]:
        return priced.of_optional(need)
    if demand not in known:
        known[demand] = priced.of_unserved(need)
    return known[demand]
