"""Two thousand random instances, each held to brute force by the meaning."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.properties.optimality import small_enough
from tests.properties.random_plans import PLANS, case, judged
from tests.properties.test_optimum import over_flow_weeks, over_small_weeks

pytestmark = pytest.mark.solver

COUPLED, FLOW, MOST_PLANS = 2_000, 500, 20_000


def test_two_thousand_small_weeks(tmp_path: Path) -> None:
    """Values, bounds and shares over every feature; other seeds than those of `make test`."""
    tally = over_small_weeks(COUPLED, MOST_PLANS, tmp_path, first=10_000)

    print(tally.told("small weeks"))
    assert tally.counts["instances"] == COUPLED


def test_five_hundred_flow_weeks(tmp_path: Path) -> None:
    """Flows are certified to the last unit."""
    tally = over_flow_weeks(FLOW, MOST_PLANS, tmp_path, first=10_000)

    print(tally.told("flow weeks"))
    assert tally.counts["instances"] == FLOW


def test_a_hundred_random_plans_of_each_of_two_thousand_weeks(tmp_path: Path) -> None:
    """Meaning, the verifier's rows and the built rows judge every plan alike, kept or not."""
    counts, weeks, seed = Counter[str](), 0, 10_000
    while weeks < COUPLED:
        found = case(seed)
        if found is not None and small_enough(found[2], MOST_PLANS):
            counts += judged(seed, found, tmp_path / "week")
            shutil.rmtree(tmp_path / "week")
            weeks += 1
        seed += 1

    print(f"random plans of {weeks} weeks: {counts['plans']} judged, {counts['hold']} hold")
    assert counts["plans"] == COUPLED * PLANS
    assert counts["hold"] > COUPLED
