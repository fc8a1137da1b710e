"""The fixed week of the clause cases, its eight plans, and the four judges that must agree."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import Instance
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.verifying import clauses, formulation, law
from cogov_opt.verifying.facts import Facts
from cogov_opt.verifying.feasibility import broken_rows, outside
from cogov_opt.verifying.plan import Plan, complete
from cogov_opt.verifying.policy import card_of
from tests.properties.both_sides import verifier_side
from tests.properties.small_weeks import Rows, tables_of

CODES = (
    ("skill", "cook", ""), ("skill", "drive", ""), ("tag", "elder", ""), ("tag", "meal", ""),
    ("tag", "vetted", ""), ("language", "yue", ""), ("area", "town", ""),
    ("area", "north", "town"), ("area", "south", "town"), ("group", "all", ""),
    ("group", "old", "all"), ("purpose", "care", ""), ("purpose", "meals", "care"),
    ("cost_type", "goods", ""), ("cost_type", "food", "goods"), ("feature", "stove", ""),
    ("space_kind", "kitchen", ""), ("service_type", "lunch", ""), ("unit", "portion", ""),
)  # fmt: skip
OPEN = [
    {"resource_id": r, "start": f"{day} 08:00", "end": f"{day} 18:00"}
    for r in ("V1", "V2", "R")
    for day in ("2026-09-28", "2026-09-29", "2026-10-03")
]
ROWS: Rows = {
    "actors": [
        {"actor_id": "A", "name": "A", "kind": "ngo", "area": "north"},
        {"actor_id": "B", "name": "B", "kind": "firm", "area": "south"},
    ],
    "codes": [{"vocabulary": v, "code": c, "parent": p} for v, c, p in CODES],
    "volunteers": [
        {"volunteer_id": "V1", "actor_id": "A", "skills": "cook:2", "tags": "vetted",
         "languages": "yue", "area": "north", "max_slots": 3, "max_minutes": 300},
        {"volunteer_id": "V2", "actor_id": "B", "skills": "cook;drive"},
    ],
    "spaces": [{"space_id": "R", "actor_id": "A", "space_kind": "kitchen", "seats": 20,
                "features": "stove"}],
    "services": [{"service_id": "S1", "actor_id": "A", "service_type": "lunch",
                  "unit": "portion", "capacity": 6}],
    "funds": [
        {"fund_id": "F1", "actor_id": "A", "amount": 500},
        {"fund_id": "F2", "actor_id": "B", "amount": 300, "groups": "all", "purposes": "care"},
    ],
    "availability": OPEN,
    "agreements": [
        {"agreement_id": g, "giver_id": "B", "taker_id": "A", "kind": "volunteer",
         "quantity": 600, "per": "week", "reference": "letter"} for g in ("G1", "G2")
    ],
    "demands": [
        {"demand_id": "D1", "actor_id": "A", "area": "north", "group": "old",
         "tags": "elder;meal", "people": 10, "priority": 1},
        {"demand_id": "D2", "actor_id": "B", "performer_id": "A", "area": "south", "group": "all",
         "tags": "meal", "people": 5, "purpose": "meals"},
        {"demand_id": "D3", "actor_id": "B", "priority": 2, "purpose": "care", "group": "all"},
    ],
    "options": [
        {"demand_id": d, "option_id": o, "start": f"{day} {start}", "end": f"{day} {end}"}
        for d, o, day, start, end in (
            ("D1", "a", "2026-09-28", "09:00", "11:00"),
            ("D1", "b", "2026-09-29", "09:00", "10:00"),
            ("D1", "b", "2026-10-03", "09:00", "10:00"),
            ("D2", "a", "2026-09-28", "14:00", "15:00"),
            ("D2", "b", "2026-10-01", "14:00", "15:00"),
        )
    ],
    "needs": [
        {"need_id": "N1", "demand_id": "D1", "kind": "volunteer", "quantity": 1,
         "requires": "cook"},
        {"need_id": "N2", "demand_id": "D1", "kind": "space", "quantity": 1, "minimum": 0},
        {"need_id": "N3", "demand_id": "D2", "kind": "service", "quantity": 4, "minimum": 1},
        {"need_id": "N4", "demand_id": "D2", "kind": "fund", "quantity": 300, "minimum": 0,
         "cost_type": "food", "own_limit": 100, "pays_for": "N3"},
        {"need_id": "N6", "demand_id": "D3", "kind": "fund", "quantity": 200},
    ],
    "standing": [
        {"demand_id": d, "option_id": o, "need_id": n, "resource_id": r, "quantity": q,
         "status": s}
        for d, o, n, r, q, s in (
            ("D1", "", "N1", "V1", 1, "pinned"), ("D1", "b", "N1", "V2", 1, "pinned"),
            ("D1", "b", "N2", "R", 1, "pinned"), ("D2", "a", "N3", "S1", 4, "pinned"),
            ("D2", "a", "N4", "F1", 200, "pinned"), ("D3", "", "N6", "F2", 200, "published"),
        )
    ],
}  # fmt: skip
"""
Monday 28 September to Sunday 4 October 2026. D1: Monday 09-11, or Tuesday and Saturday 09-10; a
cook, perhaps a kitchen. D2: Monday or Thursday 14-15; one to four portions, perhaps money. D3: no
time; 2.00. V2 is the firm's, under either of two limited agreements. Amounts are minor units.
"""

PLANS = {
    "z": "",
    "a": "D1@a N1=V1:1",
    "b": "D1@b N1=V2:1/G1 N2=R:1",
    "c": "D2@a N3=S1:4 N4=F1:200",
    "d": "D2@b N3=S1:1 N4=F2:100",
    "e": "D3@ N6=F2:200",
    "f": "D1@a N1=V2:1/G2 N2=R:1 D2@a N3=S1:2 N4=F1:300",
    "g": "D1@b N1=V1:1 D2@b N3=S1:4 N4=F1:100 N4=own:100 D3@ N6=F1:200",
}
"""
What each plan comes to:

=====  =======  ==========  =======  =====  =====  ===========  ======  ====
plan   demands  people      points   units  slots  minutes      money   uses
=====  =======  ==========  =======  =====  =====  ===========  ======  ====
z      0        0           0        0      0      0            0       0
a      D1       10          13       1      1      120 Mo       0       1
b      D1       10          13       2      4      120 Tu + Sa  0       2
c      D2       5           7        4      0      0            2.00    2
d      D2       1 (of 4)    7        1      0      0            1.00    2
e      D3       0           5        0      0      0            2.00    1
f      D1 D2    10 + 2      20       4      2      240 Mo       3.00    4
g      all      10 + 5      25       5      2      60 Tu + Sa   3.00    4
=====  =======  ==========  =======  =====  =====  ===========  ======  ====

Own money is nobody's award. An untimed demand falls on Monday 28 September.
"""

HEAD = """
id = "week"
version = "1.0.0"
status = "draft"
title = { en = "week", zh = "一周" }
[points]
priority = { 1 = 10, 2 = 5, 3 = 2, 4 = 1, 5 = 1 }
per_person = { 3 = 1 }
tags = { elder = 3 }
[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]
[[objective]]
sense = "minimise"
terms = [ { term = "cost", weight = 1 } ]
[[clause]]
id = "C"
"""
"""Points: D1 10 + 3, D2 2 + 5 people, D3 5. Nothing costs anything but what is bought."""

PENALTY = 7


def card_text(kind: str, body: str, *, soft: bool = False) -> str:
    """Write a card of one clause; `body` is its lines with `;` between them."""
    firm = f'firmness = "soft"\npenalty = {PENALTY}\nstage = 2\n' if soft else ""
    lines = "\n".join(line.strip() for line in body.split(";"))
    return f'{HEAD}kind = "{kind}"\nmay_be_empty = true\n{firm}{lines}\n'


@cache
def week() -> tuple[Instance, Facts]:
    """Read the week once on both sides."""
    card = load_policy_text(card_text("pin", ""))
    instance = check(tables_of(ROWS), card)
    with TemporaryDirectory() as folder:
        return instance, verifier_side(instance, card, Path(folder))[0]


@cache
def plan(name: str) -> Plan:
    """Read one of the named plans."""
    found, option = Plan(), ""
    for word in PLANS[name].split():
        if "@" in word:
            demand, _, option = word.partition("@")
            found.served[demand] = option
            continue
        need, _, rest = word.partition("=")
        resource, _, amount = rest.partition(":")
        units, _, agreement = amount.partition("/")
        if resource == "own":
            found.own[need, option] = int(units)
        else:
            found.given[need, resource, option, agreement] = int(units)
    for need in ("N4", "N6"):
        for option in ("a", "b", ""):
            paid = sum(u for (n, _, o, _), u in found.given.items() if (n, o) == (need, option))
            paid += found.own.get((need, option), 0)
            if paid:
                found.bought[need, option] = paid
    return found


def vector(f: Formulation, chosen: Plan) -> Any:
    """Give a plan as the completed vector of a built formulation."""
    x = np.zeros(len(f.columns), dtype=np.int64)
    for demand, option in chosen.served.items():
        x[f.columns.index["y", demand, option]] = 1
    for candidate, units in chosen.given.items():
        x[f.columns.index[("x", *candidate)]] = units
    for family in ("bought", "own"):
        for place, amount in getattr(chosen, family).items():
            x[f.columns.index[(family, *place)]] = amount
    return f.completed(x)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What three judges say of a plan: the row keys broken, and the slack used on both sides."""

    built: tuple[Key, ...]
    told: tuple[Key, ...]
    rows: tuple[Key, ...]
    slack: int
    slack_told: int


class Judged:
    """One clause over the week, built by the builder and by the verifier."""

    def __init__(self, kind: str, body: str, *, soft: bool = False) -> None:
        text = card_text(kind, body, soft=soft)
        instance, self.facts = week()
        self.built = formulate(instance, load_policy_text(text))
        self.card = card_of(tomllib.loads(text))
        self.priced = formulation.build(self.facts, self.card)

    def keys(self) -> set[Key]:
        """Give the keys of the clause's rows; both sides must have the same."""
        every = {self.built.rows.key(i) for i in range(len(self.built.rows))}
        mine = {key for key in every if key[0] == "C"}
        assert mine == {row.key for row in self.priced.rows if row.key[0] == "C"}
        return mine

    def verdict(self, name: str) -> Verdict:
        """Judge one named plan, which the law itself allows."""
        chosen, f, p = plan(name), self.built, self.priced
        assert not law.holds(self.facts, chosen), name
        x = vector(f, chosen)
        values = complete(chosen, p)
        assert values == {f.columns.key(j): int(x[j]) for j in range(len(x))}
        assert not outside(p.columns, values)
        clause = self.card.clauses[0]
        slack = [j for j in range(len(x)) if f.columns.key(j)[0] == "slack"]
        return Verdict(
            tuple(sorted(f.violated(x))),
            tuple(sorted(clauses.holds_one(self.facts, self.card, clause, chosen))),
            tuple(sorted(row.key for row in broken_rows(p.rows, values))),
            sum(int(x[j]) for j in slack),
            sum(amount for key, amount in values.items() if key[0] == "slack"),
        )

    def broken(self) -> str:
        """Name the plans a hard clause refuses, the three judges being of one mind."""
        found = []
        for name in PLANS:
            v = self.verdict(name)
            assert v.built == v.told == v.rows, (name, v)
            found += [name] * bool(v.told)
        return " ".join(found)

    def slacks(self) -> dict[str, int]:
        """Give the slack each plan uses under a soft clause, with its price in stage 2 alone."""
        found = {}
        for name in PLANS:
            v = self.verdict(name)
            assert not v.built, (name, v.built)
            assert not v.rows, (name, v.rows)
            assert v.slack == v.slack_told
            self._priced_in_stage_two(name, v.slack)
            found[name] = v.slack
        return found

    def _priced_in_stage_two(self, name: str, slack: int) -> None:
        """Stage 2 minimises what is bought: its stated value grows by the penalty (S9.3)."""
        points = {"a": 13, "b": 13, "c": 7, "d": 7, "e": 5, "f": 20, "g": 25}.get(name, 0)
        bought = sum(plan(name).bought.values())
        x = vector(self.built, plan(name))
        stages = self.built.stages
        assert stages[0].value(x) == points
        assert stages[1].stated(stages[1].value(x)) == bought + PENALTY * slack
