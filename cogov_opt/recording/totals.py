"""What a decision adds up to: demands, people, attendances (convention S8.3, S13.3)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Allocation
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.measuring import people_reached

FUND, SERVICE = RESOURCE_KINDS.index("fund"), RESOURCE_KINDS.index("service")


def given_by_need(decision: Decision) -> dict[str, int]:
    """Give what each need got: units, or for fund needs what is bought outside."""
    instance, allocation = decision.instance, decision.allocation
    if allocation is None:
        return {}
    return dict(zip(instance.needs.ids, _given(decision, allocation).tolist(), strict=True))


def _given(decision: Decision, allocation: Allocation) -> IntArray:
    instance, c = decision.instance, decision.formulation.candidates
    total = np.zeros(len(instance.needs), dtype=np.int64)
    kind = instance.needs.ints("kind")
    units = np.flatnonzero((allocation.units > 0) & (kind[c.need] != FUND))
    np.add.at(total, c.need[units], allocation.units[units])
    np.add.at(total, decision.formulation.money.need, allocation.bought)
    return total


def people_served(decision: Decision, allocation: Allocation) -> IntArray:
    """Give the people each demand reaches: whole when served, in part with one service need."""
    needs, people = decision.instance.needs, decision.instance.demands.ints("people", 0)
    services = np.flatnonzero(needs.ints("kind") == SERVICE)
    return people_reached(
        people,
        allocation.option >= 0,
        needs.ints("demand_id")[services],
        _given(decision, allocation)[services],
        needs.ints("quantity")[services],
    )


def totals(decision: Decision) -> dict[str, int]:
    """Give the totals that run.json states (S13.3)."""
    instance, allocation = decision.instance, decision.allocation
    count = len(instance.demands)
    if allocation is None:
        return {"demands": count, "served": 0, "people": 0, "attendances": 0}
    served = allocation.option >= 0
    people = people_served(decision, allocation)
    slots = np.where(served, instance.options.slots[np.maximum(allocation.option, 0)], 0)
    return {
        "demands": count,
        "served": int(served.sum()),
        "people": int(people.sum()),
        "attendances": int((people * slots).sum()),
    }
