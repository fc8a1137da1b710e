"""Trying a change: would the demand be served then? Proved either way where it can be (S16.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.errors import CogovError, UnsupportedError
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.edits import Edit, changed
from cogov_opt.explaining.asking.files import Weighing
from cogov_opt.explaining.asking.weighing import Budget, Sign, best_plan, weigh
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating import formulate
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of


class Verdict(StrEnum):
    """What is known of a change."""

    SERVED = "served"
    """No plan without the demand is as good as one with it: proved."""
    MATCHED = "matched"
    """No plan without the demand beats one with it: proved; one may be as good."""
    POSSIBLE = "possible"
    """A plan with the demand is better than the published one; whether it is best is not proved."""
    NOT_SERVED = "not_served"
    """No plan with the demand is as good as one without it: proved."""
    NO_BETTER = "no_better"
    """No plan with the demand is better than one without it: proved; one may be as good."""
    UNPROVEN = "unproven"
    REFUSED = "refused"
    """The data or card would not be accepted with the change."""


USELESS = (Verdict.NOT_SERVED, Verdict.NO_BETTER)
"""Verdicts that prove a change not to be enough."""


@dataclass(frozen=True)
class Tried:
    """A change tried: the verdict, its proof, and the plan that serves the demand, if one does."""

    verdict: Verdict
    formulation: Formulation | None = None
    plan: IntArray | None = None
    proof: tuple[Weighing, ...] = ()
    hope: tuple[int, ...] = ()
    """Of what is unproven: by how much its ceilings exceed the published values, goal by goal."""


@dataclass
class Trial:
    """Tries changes for one demand of one run."""

    about: Asked
    demand: str
    budget: Budget
    known: Sequence[tuple[int, Sequence[Sequence[Any]]]] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Take the published prices: they settle what they can without a solve."""
        told = self.about.run.certificate["stages"]
        self.known = [(int(s["scale"]), s["prices"]) for s in told]

    def of(self, edits: Sequence[Edit], *, screen: bool = False) -> Tried:
        """
        Try some edits.

        Parameters
        ----------
        screen
            Only look whether it can be proved that they do not help; a search is spared.
        """
        try:
            instance, policy = changed(self.about.run, edits)
            formulation = formulate(instance, policy)
        except CogovError:
            return Tried(Verdict.REFUSED)
        try:
            return self._weighed(edits, instance, formulation, screen=screen)
        except UnsupportedError:
            # Numbers beyond what a float solver answers reliably: nothing is claimed.
            return Tried(Verdict.UNPROVEN, formulation)

    def _weighed(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation, *, screen: bool
    ) -> Tried:
        """Weigh every plan with the demand against the published one, which has it not."""
        published = carried(self.about.decision.formulation, self.vector, formulation)
        served = asked(formulation, instance, ("serve", self.demand))
        if published is None:
            return self._without_published(edits, instance, formulation, served)
        targets = values_of(formulation, published)
        found = weigh(served, targets, self.budget, known=self.known, screen=screen)
        proof = Weighing(edits, ("serve", self.demand), formulation, published, found.chain)
        if found.sign is Sign.BELOW:
            return Tried(Verdict.NOT_SERVED, formulation, None, (proof,))
        if found.sign is Sign.LEVEL:
            return Tried(Verdict.NO_BETTER, formulation, None, (proof,))
        if found.sign is Sign.UNPROVEN or found.plan is None:
            hope = tuple(c.bound - t for c, t in zip(found.chain, targets, strict=False))
            return Tried(Verdict.UNPROVEN, formulation, hope=hope)
        plan = self._finished(served, found.plan, found.at)
        return self._against_without(
            edits, instance, formulation, plan, at=found.at, start=published
        )

    @property
    def vector(self) -> IntArray:
        """Give the published plan."""
        vector = self.about.decision.outcome.vector
        if vector is None:
            raise ValueError("a run without a plan has no unmet demand")
        return vector

    def _without_published(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation,
        served: Formulation,
    ) -> Tried:  # fmt: skip
        """Try where the published plan does not stand any more: search a plan with the demand."""
        stage = served.stages[0]
        plan, _ = best_plan(served, stage, self.budget)
        if plan is None:
            return Tried(Verdict.UNPROVEN, formulation)
        plan = self._finished(served, plan, stage.index)
        return self._against_without(edits, instance, formulation, plan)

    def _finished(self, served: Formulation, plan: IntArray, at: int) -> IntArray:
        """Improve a plan on the goals after the one that decided, as far as little work goes."""
        system = served
        for stage in served.stages:
            if stage.index > at and stage.costs[: len(served.options)].any():
                found, _ = best_plan(system, stage, self.budget.small, plan)
                plan = plan if found is None else found
            value = exact.value(stage.costs, plan)
            system = system.with_stage_row(stage, floor_of(stage, value))
        return plan

    def _against_without(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation,
        plan: IntArray, *, at: int = 0, start: IntArray | None = None,
    ) -> Tried:  # fmt: skip
        """Weigh all plans without the demand against one with it."""
        without = asked(formulation, instance, ("leave", self.demand))
        targets = values_of(formulation, plan)
        found = weigh(without, targets, self.budget, known=self.known, below_at=at, start=start)
        proof = Weighing(edits, ("leave", self.demand), formulation, plan, found.chain)
        if found.sign is Sign.BELOW:
            return Tried(Verdict.SERVED, formulation, plan, (proof,))
        if found.sign is Sign.ABOVE and found.plan is not None:
            other = self._finished(without, found.plan, found.at)
            return self._against_with(edits, instance, formulation, plan, other)
        if found.sign is Sign.LEVEL:
            return Tried(Verdict.MATCHED, formulation, plan, (proof,))
        return Tried(
            Verdict.POSSIBLE, formulation, plan, (Weighing(edits, (), formulation, plan, ()),)
        )

    def _against_with(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation,
        plan: IntArray, other: IntArray,
    ) -> Tried:  # fmt: skip
        """Weigh all plans with the demand against a better one without it."""
        served = asked(formulation, instance, ("serve", self.demand))
        found = weigh(served, values_of(formulation, other), self.budget, known=self.known)
        proof = Weighing(edits, ("serve", self.demand), formulation, other, found.chain)
        if found.sign is Sign.BELOW:
            return Tried(Verdict.NOT_SERVED, formulation, None, (proof,))
        if found.sign is Sign.LEVEL:
            return Tried(Verdict.NO_BETTER, formulation, None, (proof,))
        return Tried(Verdict.UNPROVEN, formulation, plan)


def values_of(formulation: Formulation, plan: IntArray) -> tuple[int, ...]:
    """Give the maximised value of a plan at every goal, constants left out."""
    return tuple(exact.value(s.costs, plan) for s in formulation.stages)


def carried(old: Formulation, vector: IntArray, new: Formulation) -> IntArray | None:
    """
    Give a plan of one formulation as a plan of another, by the keys of its columns.

    A use under an agreement that is no longer the one to name moves to the one that is. None where
    the plan does not stand in the other.
    """
    index = new.columns.index
    plan = np.zeros(len(new.columns), np.int64)
    decides = ("y", "x", "bought", "own")
    for j in np.flatnonzero(vector).tolist():
        key = old.columns.key(j)
        if key[0] not in decides:
            continue
        place = index.get(key)
        if place is None and key[0] == "x":
            same = (k for k in index if k[:4] == key[:4])
            place = next((index[k] for k in same), None)
        if place is None:
            return None
        plan[place] += vector[j]
    plan = new.completed(plan)
    return plan if exact.feasible(new, plan) else None
