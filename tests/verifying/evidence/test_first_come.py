"""first_come by hand: options, units, money and ties (S14.2, S14.3)."""

import pytest

from cogov_opt.verifying import draws, first_come, greedy

ACTOR = {"actor_id": "JD"}
RUN = {
    "strategy": "first_come", "totals": {},
    "draw": {"seed": "5eed", "trust": "chosen", "unique": "plans_found", "counter": 0},
}  # fmt: skip


def demands(*rows):
    return [{"demand_id": f"D-{n}", **ACTOR, "points": 1, **row} for n, row in enumerate(rows, 1)]


def need(demand, kind, quantity, suffix="", **more):
    return {
        "need_id": f"N-{demand}{suffix}", "demand_id": f"D-{demand}", "kind": kind,
        "quantity": quantity, **more,
    }  # fmt: skip


@pytest.fixture
def replay(tmp_path, pack):
    def replay(tables, card=""):
        folder = pack.write_run(
            tmp_path / "run", tables={"actors": pack.ACTORS} | tables, card=pack.CARD + card,
            run=RUN, allocation=[], unmet=[], records=[], trace=[],
        )  # fmt: skip
        return first_come.replay(pack.case_of(folder))

    return replay


def test_money_runs_out(replay):
    """100 pays for the first two meals at 30 and leaves 40, 20 short of the next demand's 60."""
    tables = {
        "demands": demands({"submitted_at": "2026-09-01T08:00+08:00"}, {}),
        "needs": [
            line
            for d in (1, 2)
            for line in (
                need(d, "service", 2, "a"),
                need(d, "fund", 0, "b", pays_for=f"N-{d}a"),
            )
        ],
        "services": [{
            "service_id": "S-1", **ACTOR, "service_type": "meal", "unit": "meal", "capacity": 9,
            "cost_per_unit": 30,
        }],
        "funds": [{"fund_id": "F-1", **ACTOR, "amount": 100}],
    }  # fmt: skip
    steps, plan = replay(tables)

    assert [(s["demand"], s["verdict"], s["cost"], s["left"]) for s in steps] == [
        ("D-1", "taken", 0, 0), ("D-2", "too_dear", 60, 40)
    ]  # fmt: skip
    assert plan.given == {("N-1a", "S-1", "", ""): 2, ("N-1b", "F-1", "", ""): 60}
    assert plan.served == {"D-1": ""}


def test_funds_in_order_then_own_money(replay):
    """Quantity if it can be paid, else the minimum; a step and a least award hold (S14.3)."""
    tables = {
        "demands": demands({}),
        "needs": [need(1, "fund", 500, minimum=150, own_limit=20)],
        "funds": [
            {"fund_id": "F-1", **ACTOR, "amount": 75, "step": 50},
            {"fund_id": "F-2", **ACTOR, "amount": 90, "min_award": 95},
            {"fund_id": "F-3", **ACTOR, "amount": 200, "max_per_demand": 90},
        ],
    }
    _, plan = replay(tables)

    assert plan.given == {("N-1", "F-1", "", ""): 50, ("N-1", "F-3", "", ""): 90}
    assert plan.own == {("N-1", ""): 10}
    assert plan.bought == {("N-1", ""): 150}


def test_the_second_option(replay):
    """Whoever came first holds the first hour; the next demand takes its other option."""

    def hour(demand, option, start, end):
        day = "2026-09-28T"
        return {
            "demand_id": demand, "option_id": option, "start": f"{day}{start}:00+08:00",
            "end": f"{day}{end}:00+08:00",
        }  # fmt: skip

    options = [
        hour("D-1", "O1", "09", "10"), hour("D-2", "O1", "09", "10"), hour("D-2", "O2", "10", "11")
    ]  # fmt: skip
    tables = {
        "demands": demands({"submitted_at": "2026-09-01T08:00+08:00"}, {}),
        "needs": [need(1, "volunteer", 1), need(2, "volunteer", 1)],
        "volunteers": [{"volunteer_id": "V-1", **ACTOR}],
        "availability": [
            {"resource_id": "V-1", "start": "2026-09-28T08:00+08:00",
             "end": "2026-09-28T12:00+08:00"},
        ],
        "options": options,
    }  # fmt: skip
    steps, plan = replay(tables)

    assert plan.served == {"D-1": "O1", "D-2": "O2"}
    assert [step["option"] for step in steps] == ["O1", "O2"]


def test_ties_are_drawn(replay):
    """Demands that came together are ordered by the draw; the loser names the winner."""
    tables = {
        "demands": demands({}, {}),
        "needs": [need(1, "volunteer", 1), need(2, "volunteer", 1)],
        "volunteers": [{"volunteer_id": "V-1", **ACTOR, "max_slots": 1}],
    }
    steps, plan = replay(tables)
    first, second = sorted(("D-1", "D-2"), key=lambda d: draws.rank("5eed", 0, ("", d, "")))

    assert list(plan.served) == [first]
    assert [(s["demand"], s["tie"]) for s in steps] == [(first, [second]), (second, [first])]


def test_moments_are_compared_not_texts(replay):
    """01:30 at +00:00 is later than 09:00 at +08:00, and 09:30 at +08:00 the same (S14.2)."""
    came = ["2026-09-01T01:30+00:00", "2026-09-01T09:00+08:00", "2026-09-01T09:30+08:00"]
    tables = {
        "demands": demands(*({"submitted_at": text} for text in came)),
        "needs": [need(d, "volunteer", 1) for d in (1, 2, 3)],
        "volunteers": [{"volunteer_id": f"V-{n}", **ACTOR, "max_slots": 1} for n in (1, 2)],
    }
    steps, _ = replay(tables)
    second, third = sorted(("D-1", "D-3"), key=lambda d: draws.rank("5eed", 0, ("", d, "")))

    assert [(s["demand"], s["tie"]) for s in steps] == [
        ("D-2", []), (second, [third]), (third, [second])
    ]  # fmt: skip


def test_fewer_minutes_than_the_least(replay):
    """A volunteer who is used for less than the least minutes is not used (S7.2)."""
    tables = {
        "demands": demands({}),
        "needs": [need(1, "volunteer", 1)],
        "volunteers": [{"volunteer_id": "V-1", **ACTOR, "min_minutes": 60}],
    }
    _, plan = replay(tables)

    assert plan.served == {}


def test_a_project_needs_money_only(replay, pack, tmp_path):
    """pb_greedy refuses demands that are no projects (S14.1)."""
    replay({"demands": demands({}), "needs": [need(1, "volunteer", 1)],
            "funds": [{"fund_id": "F-1", **ACTOR, "amount": 75}]})  # fmt: skip

    with pytest.raises(ValueError, match="no project"):
        greedy.replay(pack.case_of(tmp_path / "run"))
