"""
A circulation of whole amounts: arcs that are raised or lowered as far as others can give way.

Ways round are shortest ones, looked for from their end: into a need lead few arcs that could pay
more, and out of a fund few that pay anything, so that little of the network is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cogov_opt.domain.formulation import FREE

Node = tuple[str, int, int]


@dataclass(slots=True)
class Arc:
    """An arc, what flows in it and may flow, and the column it carries, -1 for none."""

    tail: Node
    head: Node
    flow: int
    low: int
    high: int
    column: int = -1


class Circulation:
    """Arcs by number; `entering` holds for each node those that may bring more, and which way."""

    def __init__(self, arcs: Sequence[Arc]) -> None:
        self.arcs = arcs
        self.entering: dict[Node, dict[int, int]] = defaultdict(dict)
        self.reached: set[Node] = set()
        """The nodes with a way to the end of the way looked for last."""
        for index in range(len(arcs)):
            self._update(index)

    def bound(self, index: int, low: int, high: int) -> None:
        """Set the bounds of an arc; its flow stays, even where it is more."""
        self.arcs[index].low, self.arcs[index].high = low, high
        self._update(index)

    def hold(self, index: int) -> None:
        """Let an arc stay as it is."""
        self.bound(index, self.arcs[index].flow, self.arcs[index].flow)

    def raise_and_hold(self, index: int) -> None:
        """Raise an arc as far as it goes, and hold it there."""
        arc = self.arcs[index]
        self.bound(index, arc.flow, arc.high)
        while arc.flow < arc.high and (path := self._way(arc.head, arc.tail)):
            self._push([*path, (index, 1)])
            self.bound(index, arc.flow, arc.high)
        self.hold(index)

    def lower(self, index: int) -> bool:
        """Lower an arc to its upper bound, or as far as it goes; tell whether it got there."""
        arc = self.arcs[index]
        while arc.flow > arc.high:
            path = self._way(arc.tail, arc.head)
            if not path:
                return False
            self._push([*path, (index, -1)], arc.flow - arc.high)
        return True

    def _way(self, start: Node, end: Node) -> list[tuple[int, int]]:
        """Give a shortest way on which more can flow from one node to another, or nothing."""
        on: dict[Node, tuple[int, int]] = {}
        self.reached = {end}
        queue = [end]
        for node in queue:
            for index, step in self.entering[node].items():
                arc = self.arcs[index]
                source = arc.tail if step > 0 else arc.head
                if source not in self.reached:
                    on[source] = (index, step)
                    if source == start:
                        return self._along(on, start, end)
                    self.reached.add(source)
                    queue.append(source)
        return []

    def _along(
        self, on: dict[Node, tuple[int, int]], node: Node, end: Node
    ) -> list[tuple[int, int]]:
        path = []
        while node != end:
            path.append(on[node])
            index, step = on[node]
            node = self.arcs[index].head if step > 0 else self.arcs[index].tail
        return path

    def _push(self, path: list[tuple[int, int]], most: int = FREE) -> None:
        size = min(most, *(self._room(index, step) for index, step in path))
        for index, step in path:
            self.arcs[index].flow += step * size
            self._update(index)

    def _room(self, index: int, step: int) -> int:
        arc = self.arcs[index]
        return arc.high - arc.flow if step > 0 else arc.flow - arc.low

    def _update(self, index: int) -> None:
        arc = self.arcs[index]
        for node, step in ((arc.head, 1), (arc.tail, -1)):
            if self._room(index, step) > 0:
                self.entering[node][index] = step
            else:
                self.entering[node].pop(index, None)
