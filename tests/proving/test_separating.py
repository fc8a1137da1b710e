"""Where cuts come from: chains of rows, rounded up where that costs nothing (S10.6)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.proving.trees import chains
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.cuts import derived
from cogov_opt.proving.trees.programme import Programme
from cogov_opt.proving.trees.rounding import Found, Rounding, Sum
from cogov_opt.proving.trees.separating import Separator
from cogov_opt.solving.problem import FloatArray
from tests.solving.small import at_random, every, formulation

pytestmark = pytest.mark.solver


def found_at(f: Formulation, point: FloatArray) -> list[Found]:
    """Give the cuts of chains at a point."""
    return list(Separator(f, Box.of(f), point).of_chains())


@given(seed=st.integers(0, 10**6), money=st.booleans())
def test_cuts_are_what_they_say_and_cut_off_the_point_alone(seed: int, money: bool) -> None:
    """Derived exactly, a cut has the weights it was chosen for; it cuts the point off, no plan."""
    f = at_random(seed, money=money)
    programme = Programme(f, f.stages[0], Box.of(f))
    point = programme.solve().point
    if point is None:
        return
    at = Separator(f, Box.of(f), point)
    for one in (*at.of_chains(), *at.of_tableau(programme)):
        row = derived(f, Box.of(f), one.step)
        assert (row.columns.tolist(), row.weights.tolist()) == (
            one.columns.tolist(), one.weights.tolist(),
        )  # fmt: skip
        assert float(row.weights @ point[row.columns]) > row.most
        assert all(int(x[row.columns] @ row.weights) <= row.most for x in every(f))


@given(seed=st.integers(0, 10**6))
def test_no_cut_is_found_at_a_plan(seed: int) -> None:
    """What is a plan breaks no cut: there is none to be found."""
    f = at_random(seed)
    for x in every(f)[:20]:
        assert found_at(f, x.astype(np.float64)) == []


def served() -> Formulation:
    """Give a demand that takes 14 to 20 units of what is only used if a flag is set."""
    rows = [([-14, 1, 0], 0, FREE), ([0, 1, -20], -FREE, 0)]
    return formulation([1, 20, 1], rows, [[1, 0, -1]])


def test_a_chain_shows_what_no_row_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units between two rows fall out of their sum: served takes the flag, a share of it not."""
    f, point = served(), np.array([0.5, 7.0, 0.35])
    rows = [
        dict(zip(c.columns.tolist(), c.weights.tolist(), strict=True)) for c in found_at(f, point)
    ]
    assert any(set(row) == {0, 2} and row[0] == -row[2] > 0 for row in rows)
    monkeypatch.setattr(chains, "LENGTH", 1)
    assert found_at(f, point) == []


def test_a_column_is_rounded_up_within_what_is_rounded_off() -> None:
    """14 y <= 20 u: by 20, down it says nothing; up it costs 6 of 19, and says y <= u."""
    f = formulation([1, 1], [([14, -20], -FREE, 0)], [[1, 0]])
    rounding = Rounding(f, Box.of(f), np.array([0.5, 0.35]))
    total = Sum.of(f, Box.of(f), np.array([0]), np.array([1]))
    found = rounding.cut(total, [20])
    assert found is not None
    assert (found.weights.tolist(), derived(f, Box.of(f), found.step).most) == ([1, -1], 0)
    assert rounding.cut(total, [2]) is None


def test_sums_of_rows_are_those_of_the_matrix() -> None:
    """Columns that fall out are gone, sides are those the signs ask for, rows stand in order."""
    f = served()
    low, high = (Sum.of(f, Box.of(f), np.array([i]), np.array([y])) for i, y in ((1, 1), (0, -1)))
    total = low.plus(2, high, 2)
    assert (total.rows, total.prices, total.most) == ((0, 1), (-2, 2), 0)
    assert (total.columns.tolist(), total.values.tolist()) == ([0, 2], [28, -40])
    assert all(a < b for a, b in pairwise(total.rows))
