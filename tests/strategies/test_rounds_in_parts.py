"""What a round has settled of a problem that falls apart is not searched again, and is the best."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.policy import Objective
from cogov_opt.proving.stages import certify_all
from cogov_opt.solving import coupled, exact, search_parts
from cogov_opt.solving.backends import highs
from cogov_opt.solving.outcome import Begun, Best, Solved, StageResult
from cogov_opt.solving.problem import Answer, Problem, Status, Work
from cogov_opt.solving.stages import floor_of
from cogov_opt.strategies import rounds
from cogov_opt.strategies.trees import TreeWork, with_trees
from tests.properties.small_weeks import Dice
from tests.solving.small import beside, knapsack, pair, with_options

pytestmark = pytest.mark.solver


class Lazy:
    """A solver that, where nodes are limited, often gives up with the plan it began with."""

    def __init__(self, seed: int, chance: int = 60) -> None:
        self.dice, self.chance = Dice(seed), chance
        self.searched: list[int] = []

    def __call__(self, problem: Problem, work: Work) -> Answer:
        if problem.integral is None:
            return highs.solve(problem, work)
        self.searched.append(len(problem.costs))
        if work.nodes is not None and work.start is not None and self.dice.chance(self.chance):
            return Answer(Status.NODES, work.start, bound=float("inf"))
        return highs.solve(problem, work)


def decided(
    f: Formulation, backend: Lazy, leaves: int = 0, draw: Stage | None = None
) -> tuple[Solved, Certificate | None]:
    """Search in rounds, parts of any size on their own."""

    def solve(nodes: int | None, begun: Begun | None) -> Solved:
        backend.searched.append(0)
        return coupled.solve(
            f, Limits(nodes=nodes), draw=draw, isolated=False, backend=backend, start=begun
        )

    def prove(found: Solved) -> Certificate | None:
        if not leaves or found.vector is None:
            return None
        evidence = certify_all(f, found, found.vector)
        return with_trees(f, evidence, TreeWork(leaves=leaves, cuts=False, isolated=False))

    with patch.object(search_parts, "CRUMB", 1):
        return rounds.solve_in_rounds(f, solve, prove, Limits())


def at_rounds(backend: Lazy) -> list[list[int]]:
    """Give the sizes that were searched in each round."""
    starts = [i for i, size in enumerate(backend.searched) if not size]
    ends = [*starts[1:], len(backend.searched)]
    return [backend.searched[i + 1 : j] for i, j in zip(starts, ends, strict=True)]


@pytest.mark.parametrize("leaves", [0, 1, 30])
def test_however_rounds_end_the_plan_is_the_best(leaves: int) -> None:
    """Two halves, two stages, with and without give, with a draw: as good as any plan there is."""
    kinds: Counter[str] = Counter()
    for seed in range(80):
        found = pair(seed)
        if found is None:
            continue
        first, second = found.whole.stages
        give = 30 if seed % 3 == 0 else 0
        first = replace(first, objective=Objective("maximise", (), give_percent=give))
        f = replace(found.whole, stages=(first, second))
        ranks = np.random.default_rng(seed).integers(-99, 99, len(f.lower))
        draw = Stage(3, ranks, 0, None) if seed % 2 else None
        backend = Lazy(seed)
        done, evidence = decided(f, backend, leaves, draw)
        top = max(exact.value(first.costs, x) for x in found.plans)
        kept = [x for x in found.plans if exact.value(first.costs, x) >= floor_of(first, top)]
        assert done.termination is Termination.OPTIMAL
        assert done.vector is not None
        own = exact.value(first.costs, done.stages[0].vector)
        assert (own if evidence is None else evidence.stages[0].value) == top, seed
        best = max(exact.value(second.costs, x) for x in kept)
        assert exact.value(second.costs, done.vector) == best, seed
        kinds["rounds"] += len(at_rounds(backend))
        kinds["runs"] += 1
    print(dict(kinds))
    assert kinds["rounds"] > kinds["runs"]


def test_a_part_that_is_settled_is_not_searched_again() -> None:
    """The second of two knapsacks is given up in the first round: only that one comes again."""

    class GivesUpLarge(Lazy):
        def __call__(self, problem: Problem, work: Work) -> Answer:
            self.chance = 100 if len(problem.costs) == 14 else 0
            return super().__call__(problem, work)

    backend = GivesUpLarge(1)
    f = with_options(beside(knapsack(12), knapsack(14)), 26)
    done, _ = decided(f, backend)
    assert at_rounds(backend) == [[12, 14], *[[14]] * 3]
    assert done.termination is Termination.OPTIMAL
    costs = f.stages[0].costs
    whole = coupled.solve(f, Limits(), isolated=False)
    assert done.vector is not None
    assert whole.vector is not None
    assert exact.value(costs, done.vector) == exact.value(costs, whole.vector)


def test_a_part_that_a_tree_settles_is_not_searched_again() -> None:
    """The search gives up on both, a tree proves the first: only the second comes again."""
    f = with_options(beside(knapsack(6), knapsack(14)), 20)
    backend = Lazy(1, chance=100)
    done, evidence = decided(f, backend, leaves=12)
    assert evidence is None
    assert at_rounds(backend)[0] == [6, 14]
    assert at_rounds(backend)[-1] == [14]
    whole = coupled.solve(f, Limits(), isolated=False)
    assert done.vector is not None
    assert whole.vector is not None
    costs = f.stages[0].costs
    assert exact.value(costs, done.vector) == exact.value(costs, whole.vector)


def plans() -> tuple[Formulation, np.ndarray]:
    """Give two knapsacks and a plan of nothing."""
    f = with_options(beside(knapsack(6), knapsack(8)), 14)
    return f, np.zeros(14, np.int64)


def searched(f: Formulation, begun: Begun) -> list[int]:
    """Give the sizes that are searched with something known of a plan."""
    backend = Lazy(1, chance=0)
    with patch.object(search_parts, "CRUMB", 1):
        coupled.solve(f, Limits(), isolated=False, backend=backend, start=begun)
    return backend.searched


def test_what_is_known_of_a_part_is_believed_only_while_it_stays() -> None:
    """Of another stage, of half a part, or of a plan that has moved, nothing is known."""
    f, nothing = plans()
    halves = np.repeat([0, 1], [6, 8])
    one = np.where(halves == 0, 0, -1)
    half = np.where(np.arange(14) < 3, 0, -1)
    assert searched(f, Begun(nothing)) == [6, 8]
    assert searched(f, Begun(nothing, (Best(1, one),))) == [8]
    assert searched(f, Begun(nothing, (Best(2, one),))) == [6, 8]
    assert searched(f, Begun(nothing, (Best(1, half),))) == [6, 8]
    moved = nothing.copy()
    moved[0] = 1
    assert Begun(nothing, (Best(1, halves),)).known(1, moved).tolist() == [False] * 6 + [True] * 8


def test_a_draw_that_moves_value_between_parts_leaves_them_unknown() -> None:
    """The whole is worth as much, yet neither part what its search reached."""
    f, nothing = plans()
    costs = f.stages[0].costs.copy()
    costs[0] = costs[6] = 7
    f = replace(f, stages=(replace(f.stages[0], costs=costs),))
    own, plan = nothing.copy(), nothing.copy()
    own[0] = plan[6] = 1
    best = Best(1, np.repeat([0, 1], [6, 8]))
    assert (rounds._held(f, best, own, plan).labels == -1).all()
    assert (rounds._held(f, best, own, own).labels == best.labels).all()


def test_what_later_stages_gave_back_leaves_nothing_known_of_them() -> None:
    """The floor that a later stage kept in a round may be another in the next."""
    f, nothing = plans()
    f = replace(f, stages=(f.stages[0], replace(f.stages[0], index=2)))
    own, labels = nothing.copy(), np.zeros(14, np.int64)
    own[0] = 1

    def known(first: np.ndarray) -> list[int]:
        stages = (StageResult(1, first, ended=labels), StageResult(2, nothing, ended=labels))
        solved = Solved(Termination.LIMIT, nothing, stages)
        return [b.stage for b in rounds._best(f, solved, None) if (b.labels >= 0).any()]

    assert known(nothing) == [1, 2]
    assert known(own) == []
