"""max_min_share: the smallest share any group gets of what it asks, in basis points (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.grouping import group
from cogov_opt.formulating.measures import items, own_base

WHOLE = 10_000


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add a level that no group's share may be under, and its weight."""
    model, facts = building.model, building.facts
    measure = term.measure or "demands"
    need = own_base(model, "asked", measure, term.where, term.each, building.policy.points)
    keys = sorted(k for k, total in need.items() if total > 0)
    level = model.columns(("level", str(stage)), [], np.array([WHOLE]))
    building.add_cost(stage, level, sign * term.weight)
    found = items(model, measure, term.where, building.policy.points)
    if not keys:
        model.define(level, np.zeros(0, dtype=np.int64), least=False)
        return
    place = {k: i for i, k in enumerate(keys)}
    groups = group(facts, found.frame, term.each)
    row = np.array([place.get(k, -1) for k in groups.keys] or [-1], dtype=np.int64)[groups.group]
    mine = row >= 0
    item = groups.item[mine]
    names = [sorted({k[i] for k in keys}) for i in range(len(keys[0]))]
    parts = [
        (n, np.array([n.index(k[i]) for k in keys], dtype=np.int32)) for i, n in enumerate(names)
    ]
    every = np.arange(len(keys))
    rows = model.rows(
        ("term.level", str(stage)), parts, -FREE, 0, len(keys),
        (every, np.repeat(level, len(keys)), np.array([need[k] for k in keys])),
        (row[mine], found.column[item], -WHOLE * found.amount[item]),
    )  # fmt: skip
    model.define(level, rows, least=False)
