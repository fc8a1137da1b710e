"""A corner of a week to follow on paper: one free tutor, one purse, four demands."""

from __future__ import annotations

from typing import Any

import cogov_opt as cg
from cogov_opt.domain.justification import Explained
from cogov_opt.explaining import explain
from tests.properties.small_weeks import Rows, tables_of

CARD = """
id = "corner"
version = "1.0.0"
status = "adopted"
title = { en = "Corner", zh = "街角" }
authority = "Joint meeting"

[points]
priority = { 1 = 100, 2 = 40, 3 = 10, 4 = 5, 5 = 2 }

[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]

[[objective]]
sense = "minimise"
terms = [ { term = "cost", weight = 1 } ]

[[clause]]
id = "C01"
kind = "forbid"
where = { demand.id = "D4" }
owner = "B"
because = { en = "Not this week.", zh = "本周不办。" }
"""


def rows() -> Rows:
    """
    Give the tables.

    D1 (priority 2) and D2 (priority 3) both want the tutor V1 at ten on Monday; V2 has no skill,
    V3 has it and belongs to C, who shares with nobody. D3 wants 6 of the purse F1, which holds 4
    and is for care. D4 is forbidden.
    """
    morning = {"start": "2026-09-28 10:00", "end": "2026-09-28 11:00"}
    return {
        "actors": [
            {"actor_id": "A", "name": "A", "kind": "ngo"},
            {"actor_id": "B", "name": "B", "kind": "firm"},
            {"actor_id": "C", "name": "C", "kind": "ngo"},
        ],
        "codes": [
            {"vocabulary": "skill", "code": "tutoring", "en": "Tutoring", "zh": "课业辅导"},
            {"vocabulary": "purpose", "code": "care"},
            {"vocabulary": "cost_type", "code": "goods"},
        ],
        "volunteers": [
            {"volunteer_id": "V1", "actor_id": "A", "skills": "tutoring"},
            {"volunteer_id": "V2", "actor_id": "A", "skills": ""},
            {"volunteer_id": "V3", "actor_id": "C", "skills": "tutoring"},
        ],
        "funds": [{"fund_id": "F1", "actor_id": "B", "amount": 400, "purposes": "care"}],
        "availability": [
            {"resource_id": v, "start": "2026-09-28 09:00", "end": "2026-09-28 12:00"}
            for v in ("V1", "V2", "V3")
        ],
        "demands": [
            {"demand_id": "D1", "actor_id": "A", "priority": 2, "people": 5},
            {"demand_id": "D2", "actor_id": "A", "priority": 3, "people": 4},
            {"demand_id": "D3", "actor_id": "A", "priority": 3, "purpose": "care"},
            {"demand_id": "D4", "actor_id": "A", "priority": 3},
        ],
        "options": [{"demand_id": d, "option_id": "a"} | morning for d in ("D1", "D2", "D4")],
        "needs": [
            {"need_id": f"{d}.1", "demand_id": d, "kind": "volunteer", "quantity": 1,
             "requires": "tutoring"}
            for d in ("D1", "D2")
        ] + [
            {"need_id": "D3.1", "demand_id": "D3", "kind": "fund", "quantity": 600,
             "cost_type": "goods"},
            {"need_id": "D4.1", "demand_id": "D4", "kind": "volunteer", "quantity": 1},
        ],
    }  # fmt: skip


def decided(changed: dict[str, list[dict[str, Any]]] | None = None, card: str = CARD) -> Explained:
    """Give the decision of the corner, some tables replaced, with its reasons."""
    policy = cg.load_policy_text(card)
    instance = cg.check(tables_of(rows() | (changed or {})), policy)
    return explain(cg.allocate(instance, policy, isolation="none"))
