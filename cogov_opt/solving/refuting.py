"""
Refuting a system that a linear programme does not refute: a tree whose leaves are Farkas sums.

Every column is whole, so a split "at most k, or at least k + 1" covers; a leaf is closed by
integers that prove its own box empty. A whole tree of such leaves proves that there is no plan
(convention S10.8). It is grown depth first, within a limit of leaves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.conflict import Leaf, Split, Tree
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import farkas
from cogov_opt.solving.problem import Backend, FloatArray, Status, Work
from cogov_opt.solving.scaling import prepare

LEAVES = 200
"""Leaves a tree may have: beyond, nothing is claimed to be proved."""
WHOLE = 1e-6


def refute(
    system: Formulation, hard: NDArray[np.bool_], backend: Backend, work: Work
) -> Tree | None:  # fmt: skip
    """Give a whole tree of refuted leaves, None where one cannot be closed in time."""
    nodes: list[Split | Leaf] = []
    waiting: list[tuple[IntArray, IntArray]] = [(system.lower, system.upper)]
    leaves = 0
    while waiting:
        low, high = waiting.pop()
        here = replace(system, lower=low, upper=high)
        found = _look(here, hard, backend, work)
        if found is None or leaves > LEAVES:
            return None
        nodes.append(found)
        if not isinstance(found, Split):
            leaves += 1
            continue
        below, above = high.copy(), low.copy()
        below[found.column], above[found.column] = found.most, found.most + 1
        waiting += [(above, high), (low, below)]
    return tuple(nodes)


def _look(
    here: Formulation, hard: NDArray[np.bool_], backend: Backend, work: Work
) -> Split | Leaf | None:  # fmt: skip
    """Refute a node, or say where it is to be split; None where neither can be done."""
    scaled = prepare(here)
    problem, _ = scaled.with_costs(np.zeros(len(here.lower), np.int64))
    answer = backend(problem, replace(work, ray=True))
    if answer.status is Status.INFEASIBLE and answer.ray is not None:
        proof = farkas.proof(here, scaled.scaling.true_duals(answer.ray, 1.0))
        return None if proof is None else Leaf(tuple(proof))
    if answer.point is None:
        return None
    return _split(here, hard, scaled.scaling.true_point(answer.point))


def _split(here: Formulation, hard: NDArray[np.bool_], point: FloatArray) -> Split | None:
    """Split at the choice of an option that is furthest from whole, else at any such column."""
    off = np.where(hard, np.abs(point - np.rint(point)), 0.0)
    options = off[: len(here.options)]
    if len(options) and float(options.max()) > WHOLE:
        column = int(options.argmax())
    elif float(off.max(initial=0.0)) > WHOLE:
        column = int(off.argmax())
    else:
        return None
    return Split(column, int(np.floor(point[column])))
