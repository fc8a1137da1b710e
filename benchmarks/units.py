"""What single units are worth on flows: what it costs to find, to hold in a run and to check."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import cpu, fresh

RIVAL = "min-cost flow"
CITIES = {"20,000 x 4,000": (20_000, 4_000), "4,000 x 12,000, scarce": (4_000, 12_000)}
TINY = {"200 x 60": (200, 60)}


def decide(folder: str, run: str, volunteers: int, slots: int) -> dict[str, Any]:
    """Decide and record a city; time its single units and chances, and the bare flow."""
    import cogov_opt as cg
    from benchmarks.grid import bare_flow
    from benchmarks.grid_city import CARD, City, write_city
    from cogov_opt.explaining.single_units import units_of

    card = cg.load_policy_text(CARD)
    for name, city in (("warm", City(200, 60)), ("city", City(volunteers, slots))):
        write_city(Path(folder) / name, city)
        tables = cg.load(Path(folder) / name)
        decision = cg.allocate(cg.check(tables, card), card, isolation="none")
        explained = cg.explain(decision)
    began = cpu()
    units_of(decision, explained.records)
    seconds = cpu() - began
    files = cg.record(explained, run).files
    return {
        "candidates": len(decision.formulation.candidates), "units": seconds,
        "flow": bare_flow(decision.formulation), "rows": len(explained.units or ()),
        "chances": len(explained.chances or ()),
        "bytes": len(files["units.csv"]) + len(files["chances.csv"]),
        "records": len(files["records.jsonl"]),
    }  # fmt: skip


def verify(run: str) -> dict[str, Any]:
    """Time the verifier on a run, and its check of single units alone."""
    from cogov_opt.verifying import units
    from cogov_opt.verifying import verify as check_run
    from cogov_opt.verifying.case import Case as Verified

    check, spent = units.check, []

    def timed(case: Verified) -> None:
        began = cpu()
        check(case)
        spent.append(cpu() - began)

    units.check = timed
    began = cpu()
    accepted = check_run(run).accepted
    return {"verify": cpu() - began, "of it": sum(spent), "accepted": int(accepted)}


def measure(ask: Ask) -> list[Figure]:
    """Measure every city as often as asked, each time in fresh processes."""
    found: list[Figure] = []
    for name, size in (TINY if ask.tiny else CITIES).items():
        runs = []
        for _ in range(ask.runs):
            with tempfile.TemporaryDirectory() as place:
                run = str(Path(place) / "run")
                runs.append(fresh("benchmarks.units:decide", place, run, *size))
                runs[-1] |= fresh("benchmarks.units:verify", run)
        found += _figures(name, runs, "units-tiny" if ask.tiny else "units")
    return found


def _figures(what: str, runs: list[dict[str, Any]], name: str) -> list[Figure]:
    first, accepted = runs[0], sum(r["accepted"] for r in runs)
    seconds = {part: median(r[part] for r in runs) for part in ("units", "verify", "of it")}
    ratio = median(r["units"] / r["flow"] for r in runs)
    rows = f"{first['rows']:,} and {first['chances']:,} rows; records {first['records']:,}"
    took = f"{seconds['units']:.2f} s, {first['candidates']:,} candidates"
    part = f"{seconds['of it']:.2f} s of it for single units"
    both = f"{what}: units.csv and chances.csv"
    return [
        Figure(name, f"{what}: single units and chances", ratio, "x", RIVAL, note=took),
        Figure(name, both, first["bytes"], "bytes", "", note=rows),
        Figure(name, f"{what}: verify", seconds["verify"], "s", "", 20, note=part),
        Figure(name, f"{what}: runs accepted", accepted, "runs", "", len(runs), at_least=True),
    ]


CASES = (Case("units", "what single units are worth on a flow, found and checked", measure),)
