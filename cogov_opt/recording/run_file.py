"""run.json: what was decided about, how, and how it ended (convention S13.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogov_opt.domain.certificate import Certificate, StageCertificate, Trace
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Stage
from cogov_opt.recording.digests import digest, input_digest, input_digests, option_digest, run_id
from cogov_opt.recording.totals import totals

FORMAT = 1


def run_file(
    decision: Decision, files: Mapping[str, bytes], attempt: int, supersedes: str | None
) -> dict[str, Any]:
    """Give run.json, from the decision and the digests of its other files."""
    policy, meta = decision.policy, decision.instance.package.meta
    inputs = input_digests(files)
    card = digest(policy.text)
    options = dict(decision.options)
    evidence = decision.evidence
    stages = evidence.stages if isinstance(evidence, Certificate) else ()
    return {
        "format": FORMAT,
        "run_id": run_id(
            input_digest(inputs), card, option_digest(decision.strategy, options), attempt
        ),
        "purpose": str(meta.get("purpose", "")),
        "prepared_by": str(meta.get("prepared_by", "")),
        "for_actor": str(meta.get("for_actor", "")),
        "data_as_of": str(meta.get("data_as_of", "")),
        "card": {
            "id": policy.id,
            "version": policy.version,
            "status": policy.status,
            "digest": card,
        },
        "inputs": inputs,
        "attempt": attempt,
        "supersedes": supersedes,
        "strategy": decision.strategy,
        "options": options,
        "stages": [_stage(_line(decision, s), s) for s in stages],
        "all_certified": bool(stages) and all(s.certified_optimal for s in stages),
        "termination": str(decision.termination),
        "proof": str(decision.outcome.proof or ""),
        "draw": _draw(decision),
        "totals": totals(decision),
        "breaks": [[c, list(k)] for c, k in evidence.breaks] if isinstance(evidence, Trace) else [],
        "route": decision.outcome.route,
    }


def _line(decision: Decision, stage: StageCertificate) -> Stage:
    return next(s for s in decision.formulation.stages if s.index == stage.index)


def _stage(line: Stage, stage: StageCertificate) -> dict[str, Any]:
    """Give one stage in figures; values as the card states them, as decimal strings."""
    terms = line.objective.terms if line.objective else ()
    return {
        "index": stage.index,
        "terms": [t.term for t in terms],
        "sense": line.sense,
        "value": str(line.stated(stage.value)),
        "published": str(line.stated(stage.published)),
        "bound": str(line.stated(stage.certified_bound)),
        "gap": str(stage.certified_gap),
        "optimal": stage.certified_optimal,
        "conditional": stage.conditional,
    }


def _draw(decision: Decision) -> dict[str, Any] | None:
    draw = decision.draw
    if draw is None:
        return None
    return {
        "seed": draw.seed,
        "trust": draw.trust,
        "unique": draw.unique,
        "counter": draw.counter,
    }
