"""Compiled kernels (numba, cached on disk). Importing this module compiles nothing."""

from __future__ import annotations

import numpy as np
from numba import njit

from cogov_opt.domain.instance import IntArray


@njit(cache=True)
def label_correcting(
    first: IntArray, head: IntArray, cost: IntArray, start: IntArray
) -> tuple[IntArray, bool]:
    """
    Give distances from the nodes near 0 by a queue (SPFA), and whether it came to an end.

    `first` is the row pointer of arcs sorted by tail. A node that enters the queue more often
    than there are nodes lies on a negative cycle.
    """
    nodes = len(start)
    distance = start.copy()
    queue = np.empty(nodes, np.int64)
    waiting = np.zeros(nodes, np.uint8)
    entered = np.zeros(nodes, np.int64)
    begin, end, count = 0, 0, 0
    for node in range(nodes):
        if distance[node] < 2**59:
            queue[end] = node
            end = (end + 1) % nodes
            count += 1
            waiting[node] = 1
    while count > 0:
        node = queue[begin]
        begin = (begin + 1) % nodes
        count -= 1
        waiting[node] = 0
        for arc in range(first[node], first[node + 1]):
            other = head[arc]
            through = distance[node] + cost[arc]
            if through < distance[other]:
                distance[other] = through
                if waiting[other] == 0:
                    entered[other] += 1
                    if entered[other] > nodes:
                        return distance, False
                    queue[end] = other
                    end = (end + 1) % nodes
                    count += 1
                    waiting[other] = 1
    return distance, True


@njit(cache=True)
def longest_levels(first: IntArray, head: IntArray) -> IntArray:
    """
    Give the longest path to every node of an acyclic graph, by the order of Kahn (1962).

    `first` is the row pointer of arcs sorted by tail.
    """
    nodes = len(first) - 1
    entering = np.zeros(nodes, np.int64)
    for arc in range(len(head)):
        entering[head[arc]] += 1
    level = np.zeros(nodes, np.int64)
    queue = np.empty(nodes, np.int64)
    begin, end = 0, 0
    for node in range(nodes):
        if entering[node] == 0:
            queue[end] = node
            end += 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for arc in range(first[node], first[node + 1]):
            other = head[arc]
            level[other] = max(level[other], level[node] + 1)
            entering[other] -= 1
            if entering[other] == 0:
                queue[end] = other
                end += 1
    return level
