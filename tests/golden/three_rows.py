"""The instance of the golden files: two demands, three needs, and what may serve them."""

from __future__ import annotations

from functools import cache
from typing import Any

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from tests.properties.small_weeks import Rows, tables_of

ROWS: Rows = {
    "actors": [{"actor_id": a, "name": a, "kind": "ngo"} for a in ("A", "B")],
    "codes": [
        {"vocabulary": v, "code": c}
        for v, c in (("area", "north"), ("area", "south"), ("cost_type", "fares"))
    ],
    "volunteers": [
        {"volunteer_id": "V1", "actor_id": "A", "cost_per_slot": 50, "max_minutes": 150,
         "area": "north"},
        {"volunteer_id": "V2", "actor_id": "B", "buffer_minutes": 30, "max_slots": 1},
    ],
    "funds": [{"fund_id": "F1", "actor_id": "B", "amount": 500, "committed": 100,
               "max_per_demand": 300, "min_award": 100}],
    "availability": [
        {"resource_id": v, "start": f"{day} 08:00", "end": f"{day} 18:00"}
        for v, day in (("V1", "2026-09-28"), ("V2", "2026-09-28"), ("V2", "2026-09-29"))
    ],
    "agreements": [{"agreement_id": "G1", "giver_id": "B", "taker_id": "A", "kind": "volunteer",
                    "quantity": 120, "per": "week", "reference": "letter"}],
    "affinities": [
        {"resource_id": "V1", "demand_id": "D1", "points": 4, "distance": 700},
        {"resource_id": "V2", "demand_id": "D2", "points": 5, "distance": 250},
        {"resource_id": "F1", "demand_id": "D2", "points": 2},
    ],
    "demands": [
        {"demand_id": "D1", "actor_id": "A", "area": "north", "people": 8, "priority": 1},
        {"demand_id": "D2", "actor_id": "A", "area": "south", "people": 5, "priority": 2},
    ],
    "options": [
        {"demand_id": d, "option_id": o, "start": f"{day} {start}", "end": f"{day} {end}"}
        for d, o, day, start, end in (
            ("D1", "a", "2026-09-28", "09:00", "11:00"),
            ("D2", "a", "2026-09-28", "11:15", "12:00"),
            ("D2", "b", "2026-09-29", "10:00", "11:00"),
        )
    ],
    "needs": [
        {"need_id": "N1", "demand_id": "D1", "kind": "volunteer", "quantity": 1,
         "pays_for": "none"},
        {"need_id": "N2", "demand_id": "D2", "kind": "volunteer", "quantity": 2, "minimum": 1,
         "points_per_unit": 3},
        {"need_id": "N3", "demand_id": "D2", "kind": "fund", "quantity": 250, "minimum": 0,
         "pays_for": "N2", "own_limit": 40, "cost_type": "fares", "points_per_unit": 6},
    ],
    "standing": [
        {"demand_id": "D1", "option_id": "", "need_id": "N1", "resource_id": "V1", "quantity": 1,
         "status": "pinned"},
        {"demand_id": "D2", "option_id": "b", "need_id": "N3", "resource_id": "F1",
         "quantity": 120, "status": "pinned"},
    ],
}  # fmt: skip
HEAD = """
id = "golden"
version = "1.0.0"
status = "draft"
title = { en = "golden", zh = "范本" }
[points]
priority = { 1 = 10, 2 = 4 }
"""
STAGE = 'terms = [ { term = "served_points", weight = 1 } ]'
SOFT = 'firmness = "soft"; penalty = 40; stage = 1'


@cache
def instance() -> Any:
    """Check the instance once."""
    return check(tables_of(ROWS), load_policy_text(HEAD + objective("maximise", STAGE)))


def objective(sense: str, terms: str) -> str:
    """Write a stage."""
    return f'[[objective]]\nsense = "{sense}"\n{terms}\n'


def under(clause: str = "", stages: str = "") -> Formulation:
    """Build the instance under one clause, its lines with `;` between them."""
    text = HEAD + (stages or objective("maximise", STAGE))
    if clause:
        lines = "\n".join(line.strip() for line in clause.split(";"))
        text += f'[[clause]]\nid = "C"\n{lines}\n'
    return formulate(instance(), load_policy_text(text))
