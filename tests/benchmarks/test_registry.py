"""The benchmark cases run, in sizes of seconds; their figures are for `make bench`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.figures import Ask, Figure, table
from benchmarks.grid_city import City, write_city
from benchmarks.registry import CASES, run
from cogov_opt.cli.bench import bench, cases_of
from cogov_opt.cli.main import cli
from cogov_opt.errors import UnsupportedError

TINY = Ask(runs=1, tiny=True)
WITH_DATA = ("gap", "awards")
RIGHT = {
    "startup": ("heavy libraries in the help", "cp_model in a flow run"),
    "gap": ("known optima reached", "better than a known optimum"),
    "awards": ("equal to the official award",),
    "grid": ("runs accepted", "refusals with regret proven in one line"),
    "units": ("200 x 60: runs accepted",),
    "regrets": tuple(
        f"40 x 40, {told}: {what}"
        for told in ("many values", "five values")
        for what in ("equal to a solve", "tie set is regret 0", "both ways equal")
    ),
}
"""What has to hold at any size; times and memory do not."""


def figures_of(name: str) -> list[Figure]:
    told: list[str] = []
    found = run([name], TINY, told.append)
    assert told == [name]
    assert found
    for figure in found:
        if figure.phase in RIGHT.get(name, ()):
            assert figure.met, figure
    if name == "rows":
        assert all(f.met for f in found if f.phase.startswith("bad rows told"))
    return found


@pytest.mark.slow
@pytest.mark.solver
@pytest.mark.parametrize("name", [n for n in CASES if n not in WITH_DATA])
def test_a_case_runs_in_a_tiny_size(name: str) -> None:
    """Every figure of a case without outside data has a value."""
    assert all(figure.value is not None for figure in figures_of(name))


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.solver
@pytest.mark.parametrize("name", WITH_DATA)
def test_a_case_with_data_runs_in_a_tiny_size(name: str, data_folder: Path) -> None:
    """The same for the cases that read the shared data."""
    assert data_folder.is_dir()
    assert all(figure.value is not None for figure in figures_of(name))


@pytest.mark.parametrize("name", WITH_DATA)
def test_without_data_a_case_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Absent data are a note, not an error and not a figure."""
    monkeypatch.delenv("COGOV_DATA", raising=False)

    (figure,) = run([name], TINY, lambda _: None)

    assert figure.value is None
    assert "COGOV_DATA" in figure.note


def test_a_city_is_the_same_each_time(tmp_path: Path) -> None:
    """A case is frozen: the same size gives the same bytes."""
    size = City(volunteers=30, slots=9)
    for name in ("a", "b"):
        write_city(tmp_path / name, size)

    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert all(
        (tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files
    )


@pytest.mark.parametrize(
    ("value", "at_least", "met"),
    [(1.9, False, True), (2.1, False, False), (2.1, True, True), (None, True, None)],
)
def test_a_target_is_met_or_lost(value: float | None, at_least: bool, met: bool | None) -> None:
    """A target is a side; without a figure nothing was met or lost."""
    figure = Figure("case", "phase", value, "x", "rival", 2, at_least=at_least)

    assert figure.met is met
    shown = table([figure])
    assert ("LOST" in shown) == (met is False)
    assert figure.to_dict()["met"] is met


def test_the_command_lists_the_cases() -> None:
    """Called without a name it says what there is."""
    shown = CliRunner().invoke(bench, [])

    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.output.splitlines()] == list(CASES)


def test_the_command_runs_one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--json` gives the figures with target and verdict."""
    monkeypatch.delenv("COGOV_DATA", raising=False)
    shown = CliRunner().invoke(bench, ["gap", "--runs", "1", "--tiny", "--json"])

    told = json.loads(shown.stdout)
    assert {"case", "phase", "rival", "value", "target", "met"} <= set(told["figures"][0])


def test_an_unknown_case_is_a_wrong_command_line() -> None:
    """The names there are stand in the answer."""
    shown = CliRunner().invoke(cli, ["bench", "nothing"])

    assert shown.exit_code == 2
    assert "grid" in shown.output


def test_outside_a_checkout_it_says_where_benchmarks_are(tmp_path: Path) -> None:
    """An installed package has none."""
    with pytest.raises(UnsupportedError, match="checkout"):
        cases_of(tmp_path)
