"""Small weeks whose only question is which money pays: few funds, small amounts, own money."""

from __future__ import annotations

from cogov_opt.domain.loaded import Tables
from tests.properties.small_weeks import Dice, Rows, tables_of

PURPOSES = ("care", "meals")


def money_week(seed: int) -> Tables:
    """Make untimed demands of one or two fund needs, and funds that differ in turn and terms."""
    d = Dice(70_000_000 + seed)
    rows: Rows = {"actors": [{"actor_id": a, "name": a, "kind": "ngo"} for a in "AB"]}
    rows["codes"] = [{"vocabulary": "purpose", "code": p} for p in PURPOSES]
    rows["codes"] += [{"vocabulary": "cost_type", "code": c} for c in ("food", "rent")]
    rows["funds"] = [
        {
            "fund_id": f"F{k}", "actor_id": "A", "amount": d.number(1, 5),
            "spend_until": d.pick(["", "2026-10-31", "2026-12-31"]),
            "purposes": d.some(PURPOSES, 40), "cost_types": d.some(["food", "rent"], 25),
            "max_per_demand": d.maybe(25, d.number(1, 3)), "min_award": d.maybe(20, 2),
            "step": d.maybe(8, 2),
        }
        for k in range(d.number(2, 3))
    ]  # fmt: skip
    rows["demands"], rows["needs"] = [], []
    for i in range(d.number(1, 3)):
        rows["demands"].append(
            {"demand_id": f"D{i}", "actor_id": d.pick("AB"), "purpose": d.pick(PURPOSES),
             "points": d.number(1, 3)}
        )  # fmt: skip
        for k in range(1 if d.chance(75) else 2):
            quantity = d.number(1, 3)
            rows["needs"].append(
                {"need_id": f"N{i}{k}", "demand_id": f"D{i}", "kind": "fund", "quantity": quantity,
                 "minimum": d.maybe(20, 1), "cost_type": d.pick(["food", "rent"]),
                 "own_limit": d.maybe(40, d.number(1, 2))}
            )  # fmt: skip
    rows["affinities"] = [
        {"resource_id": f["fund_id"], "demand_id": e["demand_id"], "points": 1}
        for f in rows["funds"] for e in rows["demands"] if d.chance(15)
    ]  # fmt: skip
    tables = tables_of({name: found for name, found in rows.items() if found})
    package = dict(tables.package) | {"no_rows_means": {"fund": "always"}}
    return Tables(package, tables.tables, "money", units="minor")


def split_week(seed: int) -> Tables:
    """Make two demands that funds open to both pay in more ways than one."""
    d = Dice(75_000_000 + seed)
    rows: Rows = {"actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}]}
    rows["funds"] = [
        {
            "fund_id": f"F{k}", "actor_id": "A", "amount": d.number(1, 4),
            "spend_until": d.pick(["", "2026-10-31"]), "max_per_demand": d.maybe(15, 2),
            "min_award": d.maybe(15, 2),
        }
        for k in range(d.number(2, 3))
    ]  # fmt: skip
    rows["demands"] = [{"demand_id": f"D{i}", "actor_id": "A", "points": 1} for i in range(2)]
    rows["needs"] = [
        {"need_id": f"N{i}", "demand_id": f"D{i}", "kind": "fund", "quantity": d.number(2, 4),
         "cost_type": "", "own_limit": d.maybe(30, 1)}
        for i in range(2)
    ]  # fmt: skip
    tables = tables_of(rows)
    package = dict(tables.package) | {"no_rows_means": {"fund": "always"}}
    return Tables(package, tables.tables, "money", units="minor")


def money_card(seed: int) -> str:
    """Write a card that serves all it can, with or without clauses on money."""
    d = Dice(80_000_000 + seed)
    text = [
        'id = "money"', 'version = "1.0.0"', 'status = "draft"', 'title = { en = "m", zh = "钱" }',
        "[[objective]]", 'sense = "maximise"', 'terms = [{ term = "served_points", weight = 1 }]',
    ]  # fmt: skip
    if d.chance(50):
        text += ["[[objective]]", 'sense = "maximise"',
                 'terms = [{ term = "preference", weight = 1 }]']  # fmt: skip
    if d.chance(40):
        text += ["[[clause]]", 'id = "C1"', 'kind = "limit"', "may_be_empty = true",
                 'where = { need.kind = "fund" }', 'each = ["performer.id"]',
                 'measure = "money"', f'at_most = "0.0{d.number(2, 9)}"']  # fmt: skip
    if d.chance(20):
        text += ["[[clause]]", 'id = "C2"', 'kind = "award"', "may_be_empty = true",
                 'where = { need.kind = "fund" }', 'max = "0.03"']  # fmt: skip
    return "\n".join(text) + "\n"
