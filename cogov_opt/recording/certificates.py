"""certificate.json: the prices and what they prove, by meaning (convention S10.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import (
    Attempt,
    Certificate,
    Refusal,
    StageCertificate,
    Trace,
)
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IntArray
from cogov_opt.recording.ties import before_draw, drawn_columns
from cogov_opt.recording.trees import tree_entry

Pairs = list[list[Any]]


def certificate_file(decision: Decision) -> dict[str, Any]:
    """Give certificate.json; without a certificate it holds what stopped the work, if anything."""
    evidence = decision.evidence
    if not isinstance(evidence, Certificate):
        return {"stages": [], "detail": _plain(dict(decision.outcome.detail))}
    found: dict[str, Any] = {"stages": [_stage(decision.formulation, s) for s in evidence.stages]}
    before = before_draw(decision)
    if before is not None:
        drawn = np.flatnonzero(drawn_columns(decision)).tolist()
        columns = decision.formulation.columns
        found["before_draw"] = _pairs((columns.key(j), int(before[j])) for j in drawn)
    if evidence.draw_prices is not None:
        found["draw_prices"] = _row_prices(decision.formulation, evidence.draw_prices)
    if evidence.attempts:
        found["draw_attempts"] = [_attempt(decision, a) for a in evidence.attempts]
    if evidence.tied is not None:
        found["ties"] = {"candidates": str(int(evidence.tied.sum()))}
    if evidence.refusals:
        found["refusals"] = [_refusal(decision.formulation, r) for r in evidence.refusals]
    if evidence.plans:
        found["plans"] = [_plan(decision.formulation, p) for p in evidence.plans]
    return found


def _attempt(decision: Decision, attempt: Attempt) -> dict[str, Any]:
    """Give one attempt of the draw: its prices, and where its plan differs from the published."""
    f, published = decision.formulation, decision.outcome.vector
    moved = [] if published is None else np.flatnonzero(attempt.plan != published).tolist()
    return {
        "counter": str(attempt.counter),
        "prices": _row_prices(f, attempt.prices),
        "moved": _pairs((f.columns.key(j), int(attempt.plan[j])) for j in moved),
    }


def _row_prices(formulation: Formulation, prices: IntArray) -> Pairs:
    """Give the prices of rows that are not 0."""
    priced = np.flatnonzero(prices).tolist()
    return _pairs((formulation.rows.key(i), int(prices[i])) for i in priced)


def _stage(formulation: Formulation, stage: StageCertificate) -> dict[str, Any]:
    """Give one stage; every number as a decimal string, values as the card states them."""
    line = next(s for s in formulation.stages if s.index == stage.index)
    used = np.flatnonzero(stage.prices).tolist()
    prices = ((stage.row_keys[i], int(stage.prices[i])) for i in used)
    return {
        "index": str(stage.index),
        "sense": line.sense,
        "scale": str(stage.scale),
        "prices": _pairs(prices),
        "value": str(line.stated(stage.value)),
        "published": str(line.stated(stage.published)),
        "bound": str(line.stated(stage.bound)),
        "gap": str(stage.gap),
        "bound_scaled": str(stage.bound_scaled),
        "excess": str(stage.excess),
        "taken_back": str(stage.taken_back),
        "optimal": stage.optimal,
        "conditional": stage.conditional,
        "shares": _pairs(stage.shares),
        "rounding": str(stage.rounding),
        **tree_entry(formulation, line, stage),
    }


def _refusal(formulation: Formulation, refusal: Refusal) -> dict[str, Any]:
    """Give one refusal; its bound as the card states it, blank where no plan is left."""
    line = next(s for s in formulation.stages if s.index == refusal.stage)
    return {
        "demand": refusal.demand,
        **({} if refusal.part is None else {"part": list(refusal.part)}),
        "stage": str(refusal.stage),
        "scale": str(refusal.scale),
        "prices": _pairs(refusal.prices),
        "bound": str(line.stated(refusal.bound)) if refusal.scale else "",
        **({} if refusal.tree is None else {"tree": refusal.tree}),
    }


def _plan(formulation: Formulation, vector: Any) -> Pairs:
    used = np.flatnonzero(vector).tolist()
    return _pairs((formulation.columns.key(j), int(vector[j])) for j in used)


def _pairs(items: Iterable[tuple[Key, int]]) -> Pairs:
    """Give keys and numbers, sorted by the canonical JSON of the key."""
    found = [(canonical_json(list(key)), [list(key), str(number)]) for key, number in items]
    return [pair for _, pair in sorted(found, key=lambda x: x[0])]


def trace_lines(trace: Trace) -> bytes:
    """Write trace.jsonl: one step a line (S14.1)."""
    lines = (
        {"step": s.step, "demand": s.demand, "verdict": s.verdict, **s.values, "tie": list(s.tie)}
        for s in trace.steps
    )
    return b"".join(canonical_json(line) + b"\n" for line in lines)


def _plain(value: Any) -> Any:
    """Give outcome details as canonical JSON takes them: numbers as text."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, str | bool) else str(value)
