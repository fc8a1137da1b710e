"""Weighing a system against values: what is tried again is tried with more (S16.3)."""

from __future__ import annotations

from typing import Any

import pytest

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.explaining.asking import weighing
from cogov_opt.explaining.asking.weighing import Budget, Sign, weigh
from cogov_opt.proving.ceilings import LEAVES, best_ceiling
from tests.solving.small import formulation

pytestmark = pytest.mark.solver


def rings() -> Formulation:
    """Give four rings of five, no two neighbours together: prices prove ten, and eight is best."""
    rows = []
    for first in range(0, 20, 5):
        for i in range(5):
            pair = (first + i, first + (i + 1) % 5)
            rows.append(([int(j in pair) for j in range(20)], -FREE, 1))
    return formulation([1] * 20, rows, [[1] * 20])


def weighed(monkeypatch: pytest.MonkeyPatch, least: int) -> tuple[Sign, list[int]]:
    """Weigh four rings of five against nine; trees of fewer leaves than `least` prove nothing."""
    asked: list[int] = []

    def ceiling(*given: Any) -> Any:
        asked.append(given[5] if len(given) > 5 else LEAVES)
        return given[3] if asked[-1] < least else best_ceiling(*given)

    monkeypatch.setattr(weighing, "best_ceiling", ceiling)
    return weigh(rings(), [9], Budget(), below_at=1).sign, asked


def test_after_a_search_that_found_nothing_a_larger_tree_is_grown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tree before the search is not grown again as it was: it would prove as little."""
    assert weighed(monkeypatch, LEAVES + 1) == (Sign.BELOW, [LEAVES, weighing.MANY_LEAVES])


def test_where_the_first_tree_does_no_other_is_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is proved needs neither a search nor a larger tree."""
    assert weighed(monkeypatch, 0) == (Sign.BELOW, [LEAVES])


def test_what_no_tree_proves_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a search found nothing better is no proof."""
    assert weighed(monkeypatch, 10**9) == (Sign.UNPROVEN, [LEAVES, weighing.MANY_LEAVES])
