"""
Datasets with a conflict planted in them: hard clauses that what there is cannot keep.

Four kinds: too few people for what is guaranteed (`hall`), too little money (`budget`), one room
for activities at one time (`time`), and a clause against another one (`clauses`). Around each
conflict stand other demands, people and clauses that have nothing to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = ("hall", "budget", "time", "clauses")
PACKAGE = {
    "name": "planted", "title": "planted", "currency": "CNY", "timezone": "Asia/Shanghai",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    "no_rows_means": {"volunteer": "always", "space": "always", "fund": "always"},
}  # fmt: skip
HEAD = """
id = "planted"
version = "1.0.0"
status = "draft"
title = { en = "planted", zh = "预设" }
[points]
priority = { 1 = 10, 2 = 4, 3 = 2, 4 = 1, 5 = 1 }
[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
"""
MUST = """
[[clause]]
id = "K1"
kind = "guarantee"
where = {{ demand.tags = "must" }}
{each}
measure = "demands"
at_least = {least}
owner = "A"
"""
ONCE = """
[[clause]]
id = "K2"
kind = "limit"
where = { need.kind = "volunteer" }
each = ["volunteer.id"]
measure = "slots"
at_most = 1
owner = "B"
"""
AROUND = """
[[clause]]
id = "Z1"
kind = "guarantee"
where = { demand.tags = "easy" }
measure = "demands"
at_least = 1
owner = "B"
[[clause]]
id = "Z2"
kind = "limit"
where = { need.kind = "volunteer", demand.tags = "easy" }
each = ["volunteer.id"]
per = "day"
measure = "slots"
at_most = 3
owner = "A"
[[clause]]
id = "Z3"
kind = "guarantee"
where = { demand.tags = "easy" }
measure = "demands"
at_least_percent = 90
of = "asked"
firmness = "soft"
penalty = 3
stage = 1
"""
AGAINST = {
    "forbid": '[[clause]]\nid = "K3"\nkind = "forbid"\nowner = "B"\n'
    'where = { need.kind = "volunteer", demand.tags = "must", volunteer.tags = "guest" }\n',
    "require": '[[clause]]\nid = "K3"\nkind = "require"\nowner = "B"\n'
    'where = { need.kind = "volunteer", demand.tags = "must" }\n'
    'must = { volunteer.tags = { not = "guest" } }\n',
    "limit": '[[clause]]\nid = "K3"\nkind = "limit"\nowner = "B"\nmeasure = "slots"\n'
    'where = {{ need.kind = "volunteer", demand.tags = "must" }}\nat_most = {most}\n',
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Planted:
    """A dataset and its card, and the clauses that are planted to collide."""

    frames: dict[str, dict[str, list[Any]]]
    card: str
    clauses: frozenset[str]


def planted(kind: str, seed: int, *, size: int = 8, around: int = 6) -> Planted:
    """Plant one conflict: `size` demands in it, `around` demands beside it."""
    g = np.random.default_rng([KINDS.index(kind), seed])
    rows: dict[str, Rows] = {
        "actors": [{"actor_id": a, "name": a, "kind": "ngo"} for a in "AB"],
        "codes": [{"vocabulary": "tag", "code": c} for c in ("must", "easy", "guest")]
        + [{"vocabulary": "credential", "code": "cook"}, {"vocabulary": "space_kind",
            "code": "hall"}],
        "volunteers": [], "credentials": [], "demands": [], "needs": [],
    }  # fmt: skip
    card, clauses = _MAKERS[kind](g, rows, int(g.integers(2, size + 1)))
    _around(g, rows, around)
    frames = {name: _columns(lines) for name, lines in rows.items() if lines}
    return Planted(frames, HEAD + card + AROUND, frozenset(clauses))


def _columns(lines: Rows) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for line in lines for name in line)
    return {name: [line.get(name, "") for line in lines] for name in names}


def _volunteer(rows: dict[str, Rows], name: str, **more: Any) -> None:
    rows["volunteers"].append({"volunteer_id": name, "actor_id": "A", **more})


def _demand(rows: dict[str, Rows], name: str, tag: str, kind: str, **more: Any) -> None:
    rows["demands"].append({"demand_id": name, "actor_id": "A", "tags": tag, "people": 5})
    quantity = {} if kind == "fund" else {"quantity": 1}
    need = {"need_id": f"N{name}", "demand_id": name, "kind": kind} | quantity
    rows["needs"].append(need | more)


def _around(g: np.random.Generator, rows: dict[str, Rows], count: int) -> None:
    """Add demands that anybody can serve, and people for them."""
    for i in range(count):
        _demand(rows, f"E{i:04}", "easy", "volunteer")
        if g.random() < 0.7 or not i:
            _volunteer(rows, f"W{i:04}", max_slots=int(g.integers(1, 4)))


def _hall(g: np.random.Generator, rows: dict[str, Rows], count: int) -> tuple[str, list[str]]:
    """Plant demands that need cooks, one cook too few; each guaranteed, or so many of them."""
    cooks = count - 1
    own = bool(g.random() < 0.5)
    for i in range(cooks):
        _volunteer(rows, f"C{i:04}", **({"max_slots": 1} if own else {}))
        rows["credentials"].append({"volunteer_id": f"C{i:04}", "credential": "cook"})
    for i in range(count):
        _demand(rows, f"D{i:04}", "must", "volunteer", requires="cook")
    alone = bool(g.random() < 0.5)
    each = 'each = ["demand.id"]' if alone else ""
    text = MUST.format(each=each, least=1 if alone else count)
    return text + ("" if own else ONCE), ["K1"] if own else ["K1", "K2"]


def _budget(g: np.random.Generator, rows: dict[str, Rows], count: int) -> tuple[str, list[str]]:
    """Plant demands that cost more together than the fund holds."""
    costs = g.integers(100, 90_000, count)
    for i, cost in enumerate(costs.tolist()):
        _demand(rows, f"D{i:04}", "must", "fund", quantity=cost)
    short = int(g.integers(1, int(costs.min())))
    rows["funds"] = [{"fund_id": "F1", "actor_id": "B", "amount_fen": int(costs.sum()) - short}]
    return MUST.format(each='each = ["demand.id"]', least=1), ["K1"]


def _time(g: np.random.Generator, rows: dict[str, Rows], count: int) -> tuple[str, list[str]]:
    """Plant demands of one hour, one hall fewer than demands; some have a second time as bad."""
    rows["spaces"] = [
        {"space_id": f"S{i:04}", "actor_id": "B", "space_kind": "hall"} for i in range(count - 1)
    ]
    rows["agreements"] = [
        {"agreement_id": "G1", "giver_id": "B", "taker_id": "*", "reference": "minutes 1"}
    ]
    rows["options"] = []
    for i in range(count):
        _demand(rows, f"D{i:04}", "must", "space", requires="hall")
        start = int(g.integers(0, 30))
        times = [f"2026-09-28 09:{start:02}", f"2026-09-28 10:{start:02}"]
        row = {"demand_id": f"D{i:04}", "option_id": "o", "start": times[0], "end": times[1]}
        rows["options"].append(row)
    return MUST.format(each='each = ["demand.id"]', least=1), ["K1"]


def _clauses(g: np.random.Generator, rows: dict[str, Rows], count: int) -> tuple[str, list[str]]:
    """Plant a guarantee against a ban, a requirement or a limit."""
    way = ("forbid", "require", "limit")[int(g.integers(3))]
    for i in range(count):
        guest = {"tags": "guest"} if i == 0 and way != "limit" else {}
        _volunteer(rows, f"C{i:04}", max_slots=1, **guest)
        rows["credentials"].append({"volunteer_id": f"C{i:04}", "credential": "cook"})
        _demand(rows, f"D{i:04}", "must", "volunteer", requires="cook")
    text = AGAINST[way].format(most=count - 1) if way == "limit" else AGAINST[way]
    return MUST.format(each="", least=count) + text, ["K1", "K3"]


_MAKERS = {"hall": _hall, "budget": _budget, "time": _time, "clauses": _clauses}
