"""Infeasibility as integers: sum_i Y_i b_i + sum_j max(v_j l_j, v_j h_j) < 0 (proof.md 3)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.solving import exact
from cogov_opt.solving.problem import FloatArray

SCALES = tuple(10**k for k in range(10))
NOTHING = 1e-8
"""Entries of a ray below this share of the largest are taken for noise."""


def proof(formulation: Formulation, ray: FloatArray) -> list[tuple[int, int]] | None:
    """
    Round a dual ray until it proves in exact integers that there is no plan, or give None.

    Both signs are tried: which one a solver means is not to be relied on. Its smallest entry is
    tried as the unit first: rays are often whole multiples of it, and read as sums then.
    """
    largest = float(np.abs(ray).max(initial=0.0))
    if not np.isfinite(largest) or largest == 0.0:
        return None
    nothing = np.zeros(len(formulation.lower), np.int64)
    smallest = float(np.abs(ray[np.abs(ray) > largest * NOTHING]).min())
    for unit in (smallest, *(largest / scale for scale in SCALES)):
        whole = np.rint(ray / unit).astype(np.int64)
        for sign in (1, -1):
            found = exact.priced(formulation, nothing, sign * whole, 1)
            if found.bound < 0:
                return _reduced(found.prices)
    return None


def _reduced(prices: exact.Exact) -> list[tuple[int, int]]:
    """Give the rows used and their integers, divided by what they have in common."""
    used = np.flatnonzero(prices)
    common = int(np.gcd.reduce(np.abs(prices[used].astype(np.int64))))
    return [(int(i), int(prices[i]) // common) for i in used]
