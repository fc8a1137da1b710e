"""The losses of all decisions, written when asked for and searched for anew by the verifier."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cogov_opt.errors import UnsupportedError
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.recording import read_run
from cogov_opt.strategies import optimum
from tests.properties.line import decided, flow_decided, found

ASKED = {"options": {"regrets": True}}


@pytest.mark.parametrize("seed", range(12))
def test_the_verifier_finds_every_loss_anew(seed: int, tmp_path: Path) -> None:
    """regrets.csv of an honest run is what a search of the plan's own graph gives (S10.9)."""
    line = flow_decided(300 + seed, tmp_path / "run", size=5, **ASKED)
    assert line is None or not found(line.folder)


def test_the_file_holds_what_the_decision_says(tmp_path: Path) -> None:
    """A row for each unit more or less that a candidate may have, with stage and loss (S13.7)."""
    line = flow_decided(7, tmp_path / "run", size=6, **ASKED)
    assert line is not None
    flow = FlowPlan.of_decision(line.decision)
    assert flow is not None
    text = read_run(line.folder).files["regrets.csv"].decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    told = sorted(int(r["loss"]) for r in rows if r["loss"])
    losses = (*flow.more.loss.tolist(), *flow.less.loss.tolist())
    assert told == sorted(loss for loss in losses if loss >= 0)
    assert len(rows) == sum(loss != -2 for loss in losses)


def test_without_being_asked_for_there_is_no_file(tmp_path: Path) -> None:
    """The losses of all decisions are written on request only."""
    line = flow_decided(7, tmp_path / "run", size=6)
    assert line is not None
    assert "regrets.csv" not in read_run(line.folder).files


def test_off_the_flow_route_they_are_refused(tmp_path: Path) -> None:
    """A coupled plan has no exact losses of all decisions: said before anything is solved."""
    with pytest.raises(UnsupportedError, match="--exact"):
        decided(2, tmp_path / "run", **ASKED)


def test_too_many_candidates_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The verifier searches all of them again, so their number has a limit."""
    monkeypatch.setattr(optimum, "MOST_REGRETS", 1)
    with pytest.raises(UnsupportedError, match="at most 1 candidates"):
        flow_decided(7, tmp_path / "run", size=6, **ASKED)
