"""
The exact tie set: what another best plan does otherwise, and the cycle that shows it (S10.7).

Two best circulations differ by cycles of cost 0, each within one strong component of the tight
residual graph. An arc at one of its bounds is on such a cycle iff its ends are in one component.
One between its bounds may also have only its own reverse to go back along: then it is a bridge of
the component, and every best plan gives it the same.
"""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.residual import BoolArray
from cogov_opt.solving.network import Network


def tied_arcs(network: Network, flow: IntArray, free: BoolArray) -> BoolArray:
    """
    Mark the arcs that carry another amount in some best circulation.

    Parameters
    ----------
    free
        The arcs whose reduced cost is 0 at every stage, at strictly complementary potentials.
    """
    found = free & (network.cap > 0)
    between = found & (flow > 0) & (flow < network.cap)
    found[between] = ~_bridges(network, np.flatnonzero(found), np.flatnonzero(between))
    return found


def _bridges(network: Network, arcs: IndexArray, asked: IndexArray) -> BoolArray:
    """Tell which of some arcs are the only connection of what lies on their two sides."""
    if not len(asked):
        return np.zeros(0, dtype=bool)
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for arc in arcs.tolist():
        tail, head = int(network.tail[arc]), int(network.head[arc])
        neighbours.setdefault(tail, []).append((head, arc))
        neighbours.setdefault(head, []).append((tail, arc))
    lonely = _lonely(neighbours)
    return np.array([arc in lonely for arc in asked.tolist()], dtype=bool)


def _lonely(neighbours: dict[int, list[tuple[int, int]]]) -> set[int]:
    """Give the bridges of an undirected graph by depth-first order (Tarjan 1974)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    bridges: set[int] = set()
    for root in neighbours:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        path = [(root, -1, iter(neighbours[root]))]
        while path:
            node, by, rest = path[-1]
            for other, arc in rest:
                if arc == by:
                    continue
                if other in order:
                    low[node] = min(low[node], order[other])
                    continue
                order[other] = low[other] = len(order)
                path.append((other, arc, iter(neighbours[other])))
                break
            else:
                path.pop()
                if path:
                    parent = path[-1][0]
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        bridges.add(by)
    return bridges
