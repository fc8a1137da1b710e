"""Five hundred decisions of coupled weeks, forced the other way and solved again (S12.7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explaining.forced import over_weeks
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

pytestmark = pytest.mark.solver


def test_five_hundred_forced_decisions(tmp_path: Path) -> None:
    """Weeks of sets with one goal, and small weeks of any card with several."""
    sets = over_weeks(300, tmp_path / "sets", first=5_000)
    small = over_weeks(200, tmp_path / "small", first=5_000, week=small_week, card=small_card)

    print(sets, small)
    assert sets["bound"] > 5
    assert small["bound"] > 5
