"""Why each resource without an assignment was not used (convention S12.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.assignments import record_id
from cogov_opt.explaining.plan import BoolArray, Plan, starts_of
from cogov_opt.explaining.prices import Prices, best_of
from cogov_opt.explaining.unmet import PRICED
from cogov_opt.formulating.availability import distinct
from cogov_opt.formulating.failures import Failures

Reason = tuple[str, dict[str, Any]]


def explain_unused(plan: Plan, prices: Prices) -> list[Justification]:
    """Give one record for each unused resource."""
    best = _best_candidates(plan, prices)
    needs, full = _needs_and_fullness(plan)
    counts = ineligible(plan)
    asked = _kind_is_asked(plan)
    x = plan.drawn[plan.decision.formulation.x]
    drawn = set(plan.candidates.resource[x].tolist())
    need_ids = plan.instance.needs.ids

    def reason(resource: int) -> Reason:
        if not asked[int(plan.instance.resources.kind[resource])]:
            return "not_needed", {}
        if resource in counts:
            return "no_eligible_candidate", {"counts": counts[resource]}
        if full[resource]:
            return "need_met", {"needs": int(needs[resource])}
        if resource in drawn:
            return "tie_draw", {"seed": plan.seed}
        return _priced(plan, prices, need_ids, best[resource])

    def proven(code: str, values: Mapping[str, Any]) -> str:
        return plan.proven(code, values) if code in PRICED else "exact"

    return records(plan, reason, proven)


def records(
    plan: Plan,
    reason: Callable[[int], Reason],
    proven: Callable[[str, Mapping[str, Any]], str],
) -> list[Justification]:
    """Give the records of all unused resources by a rule."""
    found = []
    for number, resource in enumerate(plan.unused.tolist(), start=1):
        code, values = reason(resource)
        about = {"resource": plan.instance.resources.ids[resource]}
        name = record_id("R", number)
        found.append(Justification(name, "unused", about, code, values, proven(code, values)))
    return found


def ineligible(plan: Plan) -> dict[int, dict[str, int]]:
    """Count the failing tests of each unused resource of a kind asked that has no candidate."""
    has = np.bincount(plan.candidates.resource, minlength=len(plan.instance.resources)) > 0
    asked = _kind_is_asked(plan)[plan.instance.resources.kind[plan.unused]]
    without = plan.unused[~has[plan.unused] & asked].tolist()
    counts = Failures(plan.facts).of_resources(without)
    return dict(zip(without, counts, strict=True))


def _kind_is_asked(plan: Plan) -> BoolArray:
    """Tell which kinds of resources are asked for at all."""
    return np.bincount(plan.facts.need_kind, minlength=4) > 0


def _ordered(plan: Plan) -> tuple[Any, Any]:
    """Give the candidates by resource, in candidate order within each, and where each begins."""
    resource = plan.candidates.resource
    order = np.argsort(resource, kind="stable")
    sorted_by = resource[order]
    return order, starts_of(sorted_by)[:-1]


def _best_candidates(plan: Plan, prices: Prices) -> dict[int, int]:
    """Give for each resource the candidate that comes closest to being used."""
    order, first = _ordered(plan)
    x = plan.decision.formulation.x
    best = best_of(first, prices.decisive[x][order], prices.value[x][order])
    chosen = order[best]
    return dict(zip(plan.candidates.resource[chosen].tolist(), chosen.tolist(), strict=True))


def _needs_and_fullness(plan: Plan) -> tuple[IntArray, BoolArray]:
    """Count the needs each resource has a candidate for; tell whether all are served in full."""
    wide = np.int64(len(plan.instance.needs) or 1)
    pairs = distinct(plan.candidates.resource * wide + plan.candidates.need)
    resource, need = pairs // wide, pairs % wide
    size = len(plan.instance.resources)
    lacking = (plan.need_option[need] < 0) | plan.unmet[need]
    lacked = np.bincount(resource[lacking], minlength=size)
    return np.bincount(resource, minlength=size), lacked == 0


def _priced(plan: Plan, prices: Prices, need_ids: Sequence[str], candidate: int) -> Reason:
    """Give what the prices say of the use that comes closest."""
    column = candidate + len(plan.instance.options)
    v = int(prices.value[column])
    stage, scale = prices.scale(int(prices.decisive[column])) if v else prices.last
    values: dict[str, Any] = {
        "need": need_ids[plan.candidates.need[candidate]],
        "option": plan.instance.options.ids[plan.candidates.option[candidate]],
        "stage": stage,
        "scale": scale,
    }
    if not v:
        return "at_prices", values | {"margin": 0}
    if v < 0:
        return "outpriced", values | {"margin": -v, "by": []}
    return "gap", values | {"share": v}
