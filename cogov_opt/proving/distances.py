"""Shortest distances from the hub in a residual graph: compiled, with a numpy form tested equal."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.instance import IntArray

FAR = 2**60
"""The distance of a node that cannot be reached."""


def distances(
    nodes: int, tail: IntArray, head: IntArray, cost: IntArray, start: IntArray
) -> IntArray:
    """
    Give the distance of every node from those with `start` < FAR; FAR where there is no path.

    Parameters
    ----------
    start
        What each node stands at to begin with: 0 for a source, FAR for the others.

    Raises
    ------
    ValueError
        The graph has a cycle of negative cost: the flow it came from was not optimal.
    """
    try:
        from cogov_opt.proving.compiled import label_correcting
    except ImportError:
        return distances_by_sweeps(nodes, tail, head, cost, start)
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(nodes + 1))
    found, ended = label_correcting(
        first, head[order].astype(np.int64), cost[order].astype(np.int64), start
    )
    if not ended:
        raise ValueError("negative cycle")
    return np.asarray(found)


def distances_by_sweeps(
    nodes: int, tail: IntArray, head: IntArray, cost: IntArray, start: IntArray
) -> IntArray:
    """Give the same by Bellman-Ford sweeps over all arcs."""
    found = start.astype(np.int64)
    if not len(tail):
        return found
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    starts = np.flatnonzero(np.concatenate(([True], head[1:] != head[:-1])))
    reached = head[starts]
    for _ in range(nodes + 1):
        through = np.where(found[tail] < FAR // 2, found[tail] + cost, FAR)
        better = np.minimum(found[reached], np.minimum.reduceat(through, starts))
        if (better == found[reached]).all():
            return found
        found[reached] = better
    raise ValueError("negative cycle")
