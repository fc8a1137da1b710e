"""Hard clauses made soft for one run, and what can be told before solving (S8.13)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cogov_opt as cg
from benchmarks.planted import PACKAGE, planted
from cogov_opt.domain.decision import Decision
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.reporting import report
from cogov_opt.strategies.infeasible import foreseen
from cogov_opt.testing import reseal

pytestmark = pytest.mark.solver


def decided(kind: str, seed: int, **options: Any) -> Decision:
    case = planted(kind, seed)
    policy = cg.load_policy_text(case.card)
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    return cg.allocate(instance, policy, options=options, isolation="none")


@pytest.fixture(scope="module")
def softened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run whose card could not be kept, decided with one clause soft."""
    folder = tmp_path_factory.mktemp("soft") / "run"
    cg.record(cg.explain(decided("clauses", 0, soften={"K3": 0})), folder)
    return folder


def test_a_softened_clause_lets_the_rest_be_kept(softened: Path) -> None:
    """With K3 soft the guarantee is kept, K3 is missed as little as can be, and all is accepted."""
    header = json.loads((softened / "run.json").read_bytes())

    assert header["termination"] == "optimal"
    assert header["options"]["soften"]["K3"] > 1
    assert cg.verify(softened).accepted


def test_the_card_stands_in_the_run_as_it_is(softened: Path) -> None:
    """Softening is an option of the run; the card's bytes and digest are the card's own."""
    assert (softened / "policy.toml").read_text() == planted("clauses", 0).card


def test_the_summary_says_what_was_softened(softened: Path) -> None:
    """In both languages, with who set it."""
    from cogov_opt.recording import read_run

    assert "K3 (set by B;" in report(read_run(softened), "en", width=200)
    assert "K3（B设定；" in report(read_run(softened), "zh", width=200)


def test_the_decision_is_rebuilt_with_the_clause_soft(softened: Path) -> None:
    """From the run folder alone: the slack column is there again."""
    from cogov_opt.recording import read_run

    found = decision_of(read_run(softened))
    assert any(b.prefix[:2] == ("slack", "K3") for b in found.formulation.columns.blocks)


@pytest.mark.parametrize("lie", [{}, {"K3": 1}, {"K1": 5}, {"Z9": 5}, {"K3": 0}, {"K3": "5"}])
def test_a_lie_about_what_was_softened_is_found(
    softened: Path, lie: dict[str, Any], tmp_path: Path
) -> None:
    """Sealed again, another penalty or clause no longer fits prices, plan and reasons."""
    for path in [p for p in softened.rglob("*") if p.is_file()]:
        target = tmp_path / path.relative_to(softened)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    header = json.loads((tmp_path / "run.json").read_bytes())
    header["options"]["soften"] = lie
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    reseal(tmp_path)

    assert not cg.verify(tmp_path).accepted


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"K8": 0}, "no clause"), ({"Z3": 0}, "soft already"), ({"K1": -1}, "penalty")],
)
def test_what_cannot_be_softened_is_refused(asked: dict[str, int], said: str) -> None:
    """An unknown clause, a soft one, a penalty below 0: each says why."""
    with pytest.raises(UnsupportedError, match=said):
        decided("clauses", 0, soften=asked)


def test_check_foresees_that_too_few_may_serve() -> None:
    """A warning before anything is solved, and none where everything can be kept (control)."""
    for kind, codes in (("hall", ["too_few_may_serve"]), ("budget", [])):
        case = planted(kind, 1)
        policy = cg.load_policy_text(case.card)
        instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
        assert [i.code for i in foreseen(instance, policy)] == codes


def test_check_foresees_a_guarantee_of_more_than_there_is() -> None:
    """A guarantee beyond all it speaks of is told with both numbers."""
    case = planted("clauses", 0)
    policy = cg.load_policy_text(case.card.replace("at_least = 1\n", "at_least = 99\n"))
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    issue = next(iter(foreseen(instance, policy)))

    assert issue.code == "more_than_there_is"
    assert issue.values["asked"] == 99
