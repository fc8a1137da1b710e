"""Ten thousand lies: about runs raw and re-sealed, extracts and letters; and honest runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lies.leaving import of_extracts, of_letters
from tests.lies.registry import LIES
from tests.lies.suite import tell_many
from tests.lies.test_other_runs import over_other_runs

pytestmark = pytest.mark.solver

RUNS, EXTRACTS, LETTERS, OTHER_RUNS = 7_500, 1_500, 1_000, 400
A_RUN = 40
"""Lies told of one honest run."""
FIRST = 20_000
"""Other runs and other dice than those of `make test`."""


def test_lies_about_runs(tmp_path: Path) -> None:
    """Each is found raw; re-sealed by the check that owns the fact, or it is a valid other run."""
    count = tell_many(RUNS, tmp_path, first=FIRST, a_run=A_RUN)

    print(count.line())
    print("\n".join(f"  {kind}: {told}" for kind, told in sorted(count.kinds.items())))
    print("\n".join(count.missed))
    assert not count.missed
    assert count.raw == count.told == RUNS
    assert count.kinds.keys() == {lie.kind for lie in LIES}


def test_lies_about_extracts(tmp_path: Path) -> None:
    """Each is found as it is; packed anew by arithmetic or by the root held elsewhere."""
    told = of_extracts(EXTRACTS, tmp_path, first=FIRST)

    print("\n".join(told.lines("extracts")))
    assert not told.missed
    assert told.raw == EXTRACTS


def test_lies_about_letters(tmp_path: Path) -> None:
    """Each is found beside the run the letter speaks of."""
    told = of_letters(LETTERS, tmp_path, first=FIRST)

    print("\n".join(told.lines("letters")))
    assert not told.missed
    assert told.raw == LETTERS


def test_honest_runs_told_otherwise(tmp_path: Path) -> None:
    """Any prices and a greedy plan, with all that follows from them, are accepted."""
    told = over_other_runs(OTHER_RUNS, tmp_path, first=FIRST)

    print(f"{told['prices']} runs with other prices, {told['plans']} with another plan: accepted")
    assert told["prices"] > OTHER_RUNS // 2
