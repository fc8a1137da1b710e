"""A thousand changes of each kind, each held to every plan of its changed week (S16.5, S16.8)."""

from __future__ import annotations

from collections import Counter

import pytest

from cogov_opt.explaining.changes.change import KINDS
from tests.explaining import changes_truth
from tests.explaining.changes_truth import ALLOWED, asked_of, at_and_under, judged

pytestmark = pytest.mark.solver

CHANGES, FIRST = 1_000, 10_000


@pytest.mark.parametrize("giving", [False, True], ids=["in-order", "giving"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_changes_of_a_kind(
    kind: str, giving: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No verdict is wrong, whether goals give or not; a least size serves, and one less not."""
    monkeypatch.setattr(changes_truth, "MOST_PLANS", 1_500)
    tally: Counter[str] = Counter()
    steps, seed = 0, FIRST
    while tally.total() < CHANGES:
        week = asked_of(seed, giving=giving)
        seed += 1
        if week is None:
            continue
        for verdict, fact in judged(week, kind):
            assert fact in ALLOWED[verdict], (seed - 1, kind, verdict, fact)
            tally[f"{verdict} {fact}"] += 1
        for size, fact, under in at_and_under(week, kind):
            assert (fact, under != "yes") == ("yes", True), (seed - 1, kind, size)
            steps += 1

    print(kind, giving, dict(tally), f"least sizes {steps}, weeks {seed - FIRST}")
