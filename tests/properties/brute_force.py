"""Every plan of a small formulation, and the best of them by the meaning alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.verifying import clauses, law
from cogov_opt.verifying.plan import Plan

MOST_PLANS = 40_000


def deciding(f: Formulation) -> IntArray:
    """Give the columns a plan is made of: y, x, bought and own."""
    every = np.arange(f.x.stop)
    money = [c[c >= 0] for c in (f.money.bought, f.money.own)]
    return np.concatenate((every, *money))


def plan_count(f: Formulation) -> int:
    """Give the number of plans there are within the box."""
    return int(np.prod((f.upper[deciding(f)] + 1).astype(float)))


def every_plan(f: Formulation) -> Iterator[IntArray]:
    """Give every plan within the box as a completed vector."""
    columns = deciding(f)
    for values in product(*(range(int(h) + 1) for h in f.upper[columns])):
        x = np.zeros(len(f.columns), dtype=np.int64)
        x[columns] = values
        yield f.completed(x)


def plan_of(f: Formulation, x: IntArray) -> Plan | None:
    """Give a vector as the verifier's plan; None if a demand has two options."""
    plan = Plan()
    keys = [f.columns.key(int(j)) for j in deciding(f)]
    for j, key in zip(deciding(f).tolist(), keys, strict=True):
        value = int(x[j])
        if not value:
            continue
        if key[0] == "y":
            if key[1] in plan.served:
                return None
            plan.served[key[1]] = key[2]
        elif key[0] == "x":
            plan.given[key[1], key[2], key[3], key[4]] = value
        else:
            getattr(plan, key[0])[key[1], key[2]] = value
    return plan


def means_well(facts: object, card: object, plan: Plan) -> bool:
    """Tell whether a plan keeps the law and every hard clause, by their meaning in loops."""
    return not law.holds(facts, plan) and not clauses.holds(facts, card, plan)  # type: ignore[arg-type]


def best_values(f: Formulation, facts: object, card: object) -> list[int] | None:
    """Give the values of the stages, one after the other, over all plans that mean well."""
    found: list[tuple[int, ...]] = []
    for x in every_plan(f):
        plan = plan_of(f, x)
        if plan is not None and means_well(facts, card, plan):
            found.append(tuple(s.value(x) for s in f.stages))
    if not found:
        return None
    values = []
    for k, stage in enumerate(f.stages):
        best = max(v[k] for v in found)
        values.append(best)
        if stage.objective is not None:
            floor = stage.objective.floor(best)
            found = [v for v in found if v[k] >= floor]
    return values
