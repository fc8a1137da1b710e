"""One-to-one circulations by OR-tools' linear assignment: everybody one task at most, or none."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import linear_sum_assignment

from cogov_opt.domain.instance import IntArray
from cogov_opt.errors import SolverError
from cogov_opt.solving.network import Network


def one_to_one(network: Network) -> IntArray | None:
    """
    Give the agent of every arc that carries a candidate, if the network is a matching.

    It is one where the outermost capacity around every candidate is 1, no inner one is 0, and
    every need takes one unit or none; the agent is the node of that outermost capacity.
    """
    groups, x = len(network.group_row), _carrying(network)
    if not groups or not len(x) or (network.cap[x] != 1).any():
        return None
    root = np.arange(groups + 1)
    around = np.concatenate(([0], network.tail[:groups]))
    while (around[root] != 0).any():
        root = np.where(around[root] != 0, around[root], root)
    agent = root[network.tail[x]]
    single = (network.cap[:groups][agent - 1] == 1).all() if (agent > 0).all() else False
    out = np.flatnonzero(network.head == 0)
    once = len(out) == len(np.unique(network.tail[out])) and (network.cap[out] == 1).all()
    sound = single and once and (network.cap[:groups] > 0).all()
    pairs = len(np.unique(agent * np.int64(network.nodes) + network.head[x])) == len(x)
    return agent if sound and pairs else None


def _carrying(network: Network) -> IntArray:
    """Give the arcs into needs: one for each candidate."""
    return np.flatnonzero(network.head >= network.first_need)


def solve_matching(network: Network, agent: IntArray, cost: IntArray) -> IntArray:
    """
    Give the flow of every arc of a cheapest matching.

    Every agent and every need has a stand-in of its own at cost 0, so that staying out is free;
    the stand-ins of a matched pair are matched with each other.

    Raises
    ------
    SolverError
        The solver did not answer "optimal": a matching exists by construction.
    """
    x = _carrying(network)
    agents, inner = np.unique(agent, return_inverse=True)
    needs = network.nodes - network.first_need
    task = network.head[x] - network.first_need
    leaving = np.zeros(needs, dtype=np.int64)
    out = np.flatnonzero(network.head == 0)
    leaving[network.tail[out] - network.first_need] = cost[out]
    price = cost[x] + leaving[task]
    everyone, every_need = np.arange(len(agents)), np.arange(needs)
    left = np.concatenate((inner, everyone, len(agents) + every_need, len(agents) + task))
    right = np.concatenate((task, needs + everyone, every_need, needs + inner))
    costs = np.zeros(len(left), dtype=np.int64)
    costs[: len(x)] = price
    costs -= min(int(price.min(initial=0)), 0)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(left.astype(np.int32), right.astype(np.int32), costs)
    if solver.solve() != solver.OPTIMAL:
        raise SolverError("linear assignment did not answer optimal")
    mate = np.array([solver.right_mate(i) for i in range(len(agents))], dtype=np.int64)
    return _flow(network, x[mate[inner] == task])


def _flow(network: Network, used: IntArray) -> IntArray:
    """Give the flow of every arc when one unit runs over each of some arcs into needs."""
    flow = np.zeros(len(network.tail), dtype=np.int64)
    flow[used] = 1
    out = np.full(network.nodes, -1)
    leaving = np.flatnonzero(network.head == 0)
    out[network.tail[leaving]] = leaving
    flow[out[network.head[used]]] = 1
    node = network.tail[used]
    while len(node := node[node > 0]):
        np.add.at(flow, node - 1, 1)
        node = network.tail[node - 1]
    return flow
