"""A proof that is cut short is told as such, apart from the search, which had finished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt import pipeline
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Cancel, Limits, Proof, Termination
from cogov_opt.phrases import LANGUAGES, phrase
from cogov_opt.recording import read_run
from cogov_opt.reporting import report
from cogov_opt.reporting.page import page
from cogov_opt.solving.events import Event
from cogov_opt.strategies import optimum
from cogov_opt.strategies.context import Isolation
from cogov_opt.testing import reseal
from tests.faults.test_outcomes import data, decide, solve, whole

__all__ = ["data"]
pytestmark = pytest.mark.solver


class Stopping(Cancel):
    """A wish to stop that comes when the proof begins, as Ctrl-C would."""

    def __call__(self, event: Event) -> None:
        if event.kind == "proving":
            self.set()


@pytest.mark.parametrize("way", ["child", "none"])
def test_the_plan_is_that_of_a_whole_proof(way: Isolation) -> None:
    """Stopped while proving: the same plan, less of it proven, and that is said."""
    stop = Stopping()
    cut, done = decide(way=way, on_event=stop, cancel=stop), decide(way=way)

    assert (cut.termination, cut.outcome.proof) == (Termination.OPTIMAL, Proof.CANCELLED)
    assert (done.termination, done.outcome.proof) == (Termination.OPTIMAL, Proof.DONE)
    assert cut.outcome.vector is not None
    assert done.outcome.vector is not None
    assert (cut.outcome.vector == done.outcome.vector).all()
    stages = [d.evidence.stages for d in (cut, done) if isinstance(d.evidence, Certificate)]
    assert [s[0].certified_optimal for s in stages] == [False, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_summary_and_page_say_it(tmp_path: Path, language: str) -> None:
    """In run.json, in the summary and on the page; the run is accepted."""
    stop = Stopping()
    cg.record(cg.explain(decide(on_event=stop, cancel=stop)), tmp_path / "run")
    run = read_run(tmp_path / "run")
    lang = next(x for x in LANGUAGES if x == language)
    told = "".join(report(run, lang).split())
    head = "".join(phrase("termination.optimal_cancelled", lang).split())

    assert run.header["proof"] == "cancelled"
    assert cg.verify(run.path or "").accepted
    assert head[:40] in told
    assert phrase("report_text.proof_cancelled", lang) in page(run, lang)
    whole_run = cg.record(cg.explain(decide()), tmp_path / "whole")
    assert whole_run.header["proof"] == "done"
    assert phrase("report_text.proof_cancelled", lang) not in page(whole_run, lang)


def test_a_proof_out_of_time_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit ran out while proving: no interruption, and not the work done either."""
    monkeypatch.setattr(optimum, "_used_up", lambda _: True)
    assert decide(limits=Limits(seconds=60)).outcome.proof is Proof.LIMIT


def test_the_command_ends_as_interrupted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cogov solve` keeps the plan and ends with 130."""
    original = pipeline.allocate

    def stopped(*args: object, **kwargs: object) -> object:
        stop = Stopping()
        return original(*args, **(kwargs | {"on_event": stop, "cancel": stop}))  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "allocate", stopped)
    assert solve(data) == 130
    whole(data, "optimal")


def test_a_word_nobody_knows_is_not_accepted(tmp_path: Path) -> None:
    """Planted and packed honestly again: the verifier has no meaning for it."""
    cg.record(cg.explain(decide()), tmp_path / "run")
    file = tmp_path / "run" / "run.json"
    file.write_bytes(canonical_json(json.loads(file.read_bytes()) | {"proof": "perfect"}))
    reseal(tmp_path / "run")
    verdict = cg.verify(tmp_path / "run")

    assert verdict.verdict == "incomplete"
    assert [f.id for f in verdict.findings] == ["proof perfect"]
