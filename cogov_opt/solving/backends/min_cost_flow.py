"""Min-cost circulations by OR-tools' SimpleMinCostFlow: arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.errors import SolverError


def solve_circulation(
    tail: IndexArray, head: IndexArray, cap: IntArray, cost: IntArray, supply: IntArray
) -> IntArray:
    """
    Give the flow of every arc of a least-cost flow with the given supplies.

    Raises
    ------
    SolverError
        The solver did not answer "optimal": flows here are feasible by construction.
    """
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32, copy=False),
        head.astype(np.int32, copy=False),
        cap.astype(np.int64, copy=False),
        cost.astype(np.int64, copy=False),
    )
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply.astype(np.int64))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverError(f"min-cost flow answered {status}")
    return np.asarray(solver.flows(arcs), dtype=np.int64)
