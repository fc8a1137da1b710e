"""
A search in rounds: after so many nodes, trees are asked whether the plan at hand is the best.

Where goals are weak, a search finds the best plan early and proves it late or never; a branch
tree that starts from the plan's value, with cuts of its own, often proves it in a few leaves.
What a round has settled of a problem that falls apart the next one leaves as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.parts import AtStage, at_stages
from cogov_opt.solving import exact
from cogov_opt.solving.outcome import Begun, Best, Solved
from cogov_opt.solving.problem import Status

NODES = (1_000, 4_000, 16_000)
"""The nodes each goal's search may use in each round; after the last, it goes on to its end."""


def solve_in_rounds(
    formulation: Formulation,
    solve: Callable[[int | None, Begun | None], Solved],
    prove: Callable[[Solved], Certificate | None],
    limits: Limits,
) -> tuple[Solved, Certificate | None]:
    """
    Search until the search, or a tree for every goal, says that the plan is the best.

    Parameters
    ----------
    solve
        Searches with so many nodes a goal (None: no limit) from a plan, if one is known, and only
        where that is not known to be the best.
    prove
        Gives the certificate of a plan, trees included.
    limits
        Those of the caller: whoever limits the nodes gets one search.

    Returns
    -------
    What was found, and its certificate where a tree ended the search.
    """
    if limits.nodes is not None:
        return solve(limits.nodes, None), None
    last = Solved(Termination.LIMIT)
    evidence: Certificate | None = None
    begun: Begun | None = None
    for nodes in (*NODES, None):
        solved = solve(nodes, begun)
        if len(solved.stages) < len(last.stages):
            # Stopped before it came as far as the round whose plan it began with.
            detail = dict(last.detail) | dict(solved.detail)
            return replace(last, termination=solved.termination, detail=detail), evidence
        if solved.detail.get("limit") != Status.NODES or solved.vector is None:
            return solved, None
        last, evidence = solved, prove(solved)
        if evidence is not None and all(s.certified_optimal for s in evidence.stages):
            told = {k: v for k, v in solved.detail.items() if k not in {"limit", "stage"}}
            return replace(solved, termination=Termination.OPTIMAL, detail=told), evidence
        begun = Begun(solved.vector, tuple(_best(formulation, solved, evidence)))
    return last, evidence


def _best(formulation: Formulation, solved: Solved, evidence: Certificate | None) -> Iterator[Best]:
    """Give where a search came to its end, or proofs leave nothing, as far as the plan says so."""
    if solved.vector is None:
        return
    proved = () if evidence is None else at_stages(formulation, evidence)
    told = [(s.index, s.vector, s.ended) for s in solved.stages]
    told += [(at.stage.index, at.own, _proven(at)) for at in proved]
    for index, own, labels in sorted(told, key=lambda one: one[0]):
        if labels is not None:
            yield _held(formulation, Best(index, labels), own, solved.vector)
        costs = formulation.stages[index - 1].costs
        if exact.value(costs, own) != exact.value(costs, solved.vector):
            return  # what later stages were asked to keep is another


def _proven(at: AtStage) -> IntArray | None:
    """Give the parts of a stage in which prices or a tree leave nothing."""
    if at.proof.certified_optimal:
        return np.zeros(len(at.formulation.lower), np.int64)
    parts = at.parts
    if not parts.several:
        return None
    left = [p for p in parts.costly if parts.proven[p] > parts.value[p]]
    return np.where(np.isin(parts.label, left), -1, parts.label)


def _held(formulation: Formulation, best: Best, own: IntArray, plan: IntArray) -> Best:
    """Leave out the parts in which a plan is worth something else, at the stage or before it."""
    moved = np.flatnonzero((own != plan) & (best.labels >= 0))
    gone = []
    for stage in formulation.stages[: best.stage]:
        sums = np.zeros(best.labels.max(initial=-1) + 1, dtype=object)
        worth = exact.products(stage.costs[moved], (plan - own)[moved])
        np.add.at(sums, best.labels[moved], worth.astype(object))
        gone += np.flatnonzero(sums).tolist()
    return replace(best, labels=np.where(np.isin(best.labels, gone), -1, best.labels))
