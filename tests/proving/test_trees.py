"""Branch trees: no plan beats what a tree proves, and nothing false is taken for a tree (S10.6)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.domain.branching import ROWS, Node, Split, Step, from_plain, to_plain
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.proving.trees import (
    Allowance,
    Published,
    Question,
    UnsoundTreeError,
    evaluate,
    prove,
)
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.closing import closed_by_ray
from cogov_opt.proving.trees.evaluating import resting
from cogov_opt.proving.trees.growing import Grower, Open
from cogov_opt.proving.trees.propagating import Propagator
from cogov_opt.solving import exact
from tests.solving.small import at_random, every, formulation

pytestmark = pytest.mark.solver


def top_of(f: Formulation) -> int | None:
    """Give the best value of the first stage by looking at every plan."""
    values = [exact.value(f.stages[0].costs, x) for x in every(f)]
    return max(values) if values else None


ALONE = Allowance(cuts=False)
"""Splits alone, without cuts: most of what is small enough for a test needs no split otherwise."""


def no_prices(f: Formulation, value: int) -> Published:
    """Give prices of 0 as what is published of the first stage."""
    return Published(f.stages[0], value, np.zeros(len(f.row_lower), np.int64), 1)


def triangles(count: int) -> Formulation:
    """Give the choice of one corner of each triangle: prices alone prove one and a half each."""
    rows = []
    for first in range(0, 3 * count, 3):
        for a, b in ((0, 1), (1, 2), (0, 2)):
            row = [0] * (3 * count)
            row[first + a] = row[first + b] = 1
            rows.append((row, -FREE, 1))
    return formulation([1] * 3 * count, rows, [[1] * 3 * count])


@given(seed=st.integers(0, 10**6), money=st.booleans(), below=st.integers(0, 3), cuts=st.booleans())
def test_no_plan_beats_what_a_tree_proves(seed: int, money: bool, below: int, cuts: bool) -> None:
    """A complete tree at the best value; below it, an open leaf and a bound not under the best."""
    f = at_random(seed, money=money)
    top = top_of(f)
    if top is None:
        return
    value = top - below * exact.step(f.stages[0].costs)
    tree = prove(f, f.stages[0], value, [no_prices(f, value)], Allowance(cuts=cuts))
    assert tree.bound >= top
    assert tree.complete == (below == 0)
    assert not tree.complete or tree.bound == top


@given(seed=st.integers(0, 10**6), leaves=st.integers(1, 4))
def test_a_tree_that_stops_early_still_bounds(seed: int, leaves: int) -> None:
    """Whatever the limit of leaves, the bound is at least the best value, and open is said."""
    f = at_random(seed)
    top = top_of(f)
    if top is None:
        return
    tree = prove(f, f.stages[0], top, (), Allowance(leaves=leaves, cuts=False))
    assert tree.bound >= top
    assert tree.complete == (tree.open_leaves == 0)


def without(f: Formulation, kept: set[int]) -> Formulation:
    """Give the same problem with all rows but some free of any bound."""
    free = np.array([i not in kept for i in range(len(f.row_lower))], dtype=bool)
    low, high = np.where(free, -FREE, f.row_lower), np.where(free, FREE, f.row_upper)
    return replace(f, row_lower=low, row_upper=high)


def proven(f: Formulation, value: int, root: Node) -> tuple[int, int, int] | None:
    """Give what a tree proves of a problem; None where it is no proof."""
    try:
        return evaluate(Question(f, f.stages[0], value, ()), root)
    except UnsoundTreeError:
        return None


def test_a_tree_proves_the_same_without_the_rows_it_does_not_rest_on() -> None:
    """It rests on rows it names and on those that `rows` learns from (S12.8); no fewer will do."""
    idle = learned = 0
    for seed in range(150):
        f = at_random(seed)
        top = top_of(f)
        if top is None:
            continue
        tree = prove(f, f.stages[0], top, (), Allowance(cuts=seed % 2 == 0))
        rests = resting(Question(f, f.stages[0], top, ()), tree.root)
        told = proven(f, top, tree.root)
        assert told is not None
        assert proven(without(f, rests), top, tree.root) == told
        idle += len(f.row_lower) - len(rests)
        learned += proven(without(f, set(tree.root.rows)), top, tree.root) != told
    assert idle
    assert learned


def test_triangles_need_a_tree_and_get_one() -> None:
    """On three triangles prices prove four; a tree proves three, and so does a cut of each."""
    f = triangles(3)
    tree = prove(f, f.stages[0], 3, (), ALONE)
    assert (tree.complete, tree.bound) == (True, 3)
    assert tree.leaves > 1
    tree = prove(f, f.stages[0], 3)
    assert (tree.complete, tree.bound, tree.leaves, len(tree.root.cuts)) == (True, 3, 1, 3)


def test_a_demand_served_in_part_is_passed_over_where_that_gains_nothing() -> None:
    """Nothing hangs on the demand, so a corner of the triangle is split, which closes it."""
    corners = triangles(1)
    rows = [([0, *row], -FREE, 1) for row in ([1, 1, 0], [0, 1, 1], [1, 0, 1])]
    f = formulation([1] * 4, rows, [[0, *corners.stages[0].costs.tolist()]], options=1)
    box = Box.of(f)
    grower = Grower(f, f.stages[0], box, 2, Allowance())
    grower.programme.solve()
    half = np.full(4, 0.5)
    leaf = Open(Node(), box, 1.5, half, None, grower.programme.live.basis())
    kinds = [[c.split.index for c in kind] for kind in grower.splits.of(half, box)]
    grower._split(leaf)
    assert kinds == [[0], [1, 2, 3]]
    assert leaf.node.split is not None
    assert leaf.node.split.index in kinds[1]
    assert grower.closed == 2


def test_a_ray_of_which_money_is_a_tiny_part_still_closes_a_leaf() -> None:
    """What needs a whole one may have half a one: shown at a scale of 10^11 alone."""
    f = formulation([10**7], [([1], 1, FREE), ([10**11], -FREE, 5 * 10**10)], [[1]])
    step = closed_by_ray(f, Box.of(f), np.array([-1.0, 1e-11]))
    assert step is not None
    assert step.prices == (-(10**11), 1)


def test_a_node_is_narrowed_by_its_own_prices() -> None:
    """Taking the lesser of a pair loses 6: too little for the root, too much once 5 are left."""
    corners, pairs = triangles(2), 4
    m = corners.matrix
    rows = [m.columns[m.starts[r] : m.starts[r + 1]].tolist() for r in range(6)]
    rows += [[6 + 2 * k, 7 + 2 * k] for k in range(pairs)]
    dense = [([int(j in row) for j in range(6 + 2 * pairs)], -FREE, 1) for row in rows]
    f = formulation([1] * (6 + 2 * pairs), dense, [[10] * 6 + [7, 1] * pairs])
    tree = prove(f, f.stages[0], 20 + 7 * pairs, (), ALONE)
    inner = [n for n in tree.root.walk() if n is not tree.root and n.halves]
    assert tree.complete
    assert any(step.scale for n in inner for step in n.steps)
    assert all(len(n.steps) <= 4 for n in tree.root.walk() if n is not tree.root)


def test_a_limit_of_one_leaf_proves_less() -> None:
    """Where no split is allowed the bound is that of the prices."""
    f = triangles(4)
    tree = prove(f, f.stages[0], 4, (), Allowance(leaves=1, cuts=False))
    assert (tree.complete, tree.bound, tree.open_leaves) == (False, 6, 1)


def test_the_same_question_grows_the_same_tree() -> None:
    """Work is limited by leaves and iterations, so a tree repeats to the last number."""
    for allowance in (ALONE, Allowance()):
        trees = [prove(triangles(3), triangles(3).stages[0], 3, (), allowance) for _ in range(2)]
        assert to_plain(trees[0].root) == to_plain(trees[1].root)


def test_a_tree_survives_the_way_to_another_process() -> None:
    """Written as lists and read back, a tree proves the same."""
    f = triangles(4)
    tree = prove(f, f.stages[0], 4, (), ALONE)
    again = from_plain(to_plain(tree.root), 1)
    assert evaluate(Question(f, f.stages[0], 4, ()), again) == (4, tree.leaves, 0)


def sound(f: Formulation, value: int, root: Node) -> bool:
    """Tell whether a tree proves a value best."""
    try:
        bound, _, still_open = evaluate(Question(f, f.stages[0], value, ()), root)
    except UnsoundTreeError:
        return False
    return bound == value and not still_open


def test_prices_of_nothing_close_no_leaf() -> None:
    """Y := 0 in every leaf must fail."""
    f = triangles(4)
    tree = prove(f, f.stages[0], 4, (), ALONE)
    assert sound(f, 4, tree.root)
    for node in tree.root.walk():
        node.steps = [Step(s.stage, s.scale, (), ()) for s in node.steps]
    assert not sound(f, 4, tree.root)


def test_a_leaf_cannot_be_left_out() -> None:
    """A half that is not there, and a leaf without its prices, prove nothing."""
    f = triangles(4)
    tree = prove(f, f.stages[0], 4, (), ALONE)
    assert tree.root.halves is not None
    tree.root.halves = (tree.root.halves[0], Node())
    assert not sound(f, 4, tree.root)
    tree = prove(f, f.stages[0], 4, (), ALONE)
    next(n for n in tree.root.walk() if n.steps).steps.clear()
    assert not sound(f, 4, tree.root)


def test_a_better_plan_is_never_proved_away() -> None:
    """A value below the best has no complete tree, whatever splits are made."""
    f = triangles(2)
    root = Node(split=Split(False, 0, 0), halves=(Node(), Node()))
    assert not sound(f, 1, root)
    assert not prove(f, f.stages[0], 1).complete


@pytest.mark.slow
def test_trees_on_three_hundred_small_formulations() -> None:
    """Every tree at the best value is complete, and every one above nothing is sound."""
    complete = 0
    for seed in range(300):
        f = at_random(50_000 + seed, money=bool(seed % 2))
        top = top_of(f)
        if top is not None:
            tree = prove(f, f.stages[0], top)
            assert tree.bound == top
            complete += tree.complete
    assert complete > 200


def test_rows_alone_settle_what_only_whole_numbers_forbid() -> None:
    """Two halves of a thing are none: 3 x <= 2 leaves x = 0 without a split (S10.6)."""
    f = formulation([1, 1], [([3, 0], -FREE, 2), ([1, 1], -FREE, 2)], [[5, 3]])
    tree = prove(f, f.stages[0], 3)
    assert (tree.complete, tree.bound, tree.leaves) == (True, 3, 1)
    assert Step(ROWS) in tree.root.steps


@given(seed=st.integers(0, 10**6))
def test_no_plan_is_lost_by_rows(seed: int) -> None:
    """Every plan of a box is in the box its rows leave."""
    f = at_random(seed)
    after = Propagator(f).narrowed(Box.of(f))
    for x in every(f):
        assert (x >= after.lower).all()
        assert (x <= after.upper).all()
