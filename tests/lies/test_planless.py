"""Runs without a plan: accepted on a Farkas proof alone (convention S10.5)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt.checking import check
from cogov_opt.errors import IssuesError
from cogov_opt.loading import load_policy_text
from cogov_opt.testing import reseal
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week


def infeasible_run(folder: Path) -> Path:
    """Give the first small week whose card cannot be kept, as a run."""
    for seed in range(400):
        try:
            card = load_policy_text(small_card(seed))
            decision = cg.allocate(check(small_week(seed), card), card, isolation="none")
        except IssuesError:
            continue
        if decision.termination == "infeasible":
            return Path(cg.record(cg.explain(decision), folder / "run").path)
    raise AssertionError("no seed is infeasible")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return infeasible_run(tmp_path)


def changed(run: Path, name: str, change: dict[str, object]) -> Path:
    """Plant a lie in a file and seal the run again."""
    path = run / name
    found = json.loads(path.read_text(encoding="utf-8")) | change
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    reseal(run)
    return run


def test_a_proof_that_there_is_no_plan_is_accepted(run: Path) -> None:
    """The Farkas sum is below 0 on the verifier's own rows."""
    assert cg.verify(run).accepted


def test_a_proof_that_proves_nothing_is_rejected(run: Path) -> None:
    """Without prices the sum is 0, and 0 is not below 0."""
    lie = {"detail": {"farkas": []}, "stages": []}
    codes = {f.code for f in cg.verify(changed(run, "certificate.json", lie)).findings}
    assert codes == {"bound"}


def test_prices_of_rows_nobody_knows_are_rejected(run: Path) -> None:
    """A row that does not exist cannot prove anything."""
    found = json.loads((run / "certificate.json").read_text(encoding="utf-8"))
    found["detail"]["farkas"].append([["law.none", "x"], "-5"])
    codes = {f.code for f in cg.verify(changed(run, "certificate.json", found)).findings}
    assert "price" in codes


def test_the_solvers_word_alone_is_never_accepted(run: Path) -> None:
    """`infeasible_claimed` leaves the verdict incomplete."""
    changed(run, "certificate.json", {"detail": {}, "stages": []})
    verdict = cg.verify(changed(run, "run.json", {"termination": "infeasible_claimed"}))
    assert verdict.verdict == "incomplete"


def test_a_run_with_a_plan_cannot_call_itself_infeasible(tmp_path: Path) -> None:
    """What has a plan is not infeasible, whoever says so."""
    card = cg.load_policy("first-come")
    decision = cg.allocate(cg.check(cg.load("datasets/riverside"), card), card)
    run = Path(cg.record(cg.explain(decision), tmp_path / "run").path)
    codes = {
        f.code for f in cg.verify(changed(run, "run.json", {"termination": "infeasible"})).findings
    }
    assert codes == {"plan"}
