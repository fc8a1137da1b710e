"""Every lie about an extract or a letter is found: named ones, and any value or sign another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lies.leaving import of_extracts, of_letters

pytestmark = pytest.mark.solver


def test_lies_about_extracts_are_found(tmp_path: Path) -> None:
    """As they are, and packed anew by arithmetic or by the root held elsewhere (S15.4)."""
    told = of_extracts(150, tmp_path, first=700)

    assert not told.missed
    assert told.raw == 150
    assert told.repacked > 10
    assert told.by_root > 10


def test_lies_about_letters_are_found(tmp_path: Path) -> None:
    """A sign, a number or a line another than what the records say (S17.7)."""
    told = of_letters(60, tmp_path, first=700)

    assert not told.missed
    assert told.raw == 60
