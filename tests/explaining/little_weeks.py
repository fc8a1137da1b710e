"""Random little weeks in which something is scarce: most have a demand that is not served."""

from __future__ import annotations

from typing import Any

from tests.properties.small_weeks import Dice, Rows

GIVES = ["20", "50", "80", '"2 points"', '"4 points"', '"6 points"', "0"]
HOURS = ("09:00", "10:00", "11:00")
LAST_GOALS = (
    ("minimise", '{ term = "cost" }'),
    ("maximise", '{ term = "max_min_share", each = ["demand.purpose"], measure = "demands" }'),
    ("maximise", '{ term = "served_points", where = { demand.purpose = "study" } }'),
    ("maximise", '{ term = "served_points", where = { demand.priority = { at_least = 3 } } }'),
)
KINDS = ("volunteer", "volunteer", "service", "fund", "space")


def little_week(seed: int) -> Rows:
    """Give the tables of a week: two or three demands, one or two of each resource."""
    d = Dice(seed)
    rows: Rows = {
        "actors": [
            {"actor_id": "A", "name": "A", "kind": "ngo"},
            {"actor_id": "B", "name": "B", "kind": "firm"},
        ],
        "codes": [
            {"vocabulary": v, "code": c}
            for v, c in (
                ("skill", "tutoring"), ("credential", "hygiene"), ("language", "yue"),
                ("purpose", "care"), ("purpose", "study"), ("cost_type", "goods"),
                ("service_type", "lunch"), ("unit", "portion"), ("space_kind", "room"),
            )
        ],
        "volunteers": [_volunteer(d, i) for i in range(2)],
        "spaces": [{"space_id": "S1", "actor_id": d.pick(["A", "B"]), "space_kind": "room"}],
        "services": [
            {"service_id": "P1", "actor_id": "A", "service_type": "lunch", "unit": "portion",
             "capacity": d.number(1, 3), "cost_per_unit": ""}
        ],
        "funds": [
            {"fund_id": "F1", "actor_id": "B", "amount": d.number(1, 4),
             "purposes": d.pick(["care", "study", ""]), "step": d.pick(["", "", 2])}
        ],
        "demands": [], "options": [], "needs": [], "availability": [],
    }  # fmt: skip
    for name in ("V0", "V1", "S1"):
        rows["availability"].append(_open(d, name))
    for i in range(d.number(2, 3)):
        _demand(d, rows, f"D{i}")
    if d.chance(40):
        rows["agreements"] = [
            {"agreement_id": "G1", "giver_id": "B", "taker_id": "A", "kind": "volunteer",
             "quantity": 60, "reference": "x"}
        ]  # fmt: skip
    return {k: v for k, v in rows.items() if v}


def _volunteer(d: Dice, i: int) -> dict[str, Any]:
    return {
        "volunteer_id": f"V{i}", "actor_id": d.pick(["A", "A", "B"]),
        "skills": d.pick(["tutoring", "tutoring", ""]), "languages": d.pick(["yue", ""]),
        "max_slots": d.pick(["", 1]),
    }  # fmt: skip


def _open(d: Dice, name: str) -> dict[str, Any]:
    end = d.pick(["11:00", "12:00", "13:00"])
    return {"resource_id": name, "start": "2026-09-28 09:00", "end": f"2026-09-28 {end}"}


def _demand(d: Dice, rows: Rows, name: str) -> None:
    rows["demands"].append(
        {"demand_id": name, "actor_id": "A", "priority": d.number(1, 4),
         "purpose": d.pick(["care", "study", "care"])}
    )  # fmt: skip
    hour = d.pick(list(HOURS))
    end = f"{int(hour[:2]) + 1:02d}:00"
    rows["options"].append(
        {"demand_id": name, "option_id": "a", "start": f"2026-09-28 {hour}",
         "end": f"2026-09-28 {end}"}
    )  # fmt: skip
    for n in range(d.number(1, 2)):
        kind = d.pick(list(KINDS))
        need = {"need_id": f"{name}.{n}", "demand_id": name, "kind": kind, "quantity": 1}
        if kind == "volunteer":
            need["requires"] = d.pick(["tutoring", "tutoring", "hygiene", "yue", ""])
        if kind == "service":
            need |= {"requires": "lunch", "quantity": d.number(1, 3)}
        if kind == "fund":
            need |= {"cost_type": "goods", "quantity": d.number(1, 5)}
        rows["needs"].append(need)


def little_card(seed: int, *, giving: bool = False) -> str:
    """
    Give a card: points by priority, one to three goals, now and then a clause.

    `giving`: two or three goals, of which all but the last may give.
    """
    d = Dice(seed + 7)
    parts = [
        'id = "little"\nversion = "1.0.0"\nstatus = "draft"\ntitle = { en = "l", zh = "l" }\n',
        "[points]\npriority = { 1 = 6, 2 = 4, 3 = 2, 4 = 1, 5 = 1 }\n",
    ]
    if d.chance(40):
        urgent = '{ term = "served_points", where = { demand.priority = 1 } }'
        parts.append(_goal("maximise", urgent, _give(d, giving=giving)))
    parts.append(_goal("maximise", '{ term = "served_points" }', _give(d, giving=giving)))
    if giving:
        parts.append(_goal(*d.pick(list(LAST_GOALS))))
    elif d.chance(50):
        parts.append(_goal("minimise", '{ term = "cost" }'))
    if d.chance(35):
        parts.append(
            '[[clause]]\nid = "C1"\nkind = "forbid"\nmay_be_empty = true\nowner = "B"\n'
            f'where = {{ demand.id = "D{d.number(0, 2)}" }}\n'
        )
    if d.chance(35):
        parts.append(
            '[[clause]]\nid = "C2"\nkind = "limit"\nmay_be_empty = true\nwhere = { }\nper = "day"\n'
            'measure = "demands"\nat_most = 1\n'
        )
    return "".join(parts)


def _goal(sense: str, term: str, give: str = "0") -> str:
    return f'[[objective]]\nsense = "{sense}"\nterms = [ {term} ]\ngive = {give}\n'


def _give(d: Dice, *, giving: bool) -> str:
    return d.pick(GIVES) if giving else "0"
