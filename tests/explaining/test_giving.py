"""Answers where later goals may take back: what each must keep is proved first (S16.8)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.formulation import Formulation
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.explaining.asking.lifting import lift
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.answering import answer_of
from cogov_opt.explaining.changes.change import KINDS
from cogov_opt.explaining.changes.making import menu, unmet_demands
from cogov_opt.explaining.changes.menu import Menu
from cogov_opt.explaining.changes.telling import menu_text
from cogov_opt.explaining.changes.trial import Trial
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating import formulate
from cogov_opt.verifying import verify
from tests.explaining.changes_truth import ALLOWED, asked_of, changes_of, judged, reached, truth
from tests.explaining.test_exact import hold
from tests.properties.brute_force import plan_count

pytestmark = pytest.mark.solver

MOST_PLANS = 600
TAUGHT = (28, "D1", "skill")
"""A week where a taught volunteer lets some best plans serve D1; by the order of goals alone it
would seem that none does."""
SURE = (31, "D1", "skill")
"""A week where it would seem that all do, and some do not."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_verdict_contradicts_every_plan_of_small_weeks(kind: str) -> None:
    """Brute force over the changed weeks, floors by S9.4 from what every goal reaches there."""
    tally: Counter[str] = Counter()
    for seed in range(200):
        week = asked_of(seed, giving=True)
        for verdict, fact in judged(week, kind) if week else ():
            assert fact in ALLOWED[verdict], (seed, kind, verdict, fact)
            tally[str(verdict)] += 1
        if tally.total() >= 4:
            break
    assert tally.total() >= 4
    assert not tally["unproven"]


@pytest.mark.parametrize("case", [TAUGHT, SURE])
def test_the_order_of_the_goals_alone_would_be_wrong(case: tuple[int, str, str]) -> None:
    """Weighed goal by goal as if none gave, a verdict contradicts the plans; by floors none."""
    seed, demand, kind = case
    week = asked_of(seed, giving=True)
    assert week is not None
    wrong = [
        change.target
        for change in changes_of(week, demand, kind)
        if (fact := truth(week.run, change.edits, demand)) is not None
        and fact not in ALLOWED[Trial(week, demand, Budget(None)).of(change.edits).verdict]
    ]

    assert wrong
    assert all(fact in ALLOWED[verdict] for verdict, fact in judged(week, kind))


def weeks(first: int, count: int) -> Iterator[tuple[int, Asked]]:
    """Give small weeks under cards that give."""
    seeds = iter(range(first, first + 200))
    while count:
        seed = next(seeds)
        week = asked_of(seed, giving=True)
        if week is not None and plan_count(week.decision.formulation) <= MOST_PLANS:
            count -= 1
            yield seed, week


def codes(run: cg.Run, told: dict[str, Any], path: Path) -> list[str]:
    """Give what the verifier finds in an answer."""
    path.write_bytes(canonical_json(told))
    return [f.code for f in verify(str(run.path), answer=path).findings]


def recorded(week: Asked, folder: Path) -> Asked:
    """Record a week and rebuild it from its folder."""
    return Asked.of(cg.record(cg.explain(week.decision), folder))


def test_menus_are_accepted_and_every_lie_about_what_goals_reach_is_found(tmp_path: Path) -> None:
    """Another plan, a looser ceiling, a goal left out: the floors would not be what they must."""
    lies, reached_at = 0, 0
    for seed, week in weeks(24, 6):
        about = recorded(week, tmp_path / f"{seed}")
        for demand in unmet_demands(about)[:1]:
            told = menu(about, demand, Budget(None))
            honest = json.loads(canonical_json(answer_of(told, about.run).to_dict()))
            assert codes(about.run, honest, tmp_path / f"{seed}.json") == []
            reached_at += sum("reached" in w for w in honest["weighings"])
            assert "后续目标" in menu_text(told, about.run, "zh")
            for number, lie in enumerate(_lies(honest)):
                found = codes(about.run, lie, tmp_path / f"{seed}-{number}.json")
                assert found, (seed, number)
                assert all(code.startswith("answer") or code == "unknown" for code in found)
                lies += 1

    assert reached_at > 5
    assert lies > 20


def _lies(honest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Change what goals are told to reach, one thing at a time."""

    def copy() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(honest))
        return found

    for place, weighing in enumerate(honest["weighings"]):
        if "reached" not in weighing:
            continue
        lie = copy()
        del lie["weighings"][place]["reached"]
        yield lie
        lie = copy()
        lie["weighings"][place]["reached"][0]["plan"] = [[["y", "D9", ""], "1"]]
        yield lie
        for step in (1, -1):
            lie = copy()
            ceiling = lie["weighings"][place]["reached"][0]["ceiling"]
            ceiling["bound"] = str(int(ceiling["bound"]) + step)
            yield lie
        if weighing["chain"]:
            lie = copy()
            lie["weighings"][place]["chain"] = []
            yield lie


def test_a_goal_told_to_reach_less_is_not_what_it_must_keep(tmp_path: Path) -> None:
    """The empty plan as what goal 1 reaches: its ceiling then asks more than other plans keep."""
    found = 0
    for seed, week in weeks(0, 12):
        about = recorded(week, tmp_path / f"{seed}")
        for demand in unmet_demands(about)[:1]:
            told = answer_of(menu(about, demand, Budget(None)), about.run).to_dict()
            lie = json.loads(canonical_json(told))
            for weighing in lie["weighings"]:
                for line in weighing.get("reached", []):
                    line["plan"] = []
            if lie != json.loads(canonical_json(told)):
                kept = codes(about.run, lie, tmp_path / f"{seed}.json")
                found += bool(kept)
    assert found > 5


def test_a_proof_of_all_changes_at_once_does_without_them(tmp_path: Path) -> None:
    """With a plan that uses the changes it says nothing of each: it is found (S16.8)."""
    for seed, week in weeks(0, 60):
        about = recorded(week, tmp_path / f"{seed}")
        for demand in unmet_demands(about)[:1]:
            told = menu(about, demand, Budget(None))
            if told.joint is None or told.joint.parts or not told.joint.tried.proof[0].reached:
                continue
            honest = answer_of(told, about.run)
            assert codes(about.run, honest.to_dict(), tmp_path / f"{seed}.json") == []
            if _stand(told, about.decision.formulation):
                continue
            lie = json.loads(canonical_json(honest.to_dict()))
            lie["claim"]["none"] = {k: [lie["claim"]["joint"]["weighing"]] for k in told.none}
            assert codes(about.run, lie, tmp_path / f"{seed}-lie.json") == ["answer_claim"]
            return
    raise AssertionError("no week has such a proof")


def _stand(told: Menu, unchanged: Formulation) -> bool:
    """Tell whether the plans of the joint proof have no column but those there were."""
    assert told.joint is not None
    proof = told.joint.tried.proof[0]
    assert proof.plan is not None
    keys = {
        proof.formulation.columns.key(j)
        for plan in (proof.plan, *(r.plan for r in proof.reached))
        for j in plan.nonzero()[0].tolist()
    }
    return keys <= set(unchanged.columns.index)


def test_exact_answers_hold_against_what_goals_reach_and_are_accepted(tmp_path: Path) -> None:
    """Serve, leave, and every clause lifted: goal by goal what is reached before later ones."""
    tally: Counter[str] = Counter()
    for seed, week in weeks(0, 10):
        about = recorded(week, tmp_path / f"{seed}")
        f, instance = about.decision.formulation, about.decision.instance
        now = reached(f)
        assert now is not None
        for demand in instance.demands.ids:
            word = "serve" if demand in unmet_demands(about) else "leave"
            answer = exact(about.run, (word, demand), isolated=False)
            hold(dict(answer.file.claim), reached(asked(f, instance, (word, demand))), now)
            path = tmp_path / f"{seed}-{demand}.json"
            assert codes(about.run, answer.file.to_dict(), path) == []
            tally[str(answer.file.claim["proven"])] += 1
        for clause in about.decision.policy.clauses:
            lifted = lift(about.run, clause.id, isolated=False)
            system = formulate(*changed(about.run, [["lift", clause.id]]))
            if plan_count(system) <= MOST_PLANS:
                hold(dict(lifted.file.claim), reached(system), now)
            path = tmp_path / f"{seed}-{clause.id}.json"
            assert codes(about.run, lifted.file.to_dict(), path) == []
            tally[f"lift {lifted.file.claim['proven']}"] += 1
    assert tally["exact"] > 3
    assert tally["impossible"] > 3
