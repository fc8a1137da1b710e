"""The terms of a stage, soft costs, shares, and what prices say (S8.1, S9, S10.1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cogov_opt.verifying import formulation
from cogov_opt.verifying.distance import between
from cogov_opt.verifying.plan import Plan, complete
from cogov_opt.verifying.policy import CardError, card_of, minor, read_card
from cogov_opt.verifying.priced import Key, Priced
from tests.verifying.tiny import at, broken_rows, card, facts_of
from tests.verifying.world import TABLES, Seen, lawful, town

WHERE = "where"


def stage(sense: str, *terms: dict[str, Any], **rest: Any) -> list[dict[str, Any]]:
    return [{"sense": sense, "terms": list(terms), **rest}]


def value(priced: Priced, plan: Plan) -> int:
    """Give the written value of the first stage: minimised ones positive again (S9.3)."""
    values = complete(plan, priced)
    first = priced.stages[0]
    total = first.constant + sum(c * values[key] for key, c in first.costs.items())
    return total if first.sense == "maximise" else -total


def build(*terms: dict[str, Any], sense: str = "maximise") -> Priced:
    return formulation.build(town(), card(objective=stage(sense, *terms)))


TERMS: list[tuple[str, dict[str, Any], Any]] = [
    ("maximise", {"term": "served_points"}, lambda s: 10 * (s.d1 + s.d2)),
    ("maximise", {"term": "served_points", "weight": 3}, lambda s: 30 * (s.d1 + s.d2)),
    ("maximise", {"term": "served_points", WHERE: {"demand.priority": 1}}, lambda s: 10 * s.d1),
    (
        "maximise",
        {"term": "served_points", WHERE: {"option.id": "b"}},
        lambda s: 10 * (s.when == "b"),
    ),
    ("minimise", {"term": "unmet_points"}, lambda s: 20 - 10 * (s.d1 + s.d2)),
    ("minimise", {"term": "unmet_points", WHERE: {"demand.id": "D2"}}, lambda s: 10 - 10 * s.d2),
    ("minimise", {"term": "cost"}, lambda s: s.money),
    ("minimise", {"term": "cost", WHERE: {"need.kind": "volunteer"}}, lambda s: 0),
    ("maximise", {"term": "units_points"}, lambda s: 0),
    (
        "maximise",
        {"term": "max_min_share", "each": ["demand.area"], "measure": "people"},
        lambda s: min(10000 * s.d1, 10000 * s.people2 // 5),
    ),
    (
        "maximise",
        {
            "term": "max_min_share",
            "each": ["demand.id"],
            "measure": "units",
            WHERE: {"need.kind": "service"},
        },
        lambda s: 5000 * s.portions,
    ),
]


@pytest.mark.parametrize(
    ("sense", "term", "expected"), TERMS, ids=lambda part: "" if callable(part) else str(part)
)
def test_a_term_is_worth_what_the_sentence_says(
    sense: str, term: dict[str, Any], expected: Any
) -> None:
    """On every lawful plan (S9.1)."""
    priced = build(term, sense=sense)
    for plan in lawful():
        assert broken_rows(priced, plan) == []
        assert value(priced, plan) == expected(Seen(plan))


def rich(tmp_path: Path) -> Priced:
    """Affinities, places, costs, points by unit and a fund of whole yuan."""
    tables = {k: [dict(r) for r in rows] for k, rows in TABLES.items()}
    tables["volunteers"][0] |= {"cost_per_slot": 5, "lat": 30_000_000, "lon": 120_000_000}
    tables["demands"][0] |= {"lat": 30_010_000, "lon": 120_000_000}
    tables["funds"][0]["amount"] = 350
    tables["needs"][2] |= {"quantity": 400, "points_per_unit": 7, "pays_for": "N2"}
    tables["needs"][1] |= {"points_per_unit": 2}
    tables["services"][0]["cost_per_unit"] = 3
    tables["affinities"] = [
        {"resource_id": "V1", "demand_id": "D1", "points": 4},
        {"resource_id": "V2", "demand_id": "D1", "distance": 250},
        {"resource_id": "S1", "demand_id": "D2", "distance": 80, "points": 6},
        {"resource_id": "F1", "demand_id": "D2", "points": 9},
    ]
    objectives = [
        {"sense": "maximise", "terms": [{"term": "units_points"}]},
        {"sense": "maximise", "terms": [{"term": "preference", "weight": 2}]},
        {"sense": "minimise", "terms": [{"term": "cost"}, {"term": "distance"}]},
    ]
    return formulation.build(facts_of(tmp_path, tables), card(objective=objectives))


def test_costs_of_every_column(tmp_path: Path) -> None:
    """units_points, preference, cost and distance, column by column (S9.1)."""
    units, preference, cheap = rich(tmp_path).stages
    service: Key = ("x", "N2", "S1", "a", "")
    assert units.costs == {service: 2, ("major", "N3", "a"): 7}
    assert preference.costs == {
        service: 12, ("x", "N1", "V1", "a", ""): 8, ("x", "N1", "V1", "b", ""): 8,
        ("award", "F1", "D2"): 18,
    }  # fmt: skip
    near = between(30_000_000, 120_000_000, 30_010_000, 120_000_000)
    assert near == 1111
    assert cheap.costs == {
        service: -3, ("x", "N1", "V1", "a", ""): -5 - near, ("x", "N1", "V1", "b", ""): -5 - near,
        ("x", "N1", "V2", "a", "G1"): -250, ("use", "N2", "S1", "a", ""): -80,
        ("bought", "N3", "a"): -1,
    }  # fmt: skip


def test_auxiliary_columns_follow_from_the_plan(tmp_path: Path) -> None:
    """use, award and major of a plan that pays 309: 2 portions, 303 outside (S8.4, S6.5, S9.1)."""
    priced = rich(tmp_path)
    plan = Plan(
        {"D2": "a"}, {("N2", "S1", "a", ""): 2, ("N3", "F1", "a", ""): 309}, {("N3", "a"): 303}
    )
    values = complete(plan, priced)
    assert (values["use", "N2", "S1", "a", ""], values["award", "F1", "D2"]) == (1, 1)
    assert values["major", "N3", "a"] == 3
    assert priced.columns["major", "N3", "a"] == (0, 3)
    assert broken_rows(priced, plan) == []


def test_points_of_a_demand() -> None:
    """S8.1: own points, else priority line, people line, tag lines."""
    from cogov_opt.verifying.facts import Demand
    from cogov_opt.verifying.measures import points

    rule = card_of(
        {"points": {"priority": {"1": 100, "3": 10}, "per_person": {"1": 2}, "tags": {"alone": 30}}}
    ).points
    row = {"points": None, "priority": 1, "tags": ("alone", "x")}
    assert points(rule, Demand("D", "A", 7, row)) == 144
    assert points(rule, Demand("D", "A", 7, row | {"priority": None})) == 40
    assert points(rule, Demand("D", "A", 7, row | {"points": 0})) == 0


def test_prices_bound_every_plan() -> None:
    """B >= S c x for any integers, and B - S c x is the sum of the shares (S10.1)."""
    draw = np.random.default_rng(5)
    policy = card(
        {"kind": "limit", "measure": "people", "at_most": 12, "firmness": "soft", "penalty": 2},
        {
            "kind": "guarantee",
            "measure": "assignments",
            "at_least": 2,
            "firmness": "soft",
            "penalty": 1,
        },
    )
    priced = formulation.build(town(), policy)
    first = priced.stages[0]
    for _ in range(30):
        prices = {row.key: int(draw.integers(-9, 10)) for row in priced.rows}
        values = formulation.price_out(priced, first, prices, 10)
        most = formulation.bound(priced, first, prices, 10)
        assert most == formulation.bound(priced, first, prices, 10, values)
        for plan in lawful():
            x = complete(plan, priced)
            assert most >= 10 * sum(c * x[key] for key, c in first.costs.items())


def test_the_row_of_a_stage() -> None:
    """S9.4: costs of the stage, constants left out."""
    priced = build({"term": "unmet_points"}, sense="minimise")
    row = formulation.stage_row(priced, 1, 7)
    assert (row.key, row.lower, row.upper) == (("stage", "1"), 7, None)
    assert dict(row.terms) == {("y", "D1", "a"): 10, ("y", "D1", "b"): 10, ("y", "D2", "a"): 10}
    assert priced.stages[0].constant == -20


def test_distance_over_the_date_line_and_at_the_pole() -> None:
    """S9.2."""
    assert between(0, 179_999_999, 0, -179_999_999) == 0
    assert between(0, 179_000_000, 0, -179_000_000) == 222390
    assert between(89_000_000, 0, 91_000_000, 180_000_000) == 222390
    assert between(60_000_000, 0, 60_000_000, 1_000_000) == 55597


@pytest.mark.parametrize(
    ("text", "amount"), [("840", 84000), (840, 84000), ("0.5", 50), ("0.05", 5), ("-1.25", -125)]
)
def test_money_of_a_card(text: str | int, amount: int) -> None:
    """S8.6: major units, at most two decimals."""
    assert minor(text) == amount


@pytest.mark.parametrize("text", ["1.234", "x", "", "1e3"])
def test_money_of_a_card_refused(text: str) -> None:
    """A third decimal is no money."""
    with pytest.raises(CardError):
        minor(text)


def test_a_card_with_a_float_is_refused(tmp_path: Path) -> None:
    """No float, anywhere."""
    path = tmp_path / "policy.toml"
    path.write_text('id = "x"\n[points]\npriority = { 1 = 1.5 }\n', "utf-8")
    with pytest.raises(CardError):
        read_card(path)


def test_stage_gives() -> None:
    """Percent, or points (S9.4)."""
    for give, percent, points in ((5, 5, 0), ("50 points", 0, 50)):
        found = card_of({"objective": stage("maximise", {"term": "cost"}, give=give)}).objectives[0]
        assert (found.give_percent, found.give_points) == (percent, points)


def test_rolling_windows_and_list_groups(tmp_path: Path) -> None:
    """One window for each first day of the horizon (S3.4); one group for each tag (S8.5)."""
    tables = {
        "demands": [{"demand_id": "D", "actor_id": "A", "tags": "x;y"}],
        "options": [
            {"demand_id": "D", "option_id": "o", "start": at(2, "09:00"), "end": at(2, "10:00")}
        ],
        "needs": [{"need_id": "N", "demand_id": "D", "kind": "volunteer", "quantity": 1}],
    }
    clause = {
        "kind": "limit", "measure": "demands", "at_most": 1, "per": {"days": 2},
        "each": ["demand.tags"],
    }  # fmt: skip
    rows = formulation.build(facts_of(tmp_path, tables), card(clause)).rows
    keys = {row.key for row in rows if row.key[0] == "C1"}
    assert keys == {("C1", t, d) for t in "xy" for d in ("2026-09-29", "2026-09-30")}
