"""Two thousand random instances, each held to brute force by the meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

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
