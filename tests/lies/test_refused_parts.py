"""A refusal in a part counts the others at what is proven of them, and says which part (S10.10)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Certificate
from cogov_opt.proving.parts import Parts, at_stages
from cogov_opt.testing import reseal
from tests.properties.districts import districts_card, districts_week
from tests.properties.line import Line, decided, found

pytestmark = pytest.mark.solver

OPEN = {"leaves": 1, "cuts": False}
"""Trees of stages that leave both parts open; those of refusals are as ever."""
SEED, REFUSED = 9, "BD02"
Entry = dict[str, Any]


def line_at(folder: Path) -> Line:
    """Decide two weeks side by side, neither proven best, with a refusal by a tree in one."""
    line = decided(SEED, folder, districts_week, districts_card, options=OPEN)
    assert line is not None
    return line


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Give the weeks, decided once."""
    return line_at(tmp_path_factory.mktemp("open") / "run")


def told(folder: Path) -> list[Entry]:
    """Give the refusals of a run."""
    return list(json.loads((folder / "certificate.json").read_bytes())["refusals"])


def refusal(entries: list[Entry]) -> Entry:
    """Give the one by a tree."""
    (one,) = [entry for entry in entries if entry["demand"] == REFUSED]
    assert "tree" in one
    return one


def gaps(line: Line) -> list[int]:
    """Give what is left open of each part."""
    evidence = line.decision.evidence
    assert isinstance(evidence, Certificate)
    (at,) = at_stages(line.decision.formulation, evidence)
    return [most - v for most, v in zip(at.parts.proven, at.parts.value, strict=True)]


def test_refusals_of_open_parts_are_accepted(line: Line) -> None:
    """Every refusal is of a part, though what is left open of both is told as it is."""
    assert found(line.folder) == []
    assert all("part" in entry for entry in told(line.folder))
    assert min(gaps(line)) > 0


def named(entry: Entry) -> str:
    return str(canonical_json(entry["part"]))


def of_another(entries: list[Entry], _: list[int]) -> None:
    one = refusal(entries)
    one["part"] = next(e["part"] for e in entries if named(e) != named(one))


def of_another_column(entries: list[Entry], _: list[int]) -> None:
    refusal(entries)["part"] = ["y", REFUSED, "2"]


def of_no_column(entries: list[Entry], _: list[int]) -> None:
    refusal(entries)["part"] = ["y", "nobody", ""]


def by_the_value_of_the_other(entries: list[Entry], open_by: list[int]) -> None:
    one = refusal(entries)
    for at in (one, one["tree"]):
        at["bound"] = str(int(at["bound"]) - open_by[0])


def a_point_less(entries: list[Entry], _: list[int]) -> None:
    one = refusal(entries)
    for at in (one, one["tree"]):
        at["bound"] = str(int(at["bound"]) - 1)


@pytest.mark.parametrize(
    "lie",
    [of_another, of_another_column, of_no_column, by_the_value_of_the_other, a_point_less],
)
def test_a_lie_about_the_part_is_found(
    line: Line, tmp_path: Path, lie: Callable[[list[Entry], list[int]], None]
) -> None:
    """Whatever is told of the part or its bound, though all is sealed again."""
    folder = copytree(line.folder, tmp_path / "run")
    certificate = json.loads((folder / "certificate.json").read_bytes())
    before = canonical_json(certificate)
    lie(certificate["refusals"], gaps(line))
    assert canonical_json(certificate) != before
    (folder / "certificate.json").write_bytes(canonical_json(certificate))
    reseal(folder)
    assert "refusal" in {finding.code for finding in found(folder)}


def test_a_run_that_counts_others_at_what_they_have_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not proven best may be worth more: the whole run is made from that lie."""
    monkeypatch.setattr(Parts, "beside", lambda parts, p: sum(parts.value) - parts.value[p])
    line_at(tmp_path / "run")
    assert "refusal" in {finding.code for finding in found(tmp_path / "run")}
