"""Lies about a conflict, sealed again by an honest packer: each is found (S10.8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cogov_opt as cg
from benchmarks.planted import PACKAGE, planted
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.testing import reseal

Told = dict[str, Any]


def run_of(kind: str, seed: int, folder: Path) -> Path:
    """Record a run whose card cannot be kept."""
    case = planted(kind, seed)
    policy = cg.load_policy_text(case.card)
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    decision = cg.allocate(instance, policy, isolation="none")
    cg.record(cg.explain(decision), folder)
    return folder


def clause_left_out(told: Told) -> None:
    told["clauses"].pop()


def clause_added(told: Told) -> None:
    told["clauses"] = sorted([*told["clauses"], "Z2"])


def clause_nobody_set(told: Told) -> None:
    told["clauses"] = sorted([*told["clauses"], "A0"])


def soft_clause_blamed(told: Told) -> None:
    told["clauses"] = sorted([*told["clauses"], "Z3"])
    told["parts"] = sorted([*told["parts"], ["Z3", "horizon"]], key=canonical_json)


def place_left_out(told: Told) -> None:
    told["parts"].pop(0)


def smallest_denied(told: Told) -> None:
    told["minimal"] = not told["minimal"]


def smallest_places_denied(told: Told) -> None:
    told["parts_minimal"] = not told["parts_minimal"]


def witness_left_out(told: Told) -> None:
    told["witnesses"].pop()


def witness_of_something_else(told: Told) -> None:
    told["witnesses"][-1]["plan"].pop()


def witness_that_keeps_less(told: Told) -> None:
    told["witnesses"][-1]["plan"] = []


def witness_of_a_column_nobody_knows(told: Told) -> None:
    told["witnesses"][0]["plan"].append([["y", "zz", ""], "1"])


def more_is_asked(told: Told) -> None:
    told["asked"] = str(int(told["asked"]) + 1)


def more_can_be_done(told: Told) -> None:
    told["can"] = str(int(told["can"]) - 1)


def a_word_nobody_knows(told: Told) -> None:
    told["because"] = "of us"


def claimed_only(told: Told) -> None:
    told["kind"] = "claimed"


LIES: list[Callable[[Told], None]] = [
    clause_left_out, clause_added, clause_nobody_set, soft_clause_blamed, place_left_out,
    smallest_denied, smallest_places_denied, witness_left_out, witness_of_something_else,
    witness_that_keeps_less, witness_of_a_column_nobody_knows, more_is_asked, more_can_be_done,
    a_word_nobody_knows, claimed_only,
]  # fmt: skip


@pytest.fixture(scope="module", params=[("hall", 1), ("budget", 2), ("clauses", 0)])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(*request.param, tmp_path_factory.mktemp("honest") / "run")


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_about_the_conflict_is_found(
    run: Path, tell: Callable[[Told], None], tmp_path: Path
) -> None:
    """Raw it fails at the root, sealed again at the check that owns conflicts."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in run.rglob("*"):
        target = copy / path.relative_to(run)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(path.read_bytes())
    certificate = json.loads((copy / "certificate.json").read_bytes())
    tell(certificate["detail"]["conflict"])
    (copy / "certificate.json").write_bytes(canonical_json(certificate))

    assert "root" in {f.code for f in cg.verify(copy).findings}
    reseal(copy)
    assert "conflict" in {f.code for f in cg.verify(copy).findings}


def test_the_honest_run_is_accepted(run: Path) -> None:
    """The same run without a lie holds (control)."""
    assert cg.verify(run).accepted
