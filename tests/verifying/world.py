"""A town of two demands in which every plan can be listed, and what a plan looks like in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cogov_opt.verifying import formulation, law
from cogov_opt.verifying.facts import Facts
from cogov_opt.verifying.plan import Plan
from tests.verifying.tiny import agree, at, card, every_plan, facts_of

TABLES: dict[str, list[dict[str, Any]]] = {
    "actors": [
        {"actor_id": "A", "name": "A", "kind": "ngo", "area": "north"},
        {"actor_id": "B", "name": "B", "kind": "firm", "area": "south"},
    ],
    "codes": [
        {"vocabulary": v, "code": c, "parent": p}
        for v, c, p in (
            ("skill", "cook", ""), ("skill", "drive", ""), ("area", "town", ""),
            ("area", "north", "town"), ("area", "south", "town"), ("tag", "elder", ""),
            ("tag", "meal", ""), ("service_type", "meals", ""), ("unit", "portion", ""),
            ("cost_type", "goods", ""), ("cost_type", "food", "goods"),
        )
    ],
    "volunteers": [
        {
            "volunteer_id": "V1", "actor_id": "A", "skills": "cook:2", "area": "north",
            "max_slots": 2,
        },
        {"volunteer_id": "V2", "actor_id": "B", "skills": "cook;drive"},
    ],
    "availability": [
        {"resource_id": "V1", "start": at(0, "08:00"), "end": at(0, "18:00")},
        {"resource_id": "V1", "start": at(1, "08:00"), "end": at(1, "18:00")},
        {"resource_id": "V2", "start": at(0, "08:00"), "end": at(0, "18:00")},
    ],
    "services": [
        {
            "service_id": "S1", "actor_id": "A", "service_type": "meals", "unit": "portion",
            "capacity": 3,
        }
    ],
    "funds": [{"fund_id": "F1", "actor_id": "A", "amount": 2}],
    "agreements": [
        {"agreement_id": "G1", "giver_id": "B", "taker_id": "A", "reference": "contract"}
    ],
    "demands": [
        {
            "demand_id": "D1", "actor_id": "A", "area": "north", "tags": "elder;meal",
            "priority": 1, "people": 10,
        },
        {"demand_id": "D2", "actor_id": "A", "area": "south", "tags": "meal", "people": 5},
    ],
    "options": [
        {"demand_id": "D1", "option_id": "a", "start": at(0, "09:00"), "end": at(0, "11:00")},
        {"demand_id": "D1", "option_id": "b", "start": at(1, "09:00"), "end": at(1, "10:00")},
        {"demand_id": "D2", "option_id": "a", "start": at(0, "14:00"), "end": at(0, "15:00")},
    ],
    "needs": [
        {
            "need_id": "N1", "demand_id": "D1", "kind": "volunteer", "quantity": 1,
            "requires": "cook",
        },
        {"need_id": "N2", "demand_id": "D2", "kind": "service", "quantity": 2, "minimum": 1},
        {
            "need_id": "N3", "demand_id": "D2", "kind": "fund", "quantity": 2, "minimum": 0,
            "cost_type": "food",
        },
    ],
    "standing": [
        {
            "demand_id": "D1", "option_id": "", "need_id": "N1", "resource_id": "V1",
            "quantity": 1, "status": "pinned",
        },
        {
            "demand_id": "D2", "option_id": "a", "need_id": "N2", "resource_id": "S1",
            "quantity": 2, "status": "pinned",
        },
        {
            "demand_id": "D2", "option_id": "a", "need_id": "N3", "resource_id": "F1",
            "quantity": 1, "status": "published",
        },
    ],
}  # fmt: skip


class Seen:
    """What a plan of the town says: when D1 and by whom, how much D2 receives."""

    def __init__(self, plan: Plan) -> None:
        self.when = plan.served.get("D1")
        self.d1 = int("D1" in plan.served)
        self.d2 = int("D2" in plan.served)
        self.who = next((key[1] for key in plan.given if key[0] == "N1"), None)
        self.portions = plan.given.get(("N2", "S1", "a", ""), 0)
        self.money = plan.given.get(("N3", "F1", "a", ""), 0)
        self.people2 = 5 * self.portions // 2
        """D2 counts in part: 5 people, 2 portions (S8.3)."""


@cache
def town() -> Facts:
    """Read the town once."""
    return facts_of(Path(mkdtemp()), TABLES)


@cache
def every() -> tuple[Plan, ...]:
    """List every plan of the town, lawful or not."""
    return tuple(every_plan(formulation.build(town(), card())))


@cache
def lawful() -> tuple[Plan, ...]:
    """List the plans that keep the law."""
    return tuple(plan for plan in every() if not law.holds(town(), plan))


def holds_like(clause: dict[str, Any], allowed: Any) -> None:
    """Check that meaning, rows and a sentence in Python agree on every lawful plan."""
    from cogov_opt.verifying import clauses

    policy = card(clause)
    for plan in lawful():
        told = clauses.holds(town(), policy, plan)
        assert bool(allowed(Seen(plan))) == (not told), (clause, plan, told)
    agree(town(), policy, list(lawful()))
