"""What the procedures share: options they know, the plan as a vector, and what it breaks (S14)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from cogov_opt.domain.certificate import Trace, TraceStep
from cogov_opt.domain.decision import Decision, Draw, Outcome, Termination
from cogov_opt.domain.formulation import Allocation, Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import SolverError, UnsupportedError
from cogov_opt.formulating.completion import complete
from cogov_opt.strategies.context import Context
from cogov_opt.strategies.draws import draw_of

ROUTE = "procedure"


def refuse_unknown(context: Context, known: Sequence[str]) -> None:
    """
    Refuse options a procedure does not know.

    Raises
    ------
    UnsupportedError
        There is one.
    """
    for option in context.options:
        if option not in known:
            told = ", ".join(sorted(known))
            raise UnsupportedError(f"{context.strategy} has no option '{option}'. Known: {told}.")


def held_draw(instance: Instance, context: Context) -> Draw:
    """
    Give the draw that settles ties: of lots, of the option `seed`, else one the inputs give.

    Raises
    ------
    UnsupportedError
        The seed is no text.
    """
    seed = context.options.get("seed")
    if seed is not None and not isinstance(seed, str):
        raise UnsupportedError("option 'seed' is a text")
    return draw_of(instance, seed, context.lots)


def decided(
    instance: Instance,
    policy: Policy,
    context: Context,
    formulation: Formulation,
    allocation: Allocation,
    steps: Sequence[TraceStep],
    draw: Draw | None,
    began: float,
) -> Decision:
    """
    Put a decision together, with the hard clauses its plan breaks.

    Raises
    ------
    SolverError
        The plan breaks the law itself: a fault of the procedure, never of the data.
    """
    vector = complete(formulation, allocation)
    broken = formulation.violated(vector)
    clauses = {clause.id for clause in policy.clauses}
    faults = [key for key in broken if key[0] not in clauses]
    if faults:
        raise SolverError(f"the plan of {context.strategy} breaks {faults[:3]}")
    breaks = tuple((key[0], key) for key in sorted(broken))
    return Decision(
        instance,
        policy,
        formulation,
        Outcome(Termination.DONE, allocation, vector, ROUTE),
        Trace(context.strategy, tuple(steps), breaks),
        draw,
        context.strategy,
        dict(context.options),
        {"seconds": round(time.monotonic() - began, 3)},
    )


def cancelled(
    instance: Instance, policy: Policy, context: Context, formulation: Formulation
) -> Decision:
    """Give the decision of a caller who asked to stop: none."""
    outcome = Outcome(Termination.CANCELLED, None, None, ROUTE)
    options = dict(context.options)
    return Decision(instance, policy, formulation, outcome, None, None, context.strategy, options)


def told_apart(
    groups: Sequence[object], taken: Sequence[bool], names: Sequence[str]
) -> list[tuple[str, ...]]:
    """
    List for each step the demands of its group that were decided differently, by id.

    `groups` says which steps were equal before any tie was settled.
    """
    members: dict[object, tuple[list[str], list[str]]] = {}
    for group, yes, name in zip(groups, taken, names, strict=True):
        members.setdefault(group, ([], []))[yes].append(name)
    sorted_members = {g: (tuple(sorted(n)), tuple(sorted(y))) for g, (n, y) in members.items()}
    return [sorted_members[g][not yes] for g, yes in zip(groups, taken, strict=True)]
