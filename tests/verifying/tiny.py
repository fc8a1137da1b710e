"""Tiny run folders: canonical inputs from a few rows, and every plan of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from cogov_opt.domain.tables import contracts
from cogov_opt.verifying import clauses, formulation, law
from cogov_opt.verifying.facts import Facts, read_facts
from cogov_opt.verifying.plan import Plan, complete
from cogov_opt.verifying.policy import Card, card_of
from cogov_opt.verifying.priced import Key, Priced

PACKAGE: dict[str, Any] = {
    "name": "tiny", "title": "tiny", "currency": "CNY", "timezone": "Asia/Shanghai",
    "language": "en", "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    "start_moment": "2026-09-28T00:00+08:00", "no_rows_means": {}, "policy": "", "meta": {},
    "format": "folder", "units": "minor", "cogov_format": 1,
}  # fmt: skip
"""A week from Monday 28 September 2026."""

Rows = list[dict[str, Any]]


def at(day: int, clock: str) -> str:
    """Give a moment: day 0 is the Monday, clock is HH:MM."""
    date = 28 + day
    text = f"2026-09-{date:02d}" if date <= 30 else f"2026-10-{date - 30:02d}"
    return f"{text}T{clock}+08:00"


def write(folder: Path, tables: dict[str, Rows], **package: Any) -> Path:
    """Write canonical inputs; actors are made up where none are given."""
    inputs = folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    (inputs / "datapackage.json").write_text(json.dumps({**PACKAGE, **package}), "utf-8")
    named = {r["actor_id"] for rows in tables.values() for r in rows if "actor_id" in r} | {"A"}
    tables = {"actors": [{"actor_id": a, "name": a, "kind": "ngo"} for a in sorted(named)]} | tables
    for name, rows in tables.items():
        contract = contracts()[name]
        ordered = sorted(rows, key=lambda r: [str(r.get(c, "")) for c in contract.key])
        with (inputs / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(contract.fields), lineterminator="\n")
            writer.writeheader()
            writer.writerows(ordered)
    return folder


def facts_of(folder: Path, tables: dict[str, Rows], **package: Any) -> Facts:
    """Write and read."""
    return read_facts(write(folder, tables, **package))


def card(*clause: dict[str, Any], objective: Rows | None = None, **rest: Any) -> Card:
    """Give a card with these clauses and one stage that serves points."""
    stages = objective or [{"sense": "maximise", "terms": [{"term": "served_points"}]}]
    points = {"priority": {str(p): 10 for p in range(1, 6)}}
    filled = [{"id": f"C{i}", **c} for i, c in enumerate(clause, 1)]
    return card_of({"points": points, "objective": stages, "clause": filled, **rest})


def broken_rows(priced: Priced, plan: Plan) -> list[Key]:
    """Give the keys of the rows that the plan's completed columns break, bounds included."""
    values = complete(plan, priced)
    broken = [k for k, (low, high) in priced.columns.items() if not low <= values[k] <= high]
    for row in priced.rows:
        total = sum(c * values[key] for key, c in row.terms)
        if (row.lower is not None and total < row.lower) or (
            row.upper is not None and total > row.upper
        ):
            broken.append(row.key)
    return broken


def plan_of(values: dict[Key, int]) -> Plan:
    """Give the plan of the decided columns."""
    plan = Plan()
    for key, value in values.items():
        if value and key[0] == "y":
            plan.served[key[1]] = key[2]
        elif value and key[0] == "x":
            plan.given[key[1], key[2], key[3], key[4]] = value
        elif value:
            (plan.bought if key[0] == "bought" else plan.own)[key[1], key[2]] = value
    return plan


def decided(priced: Priced) -> list[Key]:
    """Give the columns a plan decides."""
    return [key for key in priced.columns if key[0] in {"y", "x", "bought", "own"}]


def every_plan(priced: Priced, most: int = 4096) -> Iterator[Plan]:
    """List every assignment of the decided columns with at most one option a demand."""
    keys = decided(priced)
    ranges = [range(priced.columns[k][0], priced.columns[k][1] + 1) for k in keys]
    size = 1
    for one in ranges:
        size *= len(one)
    assert size <= most, f"{size} plans are too many"
    for values in product(*ranges):
        found = dict(zip(keys, values, strict=True))
        served = [k[1] for k, v in found.items() if k[0] == "y" and v]
        if len(served) == len(set(served)):
            yield plan_of(found)


def agree(facts: Facts, policy: Card, plans: list[Plan] | None = None) -> tuple[int, int]:
    """
    Check on every plan that the meaning and the rows agree; give how many plans pass and fail.

    Law and clauses are judged apart, and clause rows by their exact keys.
    """
    priced = formulation.build(facts, policy)
    names = {c.id for c in policy.clauses}
    passed = failed = 0
    for plan in plans if plans is not None else every_plan(priced):
        rows = broken_rows(priced, plan)
        told = clauses.holds(facts, policy, plan)
        lawful = not law.holds(facts, plan)
        assert lawful == all(key[0] in names for key in rows), (plan, rows, law.holds(facts, plan))
        if lawful:
            assert sorted(told) == sorted(key for key in rows if key[0] in names), (plan, rows)
        passed, failed = passed + (not told and lawful), failed + bool(told and lawful)
    return passed, failed
