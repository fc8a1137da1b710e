"""Derives every justification anew and compares it byte by byte (convention S12)."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from . import canonical
from .contraries import add_losses
from .facts import KINDS, Demand, Need, Resource
from .reasons import NO_STAGE, Decisive, Evidence, Reason, best, column, counts
from .refused_reasons import refused_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .case import Case
    from .priced import Candidate, Key

FILE = "records.jsonl"
ABOUT = ("demand", "option", "need", "resource", "agreement")


def check(case: Case) -> None:
    """Compare records.jsonl with what the evidence gives; fills what the tables of a run cite."""
    for line, right in zip_longest(case.opened.records, derive(case)):
        if right is None:
            case.findings.add("record", FILE, line[:40].decode("utf-8", "replace"))
        elif line != canonical.encode(right):
            case.findings.add("record", FILE, right["record"])


def derive(case: Case) -> Iterator[dict[str, Any]]:
    """Give every record in the order of record ids: A, R, U (S12.1)."""
    evidence = Evidence(case)
    found = [*_assignments(case, evidence), *_unused(case, evidence), *_unmet(case, evidence)]
    if not case.procedural:
        add_losses(case, found)
    yield from found


def _record(name: str, kind: str, about: dict[str, str], reason: Reason) -> dict[str, Any]:
    code, values, proven = reason
    return {
        "record": name, "type": kind, "about": about, "code": code, "values": values,
        "proven": proven,
    }  # fmt: skip


def _assignments(case: Case, evidence: Evidence) -> Iterator[dict[str, Any]]:
    keys = sorted(
        (case.facts.needs[n].demand, o, n, r, g)
        for (n, r, o, g), units in case.plan.given.items()
        if units > 0
    )
    for number, key in enumerate(keys, 1):
        name = f"A-{number:06d}"
        about = dict(zip(ABOUT, key, strict=True))
        if not key[4]:
            del about["agreement"]
        reason = _assigned(case, evidence, key)
        case.reasons[key] = (name, reason[0])
        yield _record(name, "assignment", about, reason)


def _assigned(case: Case, evidence: Evidence, key: Key) -> Reason:
    """S12.3, for procedures S12.6."""
    demand, option, need, resource, agreement = key
    if case.procedural:
        return "need_met", _from_step(case, demand), "trace"
    name = ("x", need, resource, option, agreement)
    if name in evidence.pinned:
        return "pinned", {"clause": evidence.pinned[name]}, "exact"
    tied = evidence.drawn([name])
    if tied:
        return tied
    found = evidence.decisive(name)
    if found and found[1] < 0:
        told = {"stage": found[0].index, "scale": found[0].scale}
        return "gap", {**told, "share": evidence.share(found[0], name)}, "prices"
    return "at_prices", _worth(case, name, found), evidence.sure if found else "prices"


def _worth(case: Case, name: Key, found: Decisive) -> dict[str, Any]:
    """Give what a column brings and takes at its decisive stage, or at the last one (S12.3)."""
    if found is None and not case.proofs:
        return {**NO_STAGE, "brings": 0, "takes": 0, "margin": 0}
    proof, value = found or (case.proofs[-1], 0)
    brings = proof.scale * proof.costs.get(name, 0)
    told = {"stage": proof.index, "scale": proof.scale}
    return {**told, "brings": brings, "takes": brings - value, "margin": value}


def _unmet(case: Case, evidence: Evidence) -> Iterator[dict[str, Any]]:
    for need in sorted(case.facts.needs.values(), key=lambda n: (n.demand, n.id)):
        given, served = evidence.got(need), need.demand in evidence.served
        if given >= need.quantity and (served or need.kind != "fund"):
            continue
        name = f"U-{len(case.unmet) + 1:06d}"
        reason = _missing(case, evidence, need)
        about = {"demand": need.demand, "need": need.id}
        case.unmet.append({
            "demand": need.demand, "need": need.id, "asked": str(need.quantity),
            "given": str(given), "short": str(need.quantity - given), "code": reason[0],
            "record": name,
        })  # fmt: skip
        yield _record(name, "unmet", about, reason)


def _missing(case: Case, evidence: Evidence, need: Need) -> Reason:
    """S12.4: the first case that applies."""
    alone = evidence.alone(need)
    if alone:
        return alone
    demand = case.facts.demands[need.demand]
    served = evidence.served.get(demand.id)
    if served is None:
        other = _blocking(evidence, demand, need)
        if other:
            return "set_incomplete", {"need": other}, "exact"
    if case.procedural:
        return _procedural(case, need)
    if served is not None:
        return _partly(case, evidence, need, served)
    clause = _barring(case, evidence, demand, need)
    if clause:
        return "clause", {"clause": clause}, "exact"
    if case.exact and not need.minimum:
        return _more(case, evidence, need, case.priced.candidates[need.id])
    options = sorted(demand.options)
    choices = [("y", demand.id, option) for option in options]
    tied = evidence.drawn(_columns(case, need) if case.exact else choices)
    if tied:
        return tied
    if demand.id in case.refused:
        return refused_reason(case, demand, options)
    option, found = best((name, evidence.worth(demand, name)) for name in options)
    return evidence.at_prices(found, {"option": option}, tuple(demand.needs))


def _blocking(evidence: Evidence, demand: Demand, need: Need) -> str | None:
    """S12.4, 3: another need that cannot be met, of case 1 before those of case 2."""
    others = sorted(
        (reason[0] == "below_minimum", other.id)
        for other in demand.needs
        if other.id != need.id and (other.minimum > 0 or other.kind == "fund")
        if (reason := evidence.alone(other))
    )
    return others[0][1] if others else None


def _partly(case: Case, evidence: Evidence, need: Need, option: str) -> Reason:
    """S12.4, 4: the demand is served."""
    return _more(case, evidence, need, {option: case.priced.candidates[need.id][option]})


def _more(
    case: Case, evidence: Evidence, need: Need, lists: Mapping[str, list[Candidate]]
) -> Reason:
    """Judge one unit more of a need by the candidate below its cap that comes closest."""
    keys = [column(need.id, option, c) for option, found in lists.items() for c in found]
    unused = [k for k in keys if case.values.get(k, 0) < case.priced.columns[k][1]]
    if not unused:
        return "capacity", {}, "exact"
    tied = evidence.drawn(_columns(case, need))
    if tied:
        return tied
    key, found = evidence.closest(unused)
    needs = tuple(case.facts.demands[need.demand].needs)
    return evidence.at_prices(found, {"option": key[3]}, needs)


def _barring(case: Case, evidence: Evidence, demand: Demand, need: Need) -> str | None:
    """S12.4, 5: hard clauses leave no option of the demand, or no candidate of the need."""
    if not evidence.barred:
        return None
    options = [("y", demand.id, option) for option in demand.options]
    clauses = [
        evidence.barred[key]
        for keys in (options, _columns(case, need))
        if all(key in evidence.barred for key in keys)
        for key in keys
    ]
    return min(clauses) if clauses else None


def _columns(case: Case, need: Need) -> list[Key]:
    """Give the x columns of a need at every option."""
    lists = case.priced.candidates[need.id]
    return [column(need.id, option, c) for option in lists for c in lists[option]]


def _procedural(case: Case, need: Need) -> Reason:
    """S12.6: why a procedure left a need unmet."""
    step = case.steps.get(need.demand, {})
    told = _from_step(case, need.demand)
    verdict = step.get("verdict")
    if verdict in {"too_dear", "stopped"}:
        return "budget", {**told, "asked": step["cost"], "left": step["left"]}, "trace"
    if verdict == "below_threshold":
        values = {**told, "votes": step["votes"], "threshold": step["threshold"]}
        return "below_minimum", values, "trace"
    return "capacity", told, "trace"


def _from_step(case: Case, demand: str) -> dict[str, Any]:
    step = case.steps.get(demand, {})
    told: dict[str, Any] = {"step": step.get("step", 0)}
    if step.get("tie"):
        told["tie"] = step["tie"]
    return told


def _unused(case: Case, evidence: Evidence) -> Iterator[dict[str, Any]]:
    asked = {need.kind for need in case.facts.needs.values()}
    number = 0
    for kind in KINDS:
        for resource in sorted(evidence.of_kind(kind), key=lambda r: r.id):
            if resource.id not in evidence.used:
                number += 1
                keys = [key for key, _ in case.priced.uses.get(resource.id, [])]
                reason = _idle(case, evidence, resource, keys, wanted=kind in asked)
                about = {"resource": resource.id}
                yield _record(f"R-{number:06d}", "unused", about, reason)


def _idle(
    case: Case, evidence: Evidence, resource: Resource, keys: list[Key], *, wanted: bool
) -> Reason:
    """S12.5, for procedures S12.6; `keys` are its x columns by need, option and agreement."""
    if not wanted:
        return "not_needed", {}, "trace" if case.procedural else "exact"
    if not keys:
        failing = counts(evidence.failures_of(resource))
        return "no_eligible_candidate", {"counts": failing}, "exact"
    if case.procedural:
        return "not_needed", {}, "trace"
    needs = {key[1] for key in keys}
    if needs <= evidence.met:
        return "need_met", {"needs": len(needs)}, "exact"
    tied = evidence.drawn(keys)
    if tied:
        return tied
    key, found = evidence.closest(keys)
    return evidence.at_prices(found, {"need": key[1], "option": key[3]}, None)
