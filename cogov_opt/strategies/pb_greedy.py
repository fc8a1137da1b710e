"""
Participatory budgeting as cities count it: the most wanted first, while the money lasts (S14.1).

Every demand asks one need of money and has no time; one fund pays. Points are the votes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import TraceStep
from cogov_opt.domain.decision import Decision, Draw
from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import Allocation, Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import UnsupportedError
from cogov_opt.formulating import formulate
from cogov_opt.formulating.facts import FUND, Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.strategies.context import Context
from cogov_opt.strategies.draws import rank
from cogov_opt.strategies.procedure import (
    cancelled,
    decided,
    held_draw,
    refuse_unknown,
    told_apart,
)

api = 1
name = "pb_greedy"
version = "1"

OPTIONS = ("variant", "tie_break", "threshold", "seed", "lots")
VARIANTS = ("skip", "stop", "threshold")
META_THRESHOLD = "min_project_score_threshold"
DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Award:
    """What was decided about one project, and the money there was before."""

    project: int
    verdict: str
    left: int


def award(
    points: Sequence[int],
    costs: Sequence[int],
    budget: int,
    order: Sequence[int],
    *,
    variant: str = "skip",
    threshold: int = 0,
) -> list[Award]:
    """
    Go through the projects in an order and take those that fit.

    Parameters
    ----------
    order
        Indices into `points` and `costs`, the most wanted first.
    variant
        `skip` goes on after one that does not fit, `stop` ends there; `threshold` passes over
        those with fewer points than `threshold`, else as `skip`.
    """
    found = []
    left, ended = budget, False
    for project in order:
        cost = costs[project]
        if ended:
            verdict = "stopped"
        elif variant == "threshold" and points[project] < threshold:
            verdict = "below_threshold"
        elif cost <= left:
            verdict = "taken"
        else:
            verdict = "too_dear"
            ended = variant == "stop"
        found.append(Award(project, verdict, left))
        if verdict == "taken":
            left -= cost
    return found


def allocate(instance: Instance, policy: Policy, context: Context) -> Decision:
    """
    Award the fund's money by points.

    Raises
    ------
    UnsupportedError
        An option is not known, or the data is no participatory budget: one fund without rules
        about awards, and demands that each ask it for money once.
    """
    began = time.monotonic()
    refuse_unknown(context, OPTIONS)
    variant = context.options.get("variant", "skip")
    if variant not in VARIANTS:
        raise UnsupportedError(f"pb_greedy has no variant '{variant}': {', '.join(VARIANTS)}")
    facts = Facts(instance)
    _refuse_other_data(facts)
    least = _threshold(instance, context.options) if variant == "threshold" else 0
    ties = _tie_columns(context.options)
    if context.lots is not None and DRAW not in ties:
        raise UnsupportedError("lots are drawn for nothing here: 'draw' is not among tie_break")
    draw = held_draw(instance, context) if DRAW in ties else None
    formulation = formulate(instance, policy)
    if context.cancelled:
        return cancelled(instance, policy, context, formulation)
    if len(formulation.candidates) != len(instance.needs):
        raise UnsupportedError("pb_greedy: the fund may not pay for every demand")
    points, costs = demand_points(facts, policy.points), _costs(facts)
    order = _order(instance, points, ties, draw)
    budget = int(facts.capacity[facts.span(FUND)][0])
    awards = award(points.tolist(), costs.tolist(), budget, order, variant=variant, threshold=least)
    steps = _steps(instance, awards, points, costs, least)
    allocation = _allocation(facts, formulation, awards)
    return decided(instance, policy, context, formulation, allocation, steps, draw, began)


def _refuse_other_data(facts: Facts) -> None:
    """Refuse data that is not one fund and untimed demands of one need of money each."""
    instance = facts.instance
    funds = instance.funds
    if len(funds) != 1:
        raise UnsupportedError(f"pb_greedy needs exactly one fund; the data has {len(funds)}")
    for column in ("min_award", "max_per_demand", "step"):
        if int(funds.ints(column)[0]) != BLANK:
            raise UnsupportedError(
                f"pb_greedy pays whole costs: a fund with {column} is not for it"
            )
    count = np.bincount(facts.need_demand, minlength=len(instance.demands))
    options = facts.options
    timed = len(options) != len(instance.demands) or int(options.sessions.sum()) > 0
    if timed or (count != 1).any() or (facts.need_kind != FUND).any():
        raise UnsupportedError("pb_greedy needs demands without time that each ask for money once")


def _threshold(instance: Instance, options: Mapping[str, Any]) -> int:
    """Give the least points: the option's, else the one the election states in META."""
    found = options.get("threshold", instance.package.meta.get(META_THRESHOLD))
    if found is None:
        raise UnsupportedError(
            f"variant 'threshold' needs a threshold: in the card, or {META_THRESHOLD} in META"
        )
    try:
        return int(found)
    except (TypeError, ValueError) as error:
        raise UnsupportedError(f"the threshold '{found}' is no whole number") from error


def _tie_columns(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what settles ties, in order."""
    given = options.get("tie_break", ())
    return (given,) if isinstance(given, str) else tuple(map(str, given))


def _order(
    instance: Instance, points: IntArray, ties: Sequence[str], draw: Draw | None
) -> list[int]:
    """Order the demands: points falling, then each tie column rising, then id (S14.1)."""
    keys = [-points]
    for column in ties:
        keys.extend(_tie_keys(instance, column, draw))
    order: list[int] = np.lexsort(keys[::-1]).tolist()
    return order


def _tie_keys(instance: Instance, column: str, draw: Draw | None) -> list[IntArray]:
    """Give what a tie column sorts by, blanks last."""
    demands = instance.demands
    if column == DRAW and draw is not None:
        options = instance.options.ids
        ranks = [rank(draw, "", d, options[k]) for k, d in enumerate(demands.ids)]
        return [np.array(ranks, dtype=np.int64)]
    found = demands.columns.get(column)
    if isinstance(found, TextColumn):
        # Blanks last, then by code point.
        place = {text: k for k, text in enumerate(sorted(found.values, key=lambda v: (not v, v)))}
        return [np.array([place[v] for v in found.values], dtype=np.int64)[found.codes]]
    if not isinstance(found, np.ndarray):
        raise UnsupportedError(f"ties cannot be broken by '{column}': no column of demands")
    nothing = -1 if column in demands.labels else BLANK
    return [(found == nothing).astype(np.int64), found]


def _costs(facts: Facts) -> IntArray:
    """Give what each demand asks for."""
    found = np.zeros(len(facts.instance.demands), dtype=np.int64)
    found[facts.need_demand] = facts.quantity
    return found


def _steps(
    instance: Instance, awards: Sequence[Award], points: IntArray, costs: IntArray, least: int
) -> list[TraceStep]:
    """Write the trace: one step a project, with those of equal votes decided differently."""
    ids = instance.demands.ids
    votes = points.tolist()
    ties = told_apart(
        [votes[a.project] for a in awards],
        [a.verdict == "taken" for a in awards],
        [ids[a.project] for a in awards],
    )
    found = []
    for number, (a, tie) in enumerate(zip(awards, ties, strict=True), start=1):
        values = {"votes": votes[a.project], "cost": int(costs[a.project]), "left": a.left}
        if a.verdict == "below_threshold":
            values["threshold"] = least
        found.append(TraceStep(number, ids[a.project], a.verdict, values, tie))
    return found


def _allocation(facts: Facts, formulation: Formulation, awards: Sequence[Award]) -> Allocation:
    """Give the plan: the fund pays the whole cost of every project taken."""
    taken = np.zeros(len(facts.instance.demands), dtype=bool)
    taken[[a.project for a in awards if a.verdict == "taken"]] = True
    option = np.where(taken, facts.options.of_demand[:-1], -1).astype(np.int32)
    paid = np.where(taken[facts.need_demand], facts.quantity, 0)
    money = formulation.money
    return Allocation(
        option,
        paid[formulation.candidates.need],
        paid[money.need],
        np.zeros(len(money.need), dtype=np.int64),
    )
