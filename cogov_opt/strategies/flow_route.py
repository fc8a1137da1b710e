"""
The flow route: every stage a min-cost circulation, certified without a gap (proof.md 2-4).

Each stage after the first keeps to the tight face of those before: arcs whose reduced cost is not
0 are held at their bound, the rest is a smaller circulation. The draw is one more stage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.faces import settled, tied_columns
from cogov_opt.proving.potentials import FlowPrices, face_prices, flow_prices
from cogov_opt.proving.residual import BoolArray, residual_of
from cogov_opt.proving.strictness import residual_distances, strict_potentials, strong_components
from cogov_opt.solving.network import Network, network_of

Circulate = Callable[[IntArray, IntArray, IntArray, IntArray, IntArray], IntArray]
"""A solver of circulations: tail, head, cap, cost, supply -> flow of every arc."""
Ranks = Callable[[BoolArray, int], IntArray]
"""Gives the ranks of the marked columns at a counter, 0 for the others."""
ATTEMPTS = 3
"""Counters a draw is made at, until one leaves one plan (S11.3)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One attempt of the draw: its plan, its prices, and whether it left one plan."""

    counter: int
    vector: IntArray
    prices: IntArray
    unique: bool


@dataclass(frozen=True, slots=True)
class FlowSolved:
    """The plan, the ties, the prices of the stages, and the draw with its other attempts."""

    vector: IntArray
    before_draw: IntArray
    prices: tuple[FlowPrices, ...]
    tied: BoolArray
    """The candidates that another plan, as good on every stage, gives another amount (S10.7)."""
    draw: Drawn | None = None
    others: tuple[Drawn, ...] = ()
    """Attempts that are not the one published: each left more than one plan."""


def is_flow(f: Formulation) -> Network | None:
    """Give the network of a formulation whose every stage is a flow, else None."""
    network = network_of(f)
    if network is None:
        return None
    gain = np.array([s.costs[network.need_choice] for s in f.stages])
    if (gain[:, network.need_rows[:, 0] < 0] < 0).any() or any(_gives(s) for s in f.stages):
        return None
    return network


def _gives(stage: Stage) -> bool:
    """Tell whether later stages may take something of a stage back: then its face is not kept."""
    objective = stage.objective
    return objective is not None and bool(objective.give_percent or objective.give_points)


def solve_flow(
    f: Formulation,
    network: Network,
    circulate: Circulate,
    ranks: Ranks | None,
    match: Callable[[IntArray], IntArray] | None = None,
) -> FlowSolved:
    """
    Solve all stages and the draw on a network.

    Parameters
    ----------
    ranks
        Gives what the draw gains by each of some columns at a counter; None leaves ties as they
        fall. The first counter that leaves one plan is the draw; if none does, the first of all.
    match
        Solves the first stage from its arc costs where the network is one-to-one.
    """
    flow = np.broadcast_to(np.int64(0), len(network.tail))
    held = np.zeros(len(network.tail), dtype=bool)
    prices: list[FlowPrices] = []
    for stage in f.stages:
        cost = network.costs(stage.costs)
        if match is not None and not held.any():
            flow = match(cost)
        else:
            flow = _circulate(network, circulate, flow, held, cost)
        strict = strict_potentials(residual_of(network, flow, cost, held))
        before = prices[-1] if prices else None
        idle = held & (flow < network.cap) & (flow == 0)
        prices.append(flow_prices(f, network, strict, stage.costs, idle, before))
        held = settled(network, cost, strict, held)
    plan, tied = plan_of_flow(f, network, flow), tied_columns(f, network, flow, held)
    if ranks is None:
        return FlowSolved(plan, plan, tuple(prices), tied)
    found: list[Drawn] = []
    free = _drawn(f, network, held)
    for counter in range(ATTEMPTS):
        gains = ranks(free, counter)
        again = _circulate(network, circulate, flow, held, network.costs(gains))
        found.append(_draw(f, network, again, held, gains, prices[-1], counter))
        if found[-1].unique or not any(ranks(free, c).any() for c in range(ATTEMPTS)):
            break
    draw = found[-1] if found[-1].unique else found[0]
    others = tuple(one for one in found if one is not draw)
    return FlowSolved(draw.vector, plan, tuple(prices), tied, draw, others)


def _draw(
    f: Formulation,
    network: Network,
    flow: IntArray,
    held: BoolArray,
    gains: IntArray,
    before: FlowPrices,
    counter: int,
) -> Drawn:
    """Give the draw a best circulation at the ranks stands for: prices, and what it left."""
    cost = network.costs(gains)
    distance = residual_distances(residual_of(network, flow, cost, held))
    idle = held & (flow < network.cap) & (flow == 0)
    prices = face_prices(f, network, distance, gains, idle, before)
    tight = ~held & (cost + distance[network.tail] == distance[network.head])
    return Drawn(counter, plan_of_flow(f, network, flow), prices, is_only(network, flow, tight))


def _circulate(
    network: Network,
    circulate: Circulate,
    flow: IntArray,
    held: BoolArray,
    cost: IntArray,
) -> IntArray:
    """Give the cheapest circulation that leaves the held arcs as they are."""
    supply = np.zeros(network.nodes, dtype=np.int64)
    if not held.any():
        return circulate(network.tail, network.head, network.cap, cost, supply)
    np.subtract.at(supply, network.tail[held], flow[held])
    np.add.at(supply, network.head[held], flow[held])
    found = flow.copy()
    free = ~held
    if free.any():
        found[free] = circulate(
            network.tail[free], network.head[free], network.cap[free], cost[free], supply
        )
    return found


def _drawn(f: Formulation, network: Network, held: BoolArray) -> BoolArray:
    """Mark what the draw ranks: columns still free; y where the need takes one or none (S11.1)."""
    found = np.zeros(len(f.columns), dtype=bool)
    free = network.column[~held]
    found[free[free >= 0]] = True
    found[network.need_choice[network.need_rows[:, 0] < 0]] = False
    return found


def plan_of_flow(f: Formulation, network: Network, flow: IntArray) -> IntArray:
    """
    Give the plan a circulation stands for: an option is chosen iff something is given.

    Where no minimum ties the two, it is also chosen if some stage gains by it.
    """
    x = np.zeros(len(f.columns), dtype=np.int64)
    carries = network.column >= 0
    x[network.column[carries]] = flow[carries]
    given = np.zeros(network.nodes, dtype=np.int64)
    into = network.head >= network.first_need
    np.add.at(given, network.head[into], flow[into])
    loose = (network.need_rows[:, 0] < 0) & (network.need_rows[:, 1] < 0)
    gains = np.any([s.costs[network.need_choice] > 0 for s in f.stages], axis=0)
    x[network.need_choice] = (given[network.first_need :] > 0) | (loose & gains)
    return x


def is_only(network: Network, flow: IntArray, tight: BoolArray) -> bool:
    """
    Tell whether no other circulation does as well: no cycle of tight residual arcs.

    An arc strictly between its bounds is tight both ways; followed by its own reverse it is no
    cycle. So every strong component must be a tree of such arcs. The arcs from a need to the hub
    are one edge: to give one more by one of them and one less by the other changes nothing.
    """
    label = strong_components(residual_of(network, flow, network.cap, ~tight))
    count = int(label.max(initial=0)) + 1
    inside = np.flatnonzero(tight & (label[network.tail] == label[network.head]))
    out = inside[network.head[inside] == 0]
    _, first = np.unique(network.tail[out], return_index=True)
    inside = np.concatenate((inside[network.head[inside] != 0], out[first]))
    edges = np.bincount(label[network.tail[inside]], minlength=count)
    nodes = np.bincount(label, minlength=count)
    return bool((edges <= nodes - 1).all())
