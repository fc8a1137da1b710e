"""The trees of all stages that prices leave open, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from cogov_opt.domain.formulation import Formulation
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.proving.trees.parcel import Grown, Wanted
from cogov_opt.proving.trees.proving import prove
from cogov_opt.solving.backends.highs import HighsError


def system_of(formulation: Formulation, wanted: Wanted) -> Formulation:
    """Give the formulation with the rows of the stages before the one wanted (S9.4)."""
    system = formulation
    for goal in wanted.published:
        if goal.stage.index < wanted.stage:
            system = system.with_stage_row(goal.stage, goal.floor)
    return system


def grow_all(
    formulation: Formulation,
    wanted: Sequence[Wanted],
    allowance: Allowance,
    save: Callable[[list[Grown]], None] | None = None,
) -> list[Grown]:
    """Grow every tree that is wanted; one that the solver refuses is left out."""
    began = time.monotonic()
    grown: list[Grown] = []
    for one in wanted:
        left = allowance.seconds
        if left is not None:
            left -= time.monotonic() - began
            if left <= 0:
                break
        stage = next(s for s in formulation.stages if s.index == one.stage)
        system = system_of(formulation, one)
        try:
            tree = prove(system, stage, one.value, one.published, replace(allowance, seconds=left))
        except HighsError:
            continue
        grown.append(Grown(one.stage, tree.root, tree.iterations, tree.reproducible))
        if save is not None:
            save(grown)
    return grown
