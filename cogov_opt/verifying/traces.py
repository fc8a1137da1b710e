"""Replays a procedure from the facts alone and compares plan and trace (convention S14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, first_come, greedy

if TYPE_CHECKING:
    from .case import Case
    from .plan import Plan

FILE = "trace.jsonl"
REPLAYS = {"pb_greedy": greedy.replay, "first_come": first_come.replay}


def check(case: Case) -> None:
    """Compare every step of trace.jsonl and the plan; leaves the steps in `case.steps`."""
    steps, plan = REPLAYS[case.strategy](case)
    case.steps = {step["demand"]: step for step in steps}
    told = case.opened.trace
    if told is None:
        case.findings.add("file", FILE)
    else:
        _compare(case, told, steps)
    _compare_plans(case, plan)


def _compare(case: Case, told: list[Any], right: list[dict[str, Any]]) -> None:
    for position in range(max(len(told), len(right))):
        one = told[position] if position < len(told) else None
        two = right[position] if position < len(right) else None
        if canonical.encode(one) != canonical.encode(two):
            case.findings.add("trace", FILE, f"step {position + 1}")


def _compare_plans(case: Case, right: Plan) -> None:
    """Compare the plan told with the plan the procedure makes."""
    told = case.plan
    for name in sorted(told.served.keys() | right.served.keys()):
        if told.served.get(name) != right.served.get(name):
            case.findings.add("trace", "allocation.csv", name)
    for key in sorted(told.given.keys() | right.given.keys()):
        if told.given.get(key, 0) != right.given.get(key, 0):
            case.findings.add("trace", "allocation.csv", " ".join(key))
    for mine, other in ((told.bought, right.bought), (told.own, right.own)):
        for place in sorted(mine.keys() | other.keys()):
            if mine.get(place, 0) != other.get(place, 0):
                case.findings.add("trace", "allocation.csv", " ".join(place))
