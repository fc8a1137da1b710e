"""
Too few for too many: a conflict found by one greatest flow and an alternating search (S10.8).

Where every demand has one need, and capacities nest, what guarantees ask for is a flow: from each
guarantee to its demands, on to the resources that may serve them, and to the hub. If the greatest
flow leaves a guarantee short, the nodes it can still reach are a Hall set: all who may serve its
demands are busy with demands of the set. Deleting parts one by one makes the set irreducible;
every flow that succeeds is the witness for the part it went without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.conflict import Conflict, Parts, Proof, Sparse
from cogov_opt.domain.formulation import FREE, Formulation, Labels, Matrix
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.network import Network, network_of

Greatest = Callable[[IndexArray, IndexArray, IntArray, int, int], IntArray]
"""A solver of greatest flows: tail, head, cap, source, sink -> flow of every arc."""
HUB = 0
PLENTY = 2**31
YIELDING = ("slack", "level")
"""Columns whose rows hold for any plan, if these take the value the rows ask for."""
TRIED = 16
"""Guarantees that come up short of which the smallest conflict is looked for."""


def find(f: Formulation, parts: Parts, greatest: Greatest) -> Conflict | None:
    """
    Give an irreducible conflict of a formulation whose guarantees are a flow.

    None if it is no flow, or if everything can be kept.
    """
    graph = _graph_of(f, parts)
    if graph is None:
        return None
    everything = frozenset(range(len(parts)))
    cut = graph.with_kept(everything).cut(greatest)
    if cut is None:
        return None
    clauses, without = _shrink(graph, parts.clause, cut, greatest)
    kept = parts.of_clauses(clauses)
    cut = graph.with_kept(kept).cut(greatest)
    if cut is None:
        return None
    small = graph.with_kept(kept)
    if not graph.lifts(cut):
        small = small.inside(cut)
    found, without_part = _shrink(small, np.arange(len(parts)), cut, greatest)
    cut = small.with_kept(found).cut(greatest)
    proof = () if cut is None else _proof(f, graph, cut)
    if not proof:
        return None
    without, without_part = _completed(f, without), _completed(f, without_part)
    return Conflict(
        clauses, parts.used(proof), proof, without=without, without_part=without_part, hall=True
    )  # fmt: skip


def _completed(f: Formulation, plans: dict[int, Sparse]) -> dict[int, Sparse]:
    """Give the plans with what soft clauses miss by them."""
    if len(f.columns) == f.x.stop:
        return plans
    found = {}
    for owner, plan in plans.items():
        x = np.zeros(len(f.lower), np.int64)
        for column, value in plan:
            x[column] = value
        x = f.completed(x)
        used = np.flatnonzero(x)
        found[owner] = tuple(zip(used.tolist(), x[used].tolist(), strict=True))
    return found


@dataclass(frozen=True, slots=True)
class Cut:
    """The nodes a guarantee that comes up short still reaches, and the parts that hold them."""

    reached: NDArray[np.bool_]
    parts: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Graph:
    """
    Arcs from the source to guarantees, demands, resources and the hub.

    `row` is the row whose bound the arc's capacity is (-1: none), `part` the part it belongs to
    (-1: none, the law), `column` the column whose value its flow is (-1: none).
    """

    nodes: int
    tail: IndexArray
    head: IndexArray
    cap: IntArray
    row: IntArray
    part: IntArray
    column: IntArray

    @property
    def source(self) -> int:
        """Give the source: the last node."""
        return self.nodes - 1

    @property
    def asks(self) -> NDArray[np.bool_]:
        """Mark the arcs that stand for what a guarantee asks."""
        return np.asarray(self.tail == self.source)

    def with_kept(self, kept: frozenset[int]) -> _Graph:
        """Give the graph in which only some parts are kept."""
        gone = (self.part >= 0) & ~np.isin(self.part, sorted(kept))
        cap = np.where(gone, np.where(self.asks, 0, PLENTY), self.cap)
        return replace(self, cap=cap)

    def flow(self, greatest: Greatest) -> IntArray:
        """Give a greatest flow."""
        return greatest(self.tail, self.head, self.cap, self.source, HUB)

    def cut(self, greatest: Greatest) -> Cut | None:
        """Give the smallest cut found around a guarantee that comes up short, if one does."""
        flow = self.flow(greatest)
        short = np.flatnonzero(self.asks & (flow < self.cap))
        if not len(short):
            return None
        cuts = [self._reached(flow, int(self.head[arc])) for arc in short[:TRIED].tolist()]
        return self._cut(min(cuts, key=lambda reached: int(reached.sum())))

    def _reached(self, flow: IntArray, start: int) -> NDArray[np.bool_]:
        """Mark the nodes an alternating search reaches from one."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order

        forward = ~self.asks & (flow < self.cap)
        backward = ~self.asks & (flow > 0)
        tail = np.concatenate((self.tail[forward], self.head[backward]))
        head = np.concatenate((self.head[forward], self.tail[backward]))
        links = csr_array((np.ones(len(tail)), (tail, head)), shape=(self.nodes, self.nodes))
        order = breadth_first_order(links, start, return_predecessors=False)
        reached = np.zeros(self.nodes, dtype=bool)
        reached[order] = True
        return reached

    def _cut(self, reached: NDArray[np.bool_]) -> Cut:
        """Name the parts that ask for the nodes reached, or keep them from going on."""
        asks = self.asks & reached[self.head] & (self.cap > 0)
        ends = reached[self.tail] & ~reached[self.head]
        found = self.part[(asks | ends) & (self.part >= 0)]
        return Cut(reached, frozenset(found.tolist()))

    def lifts(self, cut: Cut) -> bool:
        """Tell whether giving up a part of the cut would lead on, out of what is reached."""
        limits = self.part[~self.asks & (self.part >= 0)]
        return bool(np.isin(limits, sorted(cut.parts)).any())

    def inside(self, cut: Cut) -> _Graph:
        """Give the part of the graph that was reached; what leads out of it leads to the hub."""
        asks = self.asks & cut.reached[self.head]
        some = np.flatnonzero(asks | cut.reached[self.tail])
        head = np.where(cut.reached[self.head[some]], self.head[some], HUB)
        return _Graph(
            self.nodes, self.tail[some], head, self.cap[some],
            self.row[some], self.part[some], self.column[some],
        )  # fmt: skip

    def plan(self, flow: IntArray) -> Sparse:
        """Give the columns a flow sets."""
        carries = (self.column >= 0) & (flow > 0)
        found = sorted(zip(self.column[carries].tolist(), flow[carries].tolist(), strict=True))
        return tuple(found)


def _shrink(
    graph: _Graph, owner: IndexArray, cut: Cut, greatest: Greatest
) -> tuple[frozenset[int], dict[int, Sparse]]:
    """
    Give up owners (clauses, or parts) one by one until each is needed.

    Gives those that are left, and for each the plan that keeps all others.
    """
    left = sorted(set(owner[sorted(cut.parts)].tolist()))
    plans: dict[int, Sparse] = {}
    place = 0
    while place < len(left):
        others = [o for o in left if o != left[place]]
        kept = frozenset(np.flatnonzero(np.isin(owner, others)).tolist())
        trial = graph.with_kept(kept)
        flow = trial.flow(greatest)
        if (flow[trial.asks] == trial.cap[trial.asks]).all():
            plans[left[place]] = graph.plan(flow)
            place += 1
            continue
        smaller = trial.cut(greatest)
        fewer = others if smaller is None else owner[sorted(smaller.parts)].tolist()
        left = [o for o in left if o in fewer]
        place = sum(o in plans for o in left)
        left.sort(key=lambda o: o not in plans)
    return frozenset(left), {o: plans[o] for o in left}


def _proof(f: Formulation, graph: _Graph, cut: Cut) -> Proof:
    """Give the Farkas sum of a cut; nothing if, against all expectation, it proves nothing."""
    reached = cut.reached
    prices = np.zeros(len(f.row_lower), dtype=np.int64)
    asks = graph.asks & reached[graph.head]
    prices[graph.row[asks]] = -1
    ends = reached[graph.tail] & ~reached[graph.head] & (graph.row >= 0)
    prices[graph.row[ends]] = 1
    prices[_needs_of(f, graph, reached)] = -1
    prices[graph.row[asks & ~np.isin(graph.part, sorted(cut.parts))]] = 0
    nothing = np.zeros(len(f.lower), dtype=np.int64)
    if exact.priced(f, nothing, prices, 1).bound >= 0:
        return ()
    used = np.flatnonzero(prices)
    return tuple(zip(used.tolist(), prices[used].tolist(), strict=True))


def _needs_of(f: Formulation, graph: _Graph, reached: NDArray[np.bool_]) -> IntArray:
    """Give the rows that tie the demands reached to who serves them."""
    chosen = graph.column[(graph.column >= 0) & (graph.column < len(f.options))
                          & reached[graph.tail] & reached[graph.head]]  # fmt: skip
    needs = np.zeros(len(f.row_lower), dtype=bool)
    first = f.rows.starts.tolist()
    for start, block in zip(first, f.rows.blocks, strict=False):
        if block.prefix[:1] == ("law.set",) and block.prefix[1] in ("need", "least"):
            needs[start : start + block.count] = True
    entry = needs[f.matrix.row_of] & np.isin(f.matrix.columns, chosen)
    return np.unique(f.matrix.row_of[entry])


# The graph of a formulation


def _graph_of(f: Formulation, parts: Parts) -> _Graph | None:
    """Lay out the graph; None unless guarantees are sums of demands and the rest is a flow."""
    asked = _asked_rows(f, parts)
    if asked is None or not asked.any():
        return None
    free = _can_always_be_kept(f)
    if free is None:
        return None
    kept = np.flatnonzero(~asked & ~free)
    network = network_of(_with_rows(f, kept))
    if network is None:
        return None
    return _laid_out(f, parts, network, kept, np.flatnonzero(asked))


def _can_always_be_kept(f: Formulation) -> NDArray[np.bool_] | None:
    """Mark the rows of soft clauses and of shares; None if there are other columns of their own."""
    starts = f.columns.starts.tolist()
    for start, block in zip(starts, f.columns.blocks, strict=False):
        if start >= f.x.stop and block.count and block.prefix[0] not in YIELDING:
            return None
    found = np.zeros(len(f.row_lower), dtype=bool)
    found[f.matrix.row_of[f.matrix.columns >= f.x.stop]] = True
    return found


def _asked_rows(f: Formulation, parts: Parts) -> NDArray[np.bool_] | None:
    """Mark the rows that ask for demands; None if one of them asks for anything else."""
    floors = (parts.of_row >= 0) & (f.row_lower > 0)
    entry = floors[f.matrix.row_of]
    columns, values = f.matrix.columns[entry], f.matrix.values[entry]
    plain = (f.row_upper[floors] >= FREE).all() and (values == 1).all()
    of_demands = (columns < len(f.options)).all() and len(np.unique(columns)) == len(columns)
    return floors if plain and of_demands else None


def _with_rows(f: Formulation, kept: IntArray) -> Formulation:
    """Give a formulation of demands and candidates, and of some rows only; names are kept."""
    wanted = np.zeros(len(f.row_lower), dtype=bool)
    wanted[kept] = True
    m = f.matrix
    entry = wanted[m.row_of]
    sizes = np.diff(m.starts)[kept]
    width, columns = f.x.stop, []
    for start, block in zip(f.columns.starts.tolist(), f.columns.blocks, strict=False):
        if start < width:
            columns.append(block)
    return replace(
        f,
        columns=Labels(tuple(columns)),
        lower=f.lower[:width],
        upper=f.upper[:width],
        rows=f.rows.some(wanted),
        row_lower=f.row_lower[kept],
        row_upper=f.row_upper[kept],
        matrix=Matrix(
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            m.columns[entry], m.values[entry],
        ),
    )  # fmt: skip


def _laid_out(
    f: Formulation, parts: Parts, network: Network, kept: IntArray, asked: IntArray
) -> _Graph:
    """Turn the network round: from guarantees over demands and resources to the hub."""
    groups, first = len(network.group_row), network.first_need
    guarantee = network.nodes + np.arange(len(asked))
    source = network.nodes + len(asked)
    place = np.full(len(f.row_lower), -1)
    place[asked] = np.arange(len(asked))
    entry = place[f.matrix.row_of] >= 0
    need_of = np.full(len(f.columns), -1)
    need_of[network.need_choice] = first + np.arange(len(network.need_choice))
    y = f.matrix.columns[entry]
    loose = np.flatnonzero((network.need_rows[:, :2] < 0).all(axis=1))
    into = np.flatnonzero(network.head >= first)
    group_row = kept[network.group_row]
    none = np.full(len(network.need_choice), -1)
    tails = (np.full(len(asked), source), guarantee[place[f.matrix.row_of[entry]]],
             first + loose, network.head[into], 1 + np.arange(groups))  # fmt: skip
    heads = (guarantee, need_of[y], np.full(len(loose), HUB), network.tail[into],
             network.tail[:groups])  # fmt: skip
    caps = (f.row_lower[asked], np.ones(len(y), np.int64), np.ones(len(loose), np.int64),
            network.cap[into], f.row_upper[group_row])  # fmt: skip
    rows = (asked, np.full(len(y), -1), none[loose], np.full(len(into), -1), group_row)
    columns = (np.full(len(asked), -1), y, none[loose], network.column[into],
               np.full(groups, -1))  # fmt: skip
    row = np.concatenate(rows)
    return _Graph(
        source + 1, np.concatenate(tails), np.concatenate(heads), np.concatenate(caps),
        row, np.where(row >= 0, parts.of_row[row], -1), np.concatenate(columns),
    )  # fmt: skip
