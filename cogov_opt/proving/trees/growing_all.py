"""The trees that are wanted, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from cogov_opt.proving.trees.evaluating import Question
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.proving.trees.parcel import Grown
from cogov_opt.proving.trees.proving import prove
from cogov_opt.solving.backends.highs import HighsError


def grow_all(
    wanted: Sequence[Question],
    allowance: Allowance,
    save: Callable[[list[Grown]], None] | None = None,
) -> list[Grown]:
    """Grow every tree that is wanted; one that the solver refuses is left out."""
    began = time.monotonic()
    grown: list[Grown] = []
    for place, asked in enumerate(wanted):
        left = allowance.seconds
        if left is not None:
            left -= time.monotonic() - began
            if left <= 0:
                break
        here = replace(allowance, seconds=left)
        try:
            tree = prove(asked.system, asked.stage, asked.value, asked.published, here)
        except HighsError:
            continue
        grown.append(Grown(place, tree.root, tree.iterations, tree.reproducible))
        if save is not None:
            save(grown)
    return grown
