"""Whether a graph has a directed cycle other than an edge there and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def found(both: Iterable[tuple[Node, Node]], one: Iterable[tuple[Node, Node]]) -> bool:
    """
    Tell whether edges that go both ways (`both`) and one way (`one`) close a cycle.

    Edges both ways that join what is joined already close one. Where they do not, what they join
    counts as one place, and an edge one way closes a cycle iff it comes back to where it started.
    """
    place: dict[Node, Node] = {}
    for tail, head in both:
        first, second = _root(place, tail), _root(place, head)
        if first == second:
            return True
        place[first] = second
    arcs = [(_root(place, tail), _root(place, head)) for tail, head in one]
    return not _sorts(arcs)


def _root(place: dict[Node, Node], node: Node) -> Node:
    """Give what stands for a node's place, and shorten the way there."""
    while (above := place.get(node, node)) != node:
        place[node] = place.get(above, above)
        node = place[node]
    return node


def _sorts(arcs: list[tuple[Node, Node]]) -> bool:
    """Tell whether places can be put in an order that every arc follows."""
    waiting: dict[Node, int] = {}
    after: dict[Node, list[Node]] = {}
    for tail, head in arcs:
        after.setdefault(tail, []).append(head)
        waiting.setdefault(tail, 0)
        waiting[head] = waiting.get(head, 0) + 1
    ready = [node for node, count in waiting.items() if not count]
    done = 0
    while ready:
        done += 1
        for head in after.get(ready.pop(), ()):
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    return done == len(waiting)
