"""
Shortest ways through a residual graph, between many pairs at once: compiled, or by scipy.

Costs are reduced by distances from a root, so that the root reaches every node at cost 0. A way
from s to t then costs at most what the way from s to the root does, and only nearer ones need to
be looked for: the searches stay small.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.distances import FAR, distances
from cogov_opt.proving.residual import BoolArray, Residual

NO_WAY = -1
"""The distance where there is no way."""
BLOCK = 256
"""Sources that scipy is asked for at a time."""
WHOLE = 2.0**53
"""Sums of costs below this are exact in the floats of scipy."""


@dataclass(frozen=True, slots=True)
class Roads:
    """
    Residual arcs sorted by tail, at costs reduced to 0 or more by a potential.

    `first` is the row pointer, `place` the place of each arc in the residual graph; `home` is the
    reduced distance of each node to its root (FAR: none), `reached` whether the root reaches it.
    """

    first: IntArray
    head: IntArray
    cost: IntArray
    place: IndexArray
    potential: IntArray
    home: IntArray
    reached: BoolArray

    @property
    def nodes(self) -> int:
        """Give the number of nodes."""
        return len(self.first) - 1


def roads_of(residual: Residual, group: IntArray) -> Roads:
    """
    Give the roads of a residual graph; the root of a group of nodes is its first one.

    Arcs lead from one group to another nowhere.
    """
    start = np.full(residual.nodes, FAR, dtype=np.int64)
    start[np.unique(group, return_index=True)[1]] = 0
    arcs = (residual.tail, residual.head)
    potential = distances(residual.nodes, *arcs, residual.cost, start)
    reached = potential < FAR // 2
    if not reached.all():
        potential = _beyond(residual, potential, reached)
    reduced = residual.reduced(potential)
    home = distances(residual.nodes, residual.head, residual.tail, reduced, start)
    order = np.argsort(residual.tail, kind="stable")
    first = np.searchsorted(residual.tail[order], np.arange(residual.nodes + 1))
    return Roads(
        first.astype(np.int64), residual.head[order].astype(np.int64), reduced[order], order,
        potential, home, reached,
    )  # fmt: skip


def _beyond(residual: Residual, potential: IntArray, reached: BoolArray) -> IntArray:
    """Give nodes that no root reaches a potential so high that their arcs cost nothing less."""
    arcs = (residual.tail, residual.head, residual.cost)
    free = distances(residual.nodes, *arcs, np.zeros(residual.nodes, dtype=np.int64))
    high = int(potential[reached].max(initial=0)) - int(free.min(initial=0))
    high += int(np.abs(residual.cost).max(initial=0))
    return np.where(reached, potential, free + high)


def pairwise(roads: Roads, tail: IntArray, head: IntArray) -> IntArray:
    """Give the reduced distance of each pair of nodes (tail, head), -1 where there is no way."""
    order = np.argsort(tail, kind="stable")
    source, begin = np.unique(tail[order], return_index=True)
    source, begin = source.astype(np.int64), np.append(begin, len(order)).astype(np.int64)
    target = head[order].astype(np.int64)
    most = roads.home[source]
    found = np.empty(len(order), dtype=np.int64)
    try:
        from cogov_opt.proving.compiled import shortest_to
    except ImportError:
        near = by_scipy(roads, source, begin, target, most)
    else:
        near = shortest_to(roads.first, roads.head, roads.cost, source, begin, target, most)
    by_root = np.repeat(most, np.diff(begin))
    by_root = np.where((by_root < FAR // 2) & roads.reached[target], by_root, NO_WAY)
    found[order] = np.where(near == NO_WAY, by_root, near)
    return found


def by_scipy(
    roads: Roads, source: IntArray, begin: IntArray, target: IntArray, most: IntArray
) -> IntArray:
    """Give the same as `shortest_to` of the compiled kernels, by scipy or in plain Python."""
    if float(roads.cost.max(initial=0)) * roads.nodes >= WHOLE:
        return by_heap(roads, source, begin, target, most)
    from scipy.sparse.csgraph import dijkstra

    graph = _graph(roads)
    found = np.full(len(target), NO_WAY, dtype=np.int64)
    order = np.argsort(most, kind="stable")
    for low in range(0, len(source), BLOCK):
        part = order[low : low + BLOCK]
        limit = float(most[part].max())
        distance = dijkstra(graph, indices=source[part], limit=limit)
        for row, turn in enumerate(part.tolist()):
            mine = slice(begin[turn], begin[turn + 1])
            way = distance[row, target[mine]]
            near = way < float(most[turn])
            found[mine] = np.where(near, np.where(near, way, 0), NO_WAY)
    return found


def _graph(roads: Roads) -> object:
    """Give the cheapest of parallel arcs as a sparse matrix; arcs of cost 0 stay arcs."""
    from scipy.sparse import csr_array

    tail = np.repeat(np.arange(roads.nodes), np.diff(roads.first))
    order = np.lexsort((roads.cost, roads.head, tail))
    tail, head, cost = tail[order], roads.head[order], roads.cost[order]
    keep = np.ones(len(tail), dtype=bool)
    keep[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    shape = (roads.nodes, roads.nodes)
    return csr_array((cost[keep].astype(float), (tail[keep], head[keep])), shape=shape)


def by_heap(
    roads: Roads, source: IntArray, begin: IntArray, target: IntArray, most: IntArray
) -> IntArray:
    """Give the same in plain Python, for sums that floats do not hold."""
    found = np.full(len(target), NO_WAY, dtype=np.int64)
    for turn, start in enumerate(source.tolist()):
        mine = slice(int(begin[turn]), int(begin[turn + 1]))
        asked = target[mine].tolist()
        distance, _ = search(roads, start, set(asked))
        ways = [distance.get(node, NO_WAY) for node in asked]
        found[mine] = [way if way < most[turn] else NO_WAY for way in ways]
    return found


def search(
    roads: Roads, start: int, wanted: set[int], skipped: int = -1
) -> tuple[dict[int, int], dict[int, int]]:
    """
    Give reduced distances from a node until all wanted are reached, and by which road each was.

    The road `skipped` is left out.
    """
    distance, by = {start: 0}, {start: -1}
    settled: dict[int, int] = {}
    left = set(wanted)
    heap = [(0, start)]
    while heap and left:
        key, node = heappop(heap)
        if node in settled:
            continue
        settled[node] = key
        left.discard(node)
        for arc in range(int(roads.first[node]), int(roads.first[node + 1])):
            other, through = int(roads.head[arc]), key + int(roads.cost[arc])
            if arc != skipped and (other not in distance or through < distance[other]):
                distance[other], by[other] = through, arc
                heappush(heap, (through, other))
    return settled, by
