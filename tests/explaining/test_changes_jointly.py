"""What several changes do together where none helps by itself, and that not even all do (S16.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.answering import answer_of
from cogov_opt.explaining.changes.making import menu, unmet_demands
from cogov_opt.explaining.changes.menu import Menu
from cogov_opt.explaining.changes.telling import menu_text
from cogov_opt.explaining.changes.trial import USELESS
from cogov_opt.explaining.why_not import Asked
from cogov_opt.verifying import verify
from tests.explaining.changes_truth import ALLOWED, asked_of, truth
from tests.explaining.corner import CARD, decided, rows

TWICE = CARD.replace('demand.id = "D4"', 'demand.id = ["D3", "D4"]')
"""D3 is forbidden as well: lifting the clause helps no more than money does, but both do."""
SOFT = CARD.replace('owner = "B"', 'owner = "B"\nfirmness = "soft"\npenalty = 1\nstage = 1')


def recorded(folder: Path, **changed: Any) -> Asked:
    """Record the corner, something of it changed."""
    return Asked.of(cg.record(decided(**changed), folder / "run"))


def crowd() -> dict[str, list[dict[str, Any]]]:
    """Give the needs with D4 asking for nine people: more than all changes bring."""
    needs = [dict(row) for row in rows()["needs"]]
    needs[-1] |= {"quantity": 9}
    return {"needs": needs}


def test_money_and_a_clause_help_only_together(tmp_path: Path) -> None:
    """D3 lacks 200 and is forbidden: both changes are named, the money to the cent, both owners."""
    about = recorded(tmp_path, card=TWICE)
    told = menu(about, "D3", Budget(None))

    assert not told.found
    assert told.joint is not None
    parts = {(c.kind, c.target, c.size) for c in told.joint.parts}
    assert parts == {("amount", "F1", 200), ("clause", "C01", 0)}
    assert str(told.joint.tried.verdict) == "served"
    assert told.joint.cost == 2
    for language, words in (("en", "together they are"), ("zh", "须同时作出")):
        text = menu_text(told, about.run, language)  # type: ignore[arg-type]
        assert words in text
        assert "2.00 CNY" in text
        assert "C01" in text


def test_not_even_all_changes_bring_nine_people(tmp_path: Path) -> None:
    """One proof speaks of every kind, and the answer says that all at once do not help."""
    about = recorded(tmp_path, changed=crowd())
    told = menu(about, "D4", Budget(None))

    assert told.hopeless
    assert told.joint is not None
    assert not told.joint.parts
    assert told.joint.tried.verdict in USELESS
    assert "not even all" in menu_text(told, about.run, "en")
    assert _codes(about, _file(about, told), tmp_path, 0) == []


def _file(about: Asked, told: Menu) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical_json(answer_of(told, about.run).to_dict()))
    return found


def _codes(about: Asked, told: dict[str, Any], folder: Path, number: int) -> list[str]:
    path = folder / f"{number}.json"
    path.write_bytes(canonical_json(told))
    return [f.code for f in verify(str(about.run.path), answer=path).findings]


def test_every_lie_about_changes_together_is_found(tmp_path: Path) -> None:
    """Parts left out, added, of another size; another verdict, cost or loss; none where some do."""
    about = recorded(tmp_path, card=TWICE)
    honest = _file(about, menu(about, "D3", Budget(None)))
    assert _codes(about, honest, tmp_path, 0) == []
    for number, lie in enumerate(_lies(honest), start=1):
        codes = _codes(about, lie, tmp_path, number)
        assert codes, lie["claim"]["joint"]
        assert all(code.startswith("answer") for code in codes)


def _lies(honest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = honest["claim"]["joint"]["parts"]
    taller = [[k, t, "201" if k == "amount" else s] for k, t, s in parts]
    for name, value in (
        ("parts", parts[:1]), ("parts", [*parts, parts[0]]), ("parts", []), ("parts", taller),
        ("parts", [*parts, ["priority", "D3", "1"]]), ("verdict", "matched"),
        ("verdict", "not_served"), ("cost", "1"), ("loss", "9"), ("dropped", ["D1"]),
        ("weighing", 0),
    ):  # fmt: skip
        lie = json.loads(json.dumps(honest))
        lie["claim"]["joint"][name] = value
        yield lie


def test_a_proof_of_all_speaks_of_none_it_leaves_out(tmp_path: Path) -> None:
    """With the edits of one change gone the proof still holds, but not of that change."""
    about = recorded(tmp_path, changed=crowd())
    lie = _file(about, menu(about, "D4", Budget(None)))
    place = lie["claim"]["none"]["unit"][0]
    edits = lie["weighings"][place]["edits"]
    lie["weighings"][place]["edits"] = [e for e in edits if "V2+1" not in str(e)]

    assert any(code.startswith("answer") for code in _codes(about, lie, tmp_path, 1))


def test_a_soft_clause_is_never_lifted_beside_others(tmp_path: Path) -> None:
    """Its penalty counts in what every plan is worth: the verifier refuses such a proof."""
    about = recorded(tmp_path, changed=crowd(), card=SOFT)
    honest = _file(about, menu(about, "D4", Budget(None)))
    assert _codes(about, honest, tmp_path, 0) == []
    for weighing in honest["weighings"]:
        lifts = [e for e in weighing["edits"] if e[0] == "lift"]
        assert not lifts or len(weighing["edits"]) == 1


def test_changes_said_to_serve_together_do_in_every_plan() -> None:
    """Brute force over small weeks; all changes at once make weeks too large to try every plan."""
    held = 0
    for seed in range(200):
        week = asked_of(seed)
        for demand in () if week is None else unmet_demands(week):
            assert week is not None
            joint = menu(week, demand, Budget(None)).joint
            if joint is None or not joint.parts:
                continue
            fact = truth(week.run, joint.tried.proof[0].edits, demand)
            if fact is not None:
                assert fact in ALLOWED[joint.tried.verdict], (seed, demand)
                held += 1
        if held >= 4:
            break
    assert held >= 4
