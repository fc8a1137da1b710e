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

    def ways(self, node: int, *, home: bool = True) -> IntArray:
        """Give the cost of the best way from every node to one (or back), a row a stage; or FAR."""
        r = self.residual
        tails, heads = (r.head, r.tail) if home else (r.tail, r.head)
        open_ = np.arange(len(tails))
        found: list[IntArray] = []
        for cost in self.costs:
            start = np.full(r.nodes, FAR, dtype=np.int64)
            start[node] = 0
            tail, head = tails[open_], heads[open_]
            label = distances(r.nodes, tail, head, cost[open_], start)
            found.append(np.where(found[0] >= FAR // 2, FAR, label) if found else label)
            near = label[tail] < FAR // 2
            open_ = open_[near & (label[tail] + cost[open_] == label[head])]
        return np.array(found)

    @cached_property
    def ways_home(self) -> dict[int, IntArray]:
        """Give the ways to each node that units of resources come from: the hub, or a limit."""
        return {int(node): self.ways(int(node)) for node in np.unique(self.origin)}

    def arc_costs(self, arcs: IndexArray) -> IntArray:
        """Give what one unit more on some arcs costs, a row a stage."""
        return np.array([face.cost[arcs] for face in self.flow.faces])

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
        tail = self.flow.network.tail[self.flow.arc_of]
        return np.asarray(self._above[tail])

    @cached_property
    def _outer(self) -> IntArray:
        """Give for each node the outermost row around it of one resource alone, or itself."""
        network = self.flow.network
        arcs, owner = self.limits
        arcs = arcs[owner >= 0]
        own = np.zeros(network.nodes, dtype=bool)
        own[network.head[arcs]] = True
        outer = np.arange(network.nodes)
        nested = arcs[own[network.tail[arcs]]]
        outer[network.head[nested]] = network.tail[nested]
        while (outer[outer] != outer).any():
            outer = outer[outer]
        return outer

    @cached_property
    def _above(self) -> IntArray:
        """Give for each node the one above all rows around it that one resource alone uses."""
        network = self.flow.network
        arcs, owner = self.limits
        above = np.arange(network.nodes)
        mine = arcs[owner >= 0]
        above[network.head[mine]] = network.tail[mine]
        return np.asarray(above[self._outer])

    @cached_property
    def _outermost(self) -> IntArray:
        """Give the places of the limits that hold as many candidates as any around them."""
        network = self.flow.network
        arcs, owner = self.limits
        size = np.zeros(network.nodes, dtype=np.int64)
        size[network.head[arcs]] = np.diff(self.flow.formulation.matrix.starts)[network.group_row]
        node = network.head[arcs]
        return np.flatnonzero((owner >= 0) & (size[node] == size[self._outer[node]]))

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
    def gains(self) -> IntArray:
        """Give what one unit more used by each candidate gains, a row a stage; -FAR if none can."""
        f, network = self.flow.formulation, self.flow.network
        need = network.head[self.flow.arc_of]
        found = np.full((len(self.flow.faces), len(need)), -FAR, dtype=np.int64)
        for node, way in self.ways_home.items():
            mine = np.flatnonzero((self.origin == node) & self.usable)
            mine = mine[way[0][need[mine]] < FAR // 2]
            for k, stage in enumerate(f.stages):
                found[k, mine] = stage.costs[f.x][mine] - way[k][need[mine]]
        return found

    @cached_property
    def best_gains(self) -> IntArray:
        """Give the greatest gain of one unit more of each resource, 0 at least, a row a stage."""
        resource = self.flow.formulation.candidates.resource
        return _best(resource, self.gains, int(resource.max(initial=-1)) + 1)

    @property
    def more(self) -> Losses:
        """Give what one unit more of each resource would gain, at the first stage it gains at."""
        return _first(self.best_gains)

    @cached_property
    def less(self) -> Losses:
        """
        Give what is lost if the dearest of each resource's limits were one lower.

        Its limits are the outermost rows that only it uses, and the caps of candidates in none.
        Rows around each other with the same candidates are all outermost if one of them is.
        """
        network, flow = self.flow.network, self.flow.flow
        c = self.flow.formulation.candidates
        arcs, owner = self.limits
        bare = self.origin == network.tail[self.flow.arc_of]
        outer = self._outermost
        which = np.concatenate((arcs[outer], self.flow.arc_of[bare]))
        resource = np.concatenate((owner[outer], c.resource[bare]))
        origin = np.concatenate((self._above[network.head[arcs[outer]]], self.origin[bare]))
        full = (flow[which] == network.cap[which]) & (flow[which] > 0)
        which, resource, origin = which[full], resource[full], origin[full]
        vectors = -self.arc_costs(which)
        for node in np.unique(origin).tolist():
            mine = np.flatnonzero(origin == node)
            way = self.ways(node, home=False)
            vectors[:, mine] += way[:, network.head[which[mine]]]
        return _first(_best(resource, vectors, int(c.resource.max(initial=-1)) + 1))

    @cached_property
    def from_hub(self) -> IntArray:
        """Give the cost of the best way from the hub to every node, a row a stage."""
        return self.ways(HUB, home=False)

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
        lost = _first(self.arc_costs(arcs) + self.from_hub[:, network.tail[arcs]])
        lost.loss[self.from_hub[0][network.tail[arcs]] >= FAR // 2] = NO_WAY
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


def _best(group: IntArray, vectors: IntArray, count: int) -> IntArray:
    """
    Give the greatest vector of each group, a row a stage; that of zeros is in every group too.

    Vectors are compared from the first stage on.
    """
    whole = np.concatenate((vectors, np.zeros((len(vectors), count), np.int64)), axis=1)
    groups = np.concatenate((group, np.arange(count)))
    order = np.lexsort((*whole[::-1], groups))
    last = np.flatnonzero(np.diff(groups[order], append=count))
    return whole[:, order[last]]


def _first(vectors: IntArray) -> Losses:
    """Give of each vector the first entry that is not 0, and its place; the last where all are."""
    place = np.argmax(vectors != 0, axis=0)
    place = np.where((vectors != 0).any(axis=0), place, len(vectors) - 1).astype(np.int16)
    return Losses(place, vectors[place, np.arange(vectors.shape[1])])
