"""What falls apart is searched part by part, and the plan is the best of the whole."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.policy import Objective
from cogov_opt.solving import exact, search_parts, stages
from cogov_opt.solving.backends import highs
from cogov_opt.solving.outcome import Solved
from cogov_opt.solving.problem import Answer, Problem, Work
from tests.solving.small import formulation, knapsack, pair

pytestmark = pytest.mark.solver


def solved(f: Formulation, *, crumb: int = 1) -> tuple[Solved, list[int]]:
    """Solve with parts of any size on their own; give the sizes of all searches too."""
    sizes = []

    def backend(problem: Problem, work: Work) -> Answer:
        if problem.integral is not None:
            sizes.append(len(problem.costs))
        return highs.solve(problem, work)

    with patch.object(search_parts, "CRUMB", crumb):
        return stages.solve(f, backend, Limits(), draw=None), sizes


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), give=st.sampled_from([0, 0, 30]))
def test_two_halves_give_the_best_plan_of_both_stages(seed: int, give: int) -> None:
    """Random problems side by side, two stages, with and without give, against every plan."""
    found = pair(seed)
    if found is None:
        return
    first, second = found.whole.stages
    first = replace(first, objective=Objective("maximise", (), give_percent=give))
    f = replace(found.whole, stages=(first, second))
    done, _ = solved(f)
    top = max(exact.value(first.costs, x) for x in found.plans)
    left = [x for x in found.plans if exact.value(first.costs, x) >= stages.floor_of(first, top)]
    assert done.termination is Termination.OPTIMAL
    assert exact.value(first.costs, done.stages[0].vector) == top
    best = max(exact.value(second.costs, x) for x in left)
    assert done.vector is not None
    assert exact.value(second.costs, done.vector) == best


def side_by_side(count: int, *, goals: int = 1) -> Formulation:
    """Give knapsacks that share nothing."""
    one = knapsack(12)
    width, rows = 12 * count, []
    m = one.matrix
    for k in range(count):
        for i in range(len(one.row_lower)):
            line = np.zeros(width, np.int64)
            part = slice(int(m.starts[i]), int(m.starts[i + 1]))
            line[m.columns[part] + 12 * k] = m.values[part]
            rows.append((line.tolist(), int(one.row_lower[i]), int(one.row_upper[i])))
    costs = [one.stages[0].costs.tolist() * count for _ in range(goals)]
    return formulation([1] * width, rows, costs, options=width)


def test_each_part_is_searched_alone() -> None:
    """Three knapsacks are three searches of one each; a connected one is searched as it is."""
    done, sizes = solved(side_by_side(3))
    alone, whole = solved(side_by_side(1))
    assert sizes == [12, 12, 12]
    assert whole == [12]
    assert done.vector is not None
    assert alone.vector is not None
    costs = side_by_side(3).stages[0].costs
    assert exact.value(costs, done.vector) == 3 * exact.value(costs[:12], alone.vector)


def test_crumbs_are_searched_together() -> None:
    """A call for each of many small parts would cost more than it saves."""
    assert solved(side_by_side(3), crumb=20)[1] == [24, 12]
    assert solved(side_by_side(3), crumb=500)[1] == [36]
