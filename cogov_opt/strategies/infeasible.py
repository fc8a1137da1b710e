"""What to do where no plan keeps all hard clauses: find which, and prove it (S10.8)."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from cogov_opt.domain.conflict import Parts
from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import Issue, UnsupportedError, Where
from cogov_opt.formulating import formulate
from cogov_opt.proving.conflicts import checked, detail, parts_of
from cogov_opt.solving import coupled, halls
from cogov_opt.solving.outcome import Solved
from cogov_opt.strategies.context import Context

WITHOUT = (Termination.INFEASIBLE, Termination.INFEASIBLE_CLAIMED)

OF_PROOF = ("farkas", "conflict", "tree")
"""What is told of a conflict that is proved (S10.5, S10.8)."""


def too_few(formulation: Formulation, policy: Policy) -> Solved | None:
    """Give the end at once where a flow shows that too few may serve what is guaranteed."""
    if not any(c.kind == "guarantee" and not c.soft for c in policy.clauses):
        return None
    from cogov_opt.solving.backends.max_flow import greatest

    parts = parts_of(formulation, policy)
    found = halls.find(formulation, parts, greatest)
    sound = None if found is None else checked(formulation, parts, found)
    if sound is None:
        return None
    told = dict(detail(formulation, policy, parts, sound))
    return Solved(Termination.INFEASIBLE, detail=told)


def foreseen(instance: Instance, policy: Policy) -> list[Issue]:
    """
    Give what can be told before anything is solved: guarantees that cannot be kept.

    A guarantee that asks for more than there is by itself; else the clauses of which a count shows
    that too few may serve what they ask for. Warnings: the data may be in order all the same.
    """
    guarantees = {c.id for c in policy.clauses if c.kind == "guarantee" and not c.soft}
    if policy.strategy != "optimum" or not guarantees:
        return []
    formulation = formulate(instance, policy)
    found = _beyond_all(formulation, guarantees)
    ended = None if found else too_few(formulation, policy)
    if ended is not None:
        told = ended.detail["conflict"]
        values = {"list": ", ".join(told["clauses"]), "asked": told["asked"], "can": told["can"]}
        found.append(Issue("too_few_may_serve", Where("card"), values, "warning"))
    return found


def _beyond_all(formulation: Formulation, guarantees: set[str]) -> list[Issue]:
    """List the rows of guarantees that ask for more than everything they speak of."""
    m = formulation.matrix
    most = np.where(m.values > 0, formulation.upper[m.columns], formulation.lower[m.columns])
    reach = np.concatenate(([0], np.cumsum(m.values * most)))
    can = reach[m.starts[1:]] - reach[m.starts[:-1]]
    short = np.flatnonzero((formulation.row_lower > 0) & (can < formulation.row_lower))
    found = []
    for row in short.tolist():
        key = formulation.rows.key(row)
        if key[0] in guarantees:
            place = ", ".join(p for p in key[1:] if p not in ("", "horizon"))
            values = {"clause": key[0], "place": place or "-", "can": int(can[row])}
            values["asked"] = int(formulation.row_lower[row])
            where = Where("card", column=f"clause {key[0]}")
            found.append(Issue("more_than_there_is", where, values, "warning"))
    return found


def with_conflict(
    formulation: Formulation, policy: Policy, context: Context, solved: Solved, began: float
) -> Solved:
    """Add to an end without a plan what cannot hold together; elsewhere change nothing."""
    if solved.termination not in WITHOUT or solved.vector is not None or context.cancelled:
        return solved
    parts = parts_of(formulation, policy)
    if not len(parts):
        return solved
    context.tell("conflict", parts=len(parts))
    return _found(formulation, policy, context, solved, parts, began)


def _found(
    formulation: Formulation,
    policy: Policy,
    context: Context,
    solved: Solved,
    parts: Parts,
    began: float,
) -> Solved:
    """Look for the conflict within what is left of the limits."""
    limits = _left(context.limits, began)
    try:
        found = coupled.conflict(
            formulation,
            parts,
            limits,
            isolated=context.isolation == "child",
            cancel=context.cancel,
        )
    except UnsupportedError:
        return solved
    sound = None if found is None else checked(formulation, parts, found)
    if sound is None or (not sound.proof and not sound.tree and "farkas" in solved.detail):
        return solved
    told = dict(solved.detail) | dict(detail(formulation, policy, parts, sound))
    if sound.tree:
        told.pop("farkas", None)
    if not (sound.proof or sound.tree):
        return replace(solved, detail=told)
    # What is proved does not need the solver's word, nor why the solver stopped.
    told = {name: told[name] for name in OF_PROOF if name in told}
    return replace(solved, termination=Termination.INFEASIBLE, detail=told)


def _left(limits: Limits, began: float) -> Limits:
    """Give what is left of the limits: at least a second, for a set told as it stands."""
    if limits.seconds is None:
        return limits
    return replace(limits, seconds=max(1.0, limits.seconds - (time.monotonic() - began)))
