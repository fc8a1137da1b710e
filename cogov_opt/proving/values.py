"""
What one unit more or less of a resource is worth on a flow, and what would serve a need (S10.9).

Values are vectors, one entry a stage, compared from the first stage on: shortest distances in the
residual graph over all arcs, where a later stage chooses among the shortest ways of those before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.certificate import Losses
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.distances import FAR, distances
from cogov_opt.proving.paths import NO_WAY
from cogov_opt.proving.regrets import NOT_ASKED, FlowPlan
from cogov_opt.proving.residual import BoolArray, Residual, residual_of

HUB = 0


@dataclass(frozen=True, slots=True)
class Units:
    """The resources of which one unit more would serve a need: in every best plan, or in some."""

    every: IndexArray
    some: IndexArray


@dataclass(frozen=True)
class Values:
    """What follows from one flow plan about single units and single demands."""

    flow: FlowPlan

    @cached_property
    def residual(self) -> Residual:
        """Give the residual graph over all arcs, at the first stage's costs."""
        network = self.flow.network
        nothing = np.zeros(len(network.tail), dtype=bool)
        return residual_of(network, self.flow.flow, self.flow.faces[0].cost, nothing)

    @cached_property
    def costs(self) -> list[IntArray]:
        """Give the cost of every residual arc at each stage."""
        r = self.residual
        sign = np.where(np.arange(len(r.arc)) < r.forward, 1, -1)
        return [sign * face.cost[r.arc] for face in self.flow.faces]

    def ways(self, node: int, keep: BoolArray | None = None) -> IntArray:
        """
        Give the cost of the best way from every node to one, a row a stage; FAR if there is none.

        `keep` marks the residual arcs that may be used; all where it is left out.
        """
        r = self.residual
        open_ = np.arange(len(r.tail)) if keep is None else np.flatnonzero(keep)
        found: list[IntArray] = []
        for cost in self.costs:
            start = np.full(r.nodes, FAR, dtype=np.int64)
            start[node] = 0
            tail, head = r.head[open_], r.tail[open_]
            label = distances(r.nodes, tail, head, cost[open_], start)
            found.append(np.where(found[0] >= FAR // 2, FAR, label) if found else label)
            near = label[tail] < FAR // 2
            open_ = open_[near & (label[tail] + cost[open_] == label[head])]
        return np.array(found)

    @cached_property
    def ways_home(self) -> dict[int, IntArray]:
        """Give the ways to each node that units of resources come from: the hub, or a limit."""
        return {int(node): self.ways(int(node)) for node in np.unique(self.origin)}

    @cached_property
    def limits(self) -> tuple[IndexArray, IndexArray]:
        """
        Give the arcs into each capacity row that only one resource uses, and that resource.

        Rows that several resources share have no owner.
        """
        f, network = self.flow.formulation, self.flow.network
        owner = np.full(len(f.row_lower), -1, dtype=np.int64)
        row, column = f.matrix.row_of, f.matrix.columns
        mine = column >= f.x.start
        row, resource = row[mine], f.candidates.resource[column[mine] - f.x.start]
        low = np.full(len(owner), FAR, dtype=np.int64)
        np.minimum.at(low, row, resource)
        np.maximum.at(owner, row, resource)
        owner = np.where(low == owner, owner, -1)
        own = owner[network.group_row]
        return network.group_arc, own

    @cached_property
    def origin(self) -> IntArray:
        """Give for each candidate the node its resource's units come from: above its own rows."""
        network = self.flow.network
        arcs, owner = self.limits
        above = np.arange(network.nodes)
        mine = np.flatnonzero(owner >= 0)
        above[network.head[arcs[mine]]] = network.tail[arcs[mine]]
        node = network.tail[self.flow.arc_of].astype(np.int64)
        while (above[node] != node).any():
            node = above[node]
        return node

    @cached_property
    def usable(self) -> BoolArray:
        """Mark the candidates that a further unit could be: no clause sets them to 0."""
        f = self.flow.formulation
        barred = np.zeros(len(f.columns), dtype=bool)
        for first, block in zip(f.rows.starts.tolist(), f.rows.blocks, strict=False):
            if block.count and not block.key(0)[0].startswith("law."):
                rows = first + np.flatnonzero(f.row_upper[first : first + block.count] == 0)
                barred[f.matrix.columns[np.isin(f.matrix.row_of, rows)]] = True
        usable: BoolArray = ~barred[f.x]
        return usable

    @cached_property
    def more(self) -> Losses:
        """Give what one unit more of each resource would gain, at the first stage it gains at."""
        c = self.flow.formulation.candidates
        size = len(self.flow.faces)
        count = int(c.resource.max(initial=-1)) + 1
        gain = -self._through(self.ways_home, np.zeros(size, dtype=np.int64))
        best = _best(c.resource, gain, count)
        return _first(best)

    def _through(self, ways: dict[int, IntArray], beyond: IntArray) -> IntArray:
        """
        Give the cost, a row a stage, of one unit more used by each candidate and moved on.

        `ways` are those from needs on, by the node the unit comes from; `beyond` is added.
        """
        f, network = self.flow.formulation, self.flow.network
        need = network.head[self.flow.arc_of]
        found = np.full((len(self.flow.faces), len(need)), FAR, dtype=np.int64)
        for node, way in ways.items():
            mine = np.flatnonzero((self.origin == node) & self.usable)
            found[:, mine] = way[:, need[mine]]
        open_ = found[0] < FAR // 2
        for k, stage in enumerate(f.stages):
            found[k] = np.where(open_, found[k] - stage.costs[f.x] + beyond[k], FAR)
        return found

    @cached_property
    def less(self) -> Losses:
        """
        Give what is lost if the dearest of each resource's limits were one lower.

        Its limits are the outermost rows that only it uses, and the caps of candidates in none.
        """
        network, flow = self.flow.network, self.flow.flow
        c = self.flow.formulation.candidates
        arcs, owner = self.limits
        nested = np.zeros(network.nodes, dtype=bool)
        nested[network.head[arcs[owner >= 0]]] = True
        outer = (owner >= 0) & ~nested[network.tail[arcs]]
        bare = ~nested[network.tail[self.flow.arc_of]]
        which = np.concatenate((arcs[outer], self.flow.arc_of[bare]))
        resource = np.concatenate((owner[outer], c.resource[bare]))
        full = (flow[which] == network.cap[which]) & (flow[which] > 0)
        which, resource = which[full], resource[full]
        lost = self.flow.losses_of(which, forward=False)
        size = len(self.flow.faces)
        vectors = np.zeros((size, len(which)), dtype=np.int64)
        vectors[lost.place, np.arange(len(which))] = lost.loss
        return _first(_best(resource, vectors, int(c.resource.max(initial=-1)) + 1))

    def rises(self, points: IntArray) -> Losses:
        """
        Give the smallest rise of each demand's points with which every best plan serves it.

        Whatever later stages say: with a point less it is level at best, or served by their word.
        -1 where no rise does, -2 where the demand is served, has no points or needs no minimum.
        """
        f, network, size = self.flow.formulation, self.flow.network, len(self.flow.faces)
        arcs = np.flatnonzero((network.column >= 0) & (network.column < f.x.start))
        arcs = arcs[self.flow.flow[arcs] == 0]
        option = network.column[arcs]
        demand = f.options.demand[option]
        asked = points[demand] > 0
        arcs, option, demand = arcs[asked], option[asked], demand[asked]
        lost = self.flow.losses_of(arcs, forward=True)
        found = Losses(
            np.full(len(points), size - 1, dtype=np.int16), np.full(len(points), NOT_ASKED)
        )
        weight = np.array([s.costs[option] // points[demand] for s in f.stages])
        found.loss[demand] = NO_WAY
        for k in reversed(range(size)):
            here = weight[k] > 0
            settled = np.where(lost.place == k, lost.loss // np.maximum(weight[k], 1) + 1, 1)
            rise = np.where(lost.place < k, NO_WAY, settled)
            rise = np.where((lost.place < k) & (lost.loss == 0), 1, rise)
            rise = np.where(lost.loss == NO_WAY, NO_WAY, rise)
            found.loss[demand[here]], found.place[demand[here]] = rise[here], k
        return found

    def single_units(self, need: int) -> Units | None:
        """
        Give the resources of which one unit more would serve a need that is short.

        A need of a demand not served counts as served where the demand is. None where some
        resource's units come under a limit it shares: then nothing is said.
        """
        if (self.origin != HUB).any():
            return None
        f, network, r = self.flow.formulation, self.flow.network, self.residual
        mine = np.flatnonzero(f.candidates.need == need)
        if not len(mine):
            return Units(mine, mine)
        node = int(network.head[self.flow.arc_of[mine[0]]])
        out = np.flatnonzero((r.tail == node) & (r.head == HUB))
        last = out[network.column[r.arc[out]] >= 0]
        chosen = int(last[0] if len(last) else out[0])
        beyond = np.array([cost[chosen] for cost in self.costs])
        keep = np.ones(len(r.tail), dtype=bool)
        keep[out] = False
        via = self._through({HUB: self.ways(node, keep)}, beyond)
        aside = self._through({HUB: self.ways(HUB, keep)}, np.zeros_like(beyond))
        size = int(f.candidates.resource.max()) + 1
        best = _best(f.candidates.resource, -via, size, empty=-FAR)
        other = _best(f.candidates.resource, -aside, size)
        order = _compared(best, other)
        return Units(np.flatnonzero(order > 0), np.flatnonzero(order == 0))


def _best(group: IntArray, vectors: IntArray, count: int, *, empty: int = 0) -> IntArray:
    """
    Give the greatest vector of each group, a row a stage; `empty` is in every group too.

    Vectors are compared from the first stage on.
    """
    whole = np.concatenate((vectors, np.full((len(vectors), count), empty)), axis=1)
    groups = np.concatenate((group, np.arange(count)))
    order = np.lexsort((*whole[::-1], groups))
    last = np.flatnonzero(np.diff(groups[order], append=count))
    return whole[:, order[last]]


def _first(vectors: IntArray) -> Losses:
    """Give of each vector the first entry that is not 0, and its place; the last where all are."""
    place = np.argmax(vectors != 0, axis=0)
    place = np.where((vectors != 0).any(axis=0), place, len(vectors) - 1).astype(np.int16)
    return Losses(place, vectors[place, np.arange(vectors.shape[1])])


def _compared(one: IntArray, two: IntArray) -> IntArray:
    """Give the sign of the first entry in which two vectors differ, 0 where none does."""
    differs = one - two
    place = np.argmax(differs != 0, axis=0)
    return np.asarray(np.sign(differs[place, np.arange(differs.shape[1])]))
