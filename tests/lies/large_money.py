"""Weeks of sets with amounts near 2e9, on which a float solver has told a false optimum."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.loaded import Tables
from cogov_opt.solving.backends import highs
from cogov_opt.solving.problem import Problem, Work
from tests.properties.small_weeks import CODES, Dice, Rows, tables_of

CARD = """
id = "money"
version = "1.0.0"
status = "draft"
title = { en = "money", zh = "资金" }
[points]
priority = { 1 = 90, 2 = 72, 3 = 51, 4 = 33, 5 = 14 }
per_person = { 1 = 1 }
[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
[strategy]
name = "optimum"
draw = false
"""
PURPOSES = ("care", "meals", "sport", "culture")
TIMES = [
    tuple(f"2026-09-{28 + k // 2} {hour + 3 * (k % 2):02d}:00" for hour in (9, 11))
    for k in range(6)
]


def money_week(seed: int, unit: int, size: int, *, rich: bool = False) -> Tables:
    """Make a week of sets; every amount is a whole number of `unit`; rich: two paid needs each."""
    d = Dice(60_000_000 + seed)
    rows: Rows = {"actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}]}
    rows["codes"] = [{"vocabulary": "skill", "code": s} for s in CODES["skill"]]
    rows["codes"] += [{"vocabulary": "purpose", "code": p} for p in PURPOSES]
    rows["volunteers"] = [
        {"volunteer_id": f"V{i:02}", "actor_id": "A", "skills": d.some(["sew", "drive"], 50),
         "max_slots": d.number(1, 3)}
        for i in range(size)
    ]  # fmt: skip
    rows["availability"] = [
        {"resource_id": v["volunteer_id"], "start": start, "end": end}
        for v in rows["volunteers"] for start, end in TIMES if d.chance(45)
    ]  # fmt: skip
    for name in ("demands", "options", "needs"):
        rows[name] = []
    if rich:
        for volunteer in rows["volunteers"]:
            volunteer["cost_per_slot"] = d.number(0, 2) * unit
    asked = sum(_demand(d, rows, i, unit, rich=rich) for i in range(size))
    rows["funds"] = [
        {"fund_id": f"F{k}", "actor_id": "A", "amount": int(asked * 0.55 / 5) // unit * unit,
         "purposes": ";".join(sorted({d.pick(PURPOSES) for _ in range(2)}))}
        for k in range(5)
    ]  # fmt: skip
    tables = tables_of(rows)
    package = dict(tables.package) | {"no_rows_means": {"fund": "always"}}
    return Tables(package, tables.tables, "money", units="minor")


def _demand(d: Dice, rows: Rows, i: int, unit: int, *, rich: bool) -> int:
    name = f"D{i:02}"
    rows["demands"].append(
        {"demand_id": name, "actor_id": "A", "priority": d.number(1, 5),
         "people": d.number(2, 60), "purpose": d.pick(PURPOSES)}
    )  # fmt: skip
    times = sorted({d.number(0, len(TIMES) - 1) for _ in range(d.number(1, 3))})
    rows["options"] += [
        {"demand_id": name, "option_id": f"o{k}", "start": TIMES[k][0], "end": TIMES[k][1]}
        for k in times
    ]  # fmt: skip
    amount = d.number(2, 40) * unit
    rows["needs"].append(
        {"need_id": f"N{i:02}0", "demand_id": name, "kind": "volunteer",
         "quantity": d.number(1, 4), "requires": d.pick(["", "", "sew", "drive"]),
         "pays_for": "none"}
    )  # fmt: skip
    paid = f"N{i:02}5" if rich else ""
    if rich:
        rows["needs"].append(
            {"need_id": paid, "demand_id": name, "kind": "volunteer", "quantity": d.number(1, 2)}
        )
    rows["needs"].append(
        {"need_id": f"N{i:02}9", "demand_id": name, "kind": "fund", "quantity": amount,
         "pays_for": paid}
    )  # fmt: skip
    return amount


def as_it_stands(f: Formulation, seconds: float = 20) -> tuple[float, float] | None:
    """Give the value and bound HiGHS calls optimal with money as whole columns, unscaled."""
    stage = f.stages[0]
    upper = np.where(f.row_upper >= FREE, np.inf, f.row_upper.astype(float))
    lower = np.where(f.row_lower <= -FREE, -np.inf, f.row_lower.astype(float))
    problem = Problem(
        costs=stage.costs.astype(float), lower=f.lower.astype(float), upper=f.upper.astype(float),
        row_lower=lower, row_upper=upper, starts=f.matrix.starts.astype(np.int32),
        columns=f.matrix.columns, values=f.matrix.values.astype(float),
        integral=np.ones(len(stage.costs), np.int32),
    )  # fmt: skip
    answer = highs.solve(problem, Work(seconds=seconds, gap=0.5))
    if answer.status != "optimal" or answer.point is None or answer.bound is None:
        return None
    return float(stage.costs @ np.rint(answer.point)), answer.bound
