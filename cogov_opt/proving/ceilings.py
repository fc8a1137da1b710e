"""
Ceilings: what no plan of an asked system exceeds at a goal, proved in integers (S16.3).

First by prices that are known already, then by those of the system's own linear programme. A
system without any plan is proved empty by prices at scale 0 (S10.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import Formulation, Key, Stage, all_keys
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.prices import SCALES, at_scale, float_bound
from cogov_opt.proving.trees import Allowance, Published, prove
from cogov_opt.recording.trees import written_tree
from cogov_opt.solving import exact, farkas
from cogov_opt.solving.backends import highs
from cogov_opt.solving.exact import Exact
from cogov_opt.solving.problem import FloatArray, Status, Work
from cogov_opt.solving.scaling import prepare

LEAVES = 400
ITERATIONS = 100
"""What a tree may use: leaves, and simplex iterations for each; a limit of work, not of time."""
LEAST_WORK = 3_000
"""The iterations that even a small tree may use: a few leaves can take long."""
EMPTY = -(2**62)
"""The ceiling of a system that no plan keeps."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """
    A bound of one goal: in maximised form, without the goal's constant.

    `prices` are integers by row of the system at `scale`; at scale 0 they prove that there is no
    plan, and `bound` is EMPTY.
    """

    stage: int
    scale: int
    prices: tuple[tuple[Key, int], ...]
    bound: int
    tree: Any = None
    """A branch certificate of the system as JSON-ready values, where prices alone do not do."""

    @property
    def empty(self) -> bool:
        """Tell whether there is no plan at all."""
        return self.scale == 0


def by_prices(system: Formulation, stage: Stage, prices: Exact, scale: int) -> Ceiling:
    """Give the ceiling that some prices prove."""
    found = exact.priced(system, stage.costs, prices, scale)
    step = exact.step(stage.costs)
    return Ceiling(
        stage.index, scale, _named(system, found.prices), step * (found.bound // (scale * step))
    )


def by_programme(system: Formulation, stage: Stage, most: int) -> Ceiling | None:
    """
    Give the ceiling of the system's linear programme; None where the solver gives no answer.

    The scale is the smallest whose integers prove `most`, where the programme's own bound does;
    else the smallest that is near it.
    """
    scaled = prepare(system)
    problem, factor = scaled.with_costs(stage.costs)
    answer = highs.solve(problem, Work())
    if answer.status is Status.INFEASIBLE:
        return no_plan(system)
    if answer.status is not Status.OPTIMAL or answer.duals is None:
        return None
    duals = scaled.scaling.true_duals(answer.duals, factor)
    return _at_best_scale(system, stage, duals, most)


def relaxed_point(system: Formulation, stage: Stage) -> FloatArray | None:
    """Give where the system's linear programme is best at a goal; None without an answer."""
    scaled = prepare(system)
    problem, _ = scaled.with_costs(stage.costs)
    answer = highs.solve(problem, Work())
    if answer.status is not Status.OPTIMAL or answer.point is None:
        return None
    return scaled.scaling.true_point(answer.point)


def _at_best_scale(system: Formulation, stage: Stage, duals: FloatArray, most: int) -> Ceiling:
    """Round duals at the smallest scale that proves what they can prove."""
    step = exact.step(stage.costs)
    bound = float_bound(system, stage, duals)
    # Below the value if the programme proves that, else at it: only then does a scale suffice.
    most = most - step if bound < most - 1e-6 * step - 1e-9 * abs(most) else most
    provable = bound < most + step * (1 - 1e-6)
    best = by_prices(system, stage, at_scale(duals, 1), 1)
    for scale in SCALES:
        found = by_prices(system, stage, at_scale(duals, scale), scale)
        best = min(best, found, key=lambda c: c.bound)
        if found.bound <= most or (not provable and found.bound - bound <= step):
            return found
    return best


def no_plan(system: Formulation) -> Ceiling | None:
    """Prove that a system has no plan; None where the ray does not prove it in integers."""
    scaled = prepare(system)
    problem, _ = scaled.with_costs(np.zeros(len(system.lower), np.int64))
    answer = highs.solve(problem, Work(ray=True))
    if answer.ray is None:
        return None
    found = farkas.proof(system, scaled.scaling.true_duals(answer.ray, 1.0))
    if found is None:
        return None
    named = tuple((system.rows.key(i), int(y)) for i, y in found)
    return Ceiling(0, 0, named, EMPTY)


def known_prices(system: Formulation, told: Sequence[Sequence[Any]]) -> Exact:
    """Give published prices on a system that may have other rows: those it has not are dropped."""
    index = {system.rows.key(i): i for i in range(len(system.rows))}
    found = np.zeros(len(system.rows), dtype=object)
    for key, price in told:
        row = index.get(tuple(key))
        if row is not None:
            found[row] = int(price)
    return found


def _named(system: Formulation, prices: IntArray | Exact) -> tuple[tuple[Key, int], ...]:
    """Give the prices that are not 0, by key."""
    return tuple((system.rows.key(i), int(prices[i])) for i in np.flatnonzero(prices).tolist())


def first_ceiling(
    system: Formulation,
    stage: Stage,
    most: int,
    told: tuple[int, Sequence[Sequence[Any]]] | None,
) -> Ceiling | None:
    """Give a ceiling that costs little: by published prices if they are below, else by the LP."""
    if told is not None:
        found = by_prices(system, stage, known_prices(system, told[1]), told[0])
        if found.bound < most:
            return found
    return by_programme(system, stage, most)


def best_ceiling(
    system: Formulation,
    stage: Stage,
    most: int,
    known: Ceiling | None,
    seconds: float | None,
    leaves: int = LEAVES,
) -> Ceiling | None:
    """Give a ceiling of at most `most` if one can be proved, else the best there is."""
    if known is not None and (known.empty or known.bound <= most):
        return known
    published: tuple[Published, ...] = ()
    if known is not None:
        prices = known_prices(system, [[list(key), y] for key, y in known.prices])
        published = (Published(stage, most, prices, known.scale),)
    allowance = Allowance(leaves, max(leaves * ITERATIONS, LEAST_WORK), seconds)
    try:
        tree = prove(system, stage, most, published, allowance)
    except highs.HighsError:
        return known  # what the solver refuses is not proved, and nothing is claimed
    if known is not None and tree.bound >= known.bound:
        return known
    return Ceiling(
        stage.index,
        1 if known is None else known.scale,
        () if known is None else known.prices,
        tree.bound,
        written_tree(tree, all_keys(system.rows), system, stage),
    )
