"""
Weighing an asked system against known values, goal by goal, with proof (convention S16.3).

The ceilings of a weighing are a chain: each holds for all plans of the system that keep the goals
before it at the values weighed against. Where every ceiling but the last is at most the value and
the last is below it, no plan of the system is as good in the order of the goals.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.ceilings import LEAVES, Ceiling, best_ceiling, first_ceiling, relaxed_point
from cogov_opt.solving import coupled, exact
from cogov_opt.solving.outcome import Begun
from cogov_opt.solving.stages import floor_of

NODES = 20_000
"""Nodes one search may use: a limit of work, so that the same question gets the same answer."""

SMALL = 100
"""The nodes of a search whose goal is not proved."""

NEAR = 500
"""The nodes of a search near a known plan."""

QUICK_LEAVES = (12, 60)
"""The leaves of trees that are tried before a search: before and after one near a known plan."""

MANY_LEAVES = 2_000
"""The leaves of a tree for what a search found no plan against, where fewer did not do."""

MOVED = 1e-6


class Sign(StrEnum):
    """How the plans of a system compare with the values weighed against."""

    BELOW = "below"
    """Every plan is worse: proved."""
    LEVEL = "level"
    """No plan is better: proved."""
    ABOVE = "above"
    """A plan is better: found."""
    UNPROVEN = "unproven"


@dataclass
class Budget:
    """What an answer may use in all; `seconds` is told to whoever asks."""

    seconds: float | None = None
    nodes: int = NODES
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float | None:
        """Give the seconds left, never below a tenth."""
        if self.seconds is None:
            return None
        return max(0.1, self.seconds - (time.monotonic() - self.began))

    @property
    def small(self) -> Budget:
        """Give what a goal may use that is sought but not proved."""
        return Budget(self.seconds, SMALL, self.began)

    @property
    def near(self) -> Budget:
        """Give what a search near a known plan may use."""
        return Budget(self.seconds, NEAR, self.began)

    @property
    def over(self) -> bool:
        """Tell whether the time is used up."""
        return self.used(1)

    def used(self, share: float) -> bool:
        """Tell whether a share of the time is used up."""
        return self.seconds is not None and time.monotonic() - self.began > self.seconds * share

    def limits(self) -> Limits:
        """Give the limits of one search."""
        return Limits(seconds=self.left, nodes=self.nodes)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The outcome of a weighing: its sign, the chain that proves it, the best plan met."""

    sign: Sign
    chain: tuple[Ceiling, ...]
    plan: IntArray | None = None
    at: int = 0
    """The goal that decided, counted from 1; 0 where none did."""


def weigh(
    system: Formulation,
    targets: Sequence[int],
    budget: Budget,
    *,
    start: IntArray | None = None,
    known: Sequence[tuple[int, Sequence[Sequence[object]]]] = (),
    screen: bool = False,
    below_at: int = 0,
    near: IntArray | None = None,
) -> Weighed:
    """
    Compare every plan of a system with some values.

    Parameters
    ----------
    targets
        What is weighed against: one value a goal, maximised, without constants.
    start
        A plan of the system to begin searches with.
    known
        For each goal the scale and prices of a certificate, tried before any solve.
    screen
        Use prices and relaxations only: what they leave open is unproven.
    below_at
        The goal at which every plan is expected to be worse, and none better before: then a tree
        is tried there before a search. 0 where nothing is expected.
    near
        A plan that does not do what is asked, near which a better one is looked for first.
    """
    chain: list[Ceiling] = []
    for place, (stage, target) in enumerate(zip(system.stages, targets, strict=True)):
        told = known[place] if place < len(known) else None
        expected = 0 if stage.index > below_at else 1 if stage.index < below_at else 2
        asked = _Goal(system, stage, target, expected, near)
        found = asked.weighed(None if screen else budget, start, told)
        chain.extend(found.chain)
        if found.sign is not Sign.LEVEL:
            return Weighed(found.sign, tuple(chain), found.plan, stage.index)
        start = found.plan if found.plan is not None else start
        system = system.with_stage_row(stage, floor_of(stage, target))
    return Weighed(Sign.LEVEL, tuple(chain), start)


@dataclass(frozen=True, slots=True)
class _Goal:
    """One goal of a weighing."""

    system: Formulation
    stage: Stage
    target: int
    expected: int
    """0: nothing is expected; 1: that no plan is better; 2: that every plan is worse."""
    near: IntArray | None

    def weighed(
        self, budget: Budget | None, start: IntArray | None,
        told: tuple[int, Sequence[Sequence[object]]] | None,
    ) -> Weighed:  # fmt: skip
        """Weigh the goal: by what costs little first, then by a search and its proof."""
        ceiling, tried = first_ceiling(self.system, self.stage, self.target, told), None
        if budget is None or (ceiling is not None and ceiling.bound <= self.target):
            return self._by(ceiling, start)
        if self.expected:
            tried = self.target - (exact.step(self.stage.costs) if self.expected == 2 else 0)
            ceiling = best_ceiling(self.system, self.stage, tried, ceiling, budget.left)
            if ceiling is not None and ceiling.bound <= tried:
                return self._by(ceiling, start)
        else:
            ceiling = self._quick(budget, ceiling, self.target, QUICK_LEAVES[0])
            if ceiling is not None and ceiling.bound <= self.target:
                return self._by(ceiling, start)
            plan, value = self._nearby(budget)
            if value is not None and value > self.target:
                return Weighed(Sign.ABOVE, (), plan)
            # A plan that falls short suggests that all do: then it pays to prove just that.
            short = value is not None and value < self.target
            most = self.target - (exact.step(self.stage.costs) if short else 0)
            ceiling = self._quick(budget, ceiling, most, QUICK_LEAVES[1])
            if ceiling is not None and ceiling.bound <= self.target:
                return self._by(ceiling, start)
        return self._searched(budget, start, ceiling, tried)

    def _quick(
        self, budget: Budget, known: Ceiling | None, most: int, leaves: int
    ) -> Ceiling | None:
        """Give the ceiling of a small tree."""
        return best_ceiling(self.system, self.stage, most, known, budget.left, leaves)

    def _nearby(self, budget: Budget) -> tuple[IntArray | None, int | None]:
        """Look for a good plan near a known one."""
        if self.near is None:
            return None, None
        return nearby_plan(self.system, self.stage, self.near, budget)

    def _by(self, ceiling: Ceiling | None, start: IntArray | None) -> Weighed:
        """Say what a ceiling shows."""
        if ceiling is None or ceiling.bound > self.target:
            return Weighed(Sign.UNPROVEN, () if ceiling is None else (ceiling,))
        below = ceiling.bound < self.target
        return Weighed(Sign.BELOW if below else Sign.LEVEL, (ceiling,), None if below else start)

    def _searched(
        self, budget: Budget, start: IntArray | None, ceiling: Ceiling | None, tried: int | None
    ) -> Weighed:
        """
        Search; then prove that nothing is better than what was found, or than the target.

        `tried` is what a tree was to prove before the search: the same again takes a larger one.
        """
        plan, value = best_plan(self.system, self.stage, budget, start)
        if value is not None and value > self.target:
            return Weighed(Sign.ABOVE, (), plan)
        step = exact.step(self.stage.costs)
        most = self.target if value == self.target else self.target - step
        leaves = MANY_LEAVES if most == tried else LEAVES
        ceiling = best_ceiling(self.system, self.stage, most, ceiling, budget.left, leaves)
        return replace(self._by(ceiling, plan), plan=plan)


def nearby_plan(
    system: Formulation, stage: Stage, near: IntArray, budget: Budget
) -> tuple[IntArray | None, int | None]:
    """
    Search for a plan that serves what another serves, but for the demands that turn on it.

    These are the demands of which the relaxation chooses otherwise. Gives (None, None) where there
    is no such plan.
    """
    point = relaxed_point(system, stage)
    if point is None:
        return None, None
    options = system.options
    count = len(options)
    moved = np.abs(point[:count] - near[:count]) > MOVED
    held = ~np.isin(options.demand, np.unique(options.demand[moved]))
    lower, upper = system.lower.copy(), system.upper.copy()
    lower[:count][held] = upper[:count][held] = near[:count][held]
    if (lower < system.lower).any() or (upper > system.upper).any():
        return None, None
    start = near if exact.feasible(system, near) else None
    return best_plan(replace(system, lower=lower, upper=upper), stage, budget.near, start)


def best_plan(
    system: Formulation, stage: Stage, budget: Budget, start: IntArray | None = None
) -> tuple[IntArray | None, int | None]:
    """Search a system for a good plan of one goal; give it with its value, or (None, None)."""
    narrow = replace(system, stages=(stage,))
    begun = None if start is None else Begun(start)
    found = coupled.solve(narrow, budget.limits(), isolated=False, start=begun)
    if found.vector is None or found.termination is Termination.FAULT:
        return None, None
    return found.vector, exact.value(stage.costs, found.vector)


@dataclass(frozen=True, slots=True)
class Best:
    """The best plan of a system that was found, goal by goal, with the chain that bounds it."""

    plan: IntArray
    values: tuple[int, ...]
    chain: tuple[Ceiling, ...]
    own: tuple[IntArray, ...] = ()
    """For each ceiling the plan by which its goal was reached, before later goals took back."""

    @property
    def exact_goals(self) -> int:
        """Count the goals, from the first, whose value is proved best."""
        count = 0
        for value, ceiling in zip(self.values, self.chain, strict=False):
            if ceiling.bound != value:
                break
            count += 1
        return count


def best(
    system: Formulation, budget: Budget, until: Sequence[int], start: IntArray | None = None
) -> Best | Ceiling | None:
    """
    Find the best plan of a system and prove it so, up to the goal that differs from some values.

    Goals after the first that differs, or is not proved, are sought but not proved. Gives a Ceiling
    where there is proved to be no plan, and None where none was found.
    """
    chain: list[Ceiling] = []
    own: list[IntArray] = []
    proving = True
    plan = start
    for stage, other in zip(system.stages, until, strict=True):
        if not proving and not stage.costs[: len(system.options)].any():
            continue  # it does not say who is served: not worth a search without a proof
        found, value = best_plan(system, stage, budget if proving else budget.small, plan)
        if found is None or value is None:
            if plan is None:
                return first_ceiling(system, stage, -1, None)
            found, value = plan, exact.value(stage.costs, plan)
        plan = found
        if proving:
            ceiling = first_ceiling(system, stage, value, None)
            ceiling = best_ceiling(system, stage, value, ceiling, budget.left)
            if ceiling is not None:
                chain.append(ceiling)
                own.append(plan)
            proving = ceiling is not None and ceiling.bound == value == other
        system = system.with_stage_row(stage, floor_of(stage, value))
    if plan is None:
        return None
    values = tuple(exact.value(s.costs, plan) for s in system.stages)
    return Best(plan, values, tuple(chain), tuple(own))
