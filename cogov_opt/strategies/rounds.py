"""
A search in rounds: after so many nodes, trees are asked whether the plan at hand is the best.

Where goals are weak, a search finds the best plan early and proves it late or never; a branch
tree that starts from the plan's value, with cuts of its own, often proves it in a few leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving.outcome import Solved
from cogov_opt.solving.problem import Status

NODES = (1_000, 4_000, 16_000)
"""The nodes each goal's search may use in each round; after the last, it goes on to its end."""


def solve_in_rounds(
    solve: Callable[[int | None, IntArray | None], Solved],
    prove: Callable[[Solved], Certificate | None],
    limits: Limits,
) -> tuple[Solved, Certificate | None]:
    """
    Search until the search, or a tree for every goal, says that the plan is the best.

    Parameters
    ----------
    solve
        Searches with so many nodes a goal (None: no limit) from a plan, if one is known.
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
    for nodes in (*NODES, None):
        solved = solve(nodes, last.vector)
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
    return last, evidence
