"""Strong components and bridges of small graphs, in loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    Node = TypeVar("Node", bound=Hashable)


def strong_components(arcs: Iterable[tuple[Node, Node]]) -> dict[Node, int]:
    """Give the number of every node's strong component, from arcs (tail, head) (Tarjan 1972)."""
    heads: dict[Node, list[Node]] = {}
    for tail, head in arcs:
        heads.setdefault(tail, []).append(head)
        heads.setdefault(head, [])
    found: dict[Node, int] = {}
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    for root in heads:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack.append(root)
        path = [(root, iter(heads[root]))]
        while path:
            node, rest = path[-1]
            for other in rest:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append(other)
                    path.append((other, iter(heads[other])))
                    break
                if other not in found:
                    low[node] = min(low[node], order[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    number = len(found)
                    while found.get(node) is None:
                        found[stack.pop()] = number
    return found


def bridges(edges: Sequence[tuple[Node, Node]]) -> set[int]:
    """Give the places of the edges without which their two ends would not be connected."""
    beside: dict[Node, list[tuple[Node, int]]] = {}
    for place, (one, two) in enumerate(edges):
        beside.setdefault(one, []).append((two, place))
        beside.setdefault(two, []).append((one, place))
    seen: dict[Node, int] = {}
    low: dict[Node, int] = {}
    found: set[int] = set()
    for root in beside:
        if root in seen:
            continue
        seen[root] = low[root] = len(seen)
        path = [(root, -1, iter(beside[root]))]
        while path:
            node, by, rest = path[-1]
            for other, place in rest:
                if place == by:
                    continue
                if other in seen:
                    low[node] = min(low[node], seen[other])
                    continue
                seen[other] = low[other] = len(seen)
                path.append((other, place, iter(beside[other])))
                break
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    low[before] = min(low[before], low[node])
                    if low[node] > seen[before]:
                        found.add(by)
    return found
