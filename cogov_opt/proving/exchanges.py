"""
The exchange that shows a tie: a shortest cycle that costs nothing at any stage (S10.7).

Moved along it by a unit, the plan becomes another one that is as good at every stage.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.proving.values import HUB

Step = tuple[int, int]
"""An arc of the network, and 1 for a unit more on it, -1 for one less."""
Move = tuple[int, int]
"""A candidate, and 1 for a unit more of it, -1 for one less."""


@dataclass(frozen=True)
class Exchanges:
    """What may move in a flow's plan without a loss at any stage."""

    flow: FlowPlan

    @cached_property
    def _on(self) -> dict[int, list[tuple[int, Step]]]:
        """Give the steps out of each node, in the order of arcs."""
        network, flow = self.flow.network, self.flow.flow
        found: dict[int, list[tuple[int, Step]]] = {}
        for arc in np.flatnonzero(~self.flow.faces[-1].after).tolist():
            tail, head = int(network.tail[arc]), int(network.head[arc])
            if flow[arc] < network.cap[arc]:
                found.setdefault(tail, []).append((head, (arc, 1)))
            if flow[arc] > 0:
                found.setdefault(head, []).append((tail, (arc, -1)))
        return found

    def of_candidates(self, wanted: Iterable[Move]) -> list[Move]:
        """Give a shortest exchange that makes one of some moves; none where there is no such."""
        network = self.flow.network
        found: list[Step] = []
        for candidate, change in wanted:
            arc = int(self.flow.arc_of[candidate])
            ends = int(network.tail[arc]), int(network.head[arc])
            start, goal = ends[::change]
            if (goal, (arc, change)) not in self._on.get(start, ()):
                continue
            way = self._way(goal, start, {arc}, len(found))
            found = [(arc, change), *way] if way else found
        return self._moves(found)

    def of_need(self, candidates: Sequence[int], change: int) -> list[Move]:
        """Give a shortest exchange that gives a need one unit more, or one less."""
        network = self.flow.network
        node = int(network.head[self.flow.arc_of[candidates[0]]])
        exits = {int(a) for a in np.flatnonzero((network.tail == node) & (network.head == HUB))}
        start, goal = (node, HUB)[::change]
        last = [step for head, step in self._on.get(start, ()) if step[0] in exits and head == goal]
        way = self._way(goal, start, exits, 0) if last else []
        return self._moves([*last[:1], *way] if way else [])

    def _way(self, start: int, goal: int, without: set[int], most: int) -> list[Step]:
        """Give a shortest way that leaves out some arcs; none where it has `most` steps or more."""
        by: dict[int, tuple[int, Step] | None] = {start: None}
        queue = deque([start])
        while queue and goal not in by:
            node = queue.popleft()
            for head, step in self._on.get(node, ()):
                if head not in by and step[0] not in without:
                    by[head] = node, step
                    queue.append(head)
        steps: list[Step] = []
        at = by.get(goal)
        while at is not None:
            node, step = at
            steps.append(step)
            at = by[node]
        return steps[::-1] if not most or len(steps) + 1 < most else []

    def _moves(self, steps: Iterable[Step]) -> list[Move]:
        """Give the candidates that steps move, in order."""
        network, first = self.flow.network, self.flow.formulation.x.start
        return [
            (int(network.column[arc]) - first, change)
            for arc, change in steps
            if network.column[arc] >= first
        ]
