"""The coupled route: stages by branch and bound, in a child process or in this one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cogov_opt.domain.conflict import Conflict, Parts
from cogov_opt.domain.decision import Cancel, Limits, Termination
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import conflicts, exact, isolation, parcel, stages
from cogov_opt.solving.isolation import COMMAND, Listener
from cogov_opt.solving.outcome import Begun, Solved, StageResult
from cogov_opt.solving.problem import Backend, Work
from cogov_opt.solving.scaling import prepare

CONFLICT_COMMAND = (*COMMAND[:-1], "cogov_opt.solving.conflict_child")


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    draw: Stage | None = None,
    isolated: bool = True,
    cancel: Cancel | None = None,
    tell: Listener | None = None,
    backend: Backend | None = None,
    command: Sequence[str] = COMMAND,
    start: Begun | None = None,
) -> Solved:
    """
    Solve every stage and the draw; what comes back was checked here, in exact integers.

    `start` is a plan to begin with, and where it is known to be the best; left out, one is found
    greedily.

    Raises
    ------
    UnsupportedError
        The numbers are beyond what a float solver answers reliably.
    """
    # Refused here, where rows and columns still have their names.
    prepare(formulation)
    if isolated:
        found = isolation.solve(
            formulation, limits, draw=draw, cancel=cancel, tell=tell, command=command, start=start
        )
        return _told(limits, _named(formulation, _checked(formulation, found)))
    if backend is None:
        from cogov_opt.solving.backends import highs

        backend = highs.solve
    stopped = cancel.is_set if cancel is not None else None
    found = stages.solve(
        formulation, backend, limits, draw=draw, stopped=stopped, tell=tell, start=start
    )
    return _told(limits, _checked(formulation, found), isolated=False)


def conflict(
    formulation: Formulation,
    parts: Parts,
    limits: Limits,
    *,
    isolated: bool = True,
    cancel: Cancel | None = None,
    command: Sequence[str] = CONFLICT_COMMAND,
) -> Conflict | None:
    """Find what cannot hold together, in a child or here; None if the work came to nothing."""
    if not isolated:
        from cogov_opt.solving.backends import highs

        stopped = cancel.is_set if cancel is not None else None
        work = Work(seconds=limits.seconds, stopped=stopped)
        return conflicts.find(conflicts.Questions(formulation, parts, highs.solve, work))
    found = isolation.solve(formulation, limits, cancel=cancel, command=command, parts=parts)
    told = found.detail.get("found")
    return None if told is None else parcel.conflict_of(told)


def _told(limits: Limits, found: Solved, *, isolated: bool = True) -> Solved:
    """Say so where nothing held the solve to its memory."""
    if limits.memory_mb is None or (isolated and sys.platform == "linux"):
        return found
    return replace(found, detail=found.detail | {"memory_limit": "not_enforced"})


def _checked(formulation: Formulation, found: Solved) -> Solved:
    """Drop every vector that is no plan; to come back with one is a fault."""
    good = [s for s in found.stages if _is_plan(formulation, s.vector)]
    vector = found.vector
    sound = len(good) == len(found.stages)
    if vector is not None and not _is_plan(formulation, vector):
        vector, sound = None, False
    good = [_sound(formulation, at, s) for at, s in enumerate(good)]
    if sound:
        return Solved(found.termination, vector, tuple(good), found.detail)
    detail = found.detail | {"fault": "bad_plan"}
    return Solved(Termination.FAULT, vector, tuple(good) if vector is not None else (), detail)


def _is_plan(formulation: Formulation, vector: IntArray) -> bool:
    """Tell whether an array is a vector of whole numbers that keeps everything."""
    shaped = vector.shape == formulation.lower.shape and vector.dtype == np.int64
    return shaped and exact.feasible(formulation, vector)


def _sound(formulation: Formulation, before: int, stage: StageResult) -> StageResult:
    """Drop what does not fit rows and columns: worse prices, never wrong ones; a longer search."""
    duals, ended, wanted = stage.duals, stage.ended, len(formulation.rows) + before
    if duals is not None and not (duals.shape == (wanted,) and np.isfinite(duals).all()):
        duals = None
    if ended is not None and not (ended.shape == stage.vector.shape and ended.dtype == np.int64):
        ended = None
    return replace(stage, duals=duals, ended=ended)


def _named(formulation: Formulation, found: Solved) -> Solved:
    """Put the names back where a child could only count."""
    if "farkas" not in found.detail:
        return found
    named: list[Any] = [
        [list(formulation.rows.key(int(key[-1]))), y] for key, y in found.detail["farkas"]
    ]
    detail = found.detail | {"farkas": named}
    return Solved(found.termination, found.vector, found.stages, detail)
