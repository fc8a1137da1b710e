"""The optimum: stages solved one after the other, each with a price certificate (S9-S11)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from typing import Any

from cogov_opt.domain.certificate import Attempt, Certificate, Losses
from cogov_opt.domain.decision import Decision, Draw, Limits, Outcome, Proof, Termination
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import SolverError, UnsupportedError
from cogov_opt.formulating import formulate
from cogov_opt.formulating.completion import allocation_of
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.proving.residual import BoolArray
from cogov_opt.proving.stages import certify_all, certify_flow
from cogov_opt.solving import coupled, exact
from cogov_opt.solving.network import Network
from cogov_opt.solving.outcome import Begun, Solved
from cogov_opt.solving.release import released
from cogov_opt.strategies.context import Context
from cogov_opt.strategies.draws import FLOW_BITS, draw_of, draw_stage, ranks
from cogov_opt.strategies.flow_route import is_flow, solve_flow
from cogov_opt.strategies.infeasible import too_few, with_conflict
from cogov_opt.strategies.payments import release_order
from cogov_opt.strategies.refusals import with_refusals
from cogov_opt.strategies.rounds import solve_in_rounds
from cogov_opt.strategies.softening import with_softened
from cogov_opt.strategies.trees import LEAVES, MOST_LEAVES, TreeWork, with_trees

api = 1
name = "optimum"
version = "1"

OPTIONS = {
    "seed": str, "draw": bool, "lots": str, "soften": dict, "tree": bool, "leaves": int,
    "cuts": bool,
    "regrets": bool,
}  # fmt: skip
"""
`seed`: a chosen seed of the draw; `draw`: false leaves ties as the solver broke them; `lots`: the
digest of a draw of lots, which gives the seed; `soften`: hard clauses that may be missed in this
run, each with its penalty in the first stage; `tree`: false leaves open what prices leave open;
`leaves`: how many leaves a branch tree may have; `cuts`: false
makes trees of splits alone; `regrets`: on a flow, what every other decision
would lose.
"""


MOST_REGRETS = 100_000
"""Candidates of a run that tells the loss of every one: the verifier searches them all again."""


def allocate(instance: Instance, policy: Policy, context: Context) -> Decision:
    """
    Give a best plan under the card, with prices that prove how good it is.

    Raises
    ------
    UnsupportedError
        The card has no objectives, or an option is not known.
    """
    _refuse(policy, context)
    began = time.monotonic()
    policy, context = with_softened(instance, policy, context)
    formulation = formulate(instance, policy)
    context.tell(
        "formulated", columns=len(formulation.columns), rows=len(formulation.rows),
    )  # fmt: skip
    draw = _draw(instance, context)
    case = _Case(instance, policy, context, formulation, draw, began)
    short = None if context.cancelled else too_few(formulation, policy)
    if short is not None:
        return _decision(case, short)
    network = is_flow(formulation)
    _refuse_regrets(context, formulation, network)
    if network is not None and not context.cancelled:
        return _by_flow(case, network)
    solved, evidence = _searched(case)
    return _decision(case, with_conflict(formulation, policy, context, solved, began), evidence)


def _refuse(policy: Policy, context: Context) -> None:
    """Refuse what this strategy cannot do, before any work is done."""
    if not policy.objectives:
        raise UnsupportedError(
            f"card '{policy.id}' states no objectives: the optimum of nothing is anything."
            " Add a stage, or name another strategy."
        )
    for option, value in context.options.items():
        kind = OPTIONS.get(option)
        if kind is None:
            known = ", ".join(sorted(OPTIONS))
            raise UnsupportedError(f"optimum has no option '{option}'. Known: {known}.")
        if not isinstance(value, kind):
            raise UnsupportedError(f"option '{option}' of optimum is a {kind.__name__}")


def _refuse_regrets(context: Context, formulation: Formulation, network: Network | None) -> None:
    """Refuse to write the losses of all decisions where they are not exact, or too many."""
    if not context.options.get("regrets"):
        return
    if network is None:
        raise UnsupportedError(
            "regrets are exact where every demand has one need and one time, each unit of a"
            " resource serves one at a time, and nothing is paid: this case is not such a flow."
            " Ask about single decisions with 'cogov explain RUN --about ID --exact'."
        )
    if len(formulation.candidates) > MOST_REGRETS:
        raise UnsupportedError(
            f"regrets are written for at most {MOST_REGRETS:,} candidates, and there are"
            f" {len(formulation.candidates):,}. Ask about single decisions with"
            " 'cogov explain RUN --about ID --exact'."
        )


def _draw(instance: Instance, context: Context) -> Draw | None:
    """Give the draw that settles ties, None if the caller wants none."""
    if not context.options.get("draw", True):
        return None
    seed = context.options.get("seed")
    return draw_of(instance, None if seed is None else str(seed), context.lots)


def _searched(case: _Case) -> tuple[Solved, Certificate | None]:
    """Search by the coupled route, in rounds where trees are wanted."""
    work = _tree_work(case)
    if not work.wanted or work.leaves < 1:
        return _solve(case, case.context.limits.nodes, None), None
    solve, prove = partial(_solve, case), partial(_proved, case)
    return solve_in_rounds(case.formulation, solve, prove, case.context.limits)


def _solve(case: _Case, nodes: int | None, start: Begun | None) -> Solved:
    """Solve by the coupled route, within what is left of the caller's limits."""
    context, draw = case.context, case.draw
    if context.cancelled:
        return Solved(Termination.CANCELLED)
    if start is not None and _used_up(case):
        return Solved(Termination.LIMIT, detail={"limit": "seconds", "reproducible": False})
    return coupled.solve(
        case.formulation,
        replace(_limits_left(case), nodes=nodes),
        draw=None if draw is None else draw_stage(case.instance, case.formulation, draw),
        isolated=context.isolation == "child",
        cancel=context.cancel,
        tell=context.on_event,
        start=start,
    )


def _proved(case: _Case, solved: Solved) -> Certificate | None:
    """Give the certificate of what was found, trees included; None where it is no plan."""
    vector = None if solved.vector is None else _published(case, solved.vector, {})
    return None if vector is None else _certified(case, solved, vector)


def _certified(case: _Case, solved: Solved, vector: IntArray) -> Certificate:
    """Certify every stage by prices, and by trees where those leave a gap."""
    evidence = certify_all(case.formulation, solved, vector)
    work = _tree_work(case)
    if work.wanted:
        case.context.tell("proving", stages=len(evidence.stages))
    return with_trees(case.formulation, evidence, work)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a decision is made of, besides what was found."""

    instance: Instance
    policy: Policy
    context: Context
    formulation: Formulation
    draw: Draw | None
    began: float


def _by_flow(case: _Case, network: Network) -> Decision:
    """Give the decision of a flow-shaped case: exact at every stage, its ties settled by rank."""
    from cogov_opt.solving.backends.linear_assignment import one_to_one, solve_matching
    from cogov_opt.solving.backends.min_cost_flow import solve_circulation

    formulation, draw = case.formulation, case.draw
    agent = one_to_one(network)
    found = solve_flow(
        formulation,
        network,
        solve_circulation,
        None if draw is None else partial(_flow_ranks, case, draw),
        None if agent is None else partial(solve_matching, network, agent),
    )
    vector = _published(case, found.vector, {})
    if vector is None:
        raise SolverError("the min-cost flow came back with a plan that breaks the rows")
    evidence = Certificate(
        certify_flow(formulation, found.prices, vector),
        before_draw=None if draw is None else formulation.completed(found.before_draw),
        draw_prices=None if found.draw is None else found.draw.prices,
        attempts=tuple(Attempt(d.counter, d.vector, d.prices) for d in found.others),
        tied=found.tied,
        regrets=_regrets(case, vector) if case.context.options.get("regrets") else None,
    )
    case.context.tell("certified", stages=len(evidence.stages))
    if draw is not None and found.draw is not None:
        told = "unique" if found.draw.unique else "not_unique"
        draw = replace(draw, unique=told, counter=found.draw.counter)
    outcome = Outcome(
        Termination.OPTIMAL, allocation_of(formulation, vector), vector, "flow",
        {"solver": "min_cost_flow" if agent is None else "linear_assignment"}, Proof.DONE,
    )  # fmt: skip
    return Decision(
        case.instance, case.policy, formulation, outcome, evidence, draw, name,
        dict(case.context.options), _provenance(case),
    )  # fmt: skip


def _flow_ranks(case: _Case, draw: Draw, wanted: BoolArray, counter: int) -> IntArray:
    """Give the ranks of some columns of a flow at a counter."""
    return ranks(case.instance, case.formulation, replace(draw, counter=counter), FLOW_BITS, wanted)


def _regrets(case: _Case, vector: IntArray) -> tuple[Losses, Losses]:
    """Give what one unit more and one less of every candidate would lose (S10.9)."""
    flow = FlowPlan.of(case.formulation, vector)
    if flow is None:
        raise SolverError("the flow's formulation has no stage to lose anything at")
    found = flow.more, flow.less
    case.context.tell("regrets", candidates=len(case.formulation.candidates))
    return found


def _decision(case: _Case, solved: Solved, known: Certificate | None = None) -> Decision:
    """
    Put the decision together, and certify every stage for the plan that is published.

    `known` is its certificate where the search has made one.
    """
    formulation, detail = case.formulation, dict(solved.detail)
    vector = None if solved.vector is None else _published(case, solved.vector, detail)
    termination = solved.termination
    if vector is None and solved.vector is not None:
        termination = Termination.FAULT
    outcome = Outcome(
        termination,
        None if vector is None else allocation_of(formulation, vector),
        vector,
        "coupled",
        detail,
    )
    evidence: Certificate | None = None
    if vector is not None:
        evidence = _certified(case, solved, vector) if known is None else known
        demands = case.instance.demands.ids
        evidence = with_refusals(formulation, demands, evidence, vector, _tree_work(case))
        evidence = replace(evidence, before_draw=_witness(case, solved, vector))
        outcome = replace(outcome, proof=_how_proved(case))
        case.context.tell("certified", stages=len(evidence.stages))
    return Decision(
        case.instance,
        case.policy,
        formulation,
        outcome,
        evidence,
        case.draw if vector is not None else None,
        name,
        dict(case.context.options),
        _provenance(case),
    )


def _how_proved(case: _Case) -> Proof:
    """Say how the proof ended: a plan may be the best there is while its proof was cut short."""
    if case.context.cancelled:
        return Proof.CANCELLED
    return Proof.LIMIT if _used_up(case) else Proof.DONE


def _used_up(case: _Case) -> bool:
    """Tell whether the caller wants no more, or the time is over."""
    seconds = case.context.limits.seconds
    over = seconds is not None and time.monotonic() - case.began > seconds
    return over or case.context.cancelled


def _tree_work(case: _Case) -> TreeWork:
    """Give what the trees may use: the card's options, and what is left of the caller's limits."""
    context = case.context
    return TreeWork(
        bool(context.options.get("tree", True)),
        min(int(context.options.get("leaves", LEAVES)), MOST_LEAVES),
        _limits_left(case), context.isolation == "child", context.cancel,
        cuts=bool(context.options.get("cuts", True)),
    )  # fmt: skip


def _limits_left(case: _Case) -> Limits:
    """Give the caller's limits, with the seconds that are left."""
    limits = case.context.limits
    if limits.seconds is None:
        return limits
    return replace(limits, seconds=limits.seconds - (time.monotonic() - case.began))


def _witness(case: _Case, solved: Solved, vector: IntArray) -> IntArray | None:
    """Give the plan before the draw if it is as good in every stage: proof that ties were tied."""
    if not solved.stages or "draw" not in solved.detail:
        return None
    formulation = case.formulation
    before = _whole(case, solved.stages[-1].vector)
    equal = all(s.value(before) == s.value(vector) for s in formulation.stages)
    return before if equal and exact.feasible(formulation, before) else None


def _published(case: _Case, vector: IntArray, detail: dict[str, Any]) -> IntArray | None:
    """
    Give the plan's full vector with every auxiliary column as its rows make it.

    The verifier derives these columns itself, so the published vector must be the derived one.
    """
    whole, formulation = _whole(case, vector), case.formulation
    if exact.feasible(formulation, whole):
        return whole
    detail |= {"fault": "completion", "broken": [list(k) for k in formulation.violated(whole)[:5]]}
    return None


def _whole(case: _Case, vector: IntArray) -> IntArray:
    """Give a plan with every column that follows from it, and its payments in release order."""
    whole = case.formulation.completed(vector)
    return released(case.formulation, whole, release_order(case.instance))


def _provenance(case: _Case) -> Mapping[str, Any]:
    """Give what is told but never relied on: the solver, times and limits."""
    return {
        "seconds": round(time.monotonic() - case.began, 3),
        "solver": f"HiGHS {metadata.version('highspy')}",
        "isolation": case.context.isolation,
        "limits": [getattr(case.context.limits, n) for n in ("seconds", "memory_mb", "nodes")],
    }
