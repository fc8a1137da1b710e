"""Growing a tree: the worst open node first, split where both halves lose most (proof.md 3)."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from cogov_opt.domain.branching import ROWS, Node, Step
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.proving.trees.boxes import Box, settles
from cogov_opt.proving.trees.candidates import FRACTION, Candidate, History, Splits, score
from cogov_opt.proving.trees.closing import closed_by_prices, closed_by_ray, narrowing
from cogov_opt.proving.trees.programme import Answered, Programme
from cogov_opt.proving.trees.propagating import Propagator
from cogov_opt.solving import exact
from cogov_opt.solving.problem import FloatArray, Status

LOOKAHEAD = 16
"""How many splits are tried at a node before one is taken: 8 (proof.md 3) left more leaves."""
BESIDE = 6
"""Of these so many are kept for columns of clauses and awards, where there are any."""
TRUSTED = 4
"""A split tried so often on both sides is judged by its past."""
GLANCE = 60
"""The iterations a trial may take."""
NEAR = 1e-3
"""How far above what closes a float bound may stand for integers to be tried."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    What a tree may use: leaves, simplex iterations, and seconds where the caller set a limit.

    Leaves and iterations are work, the same everywhere; a stop by the clock is told.
    """

    leaves: int = 2_000
    iterations: int = 400_000
    seconds: float | None = None
    stopped: Callable[[], bool] | None = None
    cuts: bool = True


@dataclass(slots=True)
class Open:
    """A leaf that is not closed: how it was reached and what its relaxation says."""

    node: Node
    box: Box
    bound: float
    point: FloatArray | None
    duals: FloatArray | None
    basis: Any
    narrowed: bool = False
    """Whether its own prices have narrowed it: once is enough."""


class Grower:
    """Grows the tree of one stage below a root that prices alone do not close."""

    def __init__(
        self, system: Formulation, stage: Stage, box: Box, least: int, allowance: Allowance
    ) -> None:
        self.system, self.stage, self.least, self.allowance = system, stage, least, allowance
        self.stage_step = exact.step(stage.costs)
        self.programme = Programme(system, stage, box)
        self.splits = Splits(system, stage)
        self.beside = frozenset(self.splits.beside.tolist())
        self.sums = frozenset(self.splits.sums.tolist())
        self.propagator = Propagator(system)
        self.history = History()
        self.heap: list[tuple[float, int, Open]] = []
        self.stuck: list[Open] = []
        """Open leaves that floats take for closed, or that have nothing left to split."""
        self.closed = 0
        self.count = 0
        self.began = time.monotonic()
        self.by_clock = False

    @property
    def open(self) -> list[Open]:
        """Give every leaf that is not closed."""
        return [entry for _, _, entry in sorted(self.heap, key=lambda e: e[:2])] + self.stuck

    def grow(self, root: Node, box: Box) -> None:
        """Grow from the root until every leaf is closed or the allowance is used up."""
        self.programme.go_to(box)
        self._settle(root, box, self.programme.solve())
        while self.heap and self._may_go_on():
            _, _, worst = heapq.heappop(self.heap)
            if not self._narrow(worst):
                self._split(worst)

    def _may_go_on(self) -> bool:
        """Tell whether there is work left that may be done."""
        a = self.allowance
        if a.stopped is not None and a.stopped():
            return False
        if a.seconds is not None and time.monotonic() - self.began > a.seconds:
            self.by_clock = True
            return False
        leaves = self.closed + len(self.heap) + len(self.stuck)
        return leaves < a.leaves and self.programme.iterations < a.iterations

    def _settle(self, node: Node, box: Box, found: Answered, *, narrowed: bool = False) -> None:
        """Close a node by what its relaxation says, or keep it open."""
        step = None
        if found.status == Status.INFEASIBLE and found.duals is not None:
            step = closed_by_ray(self.system, box, found.duals)
        elif found.bound is not None and found.duals is not None and found.point is not None:
            if found.bound < self.least + NEAR:
                step = closed_by_prices(self.system, box, self.stage, found.duals, self.least)
            if step is None:
                basis = self.programme.live.basis()
                self._keep(Open(node, box, found.bound, found.point, found.duals, basis, narrowed))
                return
        if step is None:
            self.stuck.append(Open(node, box, inf, None, None, None))
            return
        node.steps.append(step)
        self.closed += 1

    def _keep(self, leaf: Open) -> None:
        """Put an open leaf where the worst comes first."""
        self.count += 1
        heapq.heappush(self.heap, (-leaf.bound, self.count, leaf))

    def _narrow(self, leaf: Open) -> bool:
        """Narrow a node by its own prices and settle what is left; tell whether that was done."""
        if leaf.narrowed or leaf.duals is None:
            return False
        value = self.least - self.stage_step
        left = narrowing(self.system, leaf.box, self.stage, leaf.duals, leaf.bound, value)
        if left is None:
            return False
        step, box = left
        leaf.node.steps.append(step)
        box = self._entered(leaf.node, box)
        if box.empty:
            self.closed += 1
            return True
        self.programme.go_to(box)
        self.programme.live.back_to(leaf.basis)
        self._settle(leaf.node, box, self.programme.solve(), narrowed=True)
        return True

    def _split(self, worst: Open) -> None:
        """Split a node in two halves and settle both."""
        chosen = self._chosen(worst)
        if chosen is None:
            self.stuck.append(worst)
            return
        halves = (Node(), Node())
        worst.node.split, worst.node.halves = chosen.split, halves
        for high, node in enumerate(halves):
            box = self._entered(node, worst.box.half(chosen.split, high=bool(high)))
            if box.empty:
                self.closed += 1
                continue
            self.programme.go_to(box)
            self.programme.live.back_to(worst.basis)
            found = self.programme.solve()
            if found.status == Status.OPTIMAL and found.bound is not None:
                self.history.learn(chosen, high=bool(high), gain=worst.bound - found.bound)
            self._settle(node, box, found)

    def _entered(self, node: Node, box: Box) -> Box:
        """Let the rows narrow a half, as a step of its own where they do."""
        after = self.propagator.narrowed(box)
        if settles(box, after):
            node.steps.append(Step(ROWS))
            return after
        return box

    def _chosen(self, worst: Open) -> Candidate | None:
        """Choose a split; other kinds are looked at where one half of each gains nothing."""
        best, most, moved = None, -1.0, False
        kinds = iter(()) if worst.point is None else self.splits.of(worst.point, worst.box)
        for kind in kinds:
            for candidate in self._likeliest(kind):
                gains = self._gains(worst, candidate)
                if score(*gains) > most:
                    best, most = candidate, score(*gains)
                moved = moved or min(gains) > FRACTION
            if moved:
                break
        return best

    def _likeliest(self, kind: list[Candidate]) -> list[Candidate]:
        """Give the candidates of a kind that are worth a trial."""
        ranked = sorted(kind, key=lambda c: (-score(*self.history.expected(c)), c.name))
        beside = [c for c in ranked if self._is_beside(c)]
        first = [c for c in ranked if c not in beside][: LOOKAHEAD - len(beside[:BESIDE])]
        return [*first, *beside[: LOOKAHEAD - len(first)]]

    def _is_beside(self, candidate: Candidate) -> bool:
        places = self.sums if candidate.split.of_row else self.beside
        return candidate.split.index in places

    def _gains(self, worst: Open, candidate: Candidate) -> tuple[float, float]:
        """Say what both halves gain: by the past where there is one, by trial otherwise."""
        if self.history.known(candidate) >= TRUSTED:
            return self.history.expected(candidate)
        return self._tried(worst, candidate)

    def _tried(self, worst: Open, candidate: Candidate) -> tuple[float, float]:
        """Try a split for a few iterations; what exceeds the need counts no more."""
        enough = worst.bound - self.least + 1
        gains = []
        for high in (False, True):
            self.programme.go_to(worst.box.half(candidate.split, high=high))
            self.programme.live.back_to(worst.basis)
            found = self.programme.solve(GLANCE)
            gain = enough
            if found.status != Status.INFEASIBLE:
                gain = worst.bound - (worst.bound if found.bound is None else found.bound)
                self.history.learn(candidate, high=high, gain=max(gain, 0.0))
            gains.append(min(max(gain, 0.0), enough))
        return gains[0], gains[1]
