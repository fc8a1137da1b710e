"""What units.csv says of one unit more or less, against brute force and against lies (S10.11)."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.explaining.answers import about
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.recording import read_run
from cogov_opt.testing import reseal
from tests.explaining.little_weeks import little_card, little_week
from tests.properties.brute_force import every_plan, plan_count
from tests.properties.line import Line, decided
from tests.properties.small_weeks import tables_of
from tests.properties.unit_truth import Truth

pytestmark = pytest.mark.solver
MOST_PLANS = 300
Row = dict[str, str]


def rows_of(folder: Path) -> list[Row]:
    with (folder / "units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_truth_lies_within_every_interval(tmp_path: Path) -> None:
    """Hundreds of single units, each against every plan there is with it, or without it."""
    seen: Counter[str] = Counter()
    seed = 0
    while seen["intervals"] < 300:
        line = week(seed, tmp_path / str(seed))
        seed += 1
        if line is None or line.decision.outcome.route != "coupled":
            continue
        if (
            line.decision.outcome.vector is None
            or plan_count(line.decision.formulation) > MOST_PLANS
        ):
            continue
        assert cg.verify(line.folder).accepted, seed
        hold(line, seen)
    print(seen)
    assert seen["gain"] > 10
    assert seen["loss"] > 10
    assert seen["bound"] > 20
    assert seen["tight"] > 5


def week(seed: int, folder: Path) -> Line | None:
    """Decide a week of every feature, or one in which something is scarce."""
    if seed % 4 == 0:
        return decided(seed, folder)
    return decided(seed, folder, lambda s: tables_of(little_week(s)), little_card)


def hold(line: Line, seen: Counter[str]) -> None:
    """Hold every interval of a run, those of 0 that no row tells included, to the truth."""
    truth = Truth(line.decision)
    told = {(r["resource"], r["change"]): r for r in rows_of(line.folder)}
    names = line.decision.instance.resources.ids
    used = {names[r] for r in line.decision.formulation.candidates.resource.tolist()}
    for resource in sorted(used):
        for change, values in (("more", truth.more(resource)), ("less", truth.less(resource))):
            within(told.get((resource, change)), truth, values, seen)
            seen["gain" if change == "more" else "loss"] += any(v > 0 for v in values)


def within(row: Row | None, truth: Truth, values: list[int], seen: Counter[str]) -> None:
    """Tell that a value lies where its row says, and is 0 at the stages before."""
    seen["intervals"] += 1
    for stage, value in zip(truth.stages, values, strict=True):
        if row is None or stage.index < int(row["stage"]):
            # What a limit less loses first may lie before the stage where a loss is proven.
            assert value <= 0 or (row is not None and row["change"] == "less"), (row, values)
            continue
        least, most = int(row["least"]), row["most"]
        assert max(0, value) >= least, (row, values)
        assert most == "" or value <= int(most), (row, values)
        seen[row["proven"]] += 1
        seen["tight"] += value in (least, int(most or -1)) and value > 0
        return


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the first scarce week whose run tells of several gains and of a loss."""
    folder = tmp_path_factory.mktemp("units")
    for seed in range(1, 400):
        line = decided(seed, folder / str(seed), lambda s: tables_of(little_week(s)), little_card)
        if line is None or not (line.folder / "units.csv").exists():
            continue
        rows = rows_of(line.folder)
        if sum(r["change"] == "more" for r in rows) > 1 and any(r["least"] != "0" for r in rows):
            return line.folder
    raise AssertionError


def left_out(rows: list[Row]) -> None:
    rows.pop()


def gain_made_small(rows: list[Row]) -> None:
    next(r for r in rows if r["change"] == "more")["most"] = "0"


def gain_made_large(rows: list[Row]) -> None:
    next(r for r in rows if r["change"] == "more")["most"] += "0"


def loss_made_large(rows: list[Row]) -> None:
    row = next(r for r in rows if r["least"] != "0")
    row["least"] = str(int(row["least"]) + 1)


def loss_made_small(rows: list[Row]) -> None:
    next(r for r in rows if r["least"] != "0")["least"] = "0"


def end_invented(rows: list[Row]) -> None:
    next(r for r in rows if r["most"] == "")["most"] = "999"


def sureness_raised(rows: list[Row]) -> None:
    next(r for r in rows if r["proven"] != "exact")["proven"] = "exact"


def stage_changed(rows: list[Row]) -> None:
    rows[0]["stage"] = str(int(rows[0]["stage"]) + 1)


def resource_invented(rows: list[Row]) -> None:
    rows.append(rows[-1] | {"resource": "ZZ"})


LIES = [
    left_out, gain_made_small, gain_made_large, loss_made_large, loss_made_small, end_invented,
    sureness_raised, stage_changed, resource_invented,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_about_a_single_unit_is_found(
    run: Path, tell: Callable[[list[Row]], None], tmp_path: Path
) -> None:
    """Raw it fails at the root, sealed again at the check that owns single units."""
    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    rows = rows_of(copy)
    tell(rows)
    with (copy / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    assert "root" in {f.code for f in cg.verify(copy).findings}
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"unit"}


def test_the_values_of_single_units_may_not_be_missing(run: Path, tmp_path: Path) -> None:
    """A run that has prices tells what single units are worth (S13.8)."""
    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    (copy / "units.csv").unlink()
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"file"}


def test_the_honest_run_is_accepted(run: Path) -> None:
    """The same run without a lie holds (control)."""
    assert cg.verify(run).accepted


def test_intervals_are_told_in_both_languages(run: Path) -> None:
    """What one unit more brings at most, and one less loses at least, and how sure that is."""
    found = read_run(run)
    rows = rows_of(run)
    more = next(r for r in rows if r["change"] == "more")
    less = next(r for r in rows if r["least"] != "0")
    assert "would bring at most" in about(found, more["resource"]).text("en")
    assert "至多增加" in about(found, more["resource"]).text("zh")
    assert "would lose at least" in about(found, less["resource"]).text("en")
    assert "至少损失" in about(found, less["resource"]).text("zh")
    assert "units.sure_bound" in {line.code for line in about(found, less["resource"]).lines}


def test_a_rise_that_is_ruled_out_serves_no_demand(tmp_path: Path) -> None:
    """With a point less than what is told, over every plan, none that serves it is best."""
    ruled = never = seed = 0
    while (ruled < 8 or never < 1) and seed < 400:
        seed += 1
        line = decided(seed, tmp_path / str(seed), lambda s: tables_of(little_week(s)), little_card)
        if line is None or not (line.folder / "chances.csv").exists():
            continue
        f = line.decision.formulation
        if line.decision.outcome.route != "coupled" or plan_count(f) > MOST_PLANS:
            continue
        with (line.folder / "chances.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        points = demand_points(Facts(line.instance), line.card.points)
        plans = [x for x in every_plan(f) if rows and not f.violated(x)]
        for row in rows:
            demand = line.instance.demands.index[row["demand"]]
            rise = 10**6 if row["rise"] == "none" else int(row["rise"]) - 1
            mine = f.options.demand == demand
            best: dict[bool, tuple[int, ...]] = {}
            for x in plans:
                chosen = np.flatnonzero(mine & (x[: len(mine)] > 0))
                reached = tuple(
                    s.value(x) + rise * int(s.costs[chosen].sum()) // int(points[demand])
                    for s in f.stages
                )
                serves = bool(len(chosen))
                best[serves] = max(best.get(serves, reached), reached)
            assert True not in best or best[True] < best[False], (seed, row)
            if not ruled and not never:
                raised(line.folder, tmp_path / "lie")
            ruled, never = ruled + (row["rise"] != "none"), never + (row["rise"] == "none")
    print(ruled, never)
    assert ruled >= 8
    assert never >= 1


def raised(folder: Path, copy: Path) -> None:
    """Tell a greater rise than is ruled out, sealed again: the verifier finds it (control)."""
    shutil.copytree(folder, copy)
    header, first, *rest = (copy / "chances.csv").read_text(encoding="utf-8").splitlines(True)
    cells = first.split(",")
    cells[2] = "99999"
    (copy / "chances.csv").write_text(header + ",".join(cells) + "".join(rest), encoding="utf-8")
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"unit"}
