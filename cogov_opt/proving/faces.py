"""
Stage after stage of a flow: what each leaves open to the next (proof.md 2, S10.7).

Nothing is solved here. A plan that is best at every stage has a face at each: the arcs that no
stage before holds, with strictly complementary potentials of the stage's own. An arc whose reduced
cost is not 0 there is the same in every best plan, and held from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.residual import BoolArray, Residual, residual_of
from cogov_opt.proving.strictness import Strict, strict_potentials
from cogov_opt.proving.ties import tied_arcs
from cogov_opt.solving.network import Network


@dataclass(frozen=True, slots=True)
class Face:
    """
    One stage at a best flow: arc costs, residual graph and potentials over what was not held.

    `held` marks the arcs held before the stage, `after` those held after it.
    """

    cost: IntArray
    held: BoolArray
    after: BoolArray
    residual: Residual
    strict: Strict


def face_at(network: Network, flow: IntArray, cost: IntArray, held: BoolArray) -> Face:
    """
    Give the face of a stage at a flow that is best there.

    Raises
    ------
    ValueError
        The flow is not the best on the arcs that are not held.
    """
    residual = residual_of(network, flow, cost, held)
    strict = strict_potentials(residual)
    return Face(cost, held, settled(network, cost, strict, held), residual, strict)


def settled(network: Network, cost: IntArray, strict: Strict, held: BoolArray) -> BoolArray:
    """Mark the arcs that are the same in every best plan after a stage."""
    return np.asarray(held | (reduced_costs(network, cost, strict) != 0))


def reduced_costs(network: Network, cost: IntArray, strict: Strict) -> IntArray:
    """Give every arc's reduced cost: > 0 where flow is at 0, < 0 where it is at its cap, or 0."""
    potential = strict.potential
    return np.asarray(strict.scale * cost + potential[network.tail] - potential[network.head])


def faces_of(network: Network, gains: Sequence[IntArray], flow: IntArray) -> list[Face]:
    """Give the faces of all stages, from what each gains by every column; ValueError as above."""
    held = np.zeros(len(network.tail), dtype=bool)
    found: list[Face] = []
    for gain in gains:
        found.append(face_at(network, flow, network.costs(gain), held))
        held = found[-1].after
    return found


def tied_columns(f: Formulation, network: Network, flow: IntArray, held: BoolArray) -> BoolArray:
    """Mark the candidates that some plan as good on every stage gives another amount."""
    found = np.zeros(len(f.columns), dtype=bool)
    columns = network.column[tied_arcs(network, flow, ~held)]
    found[columns[columns >= f.x.start]] = True
    return found
