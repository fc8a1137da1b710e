"""The greatest flow of a network, by OR-Tools; whole numbers in and out."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python import max_flow

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.errors import SolverError


def greatest(
    tail: IndexArray, head: IndexArray, cap: IntArray, source: int, sink: int
) -> IntArray:  # fmt: skip
    """
    Give the flow of every arc in a greatest flow from source to sink.

    Raises
    ------
    SolverError
        The solver did not come to an end.
    """
    solver: Any = max_flow.SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(
        tail.astype(np.int32), head.astype(np.int32), cap.astype(np.int64)
    )
    if not len(tail) or max(source, sink) >= 1 + int(max(tail.max(), head.max())):
        return np.zeros(len(tail), dtype=np.int64)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise SolverError("the max flow did not come to an end")
    return np.asarray(solver.flows(arcs), dtype=np.int64)
