"""Replays pb_greedy: projects by points while the money lasts (convention S14.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import draws, measures
from .plan import Plan

if TYPE_CHECKING:
    from .case import Case
    from .facts import Demand, Need

VARIANTS = ("skip", "stop", "threshold")
Step = dict[str, Any]


class UnknownVariantError(ValueError):
    """The card or the options ask for a variant this verifier does not know."""


def replay(case: Case) -> tuple[list[Step], Plan]:
    """Give the steps and the plan of pb_greedy."""
    variant = str(setting(case, "variant", "skip"))
    if variant not in VARIANTS:
        raise UnknownVariantError(variant)
    fund = case.facts.of_kind("fund")[0]
    left, ended = fund.capacity, False
    least = threshold(case) if variant == "threshold" else None
    steps: list[Step] = []
    plan = Plan()
    for demand in order(case):
        need = _only_need(demand)
        votes = measures.points(case.card.points, demand)
        step = {"step": len(steps) + 1, "demand": demand.id, "votes": votes,
                "cost": need.quantity, "left": left}  # fmt: skip
        step["verdict"] = _verdict(need.quantity, left, votes, least, ended=ended)
        if step["verdict"] == "below_threshold":
            step["threshold"] = least
        if step["verdict"] == "taken":
            left -= need.quantity
            _take(plan, demand, need, fund.id)
        ended = ended or (variant == "stop" and step["verdict"] == "too_dear")
        steps.append(step)
    _tell_ties(steps)
    return steps, plan


def _verdict(cost: int, left: int, votes: int, least: int | None, *, ended: bool) -> str:
    if ended:
        return "stopped"
    if least is not None and votes < least:
        return "below_threshold"
    return "taken" if cost <= left else "too_dear"


def _only_need(demand: Demand) -> Need:
    if len(demand.needs) != 1 or demand.needs[0].kind != "fund":
        raise ValueError(f"{demand.id} is no project: it needs more than money")
    return demand.needs[0]


def _take(plan: Plan, demand: Demand, need: Need, fund: str) -> None:
    option = next(iter(demand.options))
    plan.served[demand.id] = option
    if need.quantity:
        plan.given[need.id, fund, option, ""] = need.quantity
        plan.bought[need.id, option] = need.quantity


def setting(case: Case, name: str, default: Any) -> Any:
    """Give a parameter of the strategy: the run's option, else the card's, else the default."""
    options = case.opened.run.get("options", {})
    return options[name] if name in options else case.card.strategy.get(name, default)


def threshold(case: Case) -> int:
    """Give the least votes: the card's, else META min_project_score_threshold, else 0."""
    meta = case.facts.package.get("meta") or {}
    found = setting(case, "threshold", meta.get("min_project_score_threshold", 0))
    return int(found or 0)


def order(case: Case) -> list[Demand]:
    """Order projects: points falling, then the tie columns, then id (S14.1)."""
    ties = setting(case, "tie_break", [])
    columns = [ties] if isinstance(ties, str) else list(ties)
    known = {"draw", *(name for demand in case.facts.demands.values() for name in demand.row)}
    for column in sorted(set(columns) - known):
        case.findings.add("unknown", "run.json", f"options.tie_break {column}")

    def place(demand: Demand) -> tuple[Any, ...]:
        parts = [_tie_part(case, demand, column) for column in columns]
        return (-measures.points(case.card.points, demand), *parts, demand.id)

    return sorted(case.facts.demands.values(), key=place)


def _tie_part(case: Case, demand: Demand, column: str) -> tuple[bool, Any]:
    """Give what a tie column sorts by, rising; blank cells last."""
    if column == "draw":
        option = next(iter(demand.options))
        return False, draws.rank(case.seed, case.counter, ("", demand.id, option))
    value = demand.row.get(column)
    return value is None, value if value is not None else 0


def _tell_ties(steps: list[Step]) -> None:
    """Name at each step the demands of equal votes that were decided differently."""
    by_votes: dict[int, list[Step]] = {}
    for step in steps:
        by_votes.setdefault(step["votes"], []).append(step)
    for step in steps:
        taken = step["verdict"] == "taken"
        step["tie"] = sorted(
            other["demand"]
            for other in by_votes[step["votes"]]
            if (other["verdict"] == "taken") != taken
        )
