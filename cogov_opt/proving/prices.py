"""Price certificates of one stage (convention S10): any integers Y prove what they prove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cogov_opt.domain.certificate import StageCertificate
from cogov_opt.domain.formulation import Formulation, Key, Stage, all_keys
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Exact, Priced
from cogov_opt.solving.problem import FloatArray

SCALES = tuple(10**k for k in range(13))
"""Powers of ten that are tried as the scale."""
LARGEST = 2.0**62


def certify(
    formulation: Formulation,
    stage: Stage,
    own: IntArray,
    published: IntArray,
    duals: FloatArray,
    *,
    conditional: bool = False,
    claimed: float | None = None,
) -> StageCertificate:
    """
    Certify a stage from a solver's duals, which are raw material and not believed.

    Parameters
    ----------
    formulation
        With the rows of earlier stages at its end.
    own, published
        The stage's own plan, from which v_k comes, and the final one, which the shares are of.
    duals
        One for each row, in the sense v = c - duals A; any numbers are safe.
    claimed
        The solver's own bound without the constant.
    """
    value = max(exact.value(stage.costs, own), exact.value(stage.costs, published))
    found = _chosen(formulation, stage, duals, value)
    proof = _certificate(formulation, stage, found, value, published, conditional, claimed)
    return replace(proof, own=own)


def certify_with_prices(
    formulation: Formulation,
    stage: Stage,
    own: IntArray,
    published: IntArray,
    prices: Exact,
    scale: int,
    *,
    conditional: bool = False,
    claimed: float | None = None,
) -> StageCertificate:
    """Certify a stage by given integer prices; sides that are infinite count as price 0."""
    value = max(exact.value(stage.costs, own), exact.value(stage.costs, published))
    found = exact.priced(formulation, stage.costs, prices, scale)
    proof = _certificate(formulation, stage, found, value, published, conditional, claimed)
    return replace(proof, own=own)


def at_scale(duals: FloatArray, scale: int) -> Exact:
    """Round duals to integers at a scale; beyond 63 bits as Python integers."""
    wide = np.rint(np.nan_to_num(duals, posinf=0.0, neginf=0.0) * float(scale))
    if float(np.abs(wide).max(initial=0.0)) < LARGEST:
        return wide.astype(np.int64)
    return np.array([int(v) for v in wide.tolist()], dtype=object)


def _chosen(formulation: Formulation, stage: Stage, duals: FloatArray, value: int) -> Priced:
    """
    Choose the scale: the smallest whose bound is near the float one (proof.md 3).

    Near is max(g/2, 0.01 %). Where the float bound is near enough for optimality, the scale goes
    on until the integers prove it too.
    """
    step = exact.step(stage.costs)
    bound = float_bound(formulation, stage, duals)
    near = max(step / 2, abs(bound) / 10_000)
    provable = bound < value + step * (1 - 1e-6)
    best: Priced | None = None
    for scale in SCALES:
        found = exact.priced(formulation, stage.costs, at_scale(duals, scale), scale)
        if best is None or found.bound * best.scale < best.bound * scale:
            best = found
        proved = found.bound - scale * value < scale * step
        if proved or (not provable and found.bound / scale - bound <= near):
            return found
    return best if best is not None else _no_prices(formulation, stage)


def _no_prices(formulation: Formulation, stage: Stage) -> Priced:
    """Give the bound of the box alone."""
    nothing = np.zeros(len(formulation.row_lower), np.int64)
    return exact.priced(formulation, stage.costs, nothing, 1)


def float_bound(formulation: Formulation, stage: Stage, duals: FloatArray) -> float:
    """Give the bound the duals would prove without rounding, roughly."""
    kept = exact.allowed(formulation, np.nan_to_num(duals, posinf=0.0, neginf=0.0))
    matrix = formulation.matrix
    taken = np.bincount(
        matrix.columns, matrix.values * kept[matrix.row_of], minlength=len(stage.costs)
    )
    reduced = stage.costs - taken
    sides = np.where(kept > 0, formulation.row_upper, formulation.row_lower)
    box = np.maximum(reduced * formulation.lower, reduced * formulation.upper)
    return float(np.where(kept == 0, 0.0, kept * sides).sum() + box.sum())


def _certificate(
    formulation: Formulation,
    stage: Stage,
    found: Priced,
    value: int,
    published: IntArray,
    conditional: bool,
    claimed: float | None,
) -> StageCertificate:
    """Work out everything S10.3 asks for."""
    step, scale = exact.step(stage.costs), found.scale
    reached = exact.value(stage.costs, published)
    named, rounding = _shares(formulation, found, published, scale * step)
    return StageCertificate(
        index=stage.index,
        scale=scale,
        prices=found.prices,
        row_keys=all_keys(formulation.rows),
        reduced=found.reduced,
        value=value + stage.constant,
        published=reached + stage.constant,
        bound=step * (found.bound // (scale * step)) + stage.constant,
        bound_scaled=found.bound,
        excess=found.bound - scale * reached,
        taken_back=scale * (value - reached),
        step=step,
        optimal=found.bound - scale * value < scale * step,
        conditional=conditional,
        shares=named,
        rounding=rounding,
        claimed=None if claimed is None else claimed + stage.constant,
    )


def _shares(
    formulation: Formulation, found: Priced, x: IntArray, whole: int
) -> tuple[tuple[tuple[Key, int], ...], int]:
    """Name the shares of at least S g / (columns + rows); sum the rest as rounding (S10.2)."""
    columns, rows = exact.shares(formulation, found, x)
    count = len(columns) + len(rows)
    least = -(-whole // count) if count else whole
    named = _named(formulation.columns.key, columns, least)
    named += _named(formulation.rows.key, rows, least)
    rest = exact.total(columns) + exact.total(rows) - sum(share for _, share in named)
    return tuple(named), rest


def _named(key: Callable[[int], Key], shares: Exact, least: int) -> list[tuple[Key, int]]:
    """Name the shares that are large enough."""
    return [(key(int(i)), int(shares[i])) for i in np.flatnonzero(shares >= least)]
