"""What falls apart is proved part by part, and the sum is the bound of the whole (S10.13)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.domain.certificate import Certificate, Forest
from cogov_opt.domain.decision import Termination
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Objective
from cogov_opt.proving.contraries import Contrary, least_losses
from cogov_opt.proving.parts import AtStage, at_stages, falls_apart
from cogov_opt.proving.stages import certify_all
from cogov_opt.solving import exact
from cogov_opt.solving.outcome import Solved
from cogov_opt.strategies.trees import TreeWork, with_trees
from tests.proving.test_trees import triangles
from tests.solving.small import formulation, pair

pytestmark = pytest.mark.solver
HERE = TreeWork(isolated=False)


def certified(f: Formulation, plan: IntArray) -> Certificate:
    """Certify a plan without any duals: every gap is left to trees."""
    return with_trees(f, certify_all(f, Solved(Termination.OPTIMAL, plan), plan), HERE)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_parts_prove_the_best_plan_of_every_stage(seed: int) -> None:
    """Two random problems side by side, two stages: the sum of the parts is the best value."""
    found = pair(seed)
    if found is None:
        return
    evidence = certified(found.whole, found.best())
    for stage, proof in zip(found.whole.stages, evidence.stages, strict=True):
        assert proof.certified_optimal
        assert proof.certified_bound == exact.value(stage.costs, found.best())


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), which=st.integers(0, 10**6))
def test_no_plan_beats_the_bound_of_a_worse_one(seed: int, which: int) -> None:
    """Whatever plan is told, no plan is worth more than what its parts and prices leave."""
    found = pair(seed)
    if found is None:
        return
    evidence = certified(found.whole, found.plans[which % len(found.plans)])
    costs = found.whole.stages[0].costs
    most = max(exact.value(costs, x) for x in found.plans)
    assert evidence.stages[0].certified_bound >= most


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), column=st.integers(0, 11))
def test_no_loss_is_claimed_that_a_plan_escapes(seed: int, column: int) -> None:
    """What a column at 0, or above it, loses at least every plan loses that does it (S12.7)."""
    found = pair(seed)
    if found is None:
        return
    width = len(found.whole.lower)
    one, two = column % width, (column + 5) % width
    asked = [Contrary(without=one), Contrary((((1, (one,)),), ((1, (two,)),)))]
    left = found.plans
    for at in at_stages(found.whole, certified(found.whole, found.best())):
        lost = least_losses(at, asked)
        done = ([x for x in left if x[one] == 0], [x for x in left if x[one] >= 1 or x[two] >= 1])
        for low, plans in zip(lost, done, strict=True):
            values = [exact.value(at.stage.costs, x) for x in plans]
            assert all(value <= at.question.value - low for value in values)
        left = [x for x in left if exact.value(at.stage.costs, x) >= at.question.value]


def of_triangles(f: Formulation, plan: list[int]) -> AtStage:
    """Give the last stage of a plan of triangles, certified."""
    *_, last = at_stages(f, certified(f, np.array(plan)))
    return last


ONE = [1, 0, 0, 0, 0, 0]


def test_two_triangles_fall_apart_and_each_has_its_tree() -> None:
    """Prices leave half a corner each: two trees add up."""
    at = of_triangles(triangles(2), [1, 0, 0, 1, 0, 0])
    assert isinstance(at.proof.tree, Forest)
    assert [part for part, _ in at.proof.tree.trees] == [0, 1]
    assert (at.proof.tree.bound, at.proof.tree.complete) == (2, True)


def test_a_part_at_less_than_its_best_leaves_the_sum_open() -> None:
    """A corner short in one triangle: the sum is not below what two corners are worth."""
    at = of_triangles(triangles(2), ONE)
    assert isinstance(at.proof.tree, Forest)
    assert not at.proof.tree.complete
    assert at.proof.tree.bound >= 2


def two_goals(give: int) -> Formulation:
    """Give two triangles with a first goal, corners, and a second one that weighs them."""
    f = triangles(2)
    first = replace(f.stages[0], objective=Objective("maximise", (), give_percent=give))
    second = replace(f.stages[0], index=2, costs=np.array([1, 2, 3, 1, 2, 4]))
    return replace(f, stages=(first, second))


def test_the_row_of_a_settled_stage_falls_apart_too() -> None:
    """One corner each is proven best and nothing is given back: the second goal falls apart."""
    at = of_triangles(two_goals(0), [0, 0, 1, 0, 0, 1])
    assert at.parts.several
    assert at.parts.floors == [{0: 1, 1: 1}]
    assert at.proof.certified_optimal


@pytest.mark.parametrize("why", ["give", "not best"])
def test_the_row_of_another_stage_joins(why: str) -> None:
    """What gives back, or is not proven best, holds its columns together."""
    f = two_goals(50 if why == "give" else 0)
    at = of_triangles(f, [0, 0, 1, 0, 0, 1] if why == "give" else [0, 0, 1, 0, 0, 0])
    assert at.parts.costly == [0]
    assert not at.parts.several


def test_a_level_joins_until_it_is_settled() -> None:
    """The level of a share stands in rows of both halves, and holds them no more once proven."""
    f = formulation(
        [1, 1, 2],
        [([-2, 0, 1], -FREE, 0), ([0, -2, 1], -FREE, 0)],
        [[0, 0, 1], [3, 5, 0]],
    )
    names = replace(f.columns.blocks[0], parts=(), prefix=("level", "1"), count=1)
    columns = replace(f.columns, blocks=(f.columns.blocks[0].some(np.arange(3) < 2), names))
    f = replace(f, columns=columns)
    first, second = at_stages(f, certified(f, np.array([1, 1, 2])))
    assert not first.parts.several
    assert (first.level, second.parts.costly) == (2, [0, 1])
    assert falls_apart(f)


def test_a_connected_problem_has_one_tree() -> None:
    """Where a row holds everything together nothing falls apart."""
    f = triangles(2).with_row(("both",), np.arange(6, dtype=np.int32), np.ones(6, np.int64), 0, 9)
    at = of_triangles(f, [1, 0, 0, 1, 0, 0])
    assert not falls_apart(f)
    assert not isinstance(at.proof.tree, Forest)
    assert at.proof.certified_optimal
