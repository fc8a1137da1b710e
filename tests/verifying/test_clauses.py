"""Each clause kind: its meaning, its rows and a hand-written sentence agree on every plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cogov_opt.verifying import formulation
from cogov_opt.verifying.policy import CardError
from tests.verifying.tiny import agree, broken_rows, card
from tests.verifying.world import Seen, every, holds_like, lawful, town

Case = tuple[dict[str, Any], Callable[[Seen], Any]]


def limit(measure: str, most: Any = None, **values: Any) -> dict[str, Any]:
    bound = {} if most is None else {"at_most": most}
    return {"kind": "limit", "measure": measure, **bound, **values}


def guarantee(measure: str, least: Any = None, **values: Any) -> dict[str, Any]:
    bound = {} if least is None else {"at_least": least}
    return {"kind": "guarantee", "measure": measure, **bound, **values}


LIMITS: list[Case] = [
    (limit("demands", 1), lambda s: s.d1 + s.d2 <= 1),
    (limit("demands", 0, where={"demand": {"priority": 1}}), lambda s: not s.d1),
    (limit("demands", 0, where={"demand": {"priority": 3}}), lambda s: not s.d2),
    (limit("demands", 1, per="day"), lambda s: (s.when == "a") + s.d2 <= 1),
    (limit("demands", 1, per="week"), lambda s: s.d1 + s.d2 <= 1),
    (limit("demands", 1, per={"days": 2}), lambda s: s.d1 + s.d2 <= 1),
    (limit("minutes", 60), lambda s: s.when != "a"),
    (
        limit("slots", 0, each=["volunteer.id"], where={"volunteer.id": "V1"}),
        lambda s: s.who != "V1",
    ),
    (limit("units", 1), lambda s: s.d1 + s.portions <= 1),
    (limit("units", 1, where={"service": {"id": "S1"}}), lambda s: s.portions <= 1),
    (limit("money", "0.01"), lambda s: s.money <= 1),
    (limit("people", 10), lambda s: 10 * s.d1 + s.people2 <= 10),
    (limit("people", 2, where={"demand.id": "D2"}), lambda s: s.portions <= 1),
    (limit("points", 10), lambda s: s.d1 + s.d2 <= 1),
    (limit("demands", at_most_percent=50, of="asked"), lambda s: s.d1 + s.d2 <= 1),
    (
        limit("people", at_most_percent=80, of="given", each=["demand.area"]),
        lambda s: max(10 * s.d1, s.people2) * 100 <= 80 * (10 * s.d1 + s.people2),
    ),
    (
        limit("units", at_most_percent=50, of="available", where={"service.service_type": "meals"}),
        lambda s: s.portions <= 1,
    ),
    (
        limit("units", at_most_percent=50, of="standing", where={"need.id": "N2"}),
        lambda s: s.portions <= 1,
    ),
    (limit("demands", 1, each=["demand.tags"]), lambda s: s.d1 + s.d2 <= 1),
    (limit("demands", 0, where={"demand.area": "town"}), lambda s: not s.d1 and not s.d2),
    (limit("demands", 0, where={"option.weekday": "tue"}), lambda s: s.when != "b"),
    (limit("demands", 0, where={"option.start": {"at_most": "10:00"}}), lambda s: not s.d1),
    (limit("assignments", 0, where={"giver.id": "B"}), lambda s: s.who != "V2"),
    (limit("assignments", 1), lambda s: s.d1 + (s.portions > 0) + (s.money > 0) <= 1),
    (limit("assignments", 0, where={"volunteer.skills": "cook:2"}), lambda s: s.who != "V1"),
    (limit("units", 0, where={"demand.tags": {"all": ["elder", "meal"]}}), lambda s: not s.d1),
    (limit("units", 0, where={"demand.tags": {"not": "elder"}}), lambda s: not s.d2),
    (limit("money", 0, where={"need.cost_type": "goods"}), lambda s: not s.money),
]

GUARANTEES: list[Case] = [
    (guarantee("demands", 1), lambda s: s.d1 + s.d2 >= 1),
    (guarantee("demands", 2), lambda s: s.d1 + s.d2 == 2),
    (guarantee("demands", 1, each=["demand.area"]), lambda s: s.d1 and s.d2),
    (guarantee("demands", 1, where={"demand.area": "south"}), lambda s: s.d2),
    (guarantee("demands", 1, each=["demand.priority"]), lambda s: s.d1 and s.d2),
    (guarantee("demands", 1, each=["demand.tags"]), lambda s: s.d1),
    (guarantee("demands", 1, per="day"), lambda s: False),
    (guarantee("demands", 1, per="week"), lambda s: s.d1 + s.d2 >= 1),
    (guarantee("units", 2, where={"need.kind": "service"}), lambda s: s.portions == 2),
    (guarantee("minutes", 61), lambda s: s.when == "a"),
    (guarantee("slots", 1), lambda s: s.d1),
    (guarantee("money", "0.02"), lambda s: s.money == 2),
    (guarantee("people", 13), lambda s: 10 * s.d1 + s.people2 >= 13),
    (guarantee("points", 20), lambda s: s.d1 and s.d2),
    (guarantee("assignments", 1, each=["volunteer.id"]), lambda s: False),
    (guarantee("assignments", 1, where={"giver.id": "B"}), lambda s: s.who == "V2"),
    (guarantee("demands", at_least_percent=50, of="asked"), lambda s: s.d1 + s.d2 >= 1),
    (
        guarantee("units", at_least_percent=60, of="asked", where={"demand.id": "D2"}),
        lambda s: s.portions == 2,
    ),
    (guarantee("money", at_least_percent=50, of="asked"), lambda s: s.money >= 1),
    (
        guarantee("people", at_least_percent=30, of="given", each=["demand.area"]),
        lambda s: min(10 * s.d1, s.people2) * 100 >= 30 * (10 * s.d1 + s.people2),
    ),
    (
        guarantee("units", at_least_percent=100, of="standing", where={"need.kind": "service"}),
        lambda s: s.portions == 2,
    ),
    (guarantee("minutes", at_least_percent=50, of="asked"), lambda s: s.d1),
    (guarantee("demands", 1, where={"demand.id": "nobody"}), lambda s: True),
]

FORBIDS: list[Case] = [
    ({"where": {"demand.id": "D1"}}, lambda s: not s.d1),
    ({"where": {"option.weekday": "mon"}}, lambda s: s.when != "a" and not s.d2),
    ({"where": {"option.date": "2026-09-29"}}, lambda s: s.when != "b"),
    ({"where": {"option.day_kind": "rest_day"}}, lambda s: True),
    ({"where": {"option.end": {"at_least": "12:00"}}}, lambda s: not s.d2),
    ({"where": {"actor.id": "A", "demand.priority": 3}}, lambda s: not s.d2),
    ({"where": {"performer.area": "town"}}, lambda s: not s.d1 and not s.d2),
    ({"where": {"volunteer.id": "V2"}}, lambda s: s.who != "V2"),
    ({"where": {"volunteer.id": {"not": "V2"}}}, lambda s: s.who != "V1"),
    ({"where": {"volunteer.area": {"not": "north"}}}, lambda s: s.who != "V2"),
    ({"where": {"need.kind": "fund"}}, lambda s: not s.money),
    ({"where": {"payee.id": "A"}}, lambda s: s.who != "V1" and not s.d2),
    ({"where": {"giver.area": "south"}}, lambda s: s.who != "V2"),
    ({"where": {"service.capacity": {"at_least": 3}}}, lambda s: not s.d2),
    ({"where": {"fund.amount": {"at_most": "0.02"}}}, lambda s: not s.money),
    ({"where": {"volunteer.id": "V1", "option.id": "b"}}, lambda s: s.when != "b"),
    ({"where": {"volunteer.id": "V1", "space.id": "R"}}, lambda s: True),
]

REQUIRES: list[Case] = [
    (
        {"must": {"volunteer.skills": "cook:2"}, "where": {"need.kind": "volunteer"}},
        lambda s: s.who != "V2",
    ),
    (
        {"must": {"volunteer.skills": "drive"}, "where": {"need.kind": "volunteer"}},
        lambda s: s.who != "V1",
    ),
    ({"must": {"volunteer.id": "V1"}}, lambda s: s.who != "V2" and not s.d2),
    ({"must": {"giver.id": "A"}}, lambda s: s.who != "V2"),
    ({"must": {"option.id": "a"}}, lambda s: s.when != "b"),
    ({"must": {"demand.id": ["D1", "D2"]}}, lambda s: True),
    ({"must": {"demand.area": "town"}, "where": {"demand.id": "D1"}}, lambda s: True),
    ({"must": {"demand.area": "south"}}, lambda s: not s.d1),
    ({"must": {"need.cost_type": "goods"}, "where": {"fund.id": "F1"}}, lambda s: True),
    (
        {"must": {"need.cost_type": {"not": "food"}}, "where": {"fund.id": "F1"}},
        lambda s: not s.money,
    ),
    (
        {"must": {"volunteer.max_slots": {"at_most": 2}}, "where": {"demand.id": "D1"}},
        lambda s: s.who != "V2",
    ),
    ({"must": {"actor.id": "A"}}, lambda s: True),
    ({"must": {"demand.people": {"at_least": 6, "at_most": 10}}}, lambda s: not s.d2),
    ({"must": {"service.id": "S1"}, "where": {"service.id": "S1"}}, lambda s: True),
]

EARMARKS: list[Case] = [
    ({"only": {"demand.id": "D1"}}, lambda s: not s.money),
    ({"only": {"demand.id": "D2"}}, lambda s: True),
    ({"only": {"need.cost_type": "food"}}, lambda s: True),
    ({"only": {"need.cost_type": "goods"}}, lambda s: True),
    ({"only": {"need.cost_type": "rent"}}, lambda s: not s.money),
    ({"only": {"demand.area": "north"}}, lambda s: not s.money),
    ({"only": {"demand.area": "town"}}, lambda s: True),
    ({"only": {"demand.tags": "elder"}}, lambda s: not s.money),
    ({"only": {"demand.people": {"at_least": 6}}}, lambda s: not s.money),
    ({"only": {"option.weekday": ["mon", "tue"]}}, lambda s: True),
    ({"only": {"option.weekday": "tue"}}, lambda s: not s.money),
    ({"only": {"performer.id": "B"}}, lambda s: not s.money),
    ({"where": {"giver.id": "B"}, "only": {"demand.id": "D1"}}, lambda s: True),
    ({"where": {"fund.amount": "0.02"}, "only": {"demand.group": "x"}}, lambda s: not s.money),
]

AWARDS: list[Case] = [
    ({"max": "0.01"}, lambda s: s.money <= 1),
    ({"max": 0}, lambda s: not s.money),
    ({"max": "0.02"}, lambda s: True),
    ({"min": "0.02"}, lambda s: s.money != 1),
    ({"min": "0.01"}, lambda s: True),
    ({"min": 1}, lambda s: not s.money),
    ({"step": "0.02"}, lambda s: s.money != 1),
    ({"step": "0.01"}, lambda s: True),
    ({"step": "0.03"}, lambda s: not s.money),
    ({"min": "0.02", "max": "0.02"}, lambda s: s.money != 1),
    ({"min": "0.02", "max": "0.01"}, lambda s: not s.money),
    ({"where": {"demand.id": "D1"}, "max": 0}, lambda s: True),
    ({"where": {"need.cost_type": "goods"}, "max": 0}, lambda s: not s.money),
    ({"where": {"fund.id": "F1"}, "min": "0.02", "step": "0.02"}, lambda s: s.money != 1),
]

PINS: list[Case] = [
    ({}, lambda s: s.who == "V1" and s.portions == 2),
    ({"where": {"demand.id": "D1"}}, lambda s: s.who == "V1"),
    ({"where": {"demand.id": "D2"}}, lambda s: s.portions == 2),
    ({"where": {"need.id": "N2"}}, lambda s: s.portions == 2),
    ({"where": {"need.id": "N3"}}, lambda s: True),
    ({"where": {"volunteer.id": "V1"}}, lambda s: s.who == "V1"),
    ({"where": {"service.id": "S1"}}, lambda s: s.portions == 2),
    ({"where": {"volunteer.id": "V2"}}, lambda s: True),
    ({"where": {"standing.quantity": 2}}, lambda s: s.portions == 2),
    ({"where": {"standing.quantity": {"at_most": 1}}}, lambda s: s.who == "V1"),
    ({"where": {"option.weekday": "tue"}}, lambda s: s.who == "V1"),
    ({"where": {"option.id": "a", "demand.id": "D2"}}, lambda s: s.portions == 2),
    ({"where": {"giver.id": "B"}}, lambda s: True),
    ({"where": {"standing.status": "published"}}, lambda s: True),
]

KINDS = {
    "forbid": FORBIDS,
    "require": REQUIRES,
    "earmark": EARMARKS,
    "award": AWARDS,
    "pin": PINS,
}
CASES = [
    *LIMITS,
    *GUARANTEES,
    *(({"kind": kind, **c}, allowed) for kind, cases in KINDS.items() for c, allowed in cases),
]


@pytest.mark.parametrize(
    ("clause", "allowed"), CASES, ids=lambda part: "" if callable(part) else str(part)
)
def test_meaning_rows_and_sentence_agree(clause: dict[str, Any], allowed: Any) -> None:
    """On every lawful plan the clause says what the hand-written sentence says (S8.6-S8.10)."""
    holds_like(clause, allowed)


def test_the_town_has_the_plans_it_was_drawn_for() -> None:
    """Four ways for D1, seven for D2; on every other plan the law and its rows object alike."""
    assert len(lawful()) == 28
    assert len(every()) > 1000
    agree(town(), card(), list(every()))


SOFT = [case for case in CASES if case[0]["kind"] not in {"earmark", "award"}]


@pytest.mark.parametrize(
    ("clause", "allowed"), SOFT, ids=lambda part: "" if callable(part) else str(part)
)
def test_a_soft_clause_never_stops_a_plan_and_costs_where_it_is_broken(
    clause: dict[str, Any], allowed: Any
) -> None:
    """Every lawful plan completes within the bounds; slack is used iff it is broken (S8.11)."""
    soft = {**clause, "firmness": "soft", "penalty": 3, "stage": 1}
    priced = formulation.build(town(), card(soft))
    slacks = [key for key in priced.columns if key[0] == "slack"]
    for key in slacks:
        assert priced.stages[0].costs.get(key, 0) == -3
    from cogov_opt.verifying.plan import complete

    for plan in lawful():
        assert broken_rows(priced, plan) == []
        values = complete(plan, priced)
        assert any(values[key] for key in slacks) == (not allowed(Seen(plan)))


def test_earmark_and_award_are_never_soft() -> None:
    """S8.11."""
    for kind in ("earmark", "award"):
        clause = {"kind": kind, "only": {}, "firmness": "soft", "penalty": 1, "stage": 1}
        with pytest.raises(CardError):
            formulation.build(town(), card(clause))


@pytest.mark.parametrize("where", [{"need.id": "N1"}, {"volunteer.id": "V1"}, {"giver.id": "B"}])
def test_measures_of_demands_refuse_lines_on_needs_and_resources(where: dict[str, Any]) -> None:
    """S8.3."""
    with pytest.raises(CardError):
        formulation.build(town(), card(limit("demands", 1, where=where)))


def test_unknown_words_are_refused() -> None:
    """A verifier that does not know a word never guesses."""
    for clause in (
        limit("demands", 1, where={"demand.colour": "red"}),
        limit("demands", 1, where={"planet.id": "x"}),
        limit("hours", 1),
        {"kind": "quota"},
        limit("demands", at_most_percent=5, of="wished"),
        limit("demands", 1, where={"demand.id": {"like": "D"}}),
    ):
        with pytest.raises(CardError):
            formulation.build(town(), card(clause))
