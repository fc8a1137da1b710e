"""Trying a change: would the demand be served then? Proved either way where it can be (S16.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.errors import CogovError, UnsupportedError
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.edits import Edit, changed
from cogov_opt.explaining.asking.files import Weighing
from cogov_opt.explaining.asking.weighing import (
    Budget,
    Sign,
    Weighed,
    best_plan,
    nearby_plan,
    weigh,
)
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
    spares: bool = True
    """Whether the plans of its proof do without the change: then it speaks of parts of it too."""


@dataclass(frozen=True)
class Better:
    """A plan with the demand that is better than the published one, where that still stands."""

    formulation: Formulation
    instance: Instance
    plan: IntArray
    at: int
    """The goal at which it is better; 0 where that is not known."""
    published: IntArray | None = None


LAST = 999
"""The number of a goal that comes after every goal of a card."""

DUELS = 4
"""How often plans with and without the demand may outdo each other before it is left open."""


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
        looked = self.look(edits, screen=screen)
        return looked if isinstance(looked, Tried) else self.settled(edits, looked)

    def look(self, edits: Sequence[Edit], *, screen: bool = False) -> Tried | Better:
        """Look for a plan with the demand that is better than the published one, or disprove it."""
        try:
            instance, policy = changed(self.about.run, edits)
            formulation = formulate(instance, policy)
        except CogovError:
            return Tried(Verdict.REFUSED)
        try:
            return self._looked(edits, instance, formulation, screen=screen)
        except UnsupportedError:
            # Numbers beyond what a float solver answers reliably: nothing is claimed.
            return Tried(Verdict.UNPROVEN, formulation)

    def _looked(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation, *, screen: bool
    ) -> Tried | Better:
        """Weigh every plan with the demand against the published one, which has it not."""
        published = carried(self.about.decision.formulation, self.vector, formulation)
        served = asked(formulation, instance, ("serve", self.demand))
        if published is None:
            return self._anew(edits, instance, formulation, served)
        targets = values_of(formulation, published)
        found = weigh(served, targets, self.budget, known=self.known, screen=screen, near=published)
        proof = Weighing(edits, ("serve", self.demand), formulation, published, found.chain)
        if found.sign is Sign.BELOW:
            return Tried(Verdict.NOT_SERVED, formulation, None, (proof,))
        if found.sign is Sign.LEVEL:
            return Tried(Verdict.NO_BETTER, formulation, None, (proof,))
        if found.sign is Sign.UNPROVEN or found.plan is None:
            hope = tuple(c.bound - t for c, t in zip(found.chain, targets, strict=False))
            return Tried(Verdict.UNPROVEN, formulation, hope=hope)
        return Better(formulation, instance, found.plan, found.at, published)

    def _anew(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation,
        served: Formulation,
    ) -> Tried | Better:  # fmt: skip
        """Look for a plan where the published one stands no more, or disprove it."""
        stage = served.stages[0]
        plan, _ = best_plan(served, stage, self.budget)
        if plan is not None:
            return Better(formulation, instance, plan, 0)
        without = asked(formulation, instance, ("leave", self.demand))
        other, _ = best_plan(without, stage, self.budget)
        if other is None:
            return Tried(Verdict.UNPROVEN, formulation)
        other = self._finished(without, other, stage.index)
        found = self._against(edits, served, formulation, other)
        if isinstance(found, Tried):
            return found
        return Tried(Verdict.UNPROVEN, formulation)  # no plan was found just now: no matter

    def sparing(self, better: Better) -> Better:
        """
        Search for a plan that is better too and does least of what was not possible before.

        Only the first goal at which it is better is asked of it, and one step there.
        """
        old, new, published = self.about.decision.formulation, better.formulation, better.published
        if published is None or not better.at:
            return better
        fresh = np.array(
            [new.columns.key(j) not in old.columns.index for j in range(len(new.columns))]
        )
        system = asked(new, better.instance, ("serve", self.demand))
        for stage in new.stages[: better.at]:
            value = exact.value(stage.costs, published)
            more = exact.step(stage.costs) if stage.index == better.at else 0
            system = system.with_stage_row(stage, floor_of(stage, value) + more)
        aim = Stage(LAST, -fresh.astype(np.int64), 0, None)
        plan, _ = best_plan(system, aim, self.budget.near, better.plan)
        return better if plan is None else replace(better, plan=plan)

    def stands(self, edits: Sequence[Edit], formulation: Formulation, plan: IntArray) -> bool:
        """Tell whether a plan of another formulation stands, and is better than the published."""
        return self.given(edits, formulation, plan) is not None

    def given(
        self, edits: Sequence[Edit], formulation: Formulation, plan: IntArray, at: int = 0
    ) -> Better | None:
        """Take a plan of another formulation under some edits; None where it is not good there."""
        try:
            instance, policy = changed(self.about.run, edits)
            here = formulate(instance, policy)
        except CogovError:
            return None
        mine = carried(formulation, plan, here)
        published = carried(self.about.decision.formulation, self.vector, here)
        if mine is None or published is None:
            return None
        if values_of(here, mine) <= values_of(here, published):
            return None
        return Better(here, instance, mine, at, published)

    @property
    def vector(self) -> IntArray:
        """Give the published plan."""
        vector = self.about.decision.outcome.vector
        if vector is None:
            raise ValueError("a run without a plan has no unmet demand")
        return vector

    def _finished(self, served: Formulation, plan: IntArray, at: int) -> IntArray:
        """Improve a plan on the goals after the one that decided, as far as little work goes."""
        system = served
        for stage in served.stages:
            if stage.index > at and stage.costs[: len(served.options)].any():
                found, _ = nearby_plan(system, stage, plan, self.budget)
                plan = plan if found is None else found
            value = exact.value(stage.costs, plan)
            system = system.with_stage_row(stage, floor_of(stage, value))
        return plan

    def settled(self, edits: Sequence[Edit], better: Better) -> Tried:
        """Weigh all plans without the demand against one with it, then the other way round."""
        formulation, plan, at, start = better.formulation, better.plan, better.at, better.published
        served = asked(formulation, better.instance, ("serve", self.demand))
        without = asked(formulation, better.instance, ("leave", self.demand))
        improved = False
        plan = self._finished(served, plan, at)
        for _ in range(DUELS):
            found = weigh(
                without, values_of(formulation, plan), self.budget,
                known=self.known, below_at=at, start=start,
            )  # fmt: skip
            proof = Weighing(edits, ("leave", self.demand), formulation, plan, found.chain)
            if found.sign is Sign.BELOW:
                return Tried(Verdict.SERVED, formulation, plan, (proof,))
            if found.sign is Sign.LEVEL:
                return Tried(Verdict.MATCHED, formulation, plan, (proof,))
            if found.sign is Sign.UNPROVEN or found.plan is None:
                best = None if improved else self._improved(served, plan, at)
                if best is None:
                    proof = Weighing(edits, (), formulation, plan, ())
                    return Tried(Verdict.POSSIBLE, formulation, plan, (proof,))
                improved, plan = True, best
                continue
            start = self._finished(without, found.plan, found.at)
            tried = self._against(edits, served, formulation, start)
            if isinstance(tried, Tried):
                return tried
            plan, at = tried.plan, tried.at  # type: ignore[assignment]
        return Tried(Verdict.UNPROVEN, formulation, plan)

    def _improved(self, served: Formulation, plan: IntArray, at: int) -> IntArray | None:
        """Search for a better plan with the demand at the goal that decides."""
        system = served
        for stage in served.stages:
            value = exact.value(stage.costs, plan)
            if stage.index >= at:
                found, most = best_plan(system, stage, self.budget, plan)
                if found is None or most is None or most <= value:
                    return None
                return self._finished(served, found, stage.index)
            system = system.with_stage_row(stage, floor_of(stage, value))
        return None

    def _against(
        self, edits: Sequence[Edit], served: Formulation, formulation: Formulation, other: IntArray
    ) -> Tried | Weighed:
        """Weigh all plans with the demand against a better one without it."""
        found = weigh(
            served, values_of(formulation, other), self.budget, known=self.known, near=other
        )
        proof = Weighing(edits, ("serve", self.demand), formulation, other, found.chain)
        if found.sign is Sign.BELOW:
            return Tried(Verdict.NOT_SERVED, formulation, None, (proof,))
        if found.sign is Sign.LEVEL:
            return Tried(Verdict.NO_BETTER, formulation, None, (proof,))
        if found.sign is Sign.UNPROVEN or found.plan is None:
            return Tried(Verdict.UNPROVEN, formulation)
        return replace(found, plan=self._finished(served, found.plan, found.at))


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
