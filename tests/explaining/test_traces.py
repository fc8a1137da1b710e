"""Reasons of procedures are read from the trace (S12.6)."""

import pytest

import cogov_opt as cg

VOTES = """META
key;value
description;Three projects, money for one
country;Nowhere
unit;Small town
instance;2026
num_projects;3
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
p1;60;2;Park
p2;50;1;Bench
p3;10;1;Tree
VOTERS
"""


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """The award stops at the first project that does not fit."""
    path = tmp_path_factory.mktemp("votes") / "small.pb"
    votes = "VOTES\nvoter_id;vote\nv1;p1,p2\nv2;p1,p3\n"
    path.write_text(VOTES.replace("VOTERS\n", votes), encoding="utf-8")
    policy = cg.load_policy("pb-greedy")
    instance = cg.check(cg.load(path), policy)
    options = {"variant": "stop", "tie_break": ["position"]}
    return cg.explain(cg.allocate(instance, policy, options=options))


def test_money_is_the_reason_also_after_the_award_stopped(explained):
    """S12.6: `budget` {step, asked, left} for the one that did not fit and for all after it."""
    found = {r.about["demand"]: r for r in explained.records if r.type == "unmet"}

    assert {r.code for r in found.values()} == {"budget"}
    assert found["p2"].values == {"step": 2, "asked": 5000, "left": 4000}
    assert found["p3"].values == {"step": 3, "asked": 1000, "left": 4000}
    assert {r.proven for r in found.values()} == {"trace"}


def test_a_stopped_award_is_not_told_as_money_that_ran_short(explained):
    """What would have fitted is told so."""
    text = {d: explained.about(d).text("en") for d in ("p2", "p3")}

    assert "asked for 50.00 XXX and 40.00 XXX was left" in text["p2"]
    assert "the award had stopped at one before it" in text["p3"]
    assert "资金不够，安排到此为止" in explained.about("p3").text("zh")
