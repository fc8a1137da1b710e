"""Every parser withstands a few hundred changed inputs; the soak gives each minutes."""

import pytest

from tests.badinput.fuzzing import TARGETS, hold

INPUTS = {"workbook": 4, "annotating": 40, "csv": 12, "package": 12, "requests": 30}
USUAL = 200


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_issues_or_read(name):
    """Never a traceback, never a hang, never an issue that cannot be said."""
    _hold_many(name, INPUTS.get(name, USUAL))


def test_a_planted_fault_is_found(monkeypatch):
    """The fuzzer has teeth: a reader that trips over a zero does not get through."""

    def trips(data):
        if b"\x00" in data:
            raise ValueError("planted")

    monkeypatch.setitem(TARGETS, "planted", (trips, lambda: [b"a,b\n1,2\n"]))
    with pytest.raises(AssertionError, match="planted, seed"):
        _hold_many("planted", 200)


def _hold_many(name, count):
    for seed in range(count):
        hold(name, seed)
