"""
Stages one after the other, each kept by a row in the next (convention S9.4, S11.2).

Each stage: its linear programme first, for the prices and a bound; where a checked plan reaches
the bound there is no search; otherwise a branch and bound with gap 0 on the columns that earlier
proofs leave open. Every plan is checked in exact integers before it is believed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact, farkas, fixing, greedy
from cogov_opt.solving.events import Event
from cogov_opt.solving.money import settle
from cogov_opt.solving.outcome import Begun, Solved, StageResult
from cogov_opt.solving.problem import Answer, Backend, FloatArray, Status, Work
from cogov_opt.solving.scaling import Scaled, prepare, soft_columns
from cogov_opt.solving.search import Found, better, reached, refuted
from cogov_opt.solving.search_parts import BoolArray, Kept, Whole, labels_at, search_parts

DRAW_NODES = 500
"""The draw settles ties only; a limit of work, so that the same inputs give the same plan."""
DRAWN_WHOLE = 400
"""Up to so many open columns all ranks are drawn at once; beyond, the options come first."""
RANK_BITS, FIRST_BITS = 20, 3
"""The bits of a rank, and how many of them decide where options are drawn first (S11.2)."""
LARGEST_MERGED = 8e8
"""The greatest value, with ranks behind it, of which a solver's bound still tells single units."""
WHOLE = 1e-6

_STOPS = {
    Status.SECONDS: Termination.LIMIT,
    Status.NODES: Termination.LIMIT,
    Status.MEMORY: Termination.LIMIT,
    Status.CANCELLED: Termination.CANCELLED,
    Status.FAULT: Termination.FAULT,
    Status.INFEASIBLE: Termination.FAULT,
}


class _Stop(Exception):  # noqa: N818 - an early end, not an error
    """The work ends here, with whatever plan there is."""

    def __init__(self, termination: Termination, **detail: Any) -> None:
        super().__init__(termination)
        self.termination = termination
        self.detail = detail


def floor_of(stage: Stage, value: int) -> int:
    """Give f_k from a value; both leave the constant out (S9.4)."""
    return value if stage.objective is None else stage.objective.floor(value)


def solve(
    formulation: Formulation,
    backend: Backend,
    limits: Limits,
    *,
    draw: Stage | None = None,
    stopped: Callable[[], bool] | None = None,
    tell: Callable[[Event], None] | None = None,
    save: Callable[[Solved], None] | None = None,
    start: Begun | None = None,
) -> Solved:
    """
    Solve all stages, then the draw.

    Parameters
    ----------
    draw
        The last stage that settles ties (S11.2); its early end changes neither plan nor
        termination, only `detail["draw"]`.
    stopped
        Asked often whether to stop; None where another process would simply be ended.
    save
        Given every better state, so that nothing is lost when the process is ended.
    start
        A plan to begin with, and where it is known to be the best; passed over if it breaks a row.
        Left out, a plan is found greedily.
    """
    run = _Run(formulation, backend, limits, stopped, tell, save, start)
    termination = Termination.OPTIMAL
    try:
        run.begin()
        for stage in formulation.stages:
            run.stage(stage, later=len(formulation.stages) - stage.index + (draw is not None))
        if draw is not None:
            run.draw(draw)
    except _Stop as stop:
        termination = stop.termination
        run.detail |= stop.detail
    if termination is Termination.OPTIMAL and "limit" in run.detail:
        termination = Termination.LIMIT
    if run.detail.get("limit") == Status.SECONDS:
        run.detail["reproducible"] = False
    return run.solved(termination)


@dataclass
class _Run:
    """The state of one solve."""

    formulation: Formulation
    backend: Backend
    limits: Limits
    stopped: Callable[[], bool] | None
    tell: Callable[[Event], None] | None
    save: Callable[[Solved], None] | None
    start: Begun | None = None
    plan: IntArray | None = None
    results: list[StageResult] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Set out with every column open and no row added."""
        self.system = self.formulation
        self.face = fixing.whole_face(self.formulation)
        self.hard = ~soft_columns(self.formulation)
        self.prices: list[tuple[Stage, Formulation, FloatArray]] = []
        self.kept: list[Kept] = []

    # What may still be used

    @property
    def left(self) -> float | None:
        """Give the seconds left."""
        if self.limits.seconds is None:
            return None
        return self.limits.seconds - (time.monotonic() - self.began)

    def work(self, share: int = 1, **more: Any) -> Work:
        """Give what one call may use: all that is left, or a part of it where stages follow."""
        left = self.left
        if self.stopped is not None and self.stopped():
            raise _Stop(Termination.CANCELLED)
        if left is not None and left <= 0:
            raise _Stop(Termination.LIMIT, limit="seconds")
        given = None if left is None else left / share
        asked = {"seconds": given, "nodes": self.limits.nodes, "stopped": self.stopped} | more
        return Work(**asked)

    def solved(self, termination: Termination) -> Solved:
        """Give everything found so far."""
        return Solved(termination, self.plan, tuple(self.results), dict(self.detail))

    def report(self, kind: str, **values: int | str) -> None:
        """Tell what happened, and put the state in a safe place."""
        if self.tell is not None:
            self.tell(Event(kind, values))
        if self.save is not None:
            self.save(self.solved(Termination.LIMIT))

    # The way through

    def begin(self) -> None:
        """Hold a plan before any solver is asked."""
        if self.start is not None and exact.feasible(self.formulation, self.start.plan):
            self.plan = self.start.plan
        else:
            self.start = None
            self.plan = greedy.plan(self.formulation, seconds=self.left)
        self.report("greedy", found=int(self.plan is not None))

    def stage(self, stage: Stage, later: int) -> None:
        """Solve one stage and add its row for those that follow."""
        duals: FloatArray | None = None
        claimed: float | None = None
        parts: IntArray | None = None
        before, ended = self.system, True
        try:
            scaled = prepare(before)
            problem, factor = scaled.with_costs(stage.costs)
            answer = self.backend(problem, self.work())
            claimed, duals = self._relaxed(stage, scaled, answer, factor)
            if reached(stage, self.plan, claimed):
                parts = np.zeros(len(before.lower), np.int64)
            else:
                found = self._search(stage, duals, 2 if later else 1)
                claimed, ended, parts = found.bound, found.over, found.ended
        finally:
            # Kept also where the search stops: the prices hold whatever plan is published.
            if self.plan is not None:
                self.results.append(StageResult(stage.index, self.plan, duals, claimed, parts))
        value = exact.value(stage.costs, self._known())
        floor = floor_of(stage, value)
        labels = labels_at(self.formulation, self.kept)
        self.kept.append(Kept(stage, ended and floor == value, labels))
        self.prices.append((stage, before, duals))
        self.face = fixing.narrowed(self.face, before, stage, duals, floor, self.hard)
        self.system = self.system.with_stage_row(stage, floor)
        self.report("stage", stage=stage.index, value=stage.stated(value + stage.constant))

    def draw(self, draw: Stage) -> None:
        """Settle ties by rank among plans of the same values; what stops here stops quietly."""
        plan = self._known()
        self.detail["draw"] = "stopped"
        system, self.face = self.formulation, fixing.whole_face(self.formulation)
        for stage in self.formulation.stages:
            system = system.with_stage_row(stage, exact.value(stage.costs, plan))
        for stage, at, duals in self.prices:
            floor = exact.value(stage.costs, plan)
            self.face = fixing.narrowed(self.face, at, stage, duals, floor, self.hard)
        try:
            if fixing.open_count(self.face) <= DRAWN_WHOLE:
                self.system = system
                self._draw_on(draw, self._keeping_options(), "kept")
                self._draw_on(draw, self.face, "done")
            else:
                said = "options" if self._draw_options(draw) else "kept"
                self.system = system
                self._draw_on(draw, self._keeping_options(), said)
        except _Stop as stop:
            if stop.termination is Termination.CANCELLED:
                raise
            self.detail |= {f"draw_{name}": value for name, value in stop.detail.items()}

    def _keeping_options(self) -> fixing.Face:
        """Give the face of plans that serve what the plan serves, and when."""
        return fixing.with_options_of(self.face, self.formulation, self._known())

    def _draw_options(self, draw: Stage) -> bool:
        """
        Draw which options are chosen: the first bits of their ranks, behind the last stage's value.

        As an objective of its own the ranks leave no bound to prune by; behind the last stage they
        cost about what that stage did. Tells whether the search came to its end.
        """
        plan, last = self._known(), self.formulation.stages[-1]
        count = len(self.formulation.options)
        first = np.zeros_like(draw.costs)
        first[:count] = draw.costs[:count] >> (RANK_BITS - FIRST_BITS)
        # More than all ranks together can win, so that none is worth a unit of the stage.
        weight = 1 + int(np.abs(first).sum())
        if abs(exact.value(last.costs, plan)) * weight > LARGEST_MERGED:
            return False
        if plan[:count].all():
            return False  # everything is served at its only option: nothing to draw between
        system = self.formulation
        for stage in self.formulation.stages[:-1]:
            system = system.with_stage_row(stage, exact.value(stage.costs, plan))
        self.system = system
        merged = Stage(draw.index, last.costs * weight + first, 0, None)
        return self._drawn(merged, self.face, gap=0.5)

    def _draw_on(self, draw: Stage, face: fixing.Face, said: str) -> None:
        """Search for the best-ranked plan on a face; say how far the draw went."""
        if self._drawn(draw, face):
            self.detail["draw"] = said

    def _drawn(self, draw: Stage, face: fixing.Face, **more: Any) -> bool:
        """Search within what a draw may use; tell whether the search came to its end."""
        nodes = min(self.limits.nodes or DRAW_NODES, DRAW_NODES)
        found = self._searched(draw, face, self.work(nodes=nodes, **more))
        if found.status is Status.SECONDS:
            self.detail["reproducible"] = False
        return found.status is Status.OPTIMAL

    # One stage

    def _relaxed(
        self, stage: Stage, scaled: Scaled, answer: Answer, factor: float
    ) -> tuple[float, FloatArray]:
        """Read the linear programme: its bound and duals, and its point if that is whole."""
        if answer.status is Status.INFEASIBLE and self.plan is None:
            self._infeasible(scaled)
        if answer.status is not Status.OPTIMAL or answer.duals is None or answer.point is None:
            raise self._stop(answer, stage)
        bound = (answer.bound or 0.0) / factor
        if refuted(stage, self.plan, bound):
            raise _Stop(Termination.FAULT, **self._lie("false_bound", stage, bound))
        point = scaled.scaling.true_point(answer.point)
        off = np.abs(point - np.rint(point))[self.hard]
        if float(off.max(initial=0.0)) < WHOLE:
            found = settle(self.system, point, stage.costs, self.backend, self.work(2))
            self.plan = better(stage, self.plan, found.vector)
        return bound, scaled.scaling.true_duals(answer.duals, factor)

    def _search(self, stage: Stage, duals: FloatArray, share: int) -> Found:
        """Branch and bound; give how it ended, with the bound the solver claims."""
        face = self.face
        if self.plan is not None:
            value = exact.value(stage.costs, self.plan)
            face = fixing.narrowed(face, self.system, stage, duals, value, self.hard)
        gap = 0.5 * exact.step(stage.costs)
        tell = None if self.tell is None else partial(self._on_the_way, stage)
        start = self.start
        known = None if start is None else start.known(stage.index, self._known())
        found = self._searched(stage, face, self.work(share, gap=gap, tell=tell), known)
        if found.status in (Status.SECONDS, Status.NODES) and self.plan is not None:
            self.detail |= {"limit": str(found.status), "stage": stage.index}
        elif found.status is not Status.OPTIMAL:
            raise self._stop(Answer(found.status, said=found.said), stage)
        return found

    def _on_the_way(self, stage: Stage, value: float, bound: float) -> None:
        """Tell the best value so far and the solver's bound, as the card states them."""
        if self.tell is None or not (math.isfinite(value) and math.isfinite(bound)):
            return
        best, most = round(value) + stage.constant, round(bound) + stage.constant
        told = {"stage": stage.index, "value": stage.stated(best), "bound": stage.stated(most)}
        self.tell(Event("search", told | {"gap": max(most - best, 0)}))

    def _searched(
        self, stage: Stage, face: fixing.Face, work: Work, known: BoolArray | None = None
    ) -> Found:
        """Search on a face; keep what is found and say what was wrong with it."""
        base, system = (fixing.on_face(f, face) for f in (self.formulation, self.system))
        # The draw of options leaves the last stage's row out: it searches behind its value.
        kept = self.kept[: len(system.row_lower) - len(base.row_lower)]
        whole = Whole(base, system, kept, self.hard)
        found = search_parts(whole, stage, self.plan, known, self.backend, work)
        self.plan = found.plan
        if found.passed_over:
            self.detail["passed_over"] = self.detail.get("passed_over", 0) + found.passed_over
        if found.unproved:
            # What is found is true; that there is nothing better is a claim.
            self.detail["money"] = "unproved"
        if found.fault:
            raise _Stop(Termination.FAULT, **self._lie(found.fault, stage, found.bound))
        return found

    # Small decisions

    def _lie(self, fault: str, stage: Stage, bound: float | None) -> dict[str, Any]:
        """Give what is to be told of a solver that a known plan proves wrong."""
        known = None if self.plan is None else str(exact.value(stage.costs, self.plan))
        claimed = None if bound is None else str(bound)
        return {"fault": fault, "stage": stage.index, "claimed": claimed, "known": known}

    def _known(self) -> IntArray:
        """Give the plan there must be by now."""
        if self.plan is None:
            raise _Stop(Termination.FAULT, fault="no_plan")
        return self.plan

    def _stop(self, answer: Answer, stage: Stage) -> _Stop:
        """Give the end that the solver's status means."""
        if answer.status is Status.INFEASIBLE and self.plan is None:
            return _Stop(Termination.INFEASIBLE_CLAIMED, stage=stage.index, said=answer.said)
        termination = _STOPS.get(answer.status, Termination.FAULT)
        detail: dict[str, Any] = {"stage": stage.index}
        if termination is Termination.LIMIT:
            detail["limit"] = str(answer.status)
        elif termination is Termination.FAULT:
            refuted = answer.status is Status.INFEASIBLE
            detail["fault"] = "false_infeasible" if refuted else "status"
            detail["said"] = answer.said
        return _Stop(termination, **detail)

    def _infeasible(self, scaled: Scaled) -> None:
        """Prove in integers that there is no plan; else report the solver's word as such."""
        nothing = np.zeros(len(self.formulation.lower), np.int64)
        problem, _ = scaled.with_costs(nothing)
        answer = self.backend(problem, self.work(ray=True))
        if answer.ray is not None:
            ray = scaled.scaling.true_duals(answer.ray, 1.0)
            found = farkas.proof(self.system, ray)
            if found is not None:
                named = [[list(self.system.rows.key(i)), str(y)] for i, y in found]
                raise _Stop(Termination.INFEASIBLE, farkas=named)
        raise _Stop(Termination.INFEASIBLE_CLAIMED, said=answer.said)
