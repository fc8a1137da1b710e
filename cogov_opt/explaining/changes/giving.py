"""Trying a change under a card whose goals give: by what every goal must keep (S16.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.edits import Edit
from cogov_opt.explaining.asking.files import Weighing
from cogov_opt.explaining.asking.reaching import (
    Reaches,
    ceiling_over,
    gives,
    own_plans,
    reaches_of,
    valued,
)
from cogov_opt.explaining.asking.weighing import QUICK_LEAVES, Budget, best_plan
from cogov_opt.explaining.changes.trial import Better, Trial, Tried, Verdict, carried
from cogov_opt.explaining.why_not import Asked
from cogov_opt.proving.ceilings import LEAVES, Ceiling, by_programme
from cogov_opt.solving import exact


def trial_of(about: Asked, demand: str, budget: Budget) -> Trial:
    """Give what tries changes for a demand, by the kind of goals its card has."""
    kind = GivingTrial if gives(about.decision.policy) else Trial
    return kind(about, demand, budget)


@dataclass(frozen=True, kw_only=True)
class Kept(Better):
    """A plan that keeps of every goal what it must, and what the goals reach."""

    reaches: Reaches

    def worth(self) -> int:
        """Give what the plan reaches at the last goal."""
        return exact.value(self.last.costs, self.plan)

    @property
    def last(self) -> Stage:
        """Give the last goal."""
        return self.formulation.stages[-1]


@dataclass
class GivingTrial(Trial):
    """
    Tries changes where later goals may take back from earlier ones.

    Every change moves what goals reach, and with it what they must keep: so every change has its
    own floors, proved before its last goal is weighed.
    """

    starts: Sequence[IntArray] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Take the published prices, and the plan by which each goal reached its value."""
        super().__post_init__()
        self.starts = own_plans(self.about.run, self.about.decision.formulation)

    def _looked(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation, *, screen: bool
    ) -> Tried | Better:
        """Find what the goals must keep under some edits, and the best plan that keeps it."""
        old = self.about.decision.formulation
        published = carried(old, self.vector, formulation)
        never = self._never(edits, instance, formulation, published)
        if never is not None:
            return never
        starts = [carried(old, plan, formulation) for plan in self.starts]
        reaches = reaches_of(formulation, starts, self.budget, self.known, search=not screen)
        if not reaches.whole:
            return Tried(Verdict.UNPROVEN, formulation)
        plan = self._best(reaches, published, screen=screen)
        if plan is None:
            return Tried(Verdict.UNPROVEN, formulation)
        kept = Kept(formulation, instance, plan, 0, published, reaches=reaches)
        if self._serves(instance, plan):
            return kept
        return self._without(edits, kept, screen=screen)

    def _best(
        self, reaches: Reaches, published: IntArray | None, *, screen: bool
    ) -> IntArray | None:
        """Give the best plan at the last goal that keeps enough; else the published one."""
        fits = published is not None and exact.feasible(reaches.inner, published)
        start = published if fits else None
        if screen:
            return start
        before = reaches.told[-1].plan
        if start is None and exact.feasible(reaches.inner, before):
            start = before
        return best_plan(reaches.inner, reaches.inner.stages[-1], self.budget, start)[0]

    def _never(
        self, edits: Sequence[Edit], instance: Instance, formulation: Formulation,
        published: IntArray | None,
    ) -> Tried | None:  # fmt: skip
        """See whether no plan serves the demand at all, whatever the goals say."""
        ask = ("serve", self.demand)
        ceiling = by_programme(asked(formulation, instance, ask), formulation.stages[0], 0)
        if published is None or ceiling is None or not ceiling.empty:
            return None
        proof = Weighing(edits, ask, formulation, published, (ceiling,))
        return Tried(Verdict.NOT_SERVED, formulation, None, (proof,))

    def _serves(self, instance: Instance, plan: IntArray) -> bool:
        """Tell whether a plan serves the demand."""
        place = int(instance.demands.index[self.demand])
        first, last = instance.options.of_demand[place:][:2]
        return bool(plan[int(first) : int(last)].any())

    def _without(self, edits: Sequence[Edit], kept: Kept, *, screen: bool) -> Tried | Better:
        """Weigh all plans with the demand, at the last goal, against one without it."""
        ask = ("serve", self.demand)
        other, value, ceiling = self._rival(ask, kept, screen=screen)
        mine = kept.worth()
        if other is not None and value > mine:
            return replace(kept, plan=other)
        spares = self._spares(kept)
        if ceiling is None or ceiling.bound > mine or (screen and not spares):
            hope = () if ceiling is None else (ceiling.bound - mine,)
            return Tried(Verdict.UNPROVEN, kept.formulation, hope=hope)
        verdict = Verdict.NOT_SERVED if ceiling.bound < mine else Verdict.NO_BETTER
        proof = self._weighing(edits, ask, kept, ceiling)
        return Tried(verdict, kept.formulation, None, (proof,), spares=spares)

    def settled(self, edits: Sequence[Edit], better: Better) -> Tried:
        """Weigh all plans without the demand, at the last goal, against one with it."""
        if not isinstance(better, Kept):
            return self.of(edits)
        ask = ("leave", self.demand)
        other, value, ceiling = self._rival(ask, better, screen=False)
        mine = better.worth()
        if other is not None and value > mine:
            found = self._without(edits, replace(better, plan=other), screen=False)
            return found if isinstance(found, Tried) else Tried(Verdict.UNPROVEN)
        if ceiling is not None and ceiling.bound <= mine:
            verdict = Verdict.SERVED if ceiling.bound < mine else Verdict.MATCHED
            proof = self._weighing(edits, ask, better, ceiling)
        elif self._before_published(better, mine):
            verdict, proof = Verdict.POSSIBLE, self._weighing(edits, (), better, None)
        else:
            return Tried(Verdict.UNPROVEN, better.formulation, better.plan)
        return Tried(verdict, better.formulation, better.plan, (proof,))

    def _rival(
        self, ask: tuple[str, ...], kept: Kept, *, screen: bool
    ) -> tuple[IntArray | None, int, Ceiling | None]:
        """Search what is asked for a better plan at the last goal, and bound it."""
        reaches, last, mine = kept.reaches, kept.last, kept.worth()
        other, value = None, None
        if not screen:
            inner = asked(reaches.inner, kept.instance, ask)
            other, value = best_plan(inner, last, self.budget)
        if value is not None and value > mine:
            return other, value, None
        most = mine if value == mine else mine - exact.step(last.costs)
        outer = asked(reaches.outer, kept.instance, ask)
        leaves = QUICK_LEAVES[1] if screen else LEAVES
        return None, 0, ceiling_over(outer, last, most, self.budget, leaves)

    def _weighing(
        self, edits: Sequence[Edit], ask: tuple[str, ...], kept: Kept, ceiling: Ceiling | None
    ) -> Weighing:
        chain = () if ceiling is None else (ceiling,)
        return Weighing(edits, ask, kept.formulation, kept.plan, chain, kept.reaches.told)

    def _before_published(self, kept: Kept, mine: int) -> bool:
        """Tell whether a plan comes before the published one: that keeps too little, or is less."""
        old, new, vector = self.about.decision.formulation, kept.formulation, self.vector
        told = kept.reaches.told
        short = any(valued(old, vector, new, reach.stage) < reach.least for reach in told)
        return short or valued(old, vector, new, kept.last) < mine

    def _spares(self, kept: Kept) -> bool:
        """
        Tell whether a proof speaks of every part of the change too.

        It does if its plans stand unchanged, and those of goals are worth what they are without
        the demand: a higher priority moves the worth of plans with it alone.
        """
        reached = [reach.plan for reach in kept.reaches.told]
        if any(self._serves(kept.instance, plan) for plan in reached):
            return False
        old = self.about.decision.formulation
        return all(_stands(kept.formulation, plan, old) for plan in (kept.plan, *reached))

    def sparing(self, better: Better) -> Better:
        """Give the plan as it is: another one would have to be proved to keep enough anew."""
        return better

    def given(
        self, edits: Sequence[Edit], formulation: Formulation, plan: IntArray, at: int = 0
    ) -> Better | None:
        """Look for a plan under some edits: one of other edits may keep too little here."""
        looked = self.look(edits)
        return looked if isinstance(looked, Better) else None


def _stands(new: Formulation, plan: IntArray, old: Formulation) -> bool:
    """Tell whether a plan, column by column, is one of another formulation too."""
    index = old.columns.index
    found = np.zeros(len(old.columns), np.int64)
    for j in np.flatnonzero(plan[: len(new.columns)]).tolist():
        place = index.get(new.columns.key(j))
        if place is None:
            return False
        found[place] = plan[j]
    return exact.feasible(old, found)
