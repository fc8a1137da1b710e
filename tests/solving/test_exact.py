import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.domain.formulation import FREE
from cogov_opt.solving import exact, fixing
from cogov_opt.solving.scaling import prepare
from tests.solving.small import at_random, every, formulation


@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1, 10, 10**6, 10**17]))
def test_any_prices_bound_every_plan_and_shares_add_up(seed, scale):
    """B - S c x is the sum of shares, none negative, for whatever Y (S10.1)."""
    f = at_random(seed)
    g = np.random.default_rng(seed + 1)
    prices = g.integers(-5, 6, len(f.row_lower)) * max(scale // 3, 1)
    costs = f.stages[0].costs
    found = exact.priced(f, costs, prices, scale)
    for x in every(f)[:20]:
        columns, rows = exact.shares(f, found, x)
        assert min([*columns.tolist(), *rows.tolist()]) >= 0
        assert sum(columns.tolist()) + sum(rows.tolist()) == found.bound - scale * exact.value(
            costs, x
        )


def test_numbers_beyond_64_bits_stay_exact():
    """Where int64 would overflow, Python integers take over (S10.1)."""
    f = formulation([10**9, 3], [([10**6, 1], -FREE, 10**15)], [[10**9, 1]])
    found = exact.priced(f, f.stages[0].costs, np.array([999 * 10**12]), 10**12)
    v = [10**12 * 10**9 - 999 * 10**12 * 10**6, 10**12 - 999 * 10**12]
    assert [int(a) for a in found.reduced] == v
    assert found.bound == 999 * 10**12 * 10**15 + max(v[0] * 10**9, 0) + max(3 * v[1], 0)


def test_prices_of_infinite_sides_count_as_nothing():
    """Y > 0 needs a finite upper side, Y < 0 a finite lower one (S10.1)."""
    f = formulation([1], [([1], -FREE, 1), ([1], 0, FREE)], [[1]])
    found = exact.priced(f, f.stages[0].costs, np.array([-3, 4]), 1)
    assert found.prices.tolist() == [0, 0]


@given(seed=st.integers(0, 10**6))
def test_fixing_loses_no_plan_worth_the_floor(seed):
    """|v_j| > B - S f: no plan worth f moves column j off its better bound (proof.md 2)."""
    f = at_random(seed)
    plans = every(f)
    if not plans:
        return
    costs = f.stages[0].costs
    duals = np.random.default_rng(seed).normal(0, 2, len(f.row_lower))
    floor = max(exact.value(costs, x) for x in plans) - seed % 3
    face = fixing.narrowed(
        fixing.whole_face(f), f, f.stages[0], duals, floor, np.ones(len(f.lower), bool)
    )
    for x in plans:
        if exact.value(costs, x) >= floor:
            assert (x >= face.lower).all()
            assert (x <= face.upper).all()


def test_nothing_is_scaled_where_nothing_needs_it():
    """Small whole data go to the solver as they are."""
    scaled = prepare(formulation([1, 4], [([2, -3], -FREE, 5)], [[1, 2]]))
    assert scaled.scaling.units is None
    assert scaled.scaling.rows is None
    assert scaled.problem.values.tolist() == [2.0, -3.0]
