"""Random small datasets and cards over every feature, small enough for brute force."""

from __future__ import annotations

from typing import Any

import numpy as np

from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.domain.tables import contracts

Rows = dict[str, list[dict[str, Any]]]

CODES = {
    "skill": ["sew", "drive"],
    "credential": ["hygiene"],
    "language": ["yue"],
    "tag": ["alone", "vetted"],
    "feature": ["stove"],
    "space_kind": ["room", "kitchen"],
    "service_type": ["lunch"],
    "unit": ["portion"],
    "area": ["town", "north/town", "south/town"],
    "group": ["all", "old/all"],
    "purpose": ["care", "meals/care"],
    "cost_type": ["goods", "food/goods"],
}
DAYS = ["2026-09-28", "2026-09-29", "2026-10-03"]
STARTS = ["09:00", "09:30", "10:00", "11:00"]


class Dice:
    """A seeded source of choices that reads like what it chooses."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, percent: int) -> bool:
        return bool(self.rng.integers(100) < percent)

    def pick(self, options: list[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def number(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def some(self, options: list[str], percent: int) -> str:
        return ";".join(o for o in options if self.chance(percent))

    def maybe_place(self, lat: int, lon: int) -> dict[str, Any]:
        return {"lat": lat, "lon": lon} if self.chance(60) else {}

    def maybe(self, percent: int, value: Any) -> Any:
        return value if self.chance(percent) else ""


def small_week(seed: int) -> Tables:
    """Make a random dataset of a few demands and resources, money in a few minor units."""
    d = Dice(seed)
    rows: Rows = {"actors": _actors(d), "codes": _codes()}
    rows["volunteers"] = [_volunteer(d, i) for i in range(d.number(0, 2))]
    rows["spaces"] = _spaces(d)
    rows["services"] = [_service(d, i) for i in range(d.number(0, 1))]
    rows["funds"] = [_fund(d, i) for i in range(d.number(0, 2))]
    rows["credentials"] = [_credential(d, v) for v in rows["volunteers"] if d.chance(60)]
    _demands(d, rows)
    rows["availability"] = _availability(d, rows)
    rows["agreements"] = [_agreement(d, i, rows) for i in range(d.number(0, 3))]
    rows["affinities"] = _affinities(d, rows)
    rows["standing"] = _standing(d, rows)
    return tables_of({name: found for name, found in rows.items() if found}, d)


def tables_of(rows: Rows, d: Dice | None = None) -> Tables:
    """Give rows of words as loaded tables, money in minor units."""
    silence = {
        "volunteer": "closed",
        "fund": "workdays",
        "space": "workdays",
        "service": "workdays",
    }
    if d is not None:
        silence = {k: d.pick([v, "always", "workdays", "closed"]) for k, v in silence.items()}
        silence["volunteer"] = d.pick(["closed", "closed", "always"])
    package = {
        "name": "small", "title": "small", "cogov_format": 1, "currency": "CNY",
        "timezone": "Asia/Shanghai", "language": "en", "no_rows_means": silence,
        "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    }  # fmt: skip
    tables = {}
    for name, found in rows.items():
        columns = [c for c in contracts()[name].fields if any(str(r.get(c, "")) for r in found)]
        tables[name] = Table(
            name,
            {c: TextColumn.of([str(r.get(c, "")) for r in found]) for c in columns},
            Source(f"{name}.csv"),
        )
    return Tables(package, tables, "small", units="minor")


def _actors(d: Dice) -> list[dict[str, Any]]:
    return [
        {"actor_id": "A", "name": "A", "kind": "ngo"},
        {"actor_id": "B", "name": "B", "kind": "firm", "parent_id": d.maybe(50, "A")},
        {"actor_id": "C", "name": "C", "kind": "ngo", "area": d.maybe(50, "north")},
    ]


def _codes() -> list[dict[str, Any]]:
    found = []
    for vocabulary, words in CODES.items():
        for word in words:
            code, _, parent = word.partition("/")
            found.append({"vocabulary": vocabulary, "code": code, "parent": parent})
    return found


def _volunteer(d: Dice, i: int) -> dict[str, Any]:
    return {
        "volunteer_id": f"V{i}", "actor_id": d.pick(["A", "B", "C"]),
        "skills": d.some(["sew:2", "drive"], 70), "tags": d.some(["vetted"], 60),
        "languages": d.some(["yue"], 60), "max_minutes": d.maybe(40, d.pick([60, 120, 180])),
        "min_minutes": d.maybe(20, 90), "max_slots": d.maybe(40, d.number(1, 2)),
        "buffer_minutes": d.maybe(40, 30), "cost_per_slot": d.maybe(40, d.number(1, 2)),
        "consent_until": d.maybe(20, "2026-09-28"), "area": d.maybe(50, "north"),
    } | d.maybe_place(31_200_000, 121_400_000)  # fmt: skip


def _spaces(d: Dice) -> list[dict[str, Any]]:
    if d.chance(30):
        hall = {"space_id": "S0", "actor_id": "A", "space_kind": "room"}
        return [hall | {"buffer_minutes": d.maybe(40, 30), "cost_per_hour": d.maybe(30, 1)}] + [
            {"space_id": f"S{i}", "actor_id": "A", "part_of": "S0", "space_kind": "room"}
            for i in range(1, d.number(2, 3))
        ]
    return [
        {
            "space_id": f"S{i}", "actor_id": d.pick(["A", "B", "C"]),
            "space_kind": d.pick(["room", "kitchen", ""]), "seats": d.maybe(60, d.pick([5, 20])),
            "features": d.some(["stove"], 50), "buffer_minutes": d.maybe(40, 30),
            "cost_per_hour": d.maybe(40, d.number(1, 3)),
        }
        for i in range(d.number(0, 2))
    ]  # fmt: skip


def _service(d: Dice, i: int) -> dict[str, Any]:
    return {
        "service_id": f"P{i}", "actor_id": d.pick(["A", "B", "C"]), "service_type": "lunch",
        "unit": "portion", "capacity": d.number(0, 4), "serves_areas": d.maybe(30, "town"),
        "groups": d.maybe(30, "all"), "languages": d.some(["yue"], 50),
        "cost_per_unit": d.maybe(50, 1),
    }  # fmt: skip


def _fund(d: Dice, i: int) -> dict[str, Any]:
    return {
        "fund_id": f"F{i}", "actor_id": d.pick(["A", "B", "C"]), "amount": d.number(1, 5),
        "committed": d.maybe(20, 1), "purposes": d.maybe(30, "care"),
        "cost_types": d.maybe(30, "goods"), "groups": d.maybe(20, "all"),
        "areas": d.maybe(20, "town"), "spend_from": d.maybe(20, "2026-09-29"),
        "spend_until": d.maybe(20, "2026-09-29"), "min_award": d.maybe(25, 2),
        "max_per_demand": d.maybe(25, d.number(2, 4)), "step": d.maybe(20, 2),
    }  # fmt: skip


def _credential(d: Dice, volunteer: dict[str, Any]) -> dict[str, Any]:
    return {
        "volunteer_id": volunteer["volunteer_id"], "credential": "hygiene",
        "valid_until": d.maybe(60, d.pick(["2026-09-28", "2026-10-30", "2026-01-01"])),
    }  # fmt: skip


def _demands(d: Dice, rows: Rows) -> None:
    for name in ("demands", "options", "needs"):
        rows[name] = []
    for i in range(d.number(1, 2)):
        demand = f"D{i}"
        rows["demands"].append(
            {
                "demand_id": demand, "actor_id": d.pick(["A", "B", "C"]),
                "performer_id": d.maybe(20, "C"), "area": d.pick(["north", "south", "town", ""]),
                "group": d.pick(["old", "all", ""]), "people": d.pick(["", 3, 7]),
                "priority": d.pick(["", 1, 2]), "points": d.maybe(20, 9),
                "tags": d.maybe(40, "alone"), "purpose": d.pick(["meals", "care", ""]),
                "submitted_at": d.maybe(60, f"2026-09-0{d.number(1, 9)} 10:00"),
            }
            | d.maybe_place(31_210_000, 121_450_000)
        )  # fmt: skip
        _options(d, rows, demand)
        _needs(d, rows, demand)


def _options(d: Dice, rows: Rows, demand: str) -> None:
    if d.chance(25):
        return
    for name in ["o", "p"][: d.number(1, 2)]:
        for _ in range(1 if d.chance(75) else 2):
            day, start = d.pick(DAYS), d.pick(STARTS)
            end = f"{int(start[:2]) + d.number(1, 2):02d}:{start[3:]}"
            row = {"demand_id": demand, "option_id": name, "start": f"{day} {start}"}
            row["end"] = f"{day} {end}"
            if row not in rows["options"]:
                rows["options"].append(row)


def _needs(d: Dice, rows: Rows, demand: str) -> None:
    number = str(demand[1:])
    kinds = [k for k in ("volunteer", "space", "service") if d.chance(55)] or ["volunteer"]
    paid = []
    for k, kind in enumerate(kinds):
        quantity = d.number(1, 2) if kind != "service" else d.number(1, 3)
        need = {"need_id": f"N{number}{k}", "demand_id": demand, "kind": kind}
        need |= {"quantity": quantity, "minimum": d.maybe(40, d.number(0, quantity))}
        need |= {"requires": _requires(d, kind), "points_per_unit": d.maybe(40, d.number(1, 3))}
        if d.chance(60):
            paid.append(need["need_id"])
        else:
            need["pays_for"] = "none"
        rows["needs"].append(need)
    if paid or d.chance(40):
        quantity = d.number(0 if paid else 1, 2)
        rows["needs"].append(
            {
                "need_id": f"N{number}9", "demand_id": demand, "kind": "fund", "quantity": quantity,
                "minimum": d.maybe(30, d.number(0, quantity)), "pays_for": ";".join(paid),
                "cost_type": d.pick(["food", "goods", ""]),
                "own_limit": d.maybe(50, d.number(1, 3)),
                "points_per_unit": d.maybe(30, 2),
            }
        )  # fmt: skip


def _requires(d: Dice, kind: str) -> str:
    if d.chance(45):
        return ""
    return str(
        d.pick(
            {
                "volunteer": [
                    "sew", "sew:2", "sew:3", "drive|sew:2", "hygiene", "not:vetted", "yue",
                    "vetted;drive", "not:hygiene", "alone|vetted",
                ],
                "space": ["room", "kitchen|stove", "seats:10", "not:stove", "room;seats:5"],
                "service": ["lunch", "yue", "not:yue"],
            }[kind]
        )
    )  # fmt: skip


def _availability(d: Dice, rows: Rows) -> list[dict[str, Any]]:
    found = []
    for table, key in (
        ("volunteers", "volunteer_id"), ("spaces", "space_id"), ("services", "service_id"),
        ("funds", "fund_id"),
    ):  # fmt: skip
        for row in rows[table]:
            if d.chance(75 if table == "volunteers" else 35):
                for day in [x for x in DAYS if d.chance(75)]:
                    start, end = d.pick(["00:00", "09:00", "09:30"]), d.pick(["11:00", "24:00"])
                    found.append(
                        {"resource_id": row[key], "start": f"{day} {start}", "end": f"{day} {end}"}
                    )
    return found


def _agreement(d: Dice, i: int, rows: Rows) -> dict[str, Any]:
    giver = d.pick(["A", "B", "C"])
    named = [r["space_id"] for r in rows["spaces"] if r["actor_id"] == giver]
    return {
        "agreement_id": f"G{i}", "giver_id": giver, "taker_id": d.pick(["*", "A", "B", "C"]),
        "kind": d.pick(["", "volunteer", "space", "service"]),
        "resource_id": d.pick(named) if named and d.chance(30) else "",
        "share_percent": d.maybe(30, d.pick([10, 50])), "quantity": d.maybe(30, d.pick([1, 60])),
        "per": d.pick(["", "day", "week"]), "valid_until": d.maybe(25, "2026-09-28"),
        "reference": "minutes 1",
    }  # fmt: skip


def _affinities(d: Dice, rows: Rows) -> list[dict[str, Any]]:
    resources = [r["volunteer_id"] for r in rows["volunteers"]]
    resources += [r["service_id"] for r in rows["services"]] + [r["fund_id"] for r in rows["funds"]]
    services = {r["service_id"] for r in rows["services"]}
    return [
        {
            "resource_id": r, "demand_id": demand["demand_id"],
            "points": d.maybe(60, d.number(1, 5)),
            "use_units": d.maybe(40, d.number(1, 2)) if r in services else "",
            "distance": d.maybe(40, d.number(1, 900)) if not r.startswith("F") else "",
        }
        for r in resources
        for demand in rows["demands"]
        if d.chance(35)
    ]  # fmt: skip


def _standing(d: Dice, rows: Rows) -> list[dict[str, Any]]:
    return [
        {
            "demand_id": need["demand_id"], "need_id": need["need_id"], "option_id": "",
            "resource_id": d.pick(rows["volunteers"])["volunteer_id"], "quantity": 1,
            "status": d.pick(["draft", "published", "pinned"]),
        }
        for need in rows["needs"]
        if need["kind"] == "volunteer" and rows["volunteers"] and d.chance(25)
    ]  # fmt: skip
