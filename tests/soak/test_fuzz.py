"""Every parser under changed inputs for its share of the time, seeds going on from the tests'."""

from __future__ import annotations

import time

import pytest

from tests.badinput.fuzzing import TARGETS, hold

FIRST = 1_000
SHARE = 0.02
"""Of the whole soak, for each parser."""


@pytest.mark.parametrize("name", TARGETS)
def test_no_changed_input_breaks_a_parser(name: str, soak_seconds: float) -> None:
    """As many inputs as the time allows."""
    until, seed = time.monotonic() + max(5.0, SHARE * soak_seconds), FIRST
    while time.monotonic() < until:
        hold(name, seed)
        seed += 1
    print(f"{name}: {seed - FIRST} inputs")
    assert seed > FIRST
