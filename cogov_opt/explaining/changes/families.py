"""Which changes of each kind there are for a demand (convention S16.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.explaining.changes.change import Change, Family, Ladder
from cogov_opt.explaining.changes.failing import agreement_family, earmark_family, skill_family
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating.facts import FUND

Row = dict[str, str]
SHIFTS = (
    -120,
    -60,
    -30,
    30,
    60,
    120,
    *(1440 * d for d in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)),
)
"""By how many minutes an option may be moved: within the day, or to another day at its hour."""
COPIED = (
    ("availability", "resource_id"), ("credentials", "volunteer_id"), ("affinities", "resource_id"),
)  # fmt: skip
MORE = "+1"
"""The end of the id of one more like another."""


def family(about: Asked, demand: str, kind: str) -> Family:
    """Give every change of a kind that could be made for a demand."""
    return _FAMILIES[kind](about, demand)


def _priority(about: Asked, demand: str) -> Family:
    """Raise the priority, level by level; a demand with points of its own has none to raise."""
    row = about.run.by_id("demands")[demand]
    level = int(row["priority"] or 3)
    if row["points"] or level == 1:
        return Family("priority")

    def made(size: int) -> Change:
        edit = ["set", "demands", [demand], "priority", str(level - size)]
        return Change("priority", demand, [edit], "", {"priority": level - size}, size)

    return Family("priority", ladders=[Ladder(level - 1, made)])


def _unit(about: Asked, demand: str) -> Family:
    """One more like a person or space there is, or more units of a service."""
    kinds = {n["kind"] for n in about.run.table("needs") if n["demand_id"] == demand}
    changes, ladders = [], []
    for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True):
        if kind not in kinds or kind == "fund":
            continue
        for row in about.run.table(table):
            if kind == "service":
                ladders.append(_more_units(about, demand, row))
            else:
                changes.append(_one_more(about, kind, table, row))
    return Family("unit", changes, ladders)


def _more_units(about: Asked, demand: str, row: Row) -> Ladder:
    """Give more units of a service: at most what the demand asks for."""
    name, capacity = row["service_id"], int(row["capacity"])
    most = sum(
        int(n["quantity"])
        for n in about.run.table("needs")
        if n["demand_id"] == demand and n["kind"] == "service"
    )
    use = max(
        [int(a["use_units"] or 1) for a in about.run.table("affinities")
         if (a["resource_id"], a["demand_id"]) == (name, demand)] or [1]
    )  # fmt: skip

    def made(size: int) -> Change:
        edit = ["set", "services", [name], "capacity", str(capacity + size)]
        return Change("unit", name, [edit], row["actor_id"], {"number": size}, size)

    return Ladder(max(most * use, 1), made)


def _one_more(about: Asked, kind: str, table: str, row: Row) -> Change:
    """Give one more like a person or space, with its times, credentials, affinities, agreements."""
    name = row[f"{kind}_id"]
    twin = name + MORE
    fresh = {c: v for c, v in row.items() if v} | {f"{kind}_id": twin}
    fresh.pop("part_of", None)
    edits: list[list[object]] = [["add", table, fresh]]
    for other, column in COPIED:
        for copied in about.run.table(other):
            if copied[column] == name:
                told = {c: v for c, v in copied.items() if v} | {column: twin}
                edits.append(["add", other, told])
    for copied in about.run.table("agreements"):
        if copied["resource_id"] == name:
            told = {c: v for c, v in copied.items() if v}
            told |= {"agreement_id": copied["agreement_id"] + MORE + twin, "resource_id": twin}
            edits.append(["add", "agreements", told])
    return Change("unit", name, edits, row["actor_id"], {"number": 1}, 1)


def _option(about: Asked, demand: str) -> Family:
    """Move an option of the demand, all its sessions alike, within the horizon."""
    options: dict[str, list[Row]] = {}
    for row in about.run.table("options"):
        if row["demand_id"] == demand and row["start"]:
            options.setdefault(row["option_id"], []).append(row)
    horizon = about.run.package["horizon"]
    known = {_times(rows, 0) for rows in options.values()}
    changes = []
    for option, rows in options.items():
        for shift in SHIFTS:
            times = _times(rows, shift)
            inside = all(
                horizon["start"] <= t[:10] < horizon["end"] for pair in times for t in pair
            )
            if times in known or not inside:
                continue
            known.add(times)
            name = f"~{option}{shift:+d}"
            edits = [
                ["add", "options", {"demand_id": demand, "option_id": name, "start": s, "end": e}]
                for s, e in times
            ]
            owner = about.run.by_id("demands")[demand]["actor_id"]
            values = {"from": option, "start": times[0][0], "end": times[0][1]}
            changes.append(Change("option", name, edits, owner, values))
    return Family("option", changes)


def _times(rows: list[Row], shift: int) -> tuple[tuple[str, str], ...]:
    """Give the sessions of an option, moved by some minutes, as canonical moments."""
    return tuple(
        (_moved(r["start"], shift), _moved(r["end"], shift))
        for r in sorted(rows, key=lambda r: r["start"])
    )


def _moved(moment: str, shift: int) -> str:
    """Give a moment some minutes later."""
    moved = datetime.fromisoformat(moment) + timedelta(minutes=shift)
    return moved.isoformat(timespec="minutes")


def _amount(about: Asked, demand: str) -> Family:
    """More money in a fund that may pay for the demand: at most all it could have to pay."""
    plan = about.plan
    facts, c = plan.facts, plan.candidates
    owner = plan.instance.demands.index[demand]
    mine = facts.need_demand[c.need] == owner
    funds = facts.need_kind == FUND
    top = int(facts.quantity[(facts.need_demand == owner) & funds].sum())
    dearest = np.zeros(len(facts.quantity), np.int64)
    np.maximum.at(dearest, c.need[mine], c.unit_cost[mine])
    top += int((dearest * facts.quantity).sum())
    payers = sorted(set(c.resource[mine & funds[c.need]].tolist()))
    rows = [about.run.by_id("funds")[plan.instance.resources.ids[r]] for r in payers]
    return Family("amount", ladders=[_more_money(row, top) for row in rows if top > 0])


def _more_money(row: Row, most: int) -> Ladder:
    name, amount = row["fund_id"], int(row["amount"])

    def made(size: int) -> Change:
        edit = ["set", "funds", [name], "amount", str(amount + size)]
        return Change("amount", name, [edit], row["actor_id"], {"amount": size}, size)

    return Ladder(most, made)


def _clause(about: Asked, demand: str) -> Family:
    """Lift a clause of the card."""
    del demand
    clauses = about.decision.policy.clauses
    return Family(
        "clause", [Change("clause", c.id, [["lift", c.id]], c.owner or "") for c in clauses]
    )


def kinds_of(about: Asked, demand: str) -> Iterator[Family]:
    """Give the family of every kind, in order."""
    for kind in _FAMILIES:
        yield family(about, demand, kind)


_FAMILIES = {
    "priority": _priority, "unit": _unit, "skill": skill_family, "option": _option,
    "agreement": agreement_family, "earmark": earmark_family, "amount": _amount, "clause": _clause,
}  # fmt: skip
