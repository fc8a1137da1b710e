"""
A search part by part, where columns fall apart that no row connects: a solver searches the product.

The row of an earlier stage connects what it stands in, unless the search for that stage came to
its end and nothing may be given back: then each part keeps what the plan reaches there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.parts import by_part, labels_of, restricted, rows_in
from cogov_opt.solving.problem import Backend, Status, Work
from cogov_opt.solving.search import Found, search

CRUMB = 500
"""Parts of fewer columns are searched together until there are so many: a call costs time too."""
STOPPED = (Status.NODES, Status.SECONDS)
"""How the search of one part may end so that the next is searched all the same."""
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kept:
    """A stage that was searched: whether that came to its end, and what was apart then."""

    stage: Stage
    settled: bool
    labels: IntArray

    @property
    def alone(self) -> int | None:
        """Give the one column that a settled stage is about: no plan kept moves it."""
        used = np.flatnonzero(self.stage.costs)
        return int(used[0]) if self.settled and len(used) == 1 else None

    def links(self) -> list[IndexArray]:
        """Give what the row of the stage connects."""
        columns = np.flatnonzero(self.stage.costs)
        return by_part(columns, self.labels) if self.settled else [columns]


def labels_at(formulation: Formulation, kept: Sequence[Kept]) -> IntArray:
    """Give the part of each column where some stages are kept; -1 for what does not move."""
    joining = np.ones(len(formulation.lower), dtype=bool)
    joining[[k.alone for k in kept if k.alone is not None]] = False
    links = [link[joining[link]] for k in kept for link in k.links()]
    rows = np.ones(len(formulation.row_lower), dtype=bool)
    return labels_of(formulation, rows, joining, [link for link in links if len(link) > 1])


def pools(labels: IntArray, costs: IntArray) -> list[IntArray]:
    """Give the parts that a stage counts, crumbs together."""
    sizes = np.bincount(labels[labels >= 0])
    found: list[list[int]] = []
    size = CRUMB
    for part in np.unique(labels[(costs != 0) & (labels >= 0)]).tolist():
        if size >= CRUMB:
            found.append([])
            size = 0
        found[-1].append(part)
        size += int(sizes[part])
    return [np.array(pool) for pool in found]


@dataclass(frozen=True)
class Whole:
    """What is searched: a formulation, and the same with the rows of the stages kept at its end."""

    base: Formulation
    system: Formulation
    kept: Sequence[Kept]
    hard: BoolArray

    def part(self, columns: BoolArray, rows: BoolArray, plan: IntArray) -> Formulation:
        """Give some columns and rows alone, each stage kept as far as they count for it."""
        found = restricted(self.base, columns, rows, plan)
        for place, one in enumerate(self.kept, start=len(self.base.row_lower)):
            mine = replace(one.stage, costs=one.stage.costs[columns])
            floor = int(self.system.row_lower[place])
            if one.settled:
                floor = exact.value(mine.costs, plan[columns])
            if mine.costs.any():
                found = found.with_stage_row(mine, floor)
        return found


def search_parts(
    whole: Whole, stage: Stage, begun: IntArray | None, known: BoolArray | None,
    backend: Backend, work: Work,
) -> Found:  # fmt: skip
    """
    Search for the best plan of a stage, part by part where there are several.

    `known` marks the columns in which nothing better is left: a part that has no others stays.
    """
    labels = labels_at(whole.base, whole.kept)
    turns = pools(labels, stage.costs)
    if begun is None or not turns:
        return search(whole.system, whole.hard, stage, begun, backend, work)
    rows, ended = rows_in(whole.base, labels), np.full(len(labels), -1, np.int64)
    deadline = None if work.seconds is None else time.monotonic() + work.seconds
    found = Found(Status.OPTIMAL, begun, exact.value(stage.costs, begun))
    for done, pool in enumerate(turns):
        columns, plan = np.isin(labels, pool), found.plan
        if plan is None or found.status not in (Status.OPTIMAL, *STOPPED):
            break
        if known is not None and known[columns].all():
            ended[columns] = done
            continue
        if len(turns) == 1:
            found = one = search(whole.system, whole.hard, stage, plan, backend, work)
        else:
            part = whole.part(columns, np.isin(rows, pool), plan)
            mine, here = replace(stage, costs=stage.costs[columns]), plan[columns]
            share = _share(work, deadline, len(turns) - done)
            one = search(part, whole.hard[columns], mine, here, backend, share)
            found = _together(found, one, columns, exact.value(mine.costs, here))
        if one.over:
            ended[columns] = done
    return replace(found, ended=ended)


def _share(work: Work, deadline: float | None, turns: int) -> Work:
    """Give what a part may use of what is left for so many."""
    # A part's value and bound are not those of the whole: nothing is told on the way.
    work = replace(work, tell=None)
    if deadline is None:
        return work
    return replace(work, seconds=(deadline - time.monotonic()) / turns)


def _together(found: Found, one: Found, columns: BoolArray, counted: int) -> Found:
    """Put what was found in a part in its place; `counted` is what stood for it in the bound."""
    plan, bound = found.plan, None
    if plan is not None and one.plan is not None:
        plan = plan.copy()
        plan[columns] = one.plan
    if found.bound is not None and one.bound is not None:
        bound = found.bound - counted + one.bound
    worse = one if one.status is not Status.OPTIMAL else found
    return Found(
        worse.status, plan, bound, worse.fault, found.passed_over + one.passed_over,
        found.unproved or one.unproved, worse.said,
    )  # fmt: skip
