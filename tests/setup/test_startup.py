"""Starting up is cheap: help and the bare import load nothing heavy."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "cryptography", "highspy", "numba", "numpy", "openpyxl", "ortools", "pandas", "polars", "pulp",
    "pydantic", "python_calamine", "scipy", "xlsxwriter",
}  # fmt: skip
CPU_LIMIT = 0.1

# The loaded modules and the CPU seconds go to stderr, after whatever the statement printed.
REPORT = """
import json, sys, time
try:
    {statement}
except SystemExit as stop:
    assert not stop.code, stop.code
print(json.dumps([sorted({{name.partition(".")[0] for name in sys.modules}}), time.process_time()]),
      file=sys.stderr)
"""
HELP = "from cogov_opt.cli.main import cli; cli(['--help'])"


def start(statement):
    """Run a statement in a fresh interpreter; tell the modules it loaded and the CPU it took."""
    program = REPORT.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    modules, seconds = json.loads(done.stderr.splitlines()[-1])
    return done.stdout, set(modules), seconds


@pytest.mark.parametrize(
    "statement", [HELP, "import cogov_opt; dir(cogov_opt)"], ids=["help", "import"]
)
def test_nothing_heavy_is_loaded(statement):
    """Help and the import load no array, model, frame, workbook or solver library."""
    _, modules, _ = start(statement)

    assert "cogov_opt" in modules
    assert not modules & HEAVY


def test_help_lists_the_commands():
    """What was timed is the real help."""
    shown, _, _ = start(HELP)

    assert "Exit status" in shown
    for name in ("demo", "solve", "verify", "doctor"):
        assert f"\n  {name}" in shown


def test_help_takes_little_cpu():
    """The best of five starts stays within the promised 100 ms of CPU, Python's own included."""
    seconds = min(start(HELP)[2] for _ in range(5))

    print(f"cogov --help: {1000 * seconds:.0f} ms of CPU")
    assert seconds < CPU_LIMIT
