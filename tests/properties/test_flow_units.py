"""What a flow's run says of single units and chances: found anew, and lies about it (S13.9)."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt.testing import reseal
from tests.properties.flow_weeks import flow_card, flow_week
from tests.properties.line import Line, decided
from tests.proving.test_values import SHARED

pytestmark = pytest.mark.solver
Row = dict[str, str]
UNITS, CHANCES = "units.csv", "chances.csv"


def rows_of(folder: Path, file: str) -> list[Row]:
    with (folder / file).open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))


def week(seed: int, folder: Path, shared: str = "") -> Line | None:
    """Decide a random flow, every other one under a limit that all volunteers share."""
    return decided(seed, folder, lambda s: flow_week(s, 6), lambda s: flow_card(s) + shared)


def test_both_sides_tell_the_same_of_single_units(tmp_path: Path) -> None:
    """The verifier, which finds all of it anew, accepts what random flows say."""
    seen: Counter[str] = Counter()
    for seed in range(40):
        line = week(seed, tmp_path / str(seed), SHARED if seed % 2 else "")
        if line is None or line.decision.outcome.vector is None:
            continue
        assert not cg.verify(line.folder).findings, seed
        for row in rows_of(line.folder, CHANCES):
            seen[f"others {row['others']}"] += 1
            seen["rise" if row["rise"].isdigit() else f"rise {row['rise']}"] += 1
        for row in rows_of(line.folder, UNITS):
            assert row["least"] == row["most"]
            seen[row["change"]] += 1
    print(seen)
    for name in ("others ", "others tied", "others some", "others none", "rise", "rise none"):
        assert seen[name] > 2, name
    assert min(seen["more"], seen["less"]) > 15


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the first flow with a rise, a unit that would have served, and values of both kinds."""
    folder = tmp_path_factory.mktemp("flow")
    for seed in range(400):
        line = week(seed, folder / str(seed))
        if line is None or not (line.folder / CHANCES).exists():
            continue
        chances, units = rows_of(line.folder, CHANCES), rows_of(line.folder, UNITS)
        changes = {row["change"] for row in units}
        rises = any(r["rise"].isdigit() for r in chances)
        named = any(r["named"] for r in chances) and any(r["others"] == "none" for r in chances)
        if rises and named and len(changes) == 2:
            return line.folder
    raise AssertionError


def first(rows: list[Row], column: str, test: Callable[[str], bool]) -> Row:
    return next(row for row in rows if test(row[column]))


def gain_raised(rows: list[Row]) -> None:
    row = first(rows, "change", "more".__eq__)
    row["least"] = row["most"] = str(int(row["most"]) + 1)


def loss_hidden(rows: list[Row]) -> None:
    rows.remove(first(rows, "change", "less".__eq__))


def upper_end_lifted(rows: list[Row]) -> None:
    rows[0]["most"] += "0"


def sureness_lowered(rows: list[Row]) -> None:
    rows[0]["proven"] = "bound"


def rise_lowered(rows: list[Row]) -> None:
    row = first(rows, "rise", str.isdigit)
    row["rise"] = str(int(row["rise"]) - 1)


def rise_denied(rows: list[Row]) -> None:
    first(rows, "rise", str.isdigit)["rise"] = "none"


def unit_denied(rows: list[Row]) -> None:
    first(rows, "named", bool).update(units="0", named="", others="none")


def unit_invented(rows: list[Row]) -> None:
    first(rows, "others", "none".__eq__).update(units="1", named="V0", others="")


def tie_invented(rows: list[Row]) -> None:
    first(rows, "others", "none".__eq__)["others"] = "tied"


def need_left_out(rows: list[Row]) -> None:
    rows.pop()


LIES = [
    (UNITS, gain_raised), (UNITS, loss_hidden), (UNITS, upper_end_lifted),
    (UNITS, sureness_lowered), (CHANCES, rise_lowered), (CHANCES, rise_denied),
    (CHANCES, unit_denied), (CHANCES, unit_invented), (CHANCES, tie_invented),
    (CHANCES, need_left_out),
]  # fmt: skip


@pytest.mark.parametrize(("file", "tell"), LIES, ids=lambda f: getattr(f, "__name__", f))
def test_a_lie_about_single_units_of_a_flow_is_found(
    run: Path, file: str, tell: Callable[[list[Row]], None], tmp_path: Path
) -> None:
    """Raw it fails at the root, sealed again at the check that owns single units."""
    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    rows = rows_of(copy, file)
    header = list(rows[0])
    tell(rows)
    with (copy / file).open("w", encoding="utf-8", newline="") as found:
        writer = csv.DictWriter(found, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    assert "root" in {f.code for f in cg.verify(copy).findings}
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"unit"}


@pytest.mark.parametrize("file", [UNITS, CHANCES])
def test_neither_file_may_be_missing(run: Path, file: str, tmp_path: Path) -> None:
    """A flow's run tells what single units are worth, and would have done (S13.8, S13.9)."""
    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    (copy / file).unlink()
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"file"}


def test_the_honest_run_is_accepted(run: Path) -> None:
    """The same run without a lie holds (control)."""
    assert cg.verify(run).accepted
