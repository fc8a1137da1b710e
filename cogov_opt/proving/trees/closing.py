"""From float duals to integers that close a node, narrow it, or bound it (convention S10.6)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.branching import NO_GOAL, Step
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.prices import at_scale
from cogov_opt.proving.trees.boxes import Box, narrowed, open_columns, priced
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Priced
from cogov_opt.solving.problem import FloatArray

SCALES = tuple(10**k for k in range(10))
RAY_SCALES = tuple(10**k for k in range(14))
"""Where money is a small share of a large amount, a ray proves something at a fine scale alone."""
NEAR = 0.01
"""How much of what a relaxation leaves open, or of one, its prices in integers may add to it."""
WORTH = 0.02
"""The share of open columns that prices must settle to be kept as a step."""


def closed_by_prices(
    system: Formulation, box: Box, stage: Stage, duals: FloatArray, least: int
) -> Step | None:
    """Give the coarsest prices that show that no plan in the box is worth `least`, or None."""
    for scale in SCALES:
        found = priced(system, box, stage.costs, at_scale(duals, scale), scale)
        if found.bound < scale * least:
            return step_of(stage.index, found)
    return None


def closed_by_ray(system: Formulation, box: Box, ray: FloatArray) -> Step | None:
    """Give integers that show that the box holds no plan, or None; both signs are tried."""
    largest = float(np.abs(ray).max(initial=0.0))
    if not np.isfinite(largest) or largest == 0.0:
        return None
    nothing = np.zeros(len(system.lower), np.int64)
    for scale in RAY_SCALES:
        whole = np.rint(ray / largest * scale).astype(np.int64)
        for sign in (1, -1):
            found = priced(system, box, nothing, sign * whole, 0)
            if found.bound < 0:
                return step_of(NO_GOAL, _smallest(found))
    return None


def narrowing(
    system: Formulation, box: Box, stage: Stage, duals: FloatArray, bound: float, value: int
) -> tuple[Step, Box] | None:
    """
    Give prices that settle columns of a box, as a step, and what they leave of it.

    They are the coarsest whose bound is near that of the relaxation the duals are of; None where
    they settle few columns, or where no plan worth more than `value` is left: that closes a node.
    """
    near = max(NEAR, NEAR * (bound - value))
    tried = (priced(system, box, stage.costs, at_scale(duals, s), s) for s in SCALES)
    found = next((p for p in tried if p.bound <= p.scale * (bound + near)), None)
    if found is None or found.bound < found.scale * (value + exact.step(stage.costs)):
        return None
    after = narrowed(system, box, found, value)
    if after is None or open_columns(box) - open_columns(after) <= WORTH * open_columns(box):
        return None
    return step_of(stage.index, found), after


def bounding(system: Formulation, box: Box, stage: Stage, duals: FloatArray, near: float) -> Priced:
    """Give the coarsest prices whose bound is within `near` of the best of any scale."""
    found = [priced(system, box, stage.costs, at_scale(duals, s), s) for s in SCALES[:8]]
    best = min(p.bound / p.scale for p in found)
    return next(p for p in found if p.bound / p.scale <= best + near)


def step_of(stage: int, found: Priced) -> Step:
    """Write prices as a step, those that are not 0."""
    at = np.flatnonzero(found.prices)
    prices = tuple(int(y) for y in found.prices[at].tolist())
    return Step(stage, found.scale, tuple(at.tolist()), prices)


def vector_of(step: Step, height: int) -> exact.Exact:
    """Write the prices of a step out for all rows."""
    largest = max((abs(y) for y in step.prices or ()), default=0)
    found = np.zeros(height, dtype=np.int64 if largest < 2**62 else object)
    found[list(step.rows or ())] = step.prices or ()
    return found


def _smallest(found: Priced) -> Priced:
    """Divide Farkas integers by what they have in common."""
    used = found.prices[np.flatnonzero(found.prices)]
    common = int(np.gcd.reduce(np.abs(used.astype(np.int64)))) or 1
    prices: IntArray = found.prices // common
    return Priced(0, prices, found.reduced // common, found.bound // common)
