"""Every optimised run is the best there is, says so rightly, and is accepted (S9, S10)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.properties.line import decided, flow_decided
from tests.properties.optimality import Tally, hold, small_enough

pytestmark = pytest.mark.solver

COUPLED, FLOW, MOST_PLANS = 60, 40, 1_000


def test_small_weeks_reach_what_brute_force_reaches(tmp_path: Path) -> None:
    """Values are those of brute force by the meaning, bounds hold, shares add up (S9.4, S10)."""
    tally = over_small_weeks(COUPLED, MOST_PLANS, tmp_path)

    print(tally.told("small weeks"))
    assert tally.counts["Y = 0 not tight"] > COUPLED // 3
    assert tally.counts["accepted"] > COUPLED // 2


def test_flow_weeks_are_certified_without_a_gap(tmp_path: Path) -> None:
    """A flow has the values of brute force, and its prices prove them to the last unit (S10.2)."""
    tally = over_flow_weeks(FLOW, MOST_PLANS, tmp_path)

    print(tally.told("flow weeks"))
    assert tally.counts["stages"] == tally.counts["stages certified optimal"] > FLOW
    assert tally.counts["Y = 0 not tight"] > FLOW // 3


def over_small_weeks(count: int, most_plans: int, folder: Path, first: int = 0) -> Tally:
    """Hold so many small weeks to the law, from a seed on."""
    tally, seed = Tally(), first
    while tally.counts["instances"] < count:
        line = decided(seed, folder / str(seed))
        if line is not None and small_enough(line.decision.formulation, most_plans):
            hold(line, folder / f"{seed}-again", tally)
        shutil.rmtree(folder / str(seed), ignore_errors=True)
        shutil.rmtree(folder / f"{seed}-again", ignore_errors=True)
        seed += 1
    return tally


def over_flow_weeks(count: int, most_plans: int, folder: Path, first: int = 0) -> Tally:
    """Hold so many flow-shaped weeks to the law, from a seed on."""
    tally, seed = Tally(), first
    while tally.counts["instances"] < count:
        line = flow_decided(seed, folder / str(seed), size=2 + seed % 2)
        if line is not None and small_enough(line.decision.formulation, most_plans):
            assert line.decision.outcome.route == "flow", seed
            hold(line, folder / f"{seed}-again", tally, flow=True)
        shutil.rmtree(folder / str(seed), ignore_errors=True)
        shutil.rmtree(folder / f"{seed}-again", ignore_errors=True)
        seed += 1
    return tally
