"""
Which single units would serve which short need of a flow, for all needs at once (S10.9).

One unit more of a resource takes a best way: to a need, on through the residual graph, to where
the resource's units come from. If all its best ways leave the needs at one and the same, every
best plan with the unit gives that need one more. So two different ends at each node are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.distances import FAR
from cogov_opt.proving.residual import BoolArray
from cogov_opt.proving.values import HUB, Values

UNKNOWN, NONE = -2, -1
"""No end found yet; the end of a way that gives no need one more."""


@dataclass(frozen=True)
class BestWays:
    """
    The arcs of best ways to a node.

    `last` marks those after which no need gets one more; `end` is the need that such an arc gives
    one more, NONE where it gives none.
    """

    nodes: int
    tail: IndexArray
    head: IndexArray
    last: BoolArray
    end: IntArray

    def ends(self) -> tuple[IntArray, IntArray]:
        """Give two different ends of the ways from each node; UNKNOWN where there are fewer."""
        inner = np.flatnonzero(~self.last)
        into = _Steps(self.nodes, self.head[inner], self.tail[inner])
        one = np.full(self.nodes, UNKNOWN, dtype=np.int64)
        two = one.copy()
        node, end = self.tail[self.last].astype(np.int64), self.end[self.last]
        while len(node):
            fresh = []
            for found in (one, two):
                new = (found[node] == UNKNOWN) & (one[node] != end)
                at, first = np.unique(node[new], return_index=True)
                found[at] = end[new][first]
                fresh.append(at)
            reached = np.concatenate((one[fresh[0]], two[fresh[1]]))
            place, node = into.on_from(np.concatenate(fresh))
            end = reached[place]
        return one, two

    def reached_from(self, nodes: IndexArray) -> BoolArray:
        """Mark the nodes that ways from some nodes pass."""
        inner = np.flatnonzero(~self.last)
        return _marked(_Steps(self.nodes, self.tail[inner], self.head[inner]), nodes)

    def leading_to(self, end: int) -> BoolArray:
        """Mark the nodes from which some way ends at a need."""
        inner = np.flatnonzero(~self.last)
        into = _Steps(self.nodes, self.head[inner], self.tail[inner])
        return _marked(into, np.unique(self.tail[self.last & (self.end == end)]))


class _Steps:
    """Where arcs lead from each node, laid out by their first end."""

    def __init__(self, nodes: int, start: IndexArray, end: IndexArray) -> None:
        order = np.argsort(start, kind="stable")
        self.first = np.searchsorted(start[order], np.arange(nodes + 1))
        self.to = end[order].astype(np.int64)

    def on_from(self, nodes: IndexArray) -> tuple[IntArray, IntArray]:
        """Give for each arc out of some nodes the place among these, and where it leads."""
        count = self.first[nodes + 1] - self.first[nodes]
        place = np.repeat(np.arange(len(nodes)), count)
        offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        return place, self.to[self.first[nodes][place] + offset]


def _marked(steps: _Steps, nodes: IndexArray) -> BoolArray:
    """Mark some nodes and all that steps lead to."""
    found = np.zeros(len(steps.first) - 1, dtype=bool)
    new = np.unique(nodes).astype(np.int64)
    while len(new):
        found[new] = True
        _, to = steps.on_from(new)
        new = np.unique(to[~found[to]])
    return found


@dataclass(frozen=True)
class Remedies:
    """What follows from the values of a flow about single units for short needs."""

    values: Values

    @cached_property
    def node_of(self) -> dict[int, int]:
        """Give the node of each need that has a candidate."""
        flow = self.values.flow
        needs = flow.formulation.candidates.need.tolist()
        return dict(zip(needs, flow.network.head[flow.arc_of].tolist(), strict=True))

    @cached_property
    def best(self) -> BoolArray:
        """Mark the candidates through which a unit more of their resource gains most."""
        values = self.values
        most = values.best_gains[:, values.flow.formulation.candidates.resource]
        marked: BoolArray = (values.gains == most).all(axis=0)
        return marked

    @cached_property
    def exits(self) -> BoolArray:
        """Mark the residual arcs that give a need one more."""
        r, network = self.values.residual, self.values.flow.network
        forward = np.arange(len(r.arc)) < r.forward
        marked: BoolArray = forward & (r.tail >= network.first_need) & (r.head == HUB)
        return marked

    @cached_property
    def ways(self) -> dict[int, BestWays]:
        """Give the best ways to each node that units of resources come from."""
        return {node: self._ways(node, way) for node, way in self.values.ways_home.items()}

    def _ways(self, goal: int, way: IntArray) -> BestWays:
        r = self.values.residual
        tight = r.tail != goal
        tight &= r.tail != HUB
        for cost, label in zip(self.values.costs, way, strict=True):
            tight &= label[r.tail] == label[r.head] + cost
        at = np.flatnonzero(tight & (way[0][r.tail] < FAR // 2))
        tail, head = r.tail[at], r.head[at]
        end = np.where(self.exits[at], tail, NONE)
        return BestWays(r.nodes, tail, head, (head == goal) | (head == HUB), end)

    @cached_property
    def certain(self) -> IntArray:
        """Give for each resource the node of the need that one unit more serves for certain."""
        count = self.values.best_gains.shape[1]
        idle = np.flatnonzero((self.values.best_gains == 0).all(axis=0))
        pairs = [np.stack((idle, np.full(len(idle), NONE)))]
        for node, ways in self.ways.items():
            resource, need = self._starts(node)
            pairs += [np.stack((resource, end[need])) for end in ways.ends()]
        resource, end = np.unique(np.concatenate(pairs, axis=1), axis=1)
        resource, end = resource[end != UNKNOWN], end[end != UNKNOWN]
        found = np.full(count, NONE, dtype=np.int64)
        found[resource] = end
        found[np.bincount(resource, minlength=count) != 1] = NONE
        return found

    def _starts(self, node: int) -> tuple[IntArray, IntArray]:
        """Give the resources whose units come from a node, and the needs best ways begin at."""
        flow = self.values.flow
        mine = np.flatnonzero(self.best & (self.values.origin == node))
        resource = flow.formulation.candidates.resource[mine].astype(np.int64)
        return resource, flow.network.head[flow.arc_of[mine]].astype(np.int64)

    @cached_property
    def possible(self) -> BoolArray:
        """Mark the nodes of needs that some best way of one unit more of some resource serves."""
        found = np.zeros(self.values.residual.nodes, dtype=bool)
        for node, ways in self.ways.items():
            passed = ways.reached_from(self._starts(node)[1])
            ends = ways.end[ways.last & (ways.end >= 0)]
            found[ends[passed[ends]]] = True
        return found

    @cached_property
    def tied(self) -> BoolArray:
        """Mark the nodes of needs that another plan, as good at every stage, gives one more."""
        r = self.values.residual
        at = np.flatnonzero(self.exits)
        level = np.ones(len(at), dtype=bool)
        for cost, label in zip(self.values.costs, self.values.from_hub, strict=True):
            level &= cost[at] + label[r.tail[at]] == 0
        found = np.zeros(r.nodes, dtype=bool)
        found[r.tail[at[level]]] = True
        return found

    def every(self, need: int) -> IndexArray:
        """Give the resources of which one unit more serves a need in every best plan."""
        return np.flatnonzero(self.certain == self.node_of.get(need, UNKNOWN))

    def some(self, need: int) -> IndexArray:
        """Give the resources of which one unit more serves a need in some best plans only."""
        goal = self.node_of.get(need, UNKNOWN)
        found = [np.zeros(0, dtype=np.int64)]
        for node, ways in self.ways.items():
            resource, start = self._starts(node)
            found.append(resource[ways.leading_to(goal)[start]])
        return np.setdiff1d(np.concatenate(found), self.every(need))
