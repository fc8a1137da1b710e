"""A plan that is not the best, though its run says so, is told: no search goes on for ever."""

from __future__ import annotations

import pytest

from cogov_opt.verifying.losses import Edge, _Graph
from cogov_opt.verifying.ways import _ways

A, B = ("a",), ("b",)


def test_ways_round_that_cost_less_than_nothing_are_told() -> None:
    """Found by a lie about allocation.csv that left the verifier running (S10.9)."""
    with pytest.raises(ValueError, match="another plan is better"):
        _ways([[(1, 1, 0)], [(0, -2, 0)]], 0)
    with pytest.raises(ValueError, match="another plan is better"):
        _Graph([Edge(A, B, (1,), 0), Edge(B, A, (-2,), 1)], 0)


def test_ways_round_that_cost_nothing_are_no_better_plan() -> None:
    """A tie goes round at no cost; distances are found."""
    assert _ways([[(1, 1, 0)], [(0, -1, 0)]], 0) == [0, 1]
    graph = _Graph([Edge(A, B, (1,), 0), Edge(B, A, (-1,), 1)], 0)
    assert graph.potential == {A: 0, B: 1}
