"""Refusals are proved in a child process: whatever ends it, the plan stands and is accepted."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

import cogov_opt as cg
from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.strategies import refusals
from tests.properties.line import Line
from tests.properties.test_refusals import small_lines

pytestmark = pytest.mark.solver

CRASHES = "import os; os._exit(9)"
RAMBLES = """
import sys, pathlib
pathlib.Path(sys.argv[1], "found.pickle").write_bytes(b"not a refusal")
"""
HANGS = "import time; time.sleep(600)"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Give a small week with a refusal, decided in this process."""
    found, _ = next(small_lines(tmp_path_factory.mktemp("refused")))
    return found


def refused(line: Line, **asked: object) -> tuple[Refusal, ...]:
    """Decide the week with a child; give its refusals, the verifier having accepted the run."""
    decision = cg.allocate(line.decision.instance, line.decision.policy, isolation="child", **asked)
    folder = Path(mkdtemp(dir=line.folder.parent)) / "run"
    cg.record(cg.explain(decision), folder)
    assert cg.verify(folder).accepted
    assert decision.outcome.vector is not None
    assert isinstance(decision.evidence, Certificate)
    return decision.evidence.refusals


def test_a_child_proves_what_this_process_proves(line: Line) -> None:
    """The same refusals, to the last number."""
    here = line.decision.evidence
    assert isinstance(here, Certificate)
    assert here.refusals
    assert refused(line) == here.refusals


@pytest.mark.parametrize("source", [CRASHES, RAMBLES], ids=["crashes", "rambles"])
def test_a_child_that_fails_leaves_demands_told_by_prices(
    line: Line, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """No refusal is claimed, nothing else is lost."""
    monkeypatch.setattr(refusals, "COMMAND", (sys.executable, "-c", source))
    assert refused(line) == ()


def test_a_child_that_hangs_is_ended(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller's limit of time ends it from outside."""
    monkeypatch.setattr(refusals, "COMMAND", (sys.executable, "-c", HANGS))
    monkeypatch.setattr("cogov_opt.solving.isolation.GRACE", 0.5)
    assert refused(line, limits=cg.Limits(seconds=4.0)) == ()
