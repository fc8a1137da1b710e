"""Rows that set options or candidates to 0, or price their use where soft (S8.8, S8.11)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Part
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.indicators import indicator


def forbid_options(building: Building, clause: Clause, options: IntArray) -> None:
    """Set y to 0 for some options."""
    facts = building.facts
    o = facts.options
    parts: list[Part] = [
        (facts.instance.demands.ids, o.demand[options]),
        (o.ids, options.astype(np.int32)),
    ]
    _switch_off(building, clause, parts, options.astype(np.int32))


def forbid_candidates(building: Building, clause: Clause, candidates: IntArray) -> None:
    """Set x to 0 for some candidates; softly, price each one that is used."""
    model = building.model
    columns = indicator(model, candidates) if clause.soft else model.x(candidates)
    _switch_off(building, clause, model.x_parts(candidates), columns)


def _switch_off(building: Building, clause: Clause, parts: list[Part], columns: IndexArray) -> None:
    """Add column <= 0, or column - slack <= 0."""
    if not len(columns):
        return
    at = np.arange(len(columns))
    entries = [(at, columns, 1)]
    slack = None
    if clause.soft:
        most = np.minimum(building.model.upper_bounds()[columns], 1)
        slack = building.slacks(clause, parts, most)
        entries.append((at, slack, -1))
    rows = building.model.rows((clause.id,), parts, -FREE, 0, len(columns), *entries)
    if slack is not None:
        building.model.define(slack, rows, least=True)
