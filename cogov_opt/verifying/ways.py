"""
Best ways through the graph of what may move in a flow, in plain loops (convention S10.9).

What a way costs at every stage is one whole number: the costs of the stages are its digits, the
first stage first, in a base no way can reach. So numbers compare as stages do.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .face import HUB
from .losses import LESS, MORE, costs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .case import Case
    from .face import Face
    from .priced import Key

Step = tuple[int, int, int]
"""Where an arc leads, what a unit moved along it costs, and the need it gives one more, or NONE."""
NONE = -1


class Graph:
    """The residual graph of a plan over all columns; nodes are numbers."""

    def __init__(self, case: Case, face: Face) -> None:
        self.stages = len(case.priced.stages)
        self.at: dict[Key, int] = {HUB: 0}
        self._away: dict[int, list[int | None]] = {}
        given = face.given()
        self.arcs = face.arcs()
        for arc in self.arcs:
            self.at.setdefault(arc.tail, len(self.at))
            self.at.setdefault(arc.head, len(self.at))
        dearest = max((abs(c) for s in case.priced.stages for c in s.costs.values()), default=0)
        self.base = 4 * (len(self.at) + 4) * dearest + 5
        self.out: list[list[Step]] = [[] for _ in self.at]
        self.into: list[list[Step]] = [[] for _ in self.at]
        for arc in self.arcs:
            tail, head = self.at[arc.tail], self.at[arc.head]
            if arc.forwards:
                end = tail if arc.column is None and head == 0 else NONE
                self._lay(tail, head, self.one(costs_of(case, arc, MORE, given)), end)
            if arc.backwards:
                self._lay(head, tail, self.one(costs_of(case, arc, LESS, given)), NONE)

    def _lay(self, tail: int, head: int, cost: int, end: int) -> None:
        self.out[tail].append((head, cost, end))
        self.into[head].append((tail, cost, end))

    def one(self, costs: Iterable[int]) -> int:
        """Give the costs of all stages as one number."""
        found = 0
        for cost in costs:
            found = found * self.base + cost
        return found

    def first(self, number: int) -> tuple[int, int]:
        """Give the place of the first stage that is not 0 in a number, and its cost there."""
        found = (self.stages - 1, 0)
        for place in reversed(range(self.stages)):
            digit = (number + self.base // 2) % self.base - self.base // 2
            number = (number - digit) // self.base
            if digit:
                found = (place, digit)
        return found

    def home(self, node: int) -> list[int | None]:
        """Give the cost of the best way from every node to one; None where there is none."""
        return _ways(self.into, node)

    def away(self, node: int) -> list[int | None]:
        """Give the cost of the best way from one node to every other."""
        if node not in self._away:
            self._away[node] = _ways(self.out, node)
        return self._away[node]

    def best(self, goal: int, home: Sequence[int | None]) -> Best:
        """Give the arcs of best ways to a node."""
        return Best(self, goal, home)


class Best:
    """The arcs of best ways to a node: what each node goes on to, and at which need it ends."""

    def __init__(self, graph: Graph, goal: int, home: Sequence[int | None]) -> None:
        self.on: list[list[int]] = [[] for _ in graph.at]
        self.back: list[list[int]] = [[] for _ in graph.at]
        self.last: list[list[int]] = [[] for _ in graph.at]
        for node, steps in enumerate(graph.out):
            if node in (0, goal) or home[node] is None:
                continue
            for head, cost, end in steps:
                label = home[head]
                if label is None or home[node] != label + cost:
                    continue
                if head in (0, goal):
                    self.last[node].append(end)
                else:
                    self.on[node].append(head)
                    self.back[head].append(node)

    def ends(self) -> list[list[int]]:
        """Give up to two different ends of the ways from each node."""
        found: list[list[int]] = [[] for _ in self.on]
        queue = deque((node, end) for node, ends in enumerate(self.last) for end in ends)
        while queue:
            node, end = queue.popleft()
            if len(found[node]) < 2 and end not in found[node]:
                found[node].append(end)
                queue.extend((before, end) for before in self.back[node])
        return found

    def served(self, starts: Iterable[int]) -> set[int]:
        """Give the needs at which some best way from some nodes ends."""
        seen = set(starts)
        queue = list(seen)
        found = set()
        for node in queue:
            found.update(self.last[node])
            for head in self.on[node]:
                if head not in seen:
                    seen.add(head)
                    queue.append(head)
        return found - {NONE}


def _ways(steps: Sequence[Sequence[Step]], start: int) -> list[int | None]:
    """
    Give the costs of best ways from a node (Bellman 1958, by a queue).

    Raises
    ------
    ValueError
        A way round costs less than nothing: the plan is not the best.
    """
    found: list[int | None] = [None] * len(steps)
    found[start] = 0
    queue, waiting, turns = deque([start]), {start}, [0] * len(steps)
    while queue:
        node = queue.popleft()
        waiting.discard(node)
        turns[node] += 1
        if turns[node] > len(steps):
            raise ValueError("another plan is better")
        here = found[node] or 0
        for head, cost, _ in steps[node]:
            known = found[head]
            if known is None or here + cost < known:
                found[head] = here + cost
                if head not in waiting:
                    waiting.add(head)
                    queue.append(head)
    return found
