"""All benchmark elections: read as their headers say, and awarded as their cities did."""

import csv
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from cogov_opt.formats import pabulib
from tests.strategies.official import VARIANTS, index_of, official, ours

PACKED = ("pabulib_dev.tar.bz2", "pabulib_dev_large.tar.bz2")


@pytest.fixture(scope="module")
def elections(data_folder: Path) -> Iterator[list[Path]]:
    """Every shared file, the packed ones unpacked for the time of the tests."""
    with TemporaryDirectory() as folder:
        for name in PACKED:
            with tarfile.open(data_folder / "pabulib" / name) as packed:
                packed.extractall(folder, filter="data")
        starter = (data_folder / "pabulib" / "starter").glob("*.pb")
        yield sorted([*starter, *Path(folder).rglob("*.pb")], key=lambda path: path.name)


@pytest.mark.data
def test_every_election_reads_as_its_header_says(
    elections: list[Path], data_folder: Path, tmp_path: Path
) -> None:
    """Counts equal those of header and index; a round trip keeps every cell of every table."""
    with (data_folder / "pabulib" / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        index = {row["file"]: row for row in csv.DictReader(stream)}
    wrong = []

    for path in elections:
        tables, told = pabulib.read(path), index[path.name]
        ballots = tables.tables["ballots"]
        voters = len(np.unique(ballots.columns["voter_id"].codes))
        voters += len(tables.package.get("_blank_ballots", {}))
        counts = (len(tables.tables["demands"]), voters)
        if counts != (int(told["num_projects"]), int(told["num_votes"])):
            wrong.append((path.name, counts))
        pabulib.write(tables, tmp_path / "again.pb")
        if cells(pabulib.read(tmp_path / "again.pb")) != cells(tables):
            wrong.append((path.name, "round trip"))

    assert not wrong
    assert len(elections) == 879


@pytest.mark.data
def test_every_plain_award_is_the_official_one(elections: list[Path], data_folder: Path) -> None:
    """On all 655 files whose outcome a plain rule gives, our award is the city's (S14.1)."""
    index = index_of(data_folder / "pabulib")
    mine = [path for path in elections if path.name in index]
    missed = []

    for path in mine:
        tables = pabulib.read(path)
        rule = index[path.name]["official_outcome_equals"]
        if ours(tables, VARIANTS[rule]) != official(tables):
            missed.append(path.name)

    assert not missed
    assert len(mine) == 655


def cells(tables: pabulib.Tables) -> object:
    found = {
        (name, column): (text.values, text.codes.tobytes())
        for name, table in tables.tables.items()
        for column, text in [*table.columns.items(), *table.unknown.items()]
    }
    return found, list(tables.package["meta"].items())
