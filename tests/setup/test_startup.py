"""Starting up is cheap: help and the bare import load nothing heavy."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "cryptography", "highspy", "numba", "numpy", "openpyxl", "ortools", "pandas", "polars", "pulp",
    "pydantic", "python_calamine", "scipy", "xlsxwriter",
}  # fmt: skip

# The loaded modules go to stderr, after whatever the statement printed.
REPORT = """
import json, sys
try:
    {statement}
except SystemExit as stop:
    assert not stop.code, stop.code
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})), file=sys.stderr)
"""
HELP = "from cogov_opt.cli.main import cli; cli(['--help'])"


def start(statement):
    """Run a statement in a fresh interpreter; give what it printed and the modules it loaded."""
    program = REPORT.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement", [HELP, "import cogov_opt; dir(cogov_opt)"], ids=["help", "import"]
)
def test_nothing_heavy_is_loaded(statement):
    """Help and the import load no array, model, frame, workbook or solver library."""
    _, modules = start(statement)

    assert "cogov_opt" in modules
    assert not modules & HEAVY


def test_help_lists_the_commands():
    """What was started is the real help."""
    shown, _ = start(HELP)

    assert "Exit status" in shown
    for name in ("demo", "solve", "verify", "doctor"):
        assert f"\n  {name}" in shown
