"""Random towns: a few resources of each kind, agreements, and demands that ask for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.verifying.tiny import at

Tables = dict[str, list[dict[str, Any]]]
CODES = [
    {"vocabulary": v, "code": c, "parent": p}
    for v, c, p in (
        ("skill", "cook", ""),
        ("skill", "drive", ""),
        ("credential", "health", ""),
        ("language", "zh", ""),
        ("tag", "calm", ""),
        ("feature", "ramp", ""),
        ("space_kind", "room", ""),
        ("service_type", "meals", ""),
        ("unit", "portion", ""),
        ("area", "town", ""),
        ("area", "north", "town"),
        ("group", "aged", ""),
        ("group", "frail", "aged"),
        ("purpose", "care", ""),
        ("cost_type", "food", ""),
    )
]
ACTORS = [
    {"actor_id": "A", "name": "A", "kind": "ngo"},
    {"actor_id": "B", "name": "B", "kind": "ngo", "parent_id": "A"},
    {"actor_id": "C", "name": "C", "kind": "firm"},
]
REQUIRES = {
    "volunteer": [
        "",
        "cook",
        "cook:2",
        "cook|drive",
        "health",
        "not:drive",
        "health;zh",
        "calm|health",
    ],
    "space": ["", "ramp", "seats:20", "not:room", "ramp|room"],
    "service": ["", "meals", "zh"],
    "fund": [""],
}

actor = st.sampled_from("ABC")
day = st.integers(0, 6)


def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(["", *values])


DATES = maybe(["2026-09-28", "2026-09-30", "2026-10-02"])
AREAS, GROUPS = maybe(["north", "town"]), maybe(["aged", "frail"])


@st.composite
def worlds(draw: st.DrawFn) -> Tables:
    """Give the tables of a town."""
    tables: Tables = {
        "actors": ACTORS, "codes": CODES, "availability": [], "credentials": [], "agreements": [],
        "demands": [], "options": [], "needs": [], "affinities": [],
    }  # fmt: skip
    tables["volunteers"] = [_volunteer(draw, f"V{i}") for i in range(draw(st.integers(1, 4)))]
    tables["spaces"] = [_space(draw, f"R{i}") for i in range(draw(st.integers(0, 2)))]
    tables["services"], tables["funds"] = [_service(draw)], [_fund(draw)]
    held = [r[key] for t, key in (
        ("volunteers", "volunteer_id"), ("spaces", "space_id"), ("services", "service_id"),
        ("funds", "fund_id"),
    ) for r in tables[t]]  # fmt: skip
    for resource in held:
        _add_availability(draw, tables, resource)
    for row in tables["volunteers"]:
        for _ in range(draw(st.integers(0, 1))):
            health = {"volunteer_id": row["volunteer_id"], "credential": "health"}
            tables["credentials"].append({**health, "valid_until": draw(DATES)})
    for i in range(draw(st.integers(0, 3))):
        tables["agreements"].append({
            "agreement_id": f"G{i}", "giver_id": draw(actor),
            "taker_id": draw(st.sampled_from("*ABC")),
            "kind": draw(maybe(["volunteer", "space"])), "resource_id": draw(maybe(held)),
            "quantity": draw(maybe([60])), "valid_from": draw(DATES), "reference": "x",
        })  # fmt: skip
    for i in range(draw(st.integers(1, 3))):
        _add_demand(draw, tables, f"D{i}")
    tables["affinities"] = [{"resource_id": "S", "demand_id": "D0", "use_units": 2}]
    return tables


def _volunteer(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {
        "volunteer_id": name, "actor_id": draw(actor), "consent_until": draw(DATES),
        "skills": draw(maybe(["cook", "cook:2", "cook:2;drive", "drive"])),
        "languages": draw(maybe(["zh"])), "tags": draw(maybe(["calm"])),
    }  # fmt: skip


def _space(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {
        "space_id": name, "actor_id": draw(actor), "seats": draw(maybe([10, 20])),
        "features": draw(maybe(["ramp"])), "space_kind": draw(maybe(["room"])), "cost_per_hour": 7,
    }  # fmt: skip


def _service(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "service_id": "S", "actor_id": draw(actor), "service_type": "meals", "unit": "portion",
        "capacity": draw(st.integers(0, 9)), "serves_areas": draw(AREAS), "groups": draw(GROUPS),
        "languages": draw(maybe(["zh"])), "cost_per_unit": 3,
    }  # fmt: skip


def _fund(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "fund_id": "F", "actor_id": draw(actor), "amount": 50, "purposes": draw(maybe(["care"])),
        "cost_types": draw(maybe(["food"])), "areas": draw(AREAS), "groups": draw(GROUPS),
        "spend_until": draw(DATES), "max_per_demand": draw(maybe([5])),
    }  # fmt: skip


def _add_availability(draw: st.DrawFn, tables: Tables, resource: str) -> None:
    if draw(st.integers(0, 5)) == 0:
        year = {"start": "2026-01-01T08:00+08:00", "end": "2026-12-31T18:00+08:00"}
        tables["availability"].append({"resource_id": resource, **year})
    for _ in range(draw(st.integers(0, 2))):
        first = draw(day)
        last = draw(st.integers(first, 6))
        tables["availability"].append(
            {"resource_id": resource, "start": at(first, "08:00"), "end": at(last, "18:00")}
        )


def _add_demand(draw: st.DrawFn, tables: Tables, name: str) -> None:
    tables["demands"].append({
        "demand_id": name, "actor_id": draw(actor), "performer_id": draw(maybe(["A", "C"])),
        "area": draw(maybe(["north", "town"])), "group": draw(maybe(["aged", "frail"])),
        "purpose": draw(maybe(["care"])),
    })  # fmt: skip
    seen = set()
    for _ in range(draw(st.integers(0, 3))):
        first, option = draw(day), draw(st.sampled_from("ab"))
        clock = draw(st.sampled_from(["07:00", "09:00", "17:30"]))
        if (option, first, clock) not in seen:
            seen.add((option, first, clock))
            end = f"{int(clock[:2]) + 1:02d}{clock[2:]}"
            tables["options"].append(
                {
                    "demand_id": name,
                    "option_id": option,
                    "start": at(first, clock),
                    "end": at(first, end),
                }
            )
    for kind, words in REQUIRES.items():
        tables["needs"].append({
            "need_id": f"{name}.{kind}", "demand_id": name, "kind": kind,
            "quantity": draw(st.integers(1, 4)), "requires": draw(st.sampled_from(words)),
            "cost_type": draw(maybe(["food"])),
            "pays_for": f"{name}.service;{name}.space" if kind == "fund" else "",
        })  # fmt: skip
