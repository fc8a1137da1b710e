"""A certificate for each stage of the plan that is published (convention S9.4, S10)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.potentials import FlowPrices
from cogov_opt.proving.prices import certify, certify_with_prices
from cogov_opt.solving import exact
from cogov_opt.solving.exact import ROOM, Exact
from cogov_opt.solving.outcome import Solved, StageResult
from cogov_opt.solving.stages import floor_of


def certify_all(formulation: Formulation, solved: Solved, published: IntArray) -> Certificate:
    """
    Certify every stage of the card, those the solver did not reach included.

    v_k is what the stage's own plan or the published one reaches, if that is more; the rows of
    later stages follow from it, so they are made here anew.
    """
    results = {s.index: s for s in solved.stages}
    gives = any(s.objective is not None and _gives(s) for s in formulation.stages)
    found: list[StageCertificate] = []
    plans: list[IntArray] = []
    system, conditional = formulation, False
    for stage in formulation.stages:
        result = results.get(stage.index)
        own = _own(system, stage, result, published) if gives else published
        proof = certify(
            system, stage, own, published, _duals(system, result), conditional=conditional,
            claimed=None if result is None else result.claimed,
        )  # fmt: skip
        found.append(proof)
        plans.append(own)
        conditional = conditional or not proof.optimal
        system = system.with_stage_row(stage, floor_of(stage, proof.value - stage.constant))
    return Certificate(tuple(found), tuple(plans) if gives else ())


def certify_flow(
    formulation: Formulation, prices: Sequence[FlowPrices], published: IntArray
) -> tuple[StageCertificate, ...]:
    """Certify every stage of a flow by its own integer prices, without a gap."""
    found: list[StageCertificate] = []
    system, conditional = formulation, False
    for stage, price in zip(formulation.stages, prices, strict=True):
        proof = certify_with_prices(
            system, stage, published, published, _whole(price), price.scale,
            conditional=conditional,
        )  # fmt: skip
        found.append(proof)
        conditional = conditional or not proof.optimal
        if len(found) < len(prices):
            system = system.with_stage_row(stage, floor_of(stage, proof.value - stage.constant))
    return tuple(found)


def _whole(price: FlowPrices) -> Exact:
    """Give the prices of all rows, those of earlier stages at the end."""
    wide = price.rows.dtype == object or any(abs(e) >= ROOM for e in price.earlier)
    kind = object if wide else np.int64
    return np.concatenate((price.rows.astype(kind), np.array(price.earlier, dtype=kind)))


def _gives(stage: Stage) -> bool:
    """Tell whether later stages may take something of this one back."""
    objective = stage.objective
    return objective is not None and bool(objective.give_percent or objective.give_points)


def _own(
    system: Formulation, stage: Stage, result: StageResult | None, published: IntArray
) -> IntArray:
    """Give the stage's own plan: the better of what it found and what is published."""
    if result is None or not exact.feasible(system, result.vector):
        return published
    better = exact.value(stage.costs, result.vector) > exact.value(stage.costs, published)
    return result.vector if better else published


def _duals(
    system: Formulation, result: StageResult | None
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give the stage's duals; none where the solver did not come so far (the box alone then)."""
    if result is None or result.duals is None or len(result.duals) != len(system.row_lower):
        return np.zeros(len(system.row_lower))
    return result.duals
