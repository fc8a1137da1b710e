"""A ready matrix into HiGHS: our arrays against a bare `passModel` and against PuLP."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import Laps, fresh, medians, middle_ratio

FULL, TINY = (10_000, 2_500, 20), (200, 60, 3)
NAME = {False: "coupled-100k", True: "coupled-tiny"}
REPEATS = 9
"""Hand-overs take milliseconds: so many in a row are one measurement."""


def write(folder: str, volunteers: int, slots: int, spaces: int) -> dict[str, int]:
    """Write the grid city with spaces: every demand also asks one, so it is no flow."""
    from benchmarks.grid_city import City, write_city

    place = Path(folder)
    write_city(place, City(volunteers=volunteers, slots=slots))
    ids = [f"S{k:03d}" for k in range(spaces)]
    _append(place, "availability", [(s, "2026-09-28 00:00", "2026-10-05 00:00") for s in ids])
    with (place / "spaces.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("space_id", "actor_id"), *((s, "A000") for s in ids)])
    with (place / "demands.csv").open(encoding="utf-8", newline="") as file:
        demands = [row["demand_id"] for row in csv.DictReader(file)]
    _append(place, "needs", [(f"{d}.2", d, "space", 1, "") for d in demands])
    return {"demands": len(demands)}


def _append(folder: Path, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Put rows at the end of a table."""
    with (folder / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def compare(folder: str) -> dict[str, float]:
    """Time formulate and the ways into HiGHS, on the same formulation, in one process."""
    import cogov_opt as cg
    from benchmarks.grid_city import CARD
    from cogov_opt.formulating import formulate
    from cogov_opt.solving.backends import highs
    from cogov_opt.solving.network import network_of
    from cogov_opt.solving.scaling import prepare

    card = cg.load_policy_text(CARD)
    instance = cg.check(cg.load(folder), card)
    formulation = formulate(instance, card)
    if network_of(formulation) is not None:
        raise AssertionError("the case is meant to be coupled")
    laps = Laps()
    with laps.lap("formulate"):
        formulation = formulate(instance, card)
    with laps.lap("scale"):
        problem, _ = prepare(formulation).with_costs(formulation.stages[0].costs)
    for _ in range(REPEATS):
        with laps.lap("ours"):
            highs._pass(highs._new(), problem)
        with laps.lap("bare"):
            _bare(problem)
    for name in ("ours", "bare"):
        laps.seconds[name] /= REPEATS
    _through_pulp(formulation, laps)
    x = formulation.x
    return laps.seconds | {
        "candidates": x.stop - x.start, "columns": len(formulation.lower),
        "rows": len(formulation.row_lower), "entries": len(formulation.matrix.values),
    }  # fmt: skip


def _bare(problem: Any) -> None:
    """Hand the arrays over as a user of highspy would."""
    import highspy
    import numpy as np

    make: Any = highspy.Highs
    solver = make()
    solver.setOptionValue("output_flag", False)
    columns, rows, entries = (len(a) for a in (problem.costs, problem.row_lower, problem.values))
    solver.passModel(
        columns, rows, entries, 2, -1, 0.0, problem.costs, problem.lower, problem.upper,
        problem.row_lower, problem.row_upper, problem.starts, problem.columns, problem.values,
        np.zeros(columns, np.int32),
    )  # fmt: skip


def _through_pulp(formulation: Any, laps: Laps) -> None:
    """Build the same by PuLP's fast idiom, then let PuLP hand it to HiGHS."""
    import pulp

    from cogov_opt.solving.backends.pulp_view import problem_of

    with laps.lap("pulp build"):
        built = problem_of(formulation, formulation.stages[0])
    solver: Any = pulp.HiGHS(msg=False)
    with laps.lap("pulp hand-over"):
        solver.createAndConfigureSolver(built)
        solver.buildSolverModel(built)


def measure(ask: Ask) -> list[Figure]:
    """Run the comparison as often as asked."""
    name = NAME[ask.tiny]
    with tempfile.TemporaryDirectory() as city:
        fresh("benchmarks.handover:write", city, *(TINY if ask.tiny else FULL))
        runs = [fresh("benchmarks.handover:compare", city) for _ in range(ask.runs)]
    m = medians(runs)
    for run in runs:
        run["pulp"] = run["pulp build"] + run["pulp hand-over"]
        run["built"] = run["formulate"] + run["scale"] + run["ours"]
    size = f"{m['columns']:,.0f} columns, {m['rows']:,.0f} rows, {m['entries']:,.0f} entries"
    faster = "x faster"
    return [
        Figure(name, "hand-over", middle_ratio(runs, ["ours"], "bare"), "x", "bare passModel",
               1.3, note=size),
        Figure(name, "hand-over", middle_ratio(runs, ["pulp"], "ours"), faster,
               "PuLP build + hand-over", 50, at_least=True),
        Figure(name, "formulate + hand-over", middle_ratio(runs, ["pulp"], "built"), faster,
               "PuLP build + hand-over", 10, at_least=True),
        Figure(name, "formulate + hand-over", middle_ratio(runs, ["pulp build"], "built"), faster,
               "PuLP build alone", 10, at_least=True,
               note=f"{m['candidates']:,.0f} candidates"),
        *(Figure(name, p, m[p], "s") for p in
          ("formulate", "scale", "ours", "bare", "pulp build", "pulp hand-over")),
    ]  # fmt: skip


CASES = (Case("handover", "a coupled matrix into HiGHS, against passModel and PuLP", measure),)
