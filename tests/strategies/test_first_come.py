"""first_come: demands as they came in, served at once or not at all (convention S14.2, S14.3)."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.domain.certificate import Trace
from cogov_opt.domain.decision import Cancel, Decision, Termination
from cogov_opt.errors import UnsupportedError
from cogov_opt.strategies.draws import draw_of, rank
from cogov_opt.strategies.first_come import _Counter

CARD = """
id = "counter"
version = "1.0.0"
status = "draft"
title = { en = "counter", zh = "counter" }

[strategy]
name = "first_come"

[points]
priority = { 1 = 1, 2 = 1, 3 = 1, 4 = 1, 5 = 1 }
"""
CLAUSE = """
[[clause]]
id = "C1"
kind = "forbid"
where = { demand.id = "d1" }
firmness = "hard"
source = "test"
because = { en = "test", zh = "test" }
"""
PACKAGE = {
    "currency": "CNY", "timezone": "Asia/Shanghai", "no_rows_means": {"volunteer": "always"},
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
}  # fmt: skip
CODES = [
    {"vocabulary": "service_type", "code": "meals"},
    {"vocabulary": "unit", "code": "portion"},
]

Rows = list[dict[str, Any]]


def decide(tables: dict[str, Rows], card: str = CARD, **options: Any) -> Decision:
    """Decide over rows in minor units; every actor is the same one."""
    policy = cg.load_policy_text(card)
    instance = cg.check(cg.from_frames(frames(tables), PACKAGE), policy)
    decision = cg.allocate(instance, policy, options=options)
    if decision.outcome.vector is not None:
        broken = decision.formulation.violated(decision.outcome.vector)
        assert not [key for key in broken if key[0].startswith("law.")]
    return decision


def frames(tables: dict[str, Rows]) -> dict[str, Any]:
    """Give the tables by column, one actor A added; money columns are named by their unit."""
    actors = [{"actor_id": "A", "name": "A", "kind": "ngo"}]
    found = {}
    for name, rows in ({"actors": actors, "codes": CODES} | tables).items():
        filled = [with_actor(name, row) for row in rows]
        columns = dict.fromkeys(c for row in filled for c in row)
        found[name] = {c: [row.get(c, "") for row in filled] for c in columns}
    return found


def with_actor(name: str, row: dict[str, Any]) -> dict[str, Any]:
    owned = name in ("volunteers", "funds", "spaces", "services", "demands")
    return ({"actor_id": "A"} if owned else {}) | row


def demand(number: int, *needs: dict[str, Any], **columns: Any) -> dict[str, Rows]:
    """Give one demand with its needs; it came on the day of its number."""
    name = f"d{number}"
    came = {"submitted_at": f"2026-09-{number:02d}T09:00"}
    lines = [
        {"need_id": f"{name}.{k}", "demand_id": name, **n} for k, n in enumerate(needs, start=1)
    ]
    return {"demands": [{"demand_id": name, **came, **columns}], "needs": lines}


def joined(*parts: dict[str, Rows]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for part in parts:
        for name, rows in part.items():
            found.setdefault(name, []).extend(rows)
    return found


def option(name: str, start: str, end: str, choice: str = "a") -> dict[str, Rows]:
    times = {"start": f"2026-09-{start}", "end": f"2026-09-{end}"}
    return {"options": [{"demand_id": name, "option_id": choice, **times}]}


def given_units(decision: Decision) -> dict[tuple[str, str, str], int]:
    """Give what every (need, resource, option) received."""
    assert decision.allocation is not None
    i, c = decision.instance, decision.formulation.candidates
    units = decision.allocation.units.tolist()
    return {
        (i.needs.ids[c.need[k]], i.resources.ids[c.resource[k]], i.options.ids[c.option[k]]): u
        for k, u in enumerate(units)
        if u
    }


def verdicts(decision: Decision) -> list[tuple[str, str]]:
    assert isinstance(decision.evidence, Trace)
    return [(s.demand, s.verdict) for s in decision.evidence.steps]


ONE = {"kind": "volunteer", "quantity": 1}
TWO = {"kind": "volunteer", "quantity": 2}
MEALS = {"kind": "service", "quantity": 10, "minimum": 4}
VOLUNTEER = {"volunteers": [{"volunteer_id": "V1", "max_slots": 1}]}


def service(name: str = "S1", capacity: int = 12, **columns: Any) -> dict[str, Rows]:
    kind = {"service_type": "meals", "unit": "portion"}
    return {"services": [{"service_id": name, "capacity": capacity, **kind, **columns}]}


def fund(name: str, amount: int, **columns: Any) -> dict[str, Rows]:
    return {"funds": [{"fund_id": name, "amount_fen": amount, **columns}]}


def test_who_came_first_is_served_first() -> None:
    """submitted_at decides, whatever the ids say; blank comes last (S14.2)."""
    late = demand(9, ONE)
    late["demands"][0]["submitted_at"] = ""
    decision = decide(joined(VOLUNTEER, demand(2, ONE), demand(1, ONE), late))

    assert verdicts(decision) == [("d1", "taken"), ("d2", "nothing"), ("d9", "nothing")]
    assert given_units(decision) == {("d1.1", "V1", ""): 1}
    assert decision.termination is Termination.DONE
    assert decision.draw is None


def test_a_tie_is_settled_by_the_recorded_draw() -> None:
    """Those who came at the same time are ranked by the draw, rising, and named (S14.2)."""
    same = [demand(n, ONE, submitted_at="2026-09-01T09:00") for n in range(1, 6)]

    decision = decide(joined(VOLUNTEER, *same))

    names = [f"d{n}" for n in range(1, 6)]
    draw = draw_of(decision.instance, None)
    first = min(names, key=lambda d: rank(draw, "", d, ""))
    assert decision.draw == draw
    assert isinstance(decision.evidence, Trace)
    assert decision.evidence.steps[0].demand == first
    assert decision.evidence.steps[0].tie == tuple(n for n in names if n != first)
    assert all(step.tie == (first,) for step in decision.evidence.steps[1:])


def test_the_next_option_is_tried_where_the_first_does_not_work() -> None:
    """Options by id; the first whose every need reaches its minimum is kept (S14.2)."""
    decision = decide(
        joined(
            {"volunteers": [{"volunteer_id": "V1", "buffer_minutes": 30}]},
            demand(1, ONE), option("d1", "28T09:00", "28T10:00"),
            demand(2, ONE), option("d2", "28T10:00", "28T11:00"),
            option("d2", "28T10:30", "28T11:30", "b"),
            demand(3, ONE), option("d3", "28T11:45", "28T12:30"),
        )
    )  # fmt: skip

    assert given_units(decision) == {("d1.1", "V1", "a"): 1, ("d2.1", "V1", "b"): 1}
    assert verdicts(decision)[2] == ("d3", "nothing")


def test_a_demand_that_cannot_be_complete_takes_nothing() -> None:
    """What an attempt took is free again for the next demand."""
    decision = decide(joined(VOLUNTEER, service(capacity=3), demand(1, ONE, MEALS), demand(2, ONE)))

    assert verdicts(decision) == [("d1", "nothing"), ("d2", "taken")]
    assert given_units(decision) == {("d2.1", "V1", ""): 1}


def test_candidates_are_taken_by_cost_then_distance_then_id() -> None:
    """The cheapest first, then the nearest, then the smallest id (S14.2)."""
    spaces = [
        {"space_id": "R1", "cost_per_hour_fen": 100},
        {"space_id": "R2", "cost_per_hour_fen": 0, "lat": "31", "lon": "121"},
        {"space_id": "R3", "cost_per_hour_fen": 0, "lat": "31.5", "lon": "121"},
        {"space_id": "R4", "cost_per_hour_fen": 0, "lat": "31.5", "lon": "121"},
    ]
    room = {"kind": "space", "quantity": 3}
    pays = {"kind": "fund", "quantity": 0, "pays_for": "d1.1"}
    place = {"lat": "31.5", "lon": "121"}

    decision = decide(
        joined({"spaces": spaces}, fund("F", 100), demand(1, room, pays, **place),
               option("d1", "28T09:00", "28T10:00"))
    )  # fmt: skip

    assert given_units(decision) == {("d1.1", r, "a"): 1 for r in ("R2", "R3", "R4")}


def test_a_service_gives_what_is_left_down_to_the_minimum() -> None:
    """Units are taken up to the quantity while capacity lasts; under the minimum, none."""
    decision = decide(joined(service(), *(demand(n, MEALS) for n in (1, 2, 3))))
    enough = decide(joined(service(capacity=14), *(demand(n, MEALS) for n in (1, 2, 3))))

    assert given_units(decision) == {("d1.1", "S1", ""): 10}
    assert given_units(enough) == {("d1.1", "S1", ""): 10, ("d2.1", "S1", ""): 4}


def test_units_that_take_more_room_are_counted_so() -> None:
    """use_units of an affinity is capacity taken by each unit (S7.1)."""
    heavy = {"affinities": [{"resource_id": "S1", "demand_id": "d1", "use_units": 3}]}

    decision = decide(joined(service(capacity=14), heavy, demand(1, MEALS), demand(2, MEALS)))

    assert given_units(decision) == {("d1.1", "S1", ""): 4}


MONEY = {"kind": "fund", "quantity": 100, "minimum": 60}


@pytest.mark.parametrize(
    ("funds", "paid"),
    [
        ([{}, {}], {"F1": 70, "F2": 30}),
        ([{"max_per_demand_fen": 50}, {}], {"F1": 30, "F2": 70}),
        ([{"step_fen": 40}, {}], {"F1": 40, "F2": 60}),
        ([{"min_award_fen": 71}, {}], {"F2": 60}),
        ([{}, {"min_award_fen": 31}], {"F1": 60}),
        ([{"step_fen": 30}, {"step_fen": 30}], {"F1": 60}),
    ],
)
def test_funds_pay_within_their_own_rules(
    funds: list[dict[str, int]], paid: dict[str, int]
) -> None:
    """The quantity if it can be paid, else the minimum; each fund within its limits (S14.3)."""
    purses = [fund(f"F{k}", 70, **rules) for k, rules in enumerate(funds, start=1)]

    decision = decide(joined(*purses, demand(1, MONEY)))

    assert {r: u for (_, r, _), u in given_units(decision).items()} == paid
    assert decision.allocation is not None
    assert decision.allocation.bought.tolist() == [sum(paid.values())]


def test_own_money_pays_what_funds_do_not() -> None:
    """Own money comes last, up to its limit (S14.3)."""
    own = MONEY | {"own_limit_fen": 20}

    decision = decide(joined(fund("F1", 45), demand(1, own), demand(2, own)))

    assert decision.allocation is not None
    assert decision.allocation.own.tolist() == [15, 0]
    assert decision.allocation.bought.tolist() == [60, 0]
    assert isinstance(decision.evidence, Trace)
    step = decision.evidence.steps[1]
    assert (step.verdict, step.values) == ("too_dear", {"option": "", "cost": 60, "left": 20})


def test_money_pays_for_what_it_buys() -> None:
    """A fund need pays the service it names besides its own quantity (S6.2)."""
    pays = {"kind": "fund", "quantity": 7, "pays_for": "d1.1"}
    both = joined(service(cost_per_unit_fen=5), demand(1, MEALS, pays))

    assert given_units(decide(joined(both, fund("F", 57)))) == {
        ("d1.1", "S1", ""): 10,
        ("d1.2", "F", ""): 57,
    }
    assert verdicts(decide(joined(both, fund("F", 56)))) == [("d1", "too_dear")]


def test_two_needs_share_what_a_fund_may_give_a_demand() -> None:
    """max_per_demand and step hold for all that a fund gives a demand, not for each need (S6.5)."""
    each = {"kind": "fund", "quantity": 30}
    capped = fund("F", 100, max_per_demand_fen=50)
    stepped = fund("F", 100, step_fen=20)

    assert verdicts(decide(joined(capped, demand(1, each, each)))) == [("d1", "too_dear")]
    own = each | {"own_limit_fen": 10}
    decision = decide(joined(stepped, demand(1, own, own)))
    assert {n: u for (n, _, _), u in given_units(decision).items()} == {"d1.1": 20, "d1.2": 20}


def test_least_minutes_are_reached_by_the_very_use() -> None:
    """A volunteer with least minutes is taken only where every row still holds (S14.2)."""
    people = {"volunteers": [{"volunteer_id": "V1", "min_minutes": 90}]}
    times = (option("d1", "28T09:00", "28T10:00"), option("d2", "28T11:00", "28T12:30"))

    decision = decide(
        joined(people, demand(1, ONE), demand(2, ONE), demand(3, ONE), *times,
               option("d3", "28T13:00", "28T13:10"))
    )  # fmt: skip

    assert verdicts(decision) == [("d1", "nothing"), ("d2", "taken"), ("d3", "taken")]


def test_a_use_without_time_reaches_no_least_minutes() -> None:
    """An option without time counts no minutes, so it cannot be a volunteer's first use (S3.2)."""
    people = {"volunteers": [{"volunteer_id": "V1", "min_minutes": 60}]}
    time = option("d1", "28T09:00", "28T10:00")

    assert verdicts(decide(joined(people, demand(2, ONE)))) == [("d2", "nothing")]
    both = decide(joined(people, demand(1, ONE), demand(2, ONE), time))
    assert verdicts(both) == [("d1", "taken"), ("d2", "taken")]


def test_nobody_is_used_twice_inside_one_demand() -> None:
    """Two needs of one option never share a person (S7.3)."""
    people = {"volunteers": [{"volunteer_id": v} for v in ("V1", "V2")]}
    time = option("d1", "28T09:00", "28T10:00")

    assert verdicts(decide(joined(people, demand(1, TWO, ONE), time))) == [("d1", "nothing")]
    assert verdicts(decide(joined(people, demand(1, ONE, ONE), time))) == [("d1", "taken")]


def test_hard_clauses_that_are_broken_are_listed() -> None:
    """The counter knows no clauses; the record hides none that it broke (S14.2)."""
    decision = decide(joined(VOLUNTEER, demand(1, ONE)), CARD + CLAUSE)

    assert isinstance(decision.evidence, Trace)
    assert decision.evidence.breaks == (("C1", ("C1", "d1", "")),)


def test_unknown_options_are_refused() -> None:
    """An option nobody knows never passes silently."""
    tables = joined(VOLUNTEER, demand(1, ONE))

    with pytest.raises(UnsupportedError):
        decide(tables, variant="skip")
    assert decide(tables, seed="x").draw is not None


def test_a_caller_may_stop_it() -> None:
    """Cancelled is an outcome: no plan, no evidence."""
    policy = cg.load_policy_text(CARD)
    tables = frames(joined(VOLUNTEER, demand(1, ONE)))
    cancel = Cancel()
    cancel.set()

    decision = cg.allocate(cg.check(cg.from_frames(tables, PACKAGE), policy), policy, cancel=cancel)

    assert decision.termination is Termination.CANCELLED
    assert decision.allocation is None
    assert decision.evidence is None


@st.composite
def towns(draw: st.DrawFn) -> dict[str, Rows]:
    """Small towns in which everything is scarce, with times, money, rules and ties."""
    low = st.integers(0, 3)
    blank = st.sampled_from(["", "", 1, 2])
    tables: dict[str, Rows] = {
        "volunteers": [
            {"volunteer_id": f"V{k}", "max_slots": draw(blank), "cost_per_slot_fen": draw(low),
             "min_minutes": draw(st.sampled_from(["", 60, 90])),
             "buffer_minutes": draw(st.sampled_from(["", 15]))}
            for k in range(draw(st.integers(1, 3)))
        ],
        "spaces": [
            {"space_id": "R0", "cost_per_hour_fen": draw(low)},
            {"space_id": "R1", "part_of": "R0", "buffer_minutes": draw(st.sampled_from(["", 20]))},
        ],
        "funds": [
            {"fund_id": f"F{k}", "amount_fen": draw(st.integers(0, 30)),
             "step_fen": draw(st.sampled_from(["", 3])),
             "min_award_fen": draw(st.sampled_from(["", 4])),
             "max_per_demand_fen": draw(st.sampled_from(["", 10]))}
            for k in range(2)
        ],
    }  # fmt: skip
    parts = [tables, service(capacity=draw(st.integers(0, 8)), cost_per_unit_fen=draw(low))]
    for number in range(1, draw(st.integers(1, 5)) + 1):
        parts += draw(town_demands(number))
    return joined(*parts)


@st.composite
def town_demands(draw: st.DrawFn, number: int) -> list[dict[str, Rows]]:
    """One demand: some of a volunteer, a space and a service, and money that pays for them."""
    kinds = draw(st.lists(st.sampled_from(["volunteer", "space", "service"]), max_size=3))
    needs: Rows = []
    for kind in kinds:
        quantity = draw(st.integers(1, 5 if kind == "service" else 2))
        needs.append(
            {"kind": kind, "quantity": quantity, "minimum": draw(st.integers(0, quantity))}
        )
    quantity = draw(st.integers(0, 12))
    paid = ";".join(f"d{number}.{k}" for k in range(1, len(needs) + 1))
    money = {"kind": "fund", "quantity": quantity, "minimum": draw(st.integers(0, quantity))}
    needs.append(money | {"pays_for": paid, "own_limit_fen": draw(st.sampled_from(["", 5]))})
    came = f"2026-09-{draw(st.integers(1, 2)):02d}T09:00"
    found = [demand(number, *needs, submitted_at=came)]
    for choice in draw(st.sampled_from(["", "a", "ab"])):
        hour = draw(st.integers(9, 11))
        end = draw(st.sampled_from(["00", "30"]))
        found.append(option(f"d{number}", f"28T{hour:02d}:00", f"28T{hour + 1:02d}:{end}", choice))
    return found


OURS = {"trace", "breaks", "capacity", "overlap", "agreement", "money", "set", "eligibility"}
"""Findings about what a procedure decides; the others are about how it is told."""


@settings(deadline=None)
@given(tables=towns())
def test_the_verifier_replays_every_step(
    tables: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Plan and trace are those of the plain loops, on towns full of ties and rules (S14)."""
    run = tmp_path_factory.mktemp("run") / "run"

    cg.record(cg.explain(decide(tables)), run)

    found = [f for f in cg.verify(run).findings if f.code in OURS]
    assert not found


def test_the_shipped_sample_is_served(tmp_path: Path) -> None:
    """The whole sample, clauses of another card included: lawful, and replayed by the verifier."""
    policy = cg.load_policy("needs-first")
    instance = cg.check(cg.load("datasets/riverside"), policy)

    decision = cg.allocate(instance, policy, strategy="first_come")

    assert isinstance(decision.evidence, Trace)
    assert decision.evidence.breaks
    cg.record(cg.explain(decision), tmp_path / "run")
    assert not [f for f in cg.verify(tmp_path / "run").findings if f.code in OURS]


PAYS = {"kind": "fund", "quantity": 100}
TURNS = {
    "the earliest end": ([{"spend_until": ""}, {"spend_until": "2026-10-31"},
                          {"spend_until": "2026-10-04"}], {"F3": 60, "F2": 40}),
    "the most restricted": ([{}, {"purposes": "meals"}, {"purposes": "meals", "areas": "north"}],
                            {"F3": 60, "F2": 40}),
    "fewer codes named": ([{}, {"purposes": "meals;trips"}, {"purposes": "meals"}],
                          {"F3": 60, "F2": 40}),
    "the smallest id": ([{}, {}, {}], {"F1": 60, "F2": 40}),
    "few sources": ([{"amount_fen": 30}, {"amount_fen": 70}, {"amount_fen": 100}], {"F3": 100}),
    "the most first": ([{"amount_fen": 20}, {"amount_fen": 30}, {"amount_fen": 75}],
                       {"F3": 75, "F2": 25}),
    "release order before few": ([{"amount_fen": 100}, {"spend_until": "2026-10-04"},
                                  {"spend_until": "2026-10-31"}], {"F2": 60, "F3": 40}),
}  # fmt: skip
WORDS = [
    {"vocabulary": "purpose", "code": "meals"}, {"vocabulary": "purpose", "code": "trips"},
    {"vocabulary": "area", "code": "north"},
]  # fmt: skip


def paid_by(columns: list[dict[str, Any]]) -> Decision:
    """Let three funds of 60 pay 100, their columns changed."""
    funds = [{"fund_id": f"F{k}", "amount_fen": 60} | c for k, c in enumerate(columns, start=1)]
    asked = demand(1, PAYS, purpose="meals", area="north")
    return decide(joined({"codes": [*CODES, *WORDS], "funds": funds}, asked))


@pytest.mark.parametrize("name", TURNS)
def test_money_follows_release_order(name: str, tmp_path: Path) -> None:
    """Earliest end, most restricted, few sources, id; the verifier replays the same (S14.3)."""
    columns, expected = TURNS[name]
    decision = paid_by(columns)

    assert {f: u for (_, f, _), u in given_units(decision).items()} == expected
    cg.record(cg.explain(decision), tmp_path / "run")
    assert cg.verify(tmp_path / "run").accepted


def test_money_paid_by_id_alone_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A counter that lets funds pay by their ids, honestly packed, is found by its trace."""
    monkeypatch.setattr(_Counter, "_in_turn", lambda self, found: [[c] for c in found])
    cg.record(cg.explain(paid_by(TURNS["the earliest end"][0])), tmp_path / "run")
    found = cg.verify(tmp_path / "run").findings

    assert "trace" in {f.code for f in found}


@settings(max_examples=150)
@given(
    funds=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=5,
    ),
    asked=st.integers(1, 15),
)  # fmt: skip
def test_few_sources_pay_of_those_alike(funds: list[tuple[int, ...]], asked: int) -> None:
    """Against all subsets: no fewer of the last funds alike could have paid what they paid."""
    columns = [
        {"amount_fen": a, "spend_until": ("", "2026-10-31", "2026-10-04")[t]}
        for a, t in funds
    ]  # fmt: skip
    tables = [{"fund_id": f"F{k}"} | c for k, c in enumerate(columns)]
    need = {"kind": "fund", "quantity": asked}
    decision = decide(joined({"codes": CODES, "funds": tables}, demand(1, need)))
    paid = {f: u for (_, f, _), u in given_units(decision).items()}
    if sum(a for a, _ in funds) < asked:
        assert not paid
        return
    open_amount = asked
    for end in ("2026-10-04", "2026-10-31", ""):
        alike = {t["fund_id"]: t["amount_fen"] for t in tables if t["spend_until"] == end}
        due = min(open_amount, sum(alike.values()))
        assert sum(paid.get(f, 0) for f in alike) == due
        sizes = (n for n in range(len(alike) + 1) for c in combinations(alike.values(), n)
                 if sum(c) >= due)  # fmt: skip
        assert sum(f in paid for f in alike) == next(sizes)
        open_amount -= due
