"""What the account of a clause claims, against brute force and against lies (S12.8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision
from cogov_opt.explaining.asking.lifting import carried, lift
from cogov_opt.formulating import formulate
from cogov_opt.recording import read_run
from cogov_opt.testing import reseal
from tests.properties.brute_force import every_plan, plan_count
from tests.properties.line import decided

pytestmark = pytest.mark.solver
MOST_PLANS, WEEKS = 600, 25
Told = dict[str, Any]


def test_no_clause_gains_more_than_its_account_says(tmp_path: Path) -> None:
    """Over every plan that need not keep a clause: each goal gains at most what is told."""
    seen = weeks = seed = 0
    while weeks < WEEKS:
        line = decided(seed, tmp_path / str(seed))
        seed += 1
        if line is None or line.decision.outcome.vector is None:
            continue
        if plan_count(line.decision.formulation) > MOST_PLANS or not line.card.clauses:
            continue
        weeks += 1
        assert cg.verify(line.folder).accepted, seed
        told = json.loads((line.folder / "accounts.json").read_bytes())["clauses"]
        assert [t["clause"] for t in told] == [c.id for c in line.card.clauses]
        for account in told:
            seen += _hold(line.decision, account)
    assert seen


def _hold(decision: Decision, account: Told) -> int:
    """Hold an account to all plans without its clause; count the goals that truly gain."""
    evidence = decision.evidence
    assert isinstance(evidence, Certificate)
    clauses = tuple(c for c in decision.policy.clauses if c.id != account["clause"])
    lifted = formulate(decision.instance, replace(decision.policy, clauses=clauses))
    plans = [x for x in every_plan(lifted) if not lifted.violated(x)]
    gained = 0
    for stage, proof, told in zip(
        lifted.stages, evidence.stages, account["gains"], strict=True
    ):  # fmt: skip
        best = max((stage.value(x) for x in plans), default=proof.value)
        assert best - proof.value <= int(told)
        gained += best > proof.value
        floor = proof.value - stage.constant
        floor = floor if stage.objective is None else stage.objective.floor(floor)
        plans = [x for x in plans if stage.value(x) - stage.constant >= floor]
    return gained


def test_a_clause_lifted_gains_what_brute_force_gains(tmp_path: Path) -> None:
    """Solved again without a clause: the first goal that gains, and by how much, is the truth."""
    seen = seed = 0
    while seen < 4:
        line = decided(seed, tmp_path / str(seed))
        seed += 1
        if line is None or line.decision.outcome.vector is None or not line.card.clauses:
            continue
        if plan_count(line.decision.formulation) > MOST_PLANS:
            continue
        if any(o.give_percent or o.give_points for o in line.card.objectives):
            continue
        forced = lift(read_run(line.folder), line.card.clauses[0].id, isolated=False)
        answer = forced.file.write(tmp_path / f"{seed}.json")
        assert cg.verify(line.folder, answer=answer).accepted
        _hold_exact(line.decision, line.card.clauses[0].id, forced.file.claim)
        seen += 1


def _hold_exact(decision: Decision, clause: str, claim: Any) -> None:
    """Hold a claim to the best over all plans without the clause, goal by goal."""
    kept = tuple(c for c in decision.policy.clauses if c.id != clause)
    lifted = formulate(decision.instance, replace(decision.policy, clauses=kept))
    plans = [x for x in every_plan(lifted) if not lifted.violated(x)]
    assert decision.outcome.vector is not None
    start = carried(decision.formulation, decision.outcome.vector, lifted)
    for stage in lifted.stages:
        best = max(stage.value(x) for x in plans)
        gain = best - stage.value(start)
        if str(stage.index) == claim.get("goal"):
            assert -int(claim["most"]) <= gain <= -int(claim["least"])
            return
        assert gain == 0 or claim["proven"] == "none"
        plans = [x for x in plans if stage.value(x) == best]
    assert claim["proven"] in ("nothing", "none")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run of the sample week."""
    card = cg.load_policy("efficient")
    instance = cg.check(cg.load("riverside"), card)
    decision = cg.allocate(instance, card, options={"tree": False}, isolation="none")
    folder = tmp_path_factory.mktemp("accounts") / "run"
    cg.record(cg.explain(decision), folder)
    return folder


def clause_left_out(told: list[Told]) -> None:
    told.pop()


def gain_made_small(told: list[Told]) -> None:
    line = next(t for t in told if any(g != "0" for g in t["gains"]))
    line["gains"] = ["0" for _ in line["gains"]]


def gain_made_large(told: list[Told]) -> None:
    told[0]["gains"][0] = "999999"


def nothing_barred(told: list[Told]) -> None:
    told[0]["barred"] += 1


def tight_hidden(told: list[Told]) -> None:
    next(t for t in told if t["tight"])["tight"] = 0


def favour_hidden(told: list[Told]) -> None:
    next(t for t in told if t["actors"])["actors"].pop()


def group_changed(told: list[Told]) -> None:
    next(t for t in told if t["groups"])["groups"][0][2] = "1"


def owner_accused(told: list[Told]) -> None:
    next(t for t in told if not t["finding"])["finding"] = "owner_gains"


LIES = [
    clause_left_out, gain_made_small, gain_made_large, nothing_barred, tight_hidden, favour_hidden,
    group_changed, owner_accused,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_in_an_account_is_found(
    run: Path, tell: Callable[[list[Told]], None], tmp_path: Path
) -> None:
    """Raw it fails at the root, sealed again at the check that owns accounts."""
    copy = copied(run, tmp_path)
    found = json.loads((copy / "accounts.json").read_bytes())
    tell(found["clauses"])
    (copy / "accounts.json").write_bytes(canonical_json(found))

    assert "root" in {f.code for f in cg.verify(copy).findings}
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"account"}


def test_accounts_may_not_be_missing(run: Path, tmp_path: Path) -> None:
    """A run with prices holds the account of every clause."""
    copy = copied(run, tmp_path)
    (copy / "accounts.json").unlink()
    reseal(copy)
    assert {f.code for f in cg.verify(copy).findings} == {"file"}


def test_the_honest_run_is_accepted(run: Path) -> None:
    """The same run without a lie holds (control)."""
    assert cg.verify(run).accepted


def test_an_account_is_told_in_both_languages(run: Path) -> None:
    """What lifting a clause could gain, and whom it favours or costs."""
    from cogov_opt.explaining.answers import about
    from cogov_opt.recording import read_run

    found = read_run(run)
    clause = next(c for c, t in found.accounts.items() if t["actors"])
    assert "Without it, goal 1" in about(found, clause).text("en")
    assert "如不设此条" in about(found, clause).text("zh")


def copied(run: Path, folder: Path) -> Path:
    """Give a copy of a run that may be edited."""
    for path in [p for p in run.rglob("*") if p.is_file()]:
        target = folder / path.relative_to(run)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder
