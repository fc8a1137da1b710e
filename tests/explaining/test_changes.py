"""What would let a demand be served: proved, told in words, and every lie found (S16.5)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import PolicyError, UnsupportedError
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.answering import answer_of
from cogov_opt.explaining.changes.change import KINDS
from cogov_opt.explaining.changes.making import menu
from cogov_opt.explaining.changes.menu import Menu
from cogov_opt.explaining.changes.telling import menu_text
from cogov_opt.explaining.why_not import Asked
from cogov_opt.recording import Run
from cogov_opt.reporting.cards import CardWords
from cogov_opt.verifying import verify
from tests.explaining.changes_truth import ALLOWED, asked_of, judged
from tests.explaining.corner import CARD, decided


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Record the corner once, and rebuild it from its folder."""
    return Asked.of(cg.record(decided(), tmp_path_factory.mktemp("corner") / "run"))


def found(told: Menu) -> dict[str, set[tuple[str, int, str, int]]]:
    """Give what a menu found: target, size, verdict and loss by kind."""
    answer: dict[str, set[tuple[str, int, str, int]]] = {}
    for f in told.found:
        line = (f.change.target, f.change.size, str(f.tried.verdict), f.loss)
        answer.setdefault(f.change.kind, set()).add(line)
    return answer


def test_the_corner_has_six_ways_to_a_second_tutor(about: Asked) -> None:
    """D2 can have a higher priority, one more tutor, a taught V2, the hour before, or V3 by C."""
    told = menu(about, "D2", Budget(None))

    assert found(told) == {
        "priority": {("D2", 2, "served", 40)},
        "unit": {("V1", 1, "served", 0)},
        "skill": {("V2", 0, "served", 0)},
        "option": {("~a-60", 0, "served", 0)},
        "agreement": {("C volunteer", 0, "served", 0)},
    }
    assert set(told.none) == {"clause"}
    assert set(told.absent) == {"earmark", "amount"}


def test_the_least_money_is_found_to_the_cent(about: Asked) -> None:
    """D3 lacks 200 of 600: with 200 more it is served, with 199 it is not, and both are proved."""
    told = menu(about, "D3", Budget(None))
    money = next(f for f in told.found if f.change.kind == "amount")

    assert (money.change.size, str(money.tried.verdict)) == (200, "served")
    assert money.under is not None
    assert str(money.under.verdict) == "not_served"
    assert "2.00 CNY" in menu_text(told, about.run, "en")
    assert "2.00 CNY" in decided().changes("D3").text("zh")


def test_a_forbidden_demand_needs_its_clause_lifted_by_its_owner(about: Asked) -> None:
    """D4 is forbidden by C01 of B: only lifting it helps, and B decides."""
    told = menu(about, "D4", Budget(None))

    assert found(told) == {"clause": {("C01", 0, "served", 0)}}
    text = menu_text(told, about.run, "zh")
    assert "若不执行条款C01，则可安排" in text
    assert "由B决定" in text


def test_costs_of_changes_stand_in_the_card_and_order_the_menu() -> None:
    """With a skill at 0 it comes first, and what costs more without sparing anybody is left out."""
    card = CARD + "\n[change_costs]\nskill = 0\n"
    told = menu(Asked.of(decided(card=card)), "D2", Budget(None))

    assert [f.change.kind for f in told.best] == ["skill"]
    with pytest.raises(PolicyError):
        cg.load_policy_text(CARD + "\n[change_costs]\nskil = 0\n")
    assert any("skill" in line for line in CardWords("en").lines(cg.load_policy_text(card)))


def test_what_is_served_already_is_refused(about: Asked) -> None:
    """D1 is served; D9 is not there."""
    for name in ("D1", "D9"):
        with pytest.raises(UnsupportedError):
            menu(about, name, Budget(None))


@pytest.mark.parametrize("demand", ["D2", "D3", "D4"])
def test_every_answer_is_accepted_and_every_lie_about_it_found(
    about: Asked, tmp_path: Path, demand: str
) -> None:
    """Verdicts, sizes, losses, kinds, edits, plans: one thing changed at a time."""
    run = about.run
    honest = json.loads(canonical_json(answer_of(menu(about, demand, Budget(None)), run).to_dict()))
    assert _codes(run, honest, tmp_path, 0) == []
    lies = list(_lies(honest))
    for number, lie in enumerate(lies, start=1):
        codes = _codes(run, lie, tmp_path, number)
        assert codes, lie["claim"]
        assert all(c.startswith("answer") for c in codes)
    assert len(lies) > 20


def _codes(run: Run, told: dict[str, Any], folder: Path, number: int) -> list[str]:
    path = folder / f"{number}.json"
    path.write_bytes(canonical_json(told))
    return [f.code for f in verify(str(run.path), answer=path).findings]


def _lies(honest: dict[str, Any]) -> Any:
    """Make answers that claim something else."""

    def copy() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(honest))
        return found

    for place in range(len(honest["claim"]["changes"])):
        for name, value in (
            ("verdict", "not_served"), ("verdict", "matched"), ("loss", "7"), ("cost", "3"),
            ("dropped", ["D3"]), ("size", "4"), ("target", "V9"), ("kind", "earmark"),
            ("weighing", 0 if place else len(honest["weighings"]) - 1),
        ):  # fmt: skip
            lie = copy()
            if lie["claim"]["changes"][place][name] != value:
                lie["claim"]["changes"][place][name] = value
                yield lie
    for kind in honest["claim"]["none"]:
        lie = copy()
        lie["claim"]["none"][kind] = []
        yield lie
        lie = copy()
        del lie["claim"]["none"][kind]
        lie["claim"]["absent"].append(kind)
        yield lie
    for place, weighing in enumerate(honest["weighings"]):
        lie = copy()
        lie["weighings"][place]["edits"].append(["set", "demands", ["D1"], "priority", "5"])
        yield lie
        lie = copy()
        lie["weighings"][place]["chain"] = []
        yield lie
        for at in range(len(weighing["plan"])):
            lie = copy()
            del lie["weighings"][place]["plan"][at]
            yield lie
    lie = copy()
    lie["question"][1] = "D1"
    yield lie
    lie = copy()
    lie["root"] = "0" * 64
    yield lie


@pytest.mark.parametrize("kind", KINDS)
def test_no_verdict_contradicts_every_plan_of_small_weeks(kind: str) -> None:
    """Brute force over the changed weeks: what is proved to serve serves, and the other way."""
    tally: Counter[str] = Counter()
    for seed in range(200):
        week = asked_of(seed)
        if week is None:
            continue
        for verdict, fact in judged(week, kind):
            assert fact in ALLOWED[verdict], (seed, kind, verdict, fact)
            tally[str(verdict)] += 1
        if tally.total() >= 4:
            break
    assert tally.total() >= 4


def test_the_command_answers_for_one_demand_and_for_all(about: Asked, tmp_path: Path) -> None:
    """`--changes --about D2 -o FILE`, and `--changes -o DIR` for every unmet demand."""
    run = str(about.run.path)
    one = ["explain", run, "--changes", "--about", "D2", "-o", str(tmp_path / "one.json")]

    assert "V2" in CliRunner().invoke(cli, one).output
    assert CliRunner().invoke(cli, ["verify", run, "--answer", one[-1]]).exit_code == 0
    every = CliRunner().invoke(cli, ["explain", run, "--changes", "-o", str(tmp_path / "all")])
    assert "3 unmet demands" in every.output
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["D2.json", "D3.json", "D4.json"]
