"""
Strictly complementary potentials: a price for every refusal that is not a tie (S10.7).

Distances from the hub leave arcs of reduced cost 0 that no best plan can move. Those arcs join
strong components of the tight residual graph, and never back again; so the components have levels,
and a level subtracted from each scaled distance gives every such arc a reduced cost that is not 0.
Neither distances nor components nor levels depend on which best plan was found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.distances import FAR, distances
from cogov_opt.proving.residual import Residual


@dataclass(frozen=True, slots=True)
class Strict:
    """
    Node potentials at a scale, and the strong component of every node.

    An arc's reduced cost at these potentials is 0 iff the arc lies within one component: iff it
    is part of a tie, or between its bounds with only itself to go back along.
    """

    scale: int
    potential: IntArray
    component: IntArray


def strict_potentials(residual: Residual) -> Strict:
    """
    Give the potentials of a best circulation's residual graph.

    Raises
    ------
    ValueError
        The graph has a cycle of negative cost: the circulation was not the best.
    """
    distance = residual_distances(residual)
    tight = residual.only(residual.reduced(distance) == 0)
    component = strong_components(tight)
    tail, head = component[tight.tail], component[tight.head]
    between = tail != head
    level = levels(int(component.max(initial=0)) + 1, tail[between], head[between])
    scale = scale_above(int(level.max(initial=0)))
    return Strict(scale, scale * distance - level[component], component)


def residual_distances(residual: Residual) -> IntArray:
    """
    Give node distances from the hub over a residual graph.

    Where holding arcs has cut nodes off, every node is a source instead.
    """
    start = np.full(residual.nodes, FAR, dtype=np.int64)
    start[0] = 0
    arcs = (residual.tail, residual.head, residual.cost)
    found = distances(residual.nodes, *arcs, start)
    if max(found[residual.tail].max(initial=0), found[residual.head].max(initial=0)) < FAR // 2:
        return np.where(found >= FAR // 2, 0, found)
    return distances(residual.nodes, *arcs, np.zeros(residual.nodes, dtype=np.int64))


def scale_above(level: int) -> int:
    """Give the smallest power of ten above the highest level: all that strictness needs."""
    scale = 1
    while scale <= level:
        scale *= 10
    return scale


def strong_components(residual: Residual) -> IntArray:
    """Give the strong component of every node."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(residual.tail), dtype=np.int8)
    shape = (residual.nodes, residual.nodes)
    graph = csr_array((ones, (residual.tail, residual.head)), shape=shape)
    _, label = connected_components(graph, connection="strong")
    return np.asarray(label, dtype=np.int64)


def levels(count: int, tail: IntArray, head: IntArray) -> IntArray:
    """Give for every node of an acyclic graph the number of arcs on the longest path to it."""
    try:
        from cogov_opt.proving.compiled import longest_levels
    except ImportError:
        return levels_by_sweeps(count, tail, head)
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(count + 1))
    return np.asarray(longest_levels(first, head[order]))


def levels_by_sweeps(count: int, tail: IntArray, head: IntArray) -> IntArray:
    """Give the same by sweeps over all arcs."""
    found = np.zeros(count, dtype=np.int64)
    order = np.argsort(head, kind="stable")
    tail, head = tail[order], head[order]
    starts = np.flatnonzero(np.diff(head, prepend=-1))
    reached = head[starts]
    for _ in range(count):
        if not len(starts):
            break
        higher = np.maximum(found[reached], np.maximum.reduceat(found[tail] + 1, starts))
        if (higher == found[reached]).all():
            break
        found[reached] = higher
    return found
