"""Random weeks whose structure is exactly a flow: single needs, one option each, nested limits."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.loaded import Tables
from tests.properties.small_weeks import Dice, Rows, tables_of


def flow_week(seed: int, size: int = 6) -> Tables:
    """Make volunteers and services for slots on a disjoint grid."""
    d = Dice(seed)
    rows: Rows = {"actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}]}
    rows["codes"] = [{"vocabulary": "skill", "code": s} for s in ("sew", "drive")]
    rows["codes"] += [
        {"vocabulary": "service_type", "code": "lunch"},
        {"vocabulary": "unit", "code": "portion"},
    ]
    rows["volunteers"] = [_volunteer(d, i) for i in range(d.number(1, size))]
    rows["services"] = [
        {
            "service_id": f"P{i}", "actor_id": "A", "service_type": "lunch", "unit": "portion",
            "capacity": d.number(0, 4), "cost_per_unit": d.maybe(50, d.number(1, 9)),
        }
        for i in range(d.number(0, 2))
    ]  # fmt: skip
    periods = [(f"2026-09-{28 + k // 2} {9 + 4 * (k % 2):02d}:00", k) for k in range(4)]
    rows["availability"] = [
        {"resource_id": v["volunteer_id"], "start": start, "end": _later(start)}
        for v in rows["volunteers"]
        for start, _ in periods
        if d.chance(60)
    ]
    _slots(d, rows, [start for start, _ in periods], d.number(1, size))
    rows["affinities"] = [
        {
            "resource_id": r, "demand_id": demand["demand_id"],
            "points": d.maybe(60, d.number(1, 4)),
            "distance": d.maybe(70, d.number(1, 6)),
        }
        for r in [v["volunteer_id"] for v in rows["volunteers"]]
        for demand in rows["demands"]
    ]  # fmt: skip
    tables = tables_of({name: found for name, found in rows.items() if found})
    package = dict(tables.package) | {"no_rows_means": {"service": "always"}}
    return Tables(package, tables.tables, "flow", units="minor")


def flow_card(seed: int) -> str:
    """Write a card of one to three stages that keep a flow a flow."""
    d = Dice(20_000_000 + seed)
    text = [
        'id = "flow"', 'version = "1.0.0"', 'status = "draft"', 'title = { en = "f", zh = "流" }',
        "[points]", "priority = { 1 = 5, 2 = 3, 3 = 2, 4 = 1, 5 = 1 }",
    ]  # fmt: skip
    for _ in range(d.number(1, 3)):
        up, down = (
            ["served_points", "units_points", "preference"],
            ["unmet_points", "cost", "distance"],
        )
        sense, pool = ("maximise", up) if d.chance(60) else ("minimise", down)
        terms = dict.fromkeys(d.pick(pool) for _ in range(2))
        shown = ", ".join(f'{{ term = "{t}", weight = {d.number(1, 3)} }}' for t in terms)
        text += ["[[objective]]", f'sense = "{sense}"', f"terms = [ {shown} ]"]
    if d.chance(30):
        text += [
            "[[clause]]", 'id = "C1"', 'kind = "forbid"', "may_be_empty = true",
            'where = { volunteer.skills = "drive", demand.priority = 2 }',
        ]  # fmt: skip
    return "\n".join(text) + "\n"


def _volunteer(d: Dice, i: int) -> dict[str, Any]:
    skills = d.some(["sew", "drive"], 70)
    return {
        "volunteer_id": f"V{i}", "actor_id": "A", "skills": skills,
        "max_slots": d.maybe(70, d.number(1, 3)), "cost_per_slot": d.maybe(40, d.number(1, 4)),
    }  # fmt: skip


def _later(start: str) -> str:
    return f"{start[:11]}{int(start[11:13]) + 4:02d}:00"


def _slots(d: Dice, rows: Rows, periods: list[str], count: int) -> None:
    for name in ("demands", "options", "needs"):
        rows[name] = []
    for i in range(count):
        start = d.pick(periods)
        demand, kind = f"D{i}", d.pick(["volunteer", "volunteer", "service"])
        quantity = d.pick([1, 1, 2, 3])
        minimum = d.pick(["", 0]) if quantity == 1 else d.pick([0, 1])
        rows["demands"].append({"demand_id": demand, "actor_id": "A", "priority": d.number(1, 5)})
        rows["options"].append(
            {"demand_id": demand, "option_id": "o", "start": start, "end": _later(start)}
        )
        rows["needs"].append(
            {
                "need_id": f"N{i}", "demand_id": demand, "kind": kind, "quantity": quantity,
                "minimum": minimum, "pays_for": "none",
                "points_per_unit": d.maybe(50, d.number(1, 3)),
                "requires": d.pick(["", "sew", "drive"]) if kind == "volunteer" else "",
            }
        )  # fmt: skip
