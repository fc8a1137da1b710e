"""
Row prices of a flow-shaped stage from node potentials of its residual graph (S10.7).

Later stages work on the tight face of the earlier ones: arcs whose reduced cost is not 0 are held
at their bound. Their prices are the face's own plus a multiple of the earlier stage's, large
enough that no held arc gets a wrong sign; so the bound is exact at every stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.residual import BoolArray
from cogov_opt.proving.strictness import Strict
from cogov_opt.solving.exact import ROOM, Exact, charged
from cogov_opt.solving.network import Network


@dataclass(frozen=True, slots=True)
class FlowPrices:
    """Prices of one stage at its scale: of the rows, and of the earlier stages' rows."""

    scale: int
    rows: Exact
    earlier: tuple[int, ...]
    reduced: Exact
    """v of every column, earlier stages' rows included."""


def flow_prices(
    f: Formulation,
    network: Network,
    strict: Strict,
    gains: IntArray,
    idle: BoolArray,
    before: FlowPrices | None,
) -> FlowPrices:
    """
    Give the prices of a stage from its node potentials and the prices of the stage before.

    `idle` marks the arcs that an earlier stage holds at 0: their rows have slack and no price.
    """
    gains = strict.scale * gains
    own = face_prices(f, network, strict.potential, gains, idle, before)
    reduced = gains - charged(f.matrix, own, len(f.columns))
    if before is None:
        return FlowPrices(strict.scale, own, (), reduced)
    times = 1 + max(_worst(reduced, before.reduced), _worst(own, before.rows))
    earlier = (*(times * e for e in before.earlier), -times * before.scale)
    return FlowPrices(
        strict.scale, _added(own, times, before.rows), earlier,
        _added(reduced, times, before.reduced),
    )  # fmt: skip


def _worst(values: IntArray, before: Exact) -> int:
    """Give how often an earlier stage's numbers must count to outweigh those of wrong sign."""
    against = np.flatnonzero((values != 0) & (before != 0))
    against = against[(values[against] > 0) != (before[against] > 0)]
    return int((np.abs(values[against]) // np.abs(before[against])).max(initial=0))


def _added(own: IntArray, times: int, before: Exact) -> Exact:
    """Give own + times x before, in Python integers where 64 bits do not hold it."""
    size = float(np.abs(own.astype(float)).max(initial=0))
    size += float(times) * float(np.abs(before.astype(float)).max(initial=0))
    if size < ROOM and before.dtype != object:
        return np.asarray(own + times * before)
    return np.asarray(own.astype(object) + times * before.astype(object))


def face_prices(
    f: Formulation,
    network: Network,
    potential: IntArray,
    gains: IntArray,
    idle: BoolArray,
    before: FlowPrices | None,
) -> IntArray:
    """
    Give one integer a row: the rise in potential across a capacity row's arc, a need's own.

    They hold on the face that the stage before left (S11.3). Links are implied on a flow and carry
    no price. A need without candidates is never served: its choice has a reduced value below 0.
    """
    held = np.zeros(len(f.row_lower), dtype=bool) if before is None else before.rows != 0
    prices = np.zeros(len(f.row_lower), dtype=np.int64)
    arc, group = network.group_arc, network.group_row
    rise = potential[network.head[arc]] - potential[network.tail[arc]]
    prices[group] = np.where(idle[arc], 0, np.where(held[group], rise, np.maximum(rise, 0)))
    need = potential[0] - potential[network.first_need :]
    alone = np.flatnonzero(_without_candidates(network))
    need[alone] = -gains[network.need_choice[alone]] - 1
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
