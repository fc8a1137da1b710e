"""Generalised assignment files become the canonical tables, and back (data.md 5)."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.errors import InputError, UnsupportedError
from cogov_opt.formats import gap

TINY = " 2 3 \n 5 6 7\n 8 9 10\n 1 2 3\n 3 2 1\n 4 5\n"
"""Two agents, three jobs: costs, weights, capacities."""


def saved(folder: Path, content: str, name: str = "tiny") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def cells(table: Table, column: str) -> list[str]:
    return table.columns[column].cells()


def test_agents_are_services_and_jobs_are_demands(tmp_path: Path) -> None:
    """Agent i is service A<i>, job j demand J<j> with one need of one unit, i and j from 1."""
    tables = gap.read(saved(tmp_path, TINY)).tables

    assert cells(tables["services"], "service_id") == ["A1", "A2"]
    assert cells(tables["services"], "capacity") == ["4", "5"]
    assert cells(tables["demands"], "demand_id") == ["J1", "J2", "J3"]
    assert cells(tables["needs"], "kind") == ["service"] * 3
    assert cells(tables["needs"], "quantity") == ["1"] * 3


def test_weights_are_units_and_costs_are_distances(tmp_path: Path) -> None:
    """Affinities hold use_units = weight and distance = cost, agent by agent."""
    table = gap.read(saved(tmp_path, TINY)).tables["affinities"]

    assert cells(table, "resource_id") == ["A1"] * 3 + ["A2"] * 3
    assert cells(table, "demand_id") == ["J1", "J2", "J3"] * 2
    assert cells(table, "distance") == ["5", "6", "7", "8", "9", "10"]
    assert cells(table, "use_units") == ["1", "2", "3", "3", "2", "1"]


def test_what_was_read_passes_the_check(tmp_path: Path) -> None:
    """The tables make an instance under the card they name."""
    tables = cg.load(saved(tmp_path, TINY))

    instance = cg.check(tables, cg.load_policy(tables.package["policy"]))

    assert len(instance.affinities) == 6
    assert instance.package.format == "gap"


@given(data=st.data(), agents=st.integers(1, 12), jobs=st.integers(1, 12))
def test_a_round_trip_changes_no_number(
    data: st.DataObject, agents: int, jobs: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Writing what was read gives the same numbers, in whatever order the rows stand."""
    count = 2 * agents * jobs + agents
    numbers = data.draw(st.lists(st.integers(1, 10**9), min_size=count, max_size=count))
    folder = tmp_path_factory.mktemp("gap")
    path = saved(folder, " ".join(map(str, [agents, jobs, *numbers])))
    tables = gap.read(path)
    mixed = {name: shuffled(table) for name, table in tables.tables.items()}

    gap.write(Tables(tables.package, mixed, ""), folder / "again")

    assert (folder / "again").read_text().split() == path.read_text().split()


@pytest.mark.parametrize(
    "other",
    ["", "2 3", TINY + " 1", TINY.replace("10", "1.0"), TINY.replace("10", "-1"), "id,name\n1,2\n"],
)
def test_only_whole_numbers_as_many_as_announced_are_recognised(other: str, tmp_path: Path) -> None:
    """2 + 2mn + m whole numbers make a file of this format; nothing else does."""
    assert gap.recognise(saved(tmp_path, TINY))
    assert not gap.recognise(saved(tmp_path, other, "other"))
    assert not gap.recognise(tmp_path)


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (TINY.replace("10", "1.0"), "gap_number", 3),
        (TINY.replace("10", "-1"), "gap_number", 3),
        (TINY.replace("10", "10000000000"), "gap_number", 3),
        (TINY + "1", "gap_count", 1),
        ("", "gap_count", 1),
        ("0 0", "gap_count", 1),
        (TINY.replace("1 2 3", "1 0 3"), "gap_weight", None),
    ],
)
def test_what_cannot_be_read_is_told(
    content: str, code: str, row: int | None, tmp_path: Path
) -> None:
    """Each fault has its code, its place and a sentence with a fix in both languages."""
    with pytest.raises(InputError) as caught:
        gap.read(saved(tmp_path, content))

    (issue,) = caught.value.issues
    assert (issue.code, issue.where.file, issue.where.row) == (code, "tiny", row)
    assert "Fix" in issue.text("en")
    assert "处理办法" in issue.text("zh")


def test_tables_that_are_no_assignment_are_refused(tmp_path: Path) -> None:
    """A file of this format has a number for every agent and job, and asks for single units."""
    tables = gap.read(saved(tmp_path, TINY))
    named = tables.tables
    two = TextColumn(np.zeros(3, dtype=np.int32), ("2",))
    needs = Table("needs", {**named["needs"].columns, "quantity": two}, named["needs"].source)
    fewer = {n: TextColumn(c.codes[1:], c.values) for n, c in named["affinities"].columns.items()}
    short = Table("affinities", fewer, named["affinities"].source)
    funds = Table("funds", {"fund_id": TextColumn.of(["F"])}, named["needs"].source)

    for other in ({"needs": needs}, {"affinities": short}, {"funds": funds}):
        with pytest.raises(UnsupportedError):
            gap.write(Tables(tables.package, {**named, **other}, ""), tmp_path / "no")


def test_40000_pairs_are_read_in_a_blink(tmp_path: Path) -> None:
    """100 agents and 400 jobs: no Python object a pair is kept."""
    numbers = np.random.default_rng(1).integers(1, 1000, 2 * 40_000 + 100)
    path = saved(tmp_path, " ".join(map(str, [100, 400, *numbers.tolist()])))

    began = time.process_time()
    assert gap.recognise(path)
    tables = gap.read(path)

    assert time.process_time() - began < 0.5
    assert len(tables.tables["affinities"]) == 40_000


@pytest.mark.data
def test_shared_files_are_read_and_written(data_folder: Path, tmp_path: Path) -> None:
    """All 76 benchmark instances are recognised, read, and written number by number."""
    files = sorted((data_folder / "gap" / "data").glob("*/*"))

    for path in files:
        assert gap.recognise(path), path.name
        gap.write(gap.read(path), tmp_path / "again")
        assert (tmp_path / "again").read_bytes().split() == path.read_bytes().split(), path.name
    assert len(files) == 76


def shuffled(table: Table) -> Table:
    order = np.random.default_rng(7).permutation(len(table))
    columns = {n: TextColumn(c.codes[order], c.values) for n, c in table.columns.items()}
    return Table(table.name, columns, table.source)
