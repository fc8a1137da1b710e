"""Reasons on a hand-made decision: every figure can be followed on paper (S12)."""

import json

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Decision, Draw, Outcome, Termination
from cogov_opt.domain.formulation import Allocation
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.prices import best_of
from cogov_opt.formulating import formulate

CARD = """
id = "small"
version = "1.0.0"
status = "adopted"
title = { en = "Small", zh = "小" }

[points]
priority = { 1 = 100, 2 = 40, 3 = 10 }

[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]

[[clause]]
id = "C01"
kind = "forbid"
where = { demand.id = "D-4" }
because = { en = "Not this week.", zh = "本周不办。" }

[[clause]]
id = "C02"
kind = "pin"
where = { standing.status = "pinned" }
because = { en = "Announced already.", zh = "已公布。" }
"""
TABLES = {
    "actors": "actor_id,name,kind\nCLUB,Club,ngo\n",
    "codes": "vocabulary,code,en,zh\nskill,cook,Cooking,烹饪\nskill,drive,Driving,驾驶\n"
    "service_type,lunch,Lunch,午餐\nunit,meal,meal,份\n"
    "purpose,study,Study,助学\ncost_type,food,Food,食材\n",
    "volunteers": "volunteer_id,actor_id,skills\n"
    "V-1,CLUB,cook\nV-2,CLUB,cook\nV-3,CLUB,\nV-4,CLUB,cook\n",
    "availability": "resource_id,start,end\n"
    + "".join(f"{v},2026-09-28 08:00,2026-09-28 20:00\n" for v in ("V-1", "V-3", "V-4")),
    "services": "service_id,actor_id,service_type,unit,capacity\nS-1,CLUB,lunch,meal,10\n",
    "funds": "fund_id,actor_id,amount,purposes\nF-1,CLUB,500.00,study\n",
    "demands": "demand_id,actor_id,priority,people\n"
    "D-1,CLUB,1,8\nD-2,CLUB,2,4\nD-3,CLUB,3,\nD-4,CLUB,3,\nD-5,CLUB,3,\n",
    "options": "demand_id,option_id,start,end\n"
    "D-1,a,2026-09-28 10:00,2026-09-28 12:00\nD-2,a,2026-09-28 11:00,2026-09-28 13:00\n"
    "D-5,a,2026-09-28 16:00,2026-09-28 17:00\n",
    "needs": "need_id,demand_id,kind,quantity,minimum,requires,cost_type\n"
    "D-1.1,D-1,volunteer,1,,cook,\nD-1.2,D-1,service,8,1,lunch,\n"
    "D-2.1,D-2,volunteer,2,2,cook,\n"
    "D-3.1,D-3,volunteer,1,,drive,\nD-3.2,D-3,service,20,20,lunch,\nD-3.3,D-3,fund,100.00,,,food\n"
    "D-3.4,D-3,service,1,1,lunch,\nD-4.1,D-4,service,1,1,lunch,\nD-5.1,D-5,volunteer,1,,,\n",
    "standing": "demand_id,option_id,need_id,resource_id,quantity,status\n"
    "D-5,a,D-5.1,V-3,1,pinned\n",
}  # fmt: skip
PACKAGE = {
    "name": "small", "title": "Small", "cogov_format": 1, "currency": "CNY",
    "timezone": "Asia/Shanghai", "language": "en",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
}  # fmt: skip
SUBJECTS = ["D-1", "D-2", "D-3", "V-1", "V-2", "S-1", "F-1", "CLUB", "D-1.2", "C01", "C02"]
USED = {("D-1.1", "V-1"): 1, ("D-1.2", "S-1"): 6, ("D-5.1", "V-3"): 1}
PRICES = {
    ("law.set", "need", "D-1.1", "a"): -25,
    ("law.set", "need", "D-2.1", "a"): -30,
    ("law.no_overlap", "V-1", "660"): 25,
    ("law.no_overlap", "V-4", "660"): 25,
    ("law.capacity", "units", "S-1"): 1,
    ("law.set", "most", "D-1.2", "a"): 3,
}


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """Five demands, four volunteers, a service and a fund."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return cg.check(cg.load(folder), cg.load_policy_text(CARD))


def certified(formulation, prices, scale=10):
    """A certificate of the first stage made from prices by meaning."""
    rows = {key: formulation.rows.index[key] for key in prices}
    y = np.zeros(len(formulation.rows), dtype=np.int64)
    for key, row in rows.items():
        y[row] = prices[key] * scale
    matrix = formulation.matrix
    v = scale * formulation.stages[0].costs
    np.subtract.at(v, matrix.columns, y[matrix.row_of] * matrix.values)
    keys = tuple(formulation.rows.key(i) for i in range(len(formulation.rows)))
    return StageCertificate(
        index=1, scale=scale, prices=y, row_keys=keys, reduced=v, value=110, published=110,
        bound=120, bound_scaled=1200, excess=100, taken_back=0, step=10, optimal=False,
        conditional=False, shares=(), rounding=0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def explained(instance):
    """D-1 and D-5 are served; everything else has a reason."""
    policy = cg.load_policy_text(CARD)
    f = formulate(instance, policy)
    needs, resources = instance.needs.ids, instance.resources.ids
    pairs = zip(f.candidates.need.tolist(), f.candidates.resource.tolist(), strict=True)
    units = np.array([USED.get((needs[n], resources[r]), 0) for n, r in pairs], dtype=np.int64)
    first = instance.options.of_demand[:-1]
    option = np.array([first[0], -1, -1, -1, first[4]], dtype=np.int32)
    nothing = np.zeros(len(f.money.need), dtype=np.int64)
    allocation = Allocation(option, units, nothing, nothing)
    evidence = Certificate((certified(f, PRICES),))
    outcome = Outcome(Termination.OPTIMAL, allocation, None, "coupled")
    decision = Decision(
        instance, policy, f, outcome, evidence, Draw("00ff00ff00ff00ff"), "optimum", {}
    )
    return cg.explain(decision)


def reason(explained, letter, subject):
    """Code and values, but for the least loss, of the one record of a kind about something."""
    (found,) = [
        r for r in explained.records
        if r.record.startswith(letter) and subject in (r.about.get("need"), r.about.get("resource"))
    ]  # fmt: skip
    return found.code, {name: v for name, v in found.values.items() if name != "low"}


def test_records_stand_in_the_order_of_their_ids(explained):
    """S12.1: one for each assignment, unmet need and unused resource, numbered from 1."""
    ids = [r.record for r in explained.records]

    assert ids == sorted(ids)
    assert [i for i in ids if i.startswith("A")] == ["A-000001", "A-000002", "A-000003"]
    needs = [r.about["need"] for r in explained.records if r.type == "unmet"]
    assert needs == ["D-1.2", "D-2.1", "D-3.1", "D-3.2", "D-3.3", "D-3.4", "D-4.1"]
    unused = [r.about["resource"] for r in explained.records if r.type == "unused"]
    assert unused == ["V-2", "V-4", "F-1"]


def test_an_assignment_without_a_decisive_stage_is_level(explained):
    """S12.3: all reduced values 0, and not drawn: level at the last stage."""
    code, values = reason(explained, "A", "D-1.1")

    assert (code, values["stage"], values["margin"]) == ("at_prices", 1, 0)
    assert values["brings"] == values["takes"]


def test_an_assignment_against_the_prices_is_a_gap(explained):
    """S12.3, S10.2: v = 0 - 10 (1 + 3) = -40 a unit; its share is 40 x 6 units."""
    assert reason(explained, "A", "D-1.2") == ("gap", {"stage": 1, "share": 240, "scale": 10})


def test_a_pinned_assignment_cites_its_clause(explained):
    """S12.3: a hard pin comes first."""
    assert reason(explained, "A", "D-5.1") == ("pinned", {"clause": "C02"})


def test_case_1_counts_every_failing_test(explained):
    """S12.4, 1: no candidate; a pair may fail several tests."""
    code, values = reason(explained, "U", "D-3.1")

    assert code == "no_eligible_candidate"
    assert values["counts"]["skill"] == 4


def test_case_1_money_tied_to_something_else(explained):
    """S12.4, 1: every pair fails purpose, cost type, group or area: the money is tied."""
    assert reason(explained, "U", "D-3.3") == ("earmark", {"counts": {"purpose": 1}})


def test_case_2_too_little_at_every_option(explained):
    """S12.4, 2: ten meals at most, twenty at least."""
    assert reason(explained, "U", "D-3.2") == ("below_minimum", {"most": 10, "minimum": 20})


def test_case_3_names_the_need_that_cannot_be_met(explained):
    """S12.4, 3: the smallest need in case 1 comes before any in case 2."""
    assert reason(explained, "U", "D-3.4") == ("set_incomplete", {"need": "D-3.1"})


def test_case_4_a_served_demand_with_a_need_not_full(explained):
    """S12.4, 4: the candidate has room, and one more would cost more than it brings."""
    code, values = reason(explained, "U", "D-1.2")

    assert code == "outpriced"
    assert (values["stage"], values["margin"], values["scale"]) == (1, 40, 10)
    assert values["by"] == [["D-1.1", "V-1", 250], ["D-1.2", "S-1", 10]]


def test_case_5_a_clause_forbids_every_way(explained):
    """S12.4, 5: the clause is named."""
    assert reason(explained, "U", "D-4.1") == ("clause", {"clause": "C01"})


def test_case_6_outpriced_by_the_value_of_the_set(explained):
    """S12.4, 6: w = y + two volunteers = 10 ((40 - 2 x 30) + 2 x (30 - 25)) = -100."""
    by = [["D-2.1", "V-1", 250]]
    expected = {"option": "a", "stage": 1, "margin": 100, "scale": 10, "by": by}

    assert reason(explained, "U", "D-2.1") == ("outpriced", expected)


def test_unused_resources(explained):
    """S12.5: silent, wanted less than others, or tied."""
    assert reason(explained, "R", "V-2")[0] == "no_eligible_candidate"
    assert reason(explained, "R", "V-2")[1]["counts"]["no_answer"] == 3
    assert reason(explained, "R", "F-1") == ("no_eligible_candidate", {"counts": {"purpose": 1}})
    assert reason(explained, "R", "V-4")[0] in ("gap", "at_prices")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_about_tells_everything_there_is(explained, subject, language):
    """Demands, resources, actors, needs, clauses and records all have an answer."""
    text = explained.about(subject).text(language)

    assert text
    assert "{" not in text


def test_about_tells_who_gives_and_why(explained):
    """A demand: its time, each need, who gives, and the reason."""
    text = explained.about("D-1").text("en")

    for expected in ("Mon 09-28 10:00-12:00", "V-1", "6 of 8", "short by 2", "How sure"):
        assert expected in text, expected


def test_about_an_unknown_id_names_the_closest(explained):
    """A misspelt id is a usage error that helps."""
    with pytest.raises(UnsupportedError, match="D-1") as caught:
        explained.about("d-11")

    assert caught.value.code == "unknown_id"


def test_the_best_of_a_segment():
    """The latest decisive stage wins, then the largest value, then the first."""
    decisive = np.array([0, 1, 1, 0, 0], dtype=np.int16)
    value = np.array([9, -5, -2, 3, 3], dtype=np.int64)

    assert best_of(np.array([0, 3]), decisive, value).tolist() == [2, 3]


def test_a_tie_is_claimed_only_with_the_plan_before_the_draw(explained, monkeypatch):
    """S12.3-S12.5, S11.2: what the draw changed is drawn; nothing else is called a tie."""
    from cogov_opt.explaining.plan import Plan

    assert not [r for r in explained.records if r.code == "tie_draw"]
    f = explained.decision.formulation
    marks = np.zeros(len(f.lower), dtype=bool)
    ids = explained.decision.instance.resources.ids
    marks[f.x] = [ids[r] in ("V-1", "V-4") for r in f.candidates.resource]
    marks[explained.decision.instance.options.of_demand[1]] = True
    monkeypatch.setattr(Plan, "drawn", marks)

    again = cg.explain(explained.decision)

    seed = ("tie_draw", {"seed": "00ff00ff00ff00ff"})
    assert reason(again, "A", "D-1.1") == reason(again, "U", "D-2.1") == seed
    assert reason(again, "R", "V-4") == seed
    assert reason(again, "A", "D-5.1")[0] == "pinned"
