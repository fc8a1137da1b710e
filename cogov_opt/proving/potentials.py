"""
Row prices of a flow-shaped stage from distances in the residual graph (proof.md 3).

Later stages work on the tight face of the earlier ones: arcs whose reduced cost is not 0 are held
at their bound. Their prices are the face's own plus a multiple of the earlier stage's, large
enough that no held arc gets a wrong sign; so the bound is exact at every stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.distances import FAR, distances
from cogov_opt.solving.network import Network

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FlowPrices:
    """Prices of one stage at scale 1: of the rows, and of the earlier stages' rows."""

    rows: IntArray
    earlier: tuple[int, ...]
    reduced: IntArray
    """v of every column, earlier stages' rows included."""


def residual_distances(
    network: Network, flow: IntArray, cost: IntArray, held: BoolArray
) -> IntArray:
    """
    Give node distances from the hub over the arcs that are not held.

    They do not depend on which optimal flow was found. Where holding arcs has cut nodes off,
    every node is a source instead. A ValueError means that the flow was not optimal.
    """
    forward = np.flatnonzero((flow < network.cap) & ~held)
    backward = np.flatnonzero((flow > 0) & ~held)
    tail = np.concatenate((network.tail[forward], network.head[backward]))
    head = np.concatenate((network.head[forward], network.tail[backward]))
    price = np.concatenate((cost[forward], -cost[backward]))
    start = np.full(network.nodes, FAR, dtype=np.int64)
    start[0] = 0
    found = distances(network.nodes, tail, head, price, start)
    if (found[tail] < FAR // 2).all() and (found[head] < FAR // 2).all():
        return np.where(found >= FAR // 2, 0, found)
    return distances(network.nodes, tail, head, price, np.zeros(network.nodes, dtype=np.int64))


def reduced_costs(network: Network, cost: IntArray, distance: IntArray) -> IntArray:
    """Give every arc's reduced cost: >= 0 where flow may rise, <= 0 where it may fall."""
    return np.asarray(cost + distance[network.tail] - distance[network.head])


def flow_prices(
    f: Formulation,
    network: Network,
    distance: IntArray,
    gains: IntArray,
    idle: BoolArray,
    before: FlowPrices | None,
) -> FlowPrices:
    """
    Give the prices of a stage from its node distances and the prices of the stage before.

    `idle` marks the arcs that an earlier stage holds at 0: their rows have slack and no price.
    """
    own = face_prices(f, network, distance, gains, idle, before)
    reduced = gains - _times(f, own)
    if before is None:
        return FlowPrices(own, (), reduced)
    times = 1 + max(_worst(reduced, before.reduced), _worst(own, before.rows))
    earlier = (*(times * e for e in before.earlier), -times)
    return FlowPrices(own + times * before.rows, earlier, reduced + times * before.reduced)


def _worst(values: IntArray, before: IntArray) -> int:
    """Give the largest value that an earlier stage's sign has to outweigh."""
    against = (before != 0) & (np.sign(values) == -np.sign(before))
    return int(np.abs(values[against]).max(initial=0))


def face_prices(
    f: Formulation,
    network: Network,
    distance: IntArray,
    gains: IntArray,
    idle: BoolArray,
    before: FlowPrices | None,
) -> IntArray:
    """
    Give one integer a row: the rise in distance across a capacity row's arc, a need's own distance.

    They hold on the face that the stage before left (S11.3). Links are implied on a flow and carry
    no price.
    """
    held = np.zeros(len(f.row_lower), dtype=bool) if before is None else before.rows != 0
    prices = np.zeros(len(f.row_lower), dtype=np.int64)
    arc, group = network.group_arc, network.group_row
    rise = distance[network.head[arc]] - distance[network.tail[arc]]
    prices[group] = np.where(idle[arc], 0, np.where(held[group], rise, np.maximum(rise, 0)))
    need = distance[0] - distance[network.first_need :]
    alone = np.flatnonzero(_without_candidates(network))
    need[alone] = -gains[network.need_choice[alone]]
    need[_loose_and_idle(network, idle)] = 0
    for rows, price in zip(network.need_rows.T, _sides(network, need, held), strict=True):
        has = rows >= 0
        prices[rows[has]] = price[has]
    return prices


def _sides(
    network: Network, need: IntArray, held: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Put a need's price on the row whose side it is on, or that an earlier stage holds tight."""
    _, least, most = network.need_rows.T
    on_most = np.where((most >= 0) & held[most], True, need > 0)
    on_most = np.where((least >= 0) & held[least], False, on_most) & (most >= 0)
    return need, np.where(on_most, 0, need), np.where(on_most, need, 0)


def _times(f: Formulation, prices: IntArray) -> IntArray:
    """Give Y A, one integer a column."""
    total = np.zeros(len(f.columns), dtype=np.int64)
    np.add.at(total, f.matrix.columns, prices[f.matrix.row_of] * f.matrix.values)
    return total


def _without_candidates(network: Network) -> BoolArray:
    """Tell which need nodes no arc leads to."""
    found = np.ones(network.nodes, dtype=bool)
    found[network.head] = False
    return found[network.first_need :]


def _loose_and_idle(network: Network, idle: BoolArray) -> IntArray:
    """Give the need nodes without a minimum whose way to the hub is held at 0."""
    arcs = np.flatnonzero(idle & (network.column < 0) & (network.head == 0))
    node = network.tail[arcs] - network.first_need
    loose = (network.need_rows[node, :2] < 0).all(axis=1)
    return np.asarray(node[loose])
