"""Every parser withstands a few hundred changed inputs; the soak gives each minutes."""

import pytest

from tests.badinput.fuzzing import TARGETS, hold

INPUTS = {"workbook": 4, "annotating": 40, "csv": 60, "package": 60, "requests": 30}
USUAL = 200


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_issues_or_read(name):
    """Never a traceback, never a hang, never an issue that cannot be said."""
    for seed in range(INPUTS.get(name, USUAL)):
        hold(name, seed)
