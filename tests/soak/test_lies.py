"""Five thousand lies, each raw and re-sealed, and as many honest runs told otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lies.suite import tell_many
from tests.lies.test_other_runs import over_other_runs

pytestmark = pytest.mark.solver

MANY, OTHER_RUNS = 5_000, 400


def test_five_thousand_lies(tmp_path: Path) -> None:
    """Other runs and other dice than those of `make test`."""
    count = tell_many(MANY, tmp_path, first=20_000)

    print(count.line())
    assert not count.missed
    assert count.raw == count.told == MANY


def test_honest_runs_told_otherwise(tmp_path: Path) -> None:
    """Any prices and a greedy plan, with all that follows from them, are accepted."""
    told = over_other_runs(OTHER_RUNS, tmp_path, first=20_000)

    print(f"{told['prices']} runs with other prices, {told['plans']} with another plan: accepted")
    assert told["prices"] > OTHER_RUNS // 2
