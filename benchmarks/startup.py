"""Starting up: the help costs little, and heavy libraries stay away until they are used."""

from __future__ import annotations

import sys
import tempfile
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import child_cpu, fresh

HEAVY = frozenset({
    "cryptography", "highspy", "numba", "numpy", "openpyxl", "ortools", "pandas", "polars",
    "pulp", "pydantic", "python_calamine", "scipy", "xlsxwriter",
})  # fmt: skip
HELP = "from cogov_opt.cli.main import main; main()"


def helped() -> dict[str, Any]:
    """Ask for the help in process, and tell the heavy libraries that came with it."""
    from contextlib import redirect_stdout, suppress
    from io import StringIO

    from cogov_opt.cli.main import cli

    with suppress(SystemExit), redirect_stdout(StringIO()):
        cli(["--help"])
    return {"heavy": sorted(HEAVY & {name.partition(".")[0] for name in sys.modules})}


def flowed(city: str, run: str) -> dict[str, Any]:
    """Run a flow from load to record, and tell whether CP-SAT was imported on the way."""
    import cogov_opt as cg
    from benchmarks.grid_city import CARD

    card = cg.load_policy_text(CARD)
    decision = cg.allocate(cg.check(cg.load(city), card), card)
    cg.record(cg.explain(decision), run)
    found = [name for name in sys.modules if name.rpartition(".")[2] == "cp_model"]
    solvers = sorted({"highspy", "ortools", "pulp"} & set(sys.modules))
    return {"route": decision.outcome.route, "cp_model": found, "solvers": solvers}


def measure(ask: Ask) -> list[Figure]:
    """Ask for the help as often as wanted; run a small flow once."""
    command = [sys.executable, "-c", HELP, "--help"]
    child_cpu(command)
    bare = [1000 * child_cpu([sys.executable, "-c", "pass"]) for _ in range(ask.runs)]
    times = [1000 * child_cpu(command) for _ in range(ask.runs)]
    heavy = fresh("benchmarks.startup:helped")["heavy"]
    with tempfile.TemporaryDirectory() as place:
        fresh("benchmarks.grid:write", f"{place}/city", 200, 60)
        flow = fresh("benchmarks.startup:flowed", f"{place}/city", f"{place}/run")
    if flow["route"] != "flow":
        raise AssertionError("the small city is a flow")
    return [
        Figure("startup", "cogov --help", median(times), "ms", "", 100,
               note=f"of these Python alone {median(bare):.0f} ms"),
        Figure("startup", "heavy libraries in the help", len(heavy), "modules", "", 0,
               note=" ".join(heavy)),
        Figure("startup", "cp_model in a flow run", len(flow["cp_model"]), "modules", "", 0,
               note=f"solvers imported: {' '.join(flow['solvers'])}"),
    ]  # fmt: skip


CASES = (Case("startup", "the help, and what a flow run imports", measure),)
