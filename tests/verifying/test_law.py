"""The law in loops and its rows: overlap, part_of, buffers, money, agreements (S5-S7)."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.verifying import formulation, law
from cogov_opt.verifying.facts import Facts
from cogov_opt.verifying.plan import Plan
from cogov_opt.verifying.priced import Key, Row
from tests.verifying.tiny import agree, at, card, facts_of

Tables = dict[str, list[dict[str, Any]]]


def rows_of(facts: Facts, *start: str) -> dict[Key, Row]:
    found = formulation.build(facts, card()).rows
    return {row.key: row for row in found if row.key[: len(start)] == start}


def clock(minute: int) -> str:
    return at(minute // 1440, f"{minute // 60 % 24:02d}:{minute % 60:02d}")


def demands_of(intervals: list[list[tuple[int, int]]], kind: str) -> Tables:
    tables: Tables = {"demands": [], "options": [], "needs": []}
    for i, sessions in enumerate(intervals):
        tables["demands"].append({"demand_id": f"D{i}", "actor_id": "A"})
        tables["options"] += [
            {"demand_id": f"D{i}", "option_id": "o", "start": clock(s), "end": clock(e)}
            for s, e in sessions
        ]
        tables["needs"].append(
            {"need_id": f"N{i}", "demand_id": f"D{i}", "kind": kind, "quantity": 1}
        )
    return tables


starts = st.integers(480, 600).map(lambda m: m // 10 * 10)
session = st.tuples(starts, st.integers(1, 8)).map(lambda p: (p[0], p[0] + 10 * p[1]))
uses = st.lists(st.lists(session, min_size=1, max_size=2, unique=True), min_size=2, max_size=7)


@settings(max_examples=150, deadline=None)
@given(uses, st.sampled_from([0, 10, 25]))
def test_clique_rows_are_the_pairwise_conflicts(
    intervals: list[list[tuple[int, int]]], buffer: int
) -> None:
    """Two uses share a row iff they overlap, buffer included; no row holds another (S7.3)."""
    tables = demands_of(intervals, "volunteer")
    tables["volunteers"] = [{"volunteer_id": "V", "actor_id": "A", "buffer_minutes": buffer}]
    with TemporaryDirectory() as folder:
        facts = facts_of(Path(folder), tables, no_rows_means={"volunteer": "always"})
    rows = rows_of(facts, "law.no_overlap")
    together = {
        frozenset(pair)
        for row in rows.values()
        for pair in combinations([k[1] for k, _ in row.terms], 2)
    }
    conflicts = {
        frozenset((f"N{i}", f"N{j}"))
        for (i, one), (j, two) in combinations(list(enumerate(intervals)), 2)
        if any(a < d + buffer and c < b + buffer for a, b in one for c, d in two)
    }
    assert together == conflicts
    if all(len(sessions) == 1 for sessions in intervals):
        sets = [frozenset(k for k, _ in row.terms) for row in rows.values()]
        assert not any(a < b for a in sets for b in sets)


SPACES = [
    {"space_id": "H", "actor_id": "A"},
    {"space_id": "H1", "actor_id": "A", "part_of": "H", "buffer_minutes": 30},
    {"space_id": "H2", "actor_id": "A", "part_of": "H"},
]


def test_a_hall_and_its_halves(tmp_path: Path) -> None:
    """The hall excludes both halves, inside one need too; the larger buffer counts (S7.3-4)."""
    tables = demands_of([[(540, 600)], [(610, 660)]], "space") | {"spaces": SPACES}
    facts = facts_of(tmp_path, tables)
    rows = rows_of(facts, "law.no_overlap")
    pairs = {key[2:] for key in rows if key[1] == "pair"}
    assert pairs == {("H1", "N0|H|o|", "N1|H1|o|")}
    assert ("law.no_overlap", "H1", "610") in rows
    agree(facts, card())


def test_halves_at_the_same_time(tmp_path: Path) -> None:
    """Both halves may be used together, the hall with neither, also inside one need (S7.3)."""
    tables = demands_of([[(540, 600)], [(540, 600)]], "space") | {"spaces": SPACES}
    facts = facts_of(tmp_path, tables)
    served = {"D0": "o", "D1": "o"}
    apart = Plan(served, {("N0", "H1", "o", ""): 1, ("N1", "H2", "o", ""): 1})
    whole = Plan(served, {("N0", "H", "o", ""): 1, ("N1", "H2", "o", ""): 1})
    assert law.holds(facts, apart) == []
    assert [key[0] for key in law.holds(facts, whole)] == ["law.no_overlap"]
    agree(facts, card())


def test_options_of_one_demand_share_a_person(tmp_path: Path) -> None:
    """Columns of two needs and two options stand in one row (S7.3)."""
    tables: Tables = {
        "volunteers": [{"volunteer_id": "V", "actor_id": "A"}],
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "options": [
            {"demand_id": "D", "option_id": o, "start": at(0, s), "end": at(0, "12:00")}
            for o, s in (("a", "09:00"), ("b", "10:00"))
        ],
        "needs": [
            {"need_id": n, "demand_id": "D", "kind": "volunteer", "quantity": 1}
            for n in ("N1", "N2")
        ],
    }
    facts = facts_of(tmp_path, tables, no_rows_means={"volunteer": "always"})
    rows = rows_of(facts, "law.no_overlap")
    assert list(rows) == [("law.no_overlap", "V", "600")]
    assert len(rows["law.no_overlap", "V", "600"].terms) == 4
    assert agree(facts, card()) == (1, 0)


def money_tables() -> Tables:
    return {
        "codes": [
            {"vocabulary": "service_type", "code": "meals"},
            {"vocabulary": "unit", "code": "portion"},
        ],
        "services": [
            {
                "service_id": "S", "actor_id": "A", "service_type": "meals", "unit": "portion",
                "capacity": 3, "cost_per_unit": 2,
            }
        ],
        "funds": [
            {"fund_id": "F", "actor_id": "B", "amount": 9, "committed": 4},
            {"fund_id": "G", "actor_id": "B", "amount": 3, "max_per_demand": 2},
        ],
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "needs": [
            {"need_id": "M", "demand_id": "D", "kind": "service", "quantity": 2, "minimum": 1},
            {
                "need_id": "N", "demand_id": "D", "kind": "fund", "quantity": 1, "minimum": 0,
                "pays_for": "M", "own_limit": 1,
            },
        ],
    }  # fmt: skip


def test_money_follows_what_it_buys(tmp_path: Path) -> None:
    """Caps are the least of capacity, max_per_demand and M; in = out on every plan (S4.10, S6)."""
    facts = facts_of(tmp_path, money_tables())
    priced = formulation.build(facts, card())
    assert priced.columns["x", "N", "F", "", ""] == (0, 5)
    assert priced.columns["x", "N", "G", "", ""] == (0, 2)
    balance = next(row for row in priced.rows if row.key == ("law.money", "balance", "N", ""))
    assert dict(balance.terms) == {
        ("x", "N", "F", "", ""): 1, ("x", "N", "G", "", ""): 1, ("own", "N", ""): 1,
        ("bought", "N", ""): -1, ("x", "M", "S", "", ""): -2,
    }  # fmt: skip
    passed, _ = agree(facts, card())
    # payments of 2, 3, 4 and 5: F 0-5, G 0-2 and 0-1 own; and the empty plan
    ways = {
        total: sum(f + g + own == total for f in range(6) for g in range(3) for own in range(2))
        for total in range(2, 6)
    }
    assert passed == 1 + sum(ways.values())


@pytest.mark.parametrize(
    ("fund", "key"),
    [
        ({"min_award": 3}, ("law.money", "min_award", "F", "D")),
        ({"step": 2}, ("law.money", "step", "F", "D")),
        ({"max_per_demand": 4}, ("law.money", "per_demand", "F", "D")),
        ({"min_award": 2, "step": 2, "max_per_demand": 3}, ("law.money", "step", "F", "D")),
    ],
)
def test_a_funds_own_conditions(fund: dict[str, Any], key: Key, tmp_path: Path) -> None:
    """S6.6."""
    tables = money_tables()
    tables["funds"] = [{"fund_id": "F", "actor_id": "B", "amount": 5, **fund}]
    facts = facts_of(tmp_path, tables)
    assert key in rows_of(facts, "law.money")
    agree(facts, card())


def test_two_fund_needs_are_one_award(tmp_path: Path) -> None:
    """min_award is over all fund needs of a demand (S6.5)."""
    tables: Tables = {
        "funds": [{"fund_id": "F", "actor_id": "B", "amount": 4, "min_award": 3}],
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "needs": [
            {"need_id": n, "demand_id": "D", "kind": "fund", "quantity": 2, "minimum": 0}
            for n in ("N1", "N2")
        ],
    }
    facts = facts_of(tmp_path, tables)
    passed, _ = agree(facts, card())
    assert passed == 2 + 3  # nothing, unserved or served; (1, 2), (2, 1), (2, 2)


def shared(tmp_path: Path, kind: str, parts: dict[str, Any]) -> Facts:
    parts = {"kind": kind, **parts}
    tables = demands_of([[(540, 600)], [(1980, 2100)]], kind)
    tables["agreements"] = [
        {"agreement_id": "G", "giver_id": "C", "taker_id": "*", "reference": "x", **parts}
    ]
    if kind == "volunteer":
        tables["volunteers"] = [{"volunteer_id": "V", "actor_id": "C"}]
        tables["availability"] = [
            {"resource_id": "V", "start": clock(480), "end": clock(960)},
            {"resource_id": "V", "start": clock(1920), "end": clock(2160)},
        ]
    else:
        tables["spaces"] = [{"space_id": "R", "actor_id": "C"}]
    return facts_of(tmp_path, tables)


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("volunteer", {"quantity": 100}, {("horizon",): 100}),
        ("volunteer", {"share_percent": 10}, {("horizon",): 72}),
        ("volunteer", {"share_percent": 10, "quantity": 50}, {("horizon",): 50}),
        (
            "volunteer",
            {"share_percent": 25, "per": "day"},
            {("2026-09-28",): 120, ("2026-09-29",): 60},
        ),
        ("space", {"share_percent": 1, "per": "week"}, {("2026-09-28",): 72}),
        ("space", {"share_percent": 5, "per": "day"}, {("2026-09-28",): 72, ("2026-09-29",): 72}),
        ("space", {"quantity": 7, "kind": ""}, {("horizon", "space"): 7}),
    ],
)
def test_limits_of_agreements(
    kind: str, parts: dict[str, Any], expected: dict[tuple[str, ...], int], tmp_path: Path
) -> None:
    """S7.5: the smaller of quantity and share, for each period with a term."""
    facts = shared(tmp_path, kind, parts)
    rows = rows_of(facts, "law.agreement")
    assert {key[2:]: row.upper for key, row in rows.items()} == expected
    agree(facts, card())


@pytest.mark.parametrize(
    "person",
    [
        {"max_minutes": 60}, {"max_slots": 1}, {"min_minutes": 100},
        {"min_minutes": 60, "max_slots": 1},
        {"max_minutes": 120, "buffer_minutes": 15}, {"max_slots": 0}, {"max_minutes": 0},
    ],
)  # fmt: skip
def test_a_persons_limits(person: dict[str, int], tmp_path: Path) -> None:
    """S7.1, S7.2."""
    tables = demands_of([[(540, 600)], [(660, 780)], [(600, 630)]], "volunteer")
    tables["volunteers"] = [{"volunteer_id": "V", "actor_id": "A", **person}]
    facts = facts_of(tmp_path, tables, no_rows_means={"volunteer": "always"})
    passed, _ = agree(facts, card())
    assert passed >= 1


def test_sets_links_and_once(tmp_path: Path) -> None:
    """Minimum below quantity, two persons, two limited agreements for one of them (S5.3-S5.5)."""
    tables: Tables = {
        "volunteers": [
            {"volunteer_id": "V", "actor_id": "C"},
            {"volunteer_id": "W", "actor_id": "A"},
        ],
        "agreements": [
            {"agreement_id": g, "giver_id": "C", "taker_id": "*", "reference": "x", "quantity": 500}
            for g in ("G1", "G2")
        ],
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "needs": [
            {"need_id": "N", "demand_id": "D", "kind": "volunteer", "quantity": 2, "minimum": 1}
        ],
    }
    facts = facts_of(tmp_path, tables)
    keys = set(rows_of(facts, "law.set"))
    assert keys == {
        ("law.set", "least", "N", ""), ("law.set", "most", "N", ""),
        ("law.set", "link", "N", "V", "", "G1"), ("law.set", "link", "N", "V", "", "G2"),
        ("law.set", "link", "N", "W", "", ""), ("law.set", "once", "N", "V", ""),
    }  # fmt: skip
    assert agree(facts, card())[0] == 1 + 5
