"""units_points: points for every unit given, from the first (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IndexArray
from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.candidates import slot_of, slot_pairs
from cogov_opt.formulating.facts import FUND
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select
from cogov_opt.formulating.sets import slot_parts, slot_total


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add points_per_unit to each selected x; for money, to whole major units."""
    model, facts = building.model, building.facts
    each = facts.instance.needs.ints("points_per_unit", 0)
    need = model.candidates.need
    mine = np.flatnonzero(select(facts, term.where, candidates_frame(model)) & (each[need] > 0))
    money = facts.need_kind[need[mine]] == FUND
    goods = mine[~money]
    building.add_cost(stage, model.x(goods), sign * term.weight * each[need[goods]])
    columns = _major_columns(building)
    slots = slot_of(facts, need, model.candidates.option)[mine[money]]
    some, first = np.unique(slots, return_index=True)
    worth = each[need[mine[money][first]]]
    building.add_cost(stage, columns[some], sign * term.weight * worth)


def _major_columns(building: Building) -> IndexArray:
    """Give the columns `["major", n, o]` by slot, made when first needed; else -1."""
    model, facts, c = building.model, building.facts, building.model.candidates
    if ("major",) in model.made:
        return model.made["major",]
    each = facts.instance.needs.ints("points_per_unit", 0)
    needs = np.flatnonzero((facts.need_kind == FUND) & (each > 0))
    need, option = slot_pairs(facts, needs)
    slots = slot_of(facts, c.need, c.option)
    row = np.full(slot_total(facts), -1)
    row[slot_of(facts, need, option)] = np.arange(len(need))
    mine = np.flatnonzero(row[slots] >= 0)
    top = np.zeros(len(need), dtype=np.int64)
    np.add.at(top, row[slots[mine]], c.cap[mine])
    parts = slot_parts(facts, need, option)
    made = model.columns(("major",), parts, top // 100)
    rows = model.rows(
        ("law.set", "major"), parts, 0, FREE, len(need),
        (row[slots[mine]], model.x(mine), 1), (np.arange(len(need)), made, -100),
    )  # fmt: skip
    model.define(made, rows, least=False)
    found = np.full(slot_total(facts), -1, dtype=np.int32)
    found[slot_of(facts, need, option)] = made
    model.made["major",] = found
    return found
