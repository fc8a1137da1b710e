"""Weeks of many volunteers in few groups: openings of every shape, sessions, agreements."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.loaded import Tables
from tests.properties.small_weeks import Dice, Rows, tables_of

SKILLS = ("", "sew", "sew:2", "drive", "sew;drive", "sew|drive", "not:sew", "hygiene")
DAYS = ("2026-09-25", "2026-09-28", "2026-09-29", "2026-10-03")
"""The first lies before the horizon: openings may begin there."""


def crowded_week(seed: int) -> Tables:
    """Make up to forty volunteers and thirty demands that share a handful of requirements."""
    d = Dice(90_000_000 + seed)
    people = [f"V{i:02d}" for i in range(d.number(5, 40))]
    demands = [f"D{i:02d}" for i in range(d.number(5, 30))]
    rows: Rows = {
        "actors": [{"actor_id": a, "name": a, "kind": "ngo"} for a in "ABC"],
        "codes": [{"vocabulary": "skill", "code": c} for c in ("sew", "drive")]
        + [{"vocabulary": "credential", "code": "hygiene"}],
        "volunteers": [_volunteer(d, v) for v in people],
        "credentials": [
            {"volunteer_id": v, "credential": "hygiene", "valid_until": d.maybe(50, "2026-09-28")}
            for v in people if d.chance(40)
        ],
        "availability": [row for v in people for row in _openings(d, v)],
        "demands": [{"demand_id": i, "actor_id": d.pick(["A", "B"])} for i in demands],
        "options": [row for i in demands for row in _sessions(d, i)],
        "needs": [
            {"need_id": f"{i}.1", "demand_id": i, "kind": "volunteer", "quantity": 1,
             "requires": d.pick(list(SKILLS))} for i in demands
        ],
        "agreements": [
            {"agreement_id": f"G{k}", "giver_id": d.pick(["B", "C"]), "taker_id": "*",
             "quantity": d.maybe(60, 60), "valid_until": d.maybe(30, "2026-09-28"),
             "reference": "minutes 1"} for k in range(d.number(0, 3))
        ],
    }  # fmt: skip
    return tables_of({name: found for name, found in rows.items() if found}, d)


def _volunteer(d: Dice, volunteer: str) -> dict[str, Any]:
    return {
        "volunteer_id": volunteer, "actor_id": d.pick(["A", "B", "C"]),
        "skills": d.some([d.pick(["sew", "sew:2"]), "drive"], 60),
        "consent_until": d.maybe(15, "2026-09-28"),
    }  # fmt: skip


def _openings(d: Dice, volunteer: str) -> list[dict[str, Any]]:
    """Give openings that may overlap, touch, last for days or begin before the horizon."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for _ in range(d.number(0, 4)):
        first = d.number(0, len(DAYS) - 1)
        start = f"{DAYS[first]} {d.number(7, 11):02d}:{d.pick(['00', '30'])}"
        end = f"{d.pick(list(DAYS[first:]))} {d.number(12, 23):02d}:00"
        found[start, end] = {"resource_id": volunteer, "start": start, "end": end}
    return list(found.values())


def _sessions(d: Dice, demand: str) -> list[dict[str, Any]]:
    """Give no option, or up to two of up to three sessions each."""
    found = {}
    for option in ["o", "p"][: d.number(0, 2)]:
        for _ in range(d.pick([1, 1, 2, 3])):
            day, hour = d.pick(list(DAYS[1:])), d.number(8, 12)
            start, end = f"{day} {hour:02d}:00", f"{day} {hour + d.number(1, 4):02d}:30"
            row = {"demand_id": demand, "option_id": option, "start": start, "end": end}
            found[option, start, end] = row
    return list(found.values())
