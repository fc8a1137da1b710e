"""The residual graph of a circulation: what may still change, and at what cost (proof.md 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.solving.network import Network

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Residual:
    """
    Arcs along which one unit may be added or taken away.

    `arc` is the network's arc; the first `forward` of them add a unit, the others take one away.
    """

    nodes: int
    tail: IndexArray
    head: IndexArray
    cost: IntArray
    arc: IndexArray
    forward: int

    def reduced(self, potential: IntArray, scale: int = 1) -> IntArray:
        """Give scale x cost + potential[tail] - potential[head] of every residual arc."""
        return np.asarray(scale * self.cost + potential[self.tail] - potential[self.head])

    def only(self, keep: BoolArray) -> Residual:
        """Give some of the arcs."""
        return Residual(
            self.nodes, self.tail[keep], self.head[keep], self.cost[keep], self.arc[keep],
            int(keep[: self.forward].sum()),
        )  # fmt: skip

    def reversed(self) -> Residual:
        """Give the graph with every arc turned round: distances in it lead to a node."""
        return Residual(
            self.nodes, self.head, self.tail, self.cost, self.arc, self.forward
        )  # fmt: skip


def residual_of(network: Network, flow: IntArray, cost: IntArray, held: BoolArray) -> Residual:
    """Give the residual graph over the arcs that are not held."""
    up = np.flatnonzero((flow < network.cap) & ~held)
    down = np.flatnonzero((flow > 0) & ~held)
    return Residual(
        network.nodes,
        np.concatenate((network.tail[up], network.head[down])),
        np.concatenate((network.head[up], network.tail[down])),
        np.concatenate((cost[up], -cost[down])),
        np.concatenate((up, down)),
        len(up),
    )
