"""Reasons of procedures: read from the trace, nothing recomputed (convention S12.6)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.certificate import Trace, TraceStep
from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.assignments import record_id, subjects
from cogov_opt.explaining.plan import Plan
from cogov_opt.explaining.unmet import Blocks, Reason
from cogov_opt.explaining.unused import ineligible, records

PROVEN = "trace"
NO_MONEY = ("too_dear", "stopped")


def explain_trace(plan: Plan, trace: Trace) -> list[Justification]:
    """Give all records of a procedural decision."""
    steps = {s.demand: s for s in trace.steps}
    return [*_assignments(plan, steps), *_unmet(plan, steps), *_unused(plan)]


def _assignments(plan: Plan, steps: dict[str, TraceStep]) -> list[Justification]:
    found = []
    for number, about in enumerate(subjects(plan), start=1):
        values = _with_tie({"step": steps[about["demand"]].step}, steps[about["demand"]])
        name = record_id("A", number)
        found.append(Justification(name, "assignment", about, "need_met", values, PROVEN))
    return found


def _unmet(plan: Plan, steps: dict[str, TraceStep]) -> list[Justification]:
    blocks = Blocks(plan)
    demands, needs = plan.instance.demands.ids, plan.instance.needs.ids
    found = []
    for number, need in enumerate(plan.unmet_needs.tolist(), start=1):
        demand = demands[int(plan.facts.need_demand[need])]
        blocked = blocks.reason(need)
        code, values = blocked or _of_step(steps.get(demand))
        proven = "exact" if blocked else PROVEN
        about = {"demand": demand, "need": needs[need]}
        found.append(Justification(record_id("U", number), "unmet", about, code, values, proven))
    return found


def _of_step(step: TraceStep | None) -> Reason:
    """Read a step: money ran out, below a threshold, or whatever else was used up."""
    if step is None:
        return "capacity", {"step": 0}
    values: dict[str, Any] = {"step": step.step}
    if step.verdict == "below_threshold":
        votes, threshold = step.values.get("votes", 0), step.values.get("threshold", 0)
        return "below_minimum", _with_tie(values | {"votes": votes, "threshold": threshold}, step)
    if step.verdict in NO_MONEY:
        asked, left = step.values.get("cost", 0), step.values.get("left", 0)
        return "budget", _with_tie(values | {"asked": asked, "left": left}, step)
    return "capacity", _with_tie(values, step)


def _with_tie(values: dict[str, Any], step: TraceStep) -> dict[str, Any]:
    """Add the demands tied at the margin, where the draw or a tie column settled it."""
    return values | {"tie": list(step.tie)} if step.tie else values


def _unused(plan: Plan) -> list[Justification]:
    counts = ineligible(plan)

    def reason(resource: int) -> Reason:
        if resource in counts:
            return "no_eligible_candidate", {"counts": counts[resource]}
        return "not_needed", {}

    return records(plan, reason, lambda code, _: PROVEN if code == "not_needed" else "exact")
