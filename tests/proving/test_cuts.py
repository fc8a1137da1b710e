"""Cuts: every plan keeps them, builder and verifier derive the same rows (S10.6)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.domain.branching import CUT, ROWS, Node, Split, Step, from_plain, to_plain
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.proving.trees import Question, UnsoundTreeError, evaluate
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.cuts import derived, without_idle
from cogov_opt.verifying import cuts
from cogov_opt.verifying.bounds import Bounds, Ground
from tests.properties.small_weeks import Dice
from tests.solving.small import at_random, every, formulation

pytestmark = pytest.mark.solver


def any_cut(f: Formulation, dice: Dice) -> Step:
    """Give a cut with multipliers of finite sides, any divisor and a few weights of its own."""
    rows, prices = [], []
    for i in range(len(f.row_lower)):
        y = dice.number(-3, 3)
        if y and (f.row_upper[i] < FREE if y > 0 else f.row_lower[i] > -FREE):
            rows.append(i)
            prices.append(y)
    columns = [j for j in range(len(f.lower)) if dice.chance(25)]
    weights = tuple(dice.number(-2, 2) for _ in columns)
    return Step(CUT, dice.number(1, 5), tuple(rows), tuple(prices), tuple(columns), weights)


def ground_of(f: Formulation) -> Ground:
    """Give the verifier's form of a formulation."""
    m, terms = f.matrix, []
    for i in range(len(f.row_lower)):
        part = slice(int(m.starts[i]), int(m.starts[i + 1]))
        terms.append((m.columns[part].tolist(), m.values[part].tolist()))
    low = [None if s <= -FREE else s for s in f.row_lower.tolist()]
    high = [None if s >= FREE else s for s in f.row_upper.tolist()]
    columns, rows = Bounds(f.lower.tolist(), f.upper.tolist(), []), Bounds(low, high, [])
    return Ground({}, {}, terms, columns, rows)


@given(seed=st.integers(0, 10**6), money=st.booleans())
def test_every_plan_keeps_every_cut(seed: int, money: bool) -> None:
    """Whatever multipliers, divisor and weights: no whole plan is cut off."""
    f = at_random(seed, money=money)
    row = derived(f, Box.of(f), any_cut(f, Dice(seed)))
    for x in every(f):
        assert int(x[row.columns] @ row.weights) <= row.most


@given(seed=st.integers(0, 10**6))
def test_the_verifier_derives_the_same_row(seed: int) -> None:
    """Two programmes that share nothing come to the same terms and side."""
    f = at_random(seed)
    step = any_cut(f, Dice(seed))
    row, at = derived(f, Box.of(f), step), ground_of(f)
    prices = list(zip(step.rows or (), step.prices or (), strict=True))
    weights = list(zip(step.columns, step.weights, strict=True))
    place = cuts.add(at, step.scale, prices, weights)
    assert at.terms[place] == (row.columns.tolist(), row.weights.tolist())
    assert (at.rows.low[place], at.rows.high[place]) == (None, row.most)
    cuts.remove(at, place)
    assert len(at.terms) == len(at.rows.high) == place


def odd() -> Formulation:
    """Give two rings of five, no two neighbours together: prices alone prove five, not four."""
    rows = []
    for first in (0, 5):
        for i in range(5):
            pair = (first + i, first + (i + 1) % 5)
            rows.append(([int(j in pair) for j in range(10)], -FREE, 1))
    return formulation([1] * 10, rows, [[1] * 10])


ODD = Step(CUT, 2, (0, 1, 2, 3, 4), (1,) * 5)
OTHER = Step(CUT, 2, (5, 6, 7, 8, 9), (1,) * 5)
PROOF = Step(1, 1, (10, 11), (1, 1))


def proves(steps: list[Step]) -> bool:
    """Tell whether a tree of one leaf proves four the best of the two rings."""
    f = odd()
    try:
        return evaluate(Question(f, f.stages[0], 4, ()), Node(steps)) == (4, 1, 0)
    except (UnsoundTreeError, IndexError):
        return False


def test_cuts_close_what_prices_cannot() -> None:
    """The sum of the five rows of a ring, halved and rounded down: no split is needed."""
    assert proves([ODD, OTHER, PROOF])
    assert not proves([Step(1, 10, tuple(range(10)), (5,) * 10)])
    assert not proves([ODD, PROOF])
    again = from_plain(to_plain(Node([ODD, OTHER, PROOF])), 1)
    assert again.steps == [ODD, OTHER, PROOF]


@pytest.mark.parametrize(
    "false",
    [
        Step(CUT, 2, (0, 1, 2, 3), (1,) * 4),
        Step(CUT, 2, (0, 1, 2, 3, 4), (-1,) * 5),
        Step(CUT, 3, (0, 1, 2, 3, 4), (1,) * 5),
        Step(CUT, 0, (0, 1, 2, 3, 4), (1,) * 5),
        Step(CUT, -2, (0, 1, 2, 3, 4), (1,) * 5),
    ],
    ids=["a row left out", "the wrong sign", "another divisor", "divisor 0", "divisor below 0"],
)
def test_a_cut_that_does_not_follow_proves_nothing(false: Step) -> None:
    """The row is derived anew: what does not follow is not there to be priced."""
    assert not proves([false, OTHER, PROOF])


def test_no_cut_stands_below_the_root() -> None:
    """A cut is derived from the root's bounds, for the whole tree."""
    f = odd()
    root = Node([], Split(False, 0, 0), (Node([ODD]), Node([ODD])))
    with pytest.raises(UnsoundTreeError, match="below the root"):
        evaluate(Question(f, f.stages[0], 4, ()), root)


def test_idle_sums_are_taken_away() -> None:
    """A sum that nothing splits on or prices goes, and the rows behind it move up."""
    idle = Step(CUT, 1, (), (), (0, 1), (1, 1))
    root = Node([idle, ODD, OTHER, Step(ROWS), Step(1, 1, (11, 12), (1, 1))])
    assert proves(root.steps)
    without_idle(root, 10)
    assert root.steps == [ODD, OTHER, Step(ROWS), PROOF]


def test_numbers_stay_exact() -> None:
    """A cut is derived in whole numbers however large they are."""
    f = formulation([10**9], [([10**9], -FREE, 10**17 + 10**9 - 1)], [[1]])
    row = derived(f, Box.of(f), Step(CUT, 10**9, (0,), (1,)))
    assert (row.weights.tolist(), row.most) == ([1], 10**8)
    assert np.asarray(row.columns).tolist() == [0]
