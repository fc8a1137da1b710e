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


@njit(cache=True)
def sift_up(keys: IntArray, nodes: IntArray, last: int, key: int, node: int) -> None:
    """Put an entry into a binary heap whose places up to `last` are taken."""
    place = last
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] <= key:
            break
        keys[place], nodes[place] = keys[above], nodes[above]
        place = above
    keys[place], nodes[place] = key, node


@njit(cache=True)
def sift_down(keys: IntArray, nodes: IntArray, count: int) -> None:
    """Take the first entry out of a heap of `count` + 1 entries."""
    key, node = keys[count], nodes[count]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        if below + 1 < count and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place], nodes[place] = keys[below], nodes[below]
        place = below
    keys[place], nodes[place] = key, node


@njit(cache=True)
def settle(
    roads: tuple[IntArray, IntArray, IntArray],
    notes: tuple[IntArray, IntArray, IntArray],
    queue: tuple[IntArray, IntArray],
    start: int,
    turn: int,
    asked: tuple[int, int],
) -> None:
    """
    Go out from one node by Dijkstra's algorithm, below a limit, until nothing wanted is left.

    `notes` are distance, turn a node was reached in, turn it is wanted in (-1 once it is settled);
    `asked` how many nodes are wanted, and the limit.
    """
    first, head, cost = roads
    distance, reached, wanted = notes
    keys, heap = queue
    left, limit = asked
    distance[start], reached[start] = 0, turn
    keys[0], heap[0] = 0, start
    count = 1
    while count > 0 and left > 0:
        key, node = keys[0], heap[0]
        count -= 1
        sift_down(keys, heap, count)
        if key > distance[node]:
            continue
        if wanted[node] == turn:
            wanted[node] = -1
            left -= 1
        for arc in range(first[node], first[node + 1]):
            through = key + cost[arc]
            if through < limit:
                other = head[arc]
                if reached[other] != turn or through < distance[other]:
                    distance[other], reached[other] = through, turn
                    sift_up(keys, heap, count, through, other)
                    count += 1


@njit(cache=True)
def shortest_to(
    first: IntArray,
    head: IntArray,
    cost: IntArray,
    source: IntArray,
    begin: IntArray,
    target: IntArray,
    most: IntArray,
) -> IntArray:
    """
    Give the distance from each source to its own targets.

    `first` is the row pointer of arcs sorted by tail; costs are not negative. The targets of
    source k are `target[begin[k]:begin[k + 1]]`. Ways of `most[k]` or more are not looked for:
    what is not found nearer has -1.
    """
    nodes = len(first) - 1
    found = np.full(len(target), -1, np.int64)
    distance = np.zeros(nodes, np.int64)
    reached = np.full(nodes, -1, np.int64)
    wanted = np.full(nodes, -1, np.int64)
    queue = (np.empty(len(head) + 1, np.int64), np.empty(len(head) + 1, np.int64))
    notes = (distance, reached, wanted)
    for turn in range(len(source)):
        left = 0
        for place in range(begin[turn], begin[turn + 1]):
            if wanted[target[place]] != turn:
                wanted[target[place]] = turn
                left += 1
        settle((first, head, cost), notes, queue, source[turn], turn, (left, most[turn]))
        for place in range(begin[turn], begin[turn + 1]):
            node = target[place]
            if reached[node] == turn and wanted[node] != turn:
                found[place] = distance[node]
    return found
