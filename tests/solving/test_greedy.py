"""A plan without a solver: what falls apart gets in each part what that part gets alone."""

from __future__ import annotations

import numpy as np
import pytest

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import greedy
from tests.solving.small import beside, knapsack, with_options


def limited(monkeypatch: pytest.MonkeyPatch, a_part: int, in_all: int) -> None:
    """Let the search look at so many entries."""
    monkeypatch.setattr(greedy, "MOVES", a_part)
    monkeypatch.setattr(greedy, "MOST_MOVES", in_all)


def plan(f: Formulation) -> IntArray:
    """Give the plan that is found."""
    found = greedy.plan(f)
    assert found is not None
    return found


def least(f: Formulation, monkeypatch: pytest.MonkeyPatch) -> int:
    """Give the smallest limit under which nothing is lost."""
    full, size = plan(f), 1
    while True:
        limited(monkeypatch, size, size)
        if (plan(f) == full).all():
            return size
        size += 1


def test_each_part_has_the_limit_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two knapsacks get side by side what they get alone, where one limit for both is too small."""
    one, two = knapsack(8, 1), knapsack(8, 2)
    whole = with_options(beside(one, two), 16)
    alone = np.concatenate((plan(one), plan(two)))
    size = max(least(f, monkeypatch) for f in (one, two))

    limited(monkeypatch, size, 10 * size)
    assert (plan(whole) == alone).all()
    limited(monkeypatch, size, size)
    assert not (plan(whole) == alone).all()
