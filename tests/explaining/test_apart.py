"""Answers are solved in a child: the caller solves nothing, and no end of a child harms it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.asking import apart
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.explaining.asking.lifting import lift
from cogov_opt.explaining.changes.answering import changes, told_here
from cogov_opt.explaining.repairs.answering import mending
from cogov_opt.explaining.repairs.telling import Repairs
from cogov_opt.recording import Run
from cogov_opt.solving.backends import highs
from tests.explaining.corner import decided
from tests.explaining.test_repairs import recorded

DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
RAVES = "import sys, pathlib; pathlib.Path(sys.argv[1], 'told.json').write_text('{{{')"
NO_MEMORY = "raise MemoryError"
SLEEPS = "import time; time.sleep(60)"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Record the corner once."""
    return cg.record(decided(), tmp_path_factory.mktemp("corner") / "run")


def plant(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program be the child."""
    planted = partial(apart.answered, command=(sys.executable, "-c", program))
    for place in ("asking.exact", "asking.lifting", "changes.answering", "repairs.answering"):
        monkeypatch.setattr(f"cogov_opt.explaining.{place}.answered", planted)


def test_the_caller_solves_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a solver that may not be called here, questions are answered all the same."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("solved in the caller's process")

    monkeypatch.setattr(highs, "solve", refuse)
    monkeypatch.setattr(highs, "_run", refuse)
    assert exact(run, ("serve", "D2")).file.claim["proven"] == "exact"
    assert lift(run, "C01").file.claim["proven"] == "exact"
    assert {f.change.kind for f in changes(run, "D4").menu.found} == {"clause"}


@pytest.mark.parametrize("program", [DIES, RAVES, NO_MEMORY])
def test_a_child_that_ends_badly_leaves_the_question_open(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """Nothing is claimed, in words and in the file, and the verifier finds nothing wrong."""
    plant(monkeypatch, program)
    for number, told in enumerate((exact(run, ("serve", "D2")), lift(run, "C01"))):
        assert told.file.claim == {"proven": "none"}
        path = told.file.write(tmp_path / f"{number}.json")
        assert cg.verify(str(run.path), answer=path).accepted
        assert told.answer.text("en")
    advice = changes(run, "D2")
    assert advice.menu.open["unit"] == 3
    assert not advice.menu.hopeless
    assert "Not proved either way" in advice.text("en")
    assert cg.verify(str(run.path), answer=advice.file.write(tmp_path / "c.json")).accepted


def test_repairs_are_looked_for_in_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the caller's process; what is told is what would have been found in it."""
    run = recorded("clauses", 1, tmp_path / "run")
    here = mending(run, isolated=False)

    def refuse(*_: Any) -> Any:
        raise AssertionError("solved in the caller's process")

    monkeypatch.setattr(highs, "solve", refuse)
    monkeypatch.setattr(highs, "_run", refuse)
    there = mending(run)
    assert there.claim["repairs"]
    assert there == here


@pytest.mark.parametrize("program", [DIES, RAVES, NO_MEMORY])
def test_a_child_that_ends_badly_leaves_repairs_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """No repair is told, none is denied, and the verifier finds nothing wrong."""
    run = recorded("clauses", 1, tmp_path / "run")
    plant(monkeypatch, program)
    told = mending(run)

    assert (told.tried, told.claim) == (0, {"repairs": []})
    assert told.of > 0
    assert "more than one must change" not in Repairs(told).text("en")
    assert cg.verify(str(run.path), answer=told.file.write(tmp_path / "a.json")).accepted


def test_a_child_that_does_not_end_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its seconds, and a few for good measure."""
    monkeypatch.setattr(apart.isolation, "GRACE", 0.1)
    plant(monkeypatch, SLEEPS)

    assert exact(run, ("serve", "D2"), seconds=0.1).file.claim == {"proven": "none"}


def test_what_a_child_told_before_its_end_stands(run: Run, tmp_path: Path) -> None:
    """A menu is told kind by kind: each state of it is an answer the verifier accepts."""
    states: list[apart.Told] = []
    told_here(run, "D2", None, states.append)
    assert len(states) == 6
    assert [len(s["claim"]["open"]) for s in states] == [5, 4, 3, 2, 1, 0]
    for number, told in enumerate(states):
        path = tmp_path / f"{number}.json"
        whole = {"answer": 1, "run_id": run.run_id, "root": run.root, "question": ["change", "D2"]}
        left = {k: v for k, v in told.items() if k != "left"}
        path.write_bytes(canonical_json(whole | left))
        assert cg.verify(str(run.path), answer=path).accepted


def test_what_the_child_refuses_the_caller_refuses(run: Run) -> None:
    """An unknown demand is a question asked wrongly, in whichever process that is found."""
    with pytest.raises(UnsupportedError):
        apart.answered(run, ("change", "D9"), None)
