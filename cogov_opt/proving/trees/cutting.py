"""Cuts at the root of a tree, round by round, as long as its relaxation breaks some (S10.6)."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from cogov_opt.domain.branching import Step
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.cuts import with_cut
from cogov_opt.proving.trees.evaluating import Question
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.proving.trees.programme import Answered, Programme
from cogov_opt.proving.trees.rounding import Found
from cogov_opt.proving.trees.separating import Separator, cosine
from cogov_opt.solving.problem import Status

ROUNDS = 20
"""How many rounds of cuts a root may have."""
ADDED = 100
"""How many cuts a round may add."""
ALIKE = 0.9
"""The cosine above which of two cuts of a round the deeper one does for both."""
TIGHT = 1e-6
SHARE = 3
"""Cuts may take one part in so many of a tree's iterations."""


def cut(question: Question, box: Box, allowance: Allowance) -> list[Step]:
    """
    Give the cuts that hold at the end of all rounds: none where the relaxation breaks none.

    Cuts of a round are derived from rows of the system and cuts before. No round begins once they
    took a part of the iterations a tree has (`SHARE`), or where the bound shows all that is asked.
    """
    system, height = question.system, len(question.system.row_lower)
    steps: list[Step] = []
    used, began, answer = 0, time.monotonic(), Answered(Status.FAULT)
    for left in range(ROUNDS, -1, -1):
        programme = Programme(system, question.stage, box)
        answer = programme.solve()
        used += programme.iterations
        if answer.status != Status.OPTIMAL or answer.point is None or answer.bound is None:
            return []
        found: list[Found] = []
        late = allowance.seconds is not None and time.monotonic() - began > allowance.seconds
        stopped = late or (allowance.stopped is not None and allowance.stopped())
        more = left > 0 and not stopped and used <= allowance.iterations // SHARE
        if more and answer.bound >= question.least:
            found = _round(Separator(system, box, answer.point), programme)
        if not found:
            break
        for one in found:
            system, box = with_cut(system, box, one.step)
            steps.append(one.step)
    return _holding(steps, height, answer)


def _round(at: Separator, programme: Programme) -> list[Found]:
    """Find the deepest cuts of one round, no two of them nearly the same."""
    found = [*at.of_chains(), *at.of_tableau(programme)]
    found.sort(key=lambda f: -f.depth)
    kept: list[Found] = []
    for one in found:
        if len(kept) >= ADDED:
            break
        if all(cosine(one, other) < ALIKE for other in kept):
            kept.append(one)
    return kept


def _holding(steps: list[Step], height: int, answer: Answered) -> list[Step]:
    """Keep the cuts that have a price at the end, and those that they are derived from."""
    if answer.duals is None or len(answer.duals) != height + len(steps):
        return steps
    wanted = set(np.flatnonzero(np.abs(answer.duals[height:]) > TIGHT).tolist())
    for k in range(len(steps) - 1, -1, -1):
        if k in wanted:
            wanted |= {i - height for i in steps[k].rows or () if i >= height}
    place = {height + k: height + new for new, k in enumerate(sorted(wanted))}
    return [
        replace(steps[k], rows=tuple(place.get(i, i) for i in steps[k].rows or ()))
        for k in sorted(wanted)
    ]
