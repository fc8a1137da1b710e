"""The plan as arrays: what each need got, what is left over, and which candidates stand where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Allocation, Candidates
from cogov_opt.domain.instance import IndexArray, Instance, IntArray
from cogov_opt.formulating.facts import FUND, Facts
from cogov_opt.recording.ties import drawn_columns

BoolArray = NDArray[np.bool_]
NONE = -1


@dataclass(frozen=True)
class Runs:
    """
    Candidates in runs of one (need, option) each, in candidate order.

    `key` is need x options + option, rising; run i is `start[i]:start[i + 1]`.
    """

    key: IntArray
    start: IntArray

    @property
    def first(self) -> IntArray:
        """Give where each run begins."""
        return self.start[:-1]

    def place(self, keys: IntArray) -> IntArray:
        """Give the run of each key, or -1 where there is none."""
        if not len(self.key):
            return np.full(len(keys), NONE, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[at] == keys, at, NONE)


def starts_of(keys: IntArray) -> IntArray:
    """Give where each run of equal neighbours begins, and the length at the end."""
    if not len(keys):
        return np.zeros(1, dtype=np.int64)
    fresh = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return np.append(fresh, len(keys)).astype(np.int64)


@dataclass(frozen=True)
class Plan:
    """A decision that has a plan, with the views its reasons are read from."""

    decision: Decision
    allocation: Allocation

    @property
    def instance(self) -> Instance:
        """Give the data."""
        return self.decision.instance

    @property
    def candidates(self) -> Candidates:
        """Give the candidates."""
        return self.decision.formulation.candidates

    @cached_property
    def facts(self) -> Facts:
        """Give the facts with their defaults filled in."""
        return Facts(self.instance)

    @cached_property
    def seed(self) -> str:
        """Give the seed of the draw, or nothing where none was held."""
        return self.decision.draw.seed if self.decision.draw else ""

    @cached_property
    def exact(self) -> bool:
        """Tell whether every stage is proven without any gap, and all ties are known (S10.7)."""
        evidence = self.decision.evidence
        return isinstance(evidence, Certificate) and evidence.tied is not None

    @cached_property
    def drawn(self) -> BoolArray:
        """Mark what the draw settled: all that is tied if that is known, else what it changed."""
        evidence = self.decision.evidence
        if self.decision.draw is None:
            return np.zeros(len(self.decision.formulation.lower), dtype=bool)
        if isinstance(evidence, Certificate) and evidence.tied is not None:
            return evidence.tied
        return drawn_columns(self.decision)

    def proven(self, code: str, values: Mapping[str, Any]) -> str:
        """Say how far a reason from prices is proven (S12)."""
        decided = code == "tie_draw" or (code != "gap" and values["margin"])
        return "exact" if self.exact and decided else "prices"

    @cached_property
    def served(self) -> BoolArray:
        """Tell which demands are served."""
        return self.allocation.option >= 0

    @cached_property
    def need_option(self) -> IndexArray:
        """Give the chosen option of each need's demand, or -1."""
        return self.allocation.option[self.facts.need_demand]

    @cached_property
    def given(self) -> IntArray:
        """Give what each need got: units, or for fund needs what is bought (S12.1)."""
        total = np.zeros(len(self.instance.needs), dtype=np.int64)
        chosen = self.candidates.option == self.need_option[self.candidates.need]
        units = chosen & (self.facts.need_kind[self.candidates.need] != FUND)
        np.add.at(total, self.candidates.need[units], self.allocation.units[units])
        money = self.decision.formulation.money
        mine = money.option == self.need_option[money.need]
        np.add.at(total, money.need[mine], self.allocation.bought[mine])
        return total

    @cached_property
    def unmet(self) -> BoolArray:
        """Tell which needs get less than they ask, and all money of unserved demands (S12.1)."""
        unserved_money = (self.need_option < 0) & (self.facts.need_kind == FUND)
        unmet: BoolArray = (self.given < self.facts.quantity) | unserved_money
        return unmet

    @cached_property
    def runs(self) -> Runs:
        """Give the runs of candidates by (need, option)."""
        c = self.candidates
        keys = c.need.astype(np.int64) * len(self.instance.options) + c.option
        start = starts_of(keys)
        return Runs(keys[start[:-1]], start)

    @cached_property
    def has_candidate(self) -> BoolArray:
        """Tell which needs have a candidate at some option."""
        return np.bincount(self.candidates.need, minlength=len(self.instance.needs)) > 0

    @cached_property
    def most(self) -> IntArray:
        """Give the most each need can reach at its best option: caps, and own money (S12.4, 2)."""
        found = np.zeros(len(self.instance.needs), dtype=np.int64)
        if len(self.runs.key):
            sums = np.add.reduceat(self.candidates.cap, self.runs.first)
            needs = self.runs.key // max(len(self.instance.options), 1)
            np.maximum.at(found, needs, sums)
        own = np.where(self.facts.need_kind == FUND, self.facts.own_limit, 0)
        return found + own

    @cached_property
    def assigned(self) -> IndexArray:
        """Give the candidates in use, in the order of assignment records (S12.1)."""
        c = self.candidates
        used = np.flatnonzero(self.allocation.units > 0)
        demand = self.facts.need_demand[c.need[used]]
        keys = (c.agreement[used], c.resource[used], c.need[used], c.option[used], demand)
        return used[np.lexsort(keys)].astype(np.int32)

    @cached_property
    def unmet_needs(self) -> IndexArray:
        """Give the unmet needs, by (demand, need)."""
        needs = np.flatnonzero(self.unmet)
        return needs[np.lexsort((needs, self.facts.need_demand[needs]))].astype(np.int32)

    @cached_property
    def unused(self) -> IndexArray:
        """Give the resources without any assignment, by kind and id."""
        busy = np.zeros(len(self.instance.resources), dtype=bool)
        busy[self.candidates.resource[self.allocation.units > 0]] = True
        return np.flatnonzero(~busy).astype(np.int32)


def plan_of(decision: Decision) -> Plan | None:
    """Give the views of a decision, or None where it has no plan."""
    return Plan(decision, decision.allocation) if decision.allocation is not None else None
