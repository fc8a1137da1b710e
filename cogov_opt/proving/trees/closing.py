"""From float duals to integers that close a node, or bound it (convention S10.6)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.branching import NO_GOAL, Step
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.prices import at_scale
from cogov_opt.proving.trees.boxes import Box, priced
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Priced
from cogov_opt.solving.problem import FloatArray

SCALES = tuple(10**k for k in range(10))


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
    for scale in SCALES:
        whole = np.rint(ray / largest * scale).astype(np.int64)
        for sign in (1, -1):
            found = priced(system, box, nothing, sign * whole, 0)
            if found.bound < 0:
                return step_of(NO_GOAL, _smallest(found))
    return None


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
