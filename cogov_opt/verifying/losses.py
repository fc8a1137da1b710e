"""
What every other decision of a flow would lose, searched for anew (convention S10.9).

Nothing is taken from the prices: the graph of what may move is built from the rows, and each loss
is a shortest way round, by Dijkstra's algorithm in plain loops.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from .components import strong_components
from .face import HUB, Face

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .case import Case
    from .face import Arc
    from .priced import Key

FAR = 1 << 200
MORE, LESS = "more", "less"
Name = tuple["Key", str]
"""An x column, and whether it is to have one unit more or one less."""


class Edge(NamedTuple):
    """One unit moved from a node to another: its cost at each stage, and the arc it moves on."""

    tail: Key
    head: Key
    costs: tuple[int, ...]
    arc: int


class Loss(NamedTuple):
    """The place of the stage at which something is lost, and how much; None where no plan does."""

    place: int
    lost: int | None


def losses(case: Case) -> dict[Name, Loss]:
    """Give the loss of one unit more, and of one less, of every candidate that may have it."""
    face = Face.of_columns(case)
    given = face.given()
    edges: list[Edge] = []
    asked: dict[Name, Edge] = {}
    between: set[int] = set()
    for place, arc in enumerate(face.arcs()):
        for change, moves in ((MORE, arc.forwards), (LESS, arc.backwards)):
            if moves:
                ends = (arc.tail, arc.head) if change == MORE else (arc.head, arc.tail)
                edge = Edge(*ends, costs_of(case, arc, change, given), place)
                edges.append(edge)
                if arc.column is not None:
                    asked[arc.column, change] = edge
        if arc.forwards and arc.backwards:
            between.add(place)
    return _stage_by_stage(asked, edges, between, len(case.priced.stages))


def costs_of(case: Case, arc: Arc, change: str, given: dict[str, int]) -> tuple[int, ...]:
    """Give what a unit moved costs at each stage: a need begun or ended counts its choice."""
    sign = -1 if change == MORE else 1
    column = arc.column
    if column is None and arc.head == HUB:
        need = case.facts.needs[arc.tail[0]]
        (option,) = case.facts.demands[need.demand].options
        if need.minimum and given[need.id] == (0 if change == MORE else 1):
            column = ("y", need.demand, option)
    if column is None:
        return (0,) * len(case.priced.stages)
    return tuple(sign * stage.costs.get(column, 0) for stage in case.priced.stages)


def _stage_by_stage(
    asked: dict[Name, Edge], edges: list[Edge], between: set[int], stages: int
) -> dict[Name, Loss]:
    """Go on with what loses nothing, within what a stage leaves free."""
    found: dict[Name, Loss] = {}
    for place in range(stages):
        graph = _Graph(edges, place)
        left = {}
        for name, lost in graph.all_losses(asked, between).items():
            if lost == 0:
                left[name] = asked[name]
            found[name] = Loss(place if lost != 0 else stages - 1, lost)
        asked, edges = left, graph.tight
    return found


class _Graph:
    """The edges of one stage within strong components, at costs reduced to 0 or more."""

    def __init__(self, edges: list[Edge], place: int) -> None:
        self.place = place
        self.component = strong_components([(e.tail, e.head) for e in edges])
        inside = [e for e in edges if self.component[e.tail] == self.component[e.head]]
        self.roots: dict[int, Key] = {}
        for node in sorted(self.component):
            self.roots.setdefault(self.component[node], node)
        self.out: dict[Key, list[tuple[Key, int, int]]] = {}
        into: dict[Key, list[tuple[Key, int, int]]] = {}
        self.potential = self._potential(inside)
        tight = []
        for e in inside:
            cost = self.reduced(e)
            self.out.setdefault(e.tail, []).append((e.head, cost, e.arc))
            into.setdefault(e.head, []).append((e.tail, cost, e.arc))
            if not cost:
                tight.append(e)
        self.home = search(into, dict.fromkeys(self.roots.values(), 0))
        joined = strong_components([(e.tail, e.head) for e in tight])
        self.tight = [e for e in tight if joined[e.tail] == joined[e.head]]
        self.free = {(e.arc, e.tail) for e in self.tight}

    def _potential(self, edges: Iterable[Edge]) -> dict[Key, int]:
        """
        Give distances from the root of each component (Bellman 1958, by a queue).

        Raises
        ------
        ValueError
            A way round costs less than nothing: the plan is not the best at this stage.
        """
        out: dict[Key, list[tuple[Key, int]]] = {}
        for e in edges:
            out.setdefault(e.tail, []).append((e.head, e.costs[self.place]))
        found = dict.fromkeys(self.roots.values(), 0)
        queue, waiting = deque(found), set(found)
        turns: dict[Key, int] = {}
        while queue:
            node = queue.popleft()
            waiting.discard(node)
            turns[node] = turns.get(node, 0) + 1
            if turns[node] > len(self.component):
                raise ValueError("another plan is better")
            for head, cost in out.get(node, ()):
                through = found[node] + cost
                if through < found.get(head, FAR):
                    found[head] = through
                    if head not in waiting:
                        waiting.add(head)
                        queue.append(head)
        return found

    def reduced(self, edge: Edge) -> int:
        """Give the reduced cost of an edge whose ends are in one component."""
        cost = edge.costs[self.place]
        return cost + self.potential[edge.tail] - self.potential[edge.head]

    def all_losses(self, asked: dict[Name, Edge], between: set[int]) -> dict[Name, int | None]:
        """Give the loss of each unit asked for; `between` are the arcs between their bounds."""
        found: dict[Name, int | None] = {}
        groups: dict[Key, list[tuple[Name, Edge]]] = {}
        for name, edge in asked.items():
            if self.component[edge.tail] != self.component[edge.head]:
                found[name] = None
            elif edge.arc in between:
                found[name] = self._around(edge)
            elif (edge.arc, edge.tail) in self.free:
                found[name] = 0
            else:
                groups.setdefault(edge.head, []).append((name, edge))
        for start, members in groups.items():
            limit = self.home[start]
            ways = search(self.out, {start: 0}, {e.tail for _, e in members}, limit)
            for name, edge in members:
                found[name] = self.reduced(edge) + min(limit, ways.get(edge.tail, limit))
        return found

    def _around(self, edge: Edge) -> int | None:
        """Give the loss of a unit that may also go back the way it came: that way is left out."""
        ways = search(self.out, {edge.head: 0}, {edge.tail}, FAR, edge.arc)
        return self.reduced(edge) + ways[edge.tail] if edge.tail in ways else None


def search(
    out: dict[Key, list[tuple[Key, int, int]]],
    start: dict[Key, int],
    wanted: set[Key] | None = None,
    limit: int = FAR,
    left_out: int = -1,
) -> dict[Key, int]:
    """Give distances below a limit until all wanted are reached (Dijkstra 1959)."""
    found: dict[Key, int] = {}
    heap = [(distance, node) for node, distance in start.items()]
    near = dict(start)
    left = set(wanted) if wanted is not None else None
    while heap and (left is None or left):
        distance, node = heappop(heap)
        if node in found:
            continue
        found[node] = distance
        if left is not None:
            left.discard(node)
        for head, cost, arc in out.get(node, ()):
            through = distance + cost
            if through < limit and arc != left_out and through < near.get(head, FAR):
                near[head] = through
                heappush(heap, (through, head))
    return found
