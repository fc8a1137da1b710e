"""The least loss a record claims is never more than what doing otherwise costs (S12.7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explaining.forced import over_weeks

pytestmark = pytest.mark.solver


def test_forty_forced_decisions_lose_what_their_records_say(tmp_path: Path) -> None:
    """Each is forced the other way, its stage solved again: nothing is worth more than claimed."""
    told = over_weeks(40, tmp_path)

    print(told)
    assert told["bound"] >= 1
    assert told["tight"] > 4
    assert told["best"] >= 20
