"""What `cogov explain` says of single units and points on a flow (S10.9)."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.explaining.answers import Answer, about
from cogov_opt.recording import Run

PACKAGE = {
    "name": "one", "title": "One", "cogov_format": 1, "currency": "CNY",
    "timezone": "Asia/Shanghai", "language": "en",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
}  # fmt: skip
WEEK = {
    "actors": "actor_id,name,kind\nCLUB,Club,ngo\n",
    "codes": "vocabulary,code\nskill,cook\n",
    "volunteers": "volunteer_id,actor_id,skills,max_slots\nV-1,CLUB,cook,1\nV-2,CLUB,,1\n",
    "availability": "resource_id,start,end\nV-1,2026-09-28 08:00,2026-09-28 20:00\n"
    "V-2,2026-09-28 08:00,2026-09-28 09:00\n",
    "demands": "demand_id,actor_id,points\nD-1,CLUB,50\nD-2,CLUB,30\nD-3,CLUB,10\n",
    "options": "demand_id,option_id,start,end\nD-1,a,2026-09-28 10:00,2026-09-28 11:00\n"
    "D-2,a,2026-09-28 12:00,2026-09-28 13:00\nD-3,a,2026-09-28 14:00,2026-09-28 15:00\n",
    "needs": "need_id,demand_id,kind,quantity,requires\nD-1.1,D-1,volunteer,1,cook\n"
    "D-2.1,D-2,volunteer,1,cook\nD-3.1,D-3,volunteer,1,cook\n",
}
CARD = """
id = "one"
version = "1.0.0"
status = "draft"
title = { en = "One", zh = "一" }
[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One cook, three meals: the dearest is served."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    for name, text in WEEK.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    card = cg.load_policy_text(CARD)
    decision = cg.allocate(cg.check(cg.load(folder), card), card)
    return cg.record(cg.explain(decision), folder / "run")


def codes(answer: Answer) -> dict[str, dict[str, object]]:
    """Give the lines about single units by their phrase, with their values."""
    lines = [line for line in answer.lines if line.code.startswith("units.")]
    return {line.code: dict(line.values) for line in lines}


def test_a_used_resource_is_worth_what_the_next_demand_and_what_it_serves_bring(run: Run) -> None:
    """A second cook would bring 30; without this one 50 are lost."""
    found = codes(about(run, "V-1"))
    assert found["units.more"]["gained"] == 30
    assert found["units.less"]["lost"] == 50


def test_a_resource_that_serves_nothing_is_worth_nothing(run: Run) -> None:
    """One more of V-2 brings nothing, one less loses nothing."""
    assert {"units.more_none", "units.less_none"} <= codes(about(run, "V-2")).keys()


def test_an_unserved_demand_is_told_the_points_it_lacks(run: Run) -> None:
    """D-2 is level with D-1 at 50 points, so 21 more serve it for certain."""
    assert codes(about(run, "D-2"))["units.rise"]["points"] == "21"


def test_the_single_units_that_would_serve_a_demand_are_named(run: Run) -> None:
    """A second cook would serve D-2, not D-3: it would do more elsewhere."""
    assert codes(about(run, "D-2"))["units.every"]["list"] == ["V-1"]
    assert "units.none" in codes(about(run, "D-3"))


def test_a_served_demand_has_no_such_lines(run: Run) -> None:
    """What has all it asks is not told what would have served it."""
    assert not codes(about(run, "D-1"))


@pytest.mark.parametrize(("language", "word"), [("en", "21 points more"), ("zh", "再高21分")])
def test_the_command_says_it_in_both_languages(run: Run, language: str, word: str) -> None:
    """`cogov explain --about` prints the sentence."""
    command = ["explain", str(run.path), "--about", "D-2", "--lang", language]
    assert word in CliRunner().invoke(cli, command).output
