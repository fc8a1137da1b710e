"""The least size of a change that serves: tested there, and one size under it (S16.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.asking.weighing import best_plan
from cogov_opt.explaining.changes.change import Change, Ladder
from cogov_opt.explaining.changes.trial import Trial, Tried, Verdict, carried, values_of
from cogov_opt.formulating import formulate
from cogov_opt.solving.stages import floor_of

HELPS = (Verdict.SERVED, Verdict.POSSIBLE)
SHORT = 6
"""Ladders of so few rungs are climbed one by one."""
LAST = 999
"""The number of the goal that looks for the least use: after every goal of a card."""


def least(trial: Trial, ladder: Ladder) -> tuple[Change, Tried, Tried | None]:
    """
    Find the smallest change of a ladder that serves, with what one size less does.

    The search halves the range, as if more always helped more; what is told of the size found and
    of the one under it is proved for these two alone.
    """
    known: dict[int, Tried] = {}

    def at(size: int) -> Tried:
        if size not in known:
            known[size] = trial.of(ladder.made(size).edits)
        return known[size]

    if ladder.top <= SHORT:
        size = next((s for s in range(1, ladder.top + 1) if at(s).verdict in HELPS), ladder.top)
    else:
        size = _halved(trial, ladder, at)
    return ladder.made(size), at(size), at(size - 1) if size > 1 else None


def _halved(trial: Trial, ladder: Ladder, at: Callable[[int], Tried]) -> int:
    """Halve the range, beginning where the least use of what is changed lies."""
    low, high = 0, ladder.top
    if at(high).verdict not in HELPS:
        return high
    guess = _least_use(trial, ladder)
    for size in (guess, guess - 1):
        if not low < size < high:
            continue
        if at(size).verdict in HELPS:
            high = size
        else:
            low = size
    while high - low > 1:
        size = (low + high) // 2
        if at(size).verdict in HELPS:
            high = size
        else:
            low = size
    return high


def _least_use(trial: Trial, ladder: Ladder) -> int:
    """Guess the size: the least use of the resource by plans that beat the published one."""
    change = ladder.made(ladder.top)
    instance, policy = changed(trial.about.run, change.edits)
    formulation = formulate(instance, policy)
    system = asked(formulation, instance, ("serve", trial.demand))
    published = carried(trial.about.decision.formulation, trial.vector, formulation)
    if published is None:
        return ladder.top
    for stage, value in zip(system.stages, values_of(formulation, published), strict=True):
        system = system.with_stage_row(stage, floor_of(stage, value))
    use, capacity = _use_of(formulation, change.target)
    stage = Stage(LAST, -use, 0, None)
    _, least_use = best_plan(system, stage, trial.budget)
    if least_use is None:
        return ladder.top
    return max(1, min(ladder.top, -least_use - (capacity - change.size)))


def _use_of(formulation: Formulation, resource: str) -> tuple[np.ndarray, int]:
    """Give how much of a resource each column uses, and how much there is."""
    row = formulation.rows.index["law.capacity", "units", resource]
    part = slice(int(formulation.matrix.starts[row]), int(formulation.matrix.starts[row + 1]))
    use = np.zeros(len(formulation.lower), np.int64)
    use[formulation.matrix.columns[part]] = formulation.matrix.values[part]
    return use, int(formulation.row_upper[row])
