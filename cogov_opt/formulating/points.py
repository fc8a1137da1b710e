"""How priority, people and tags become points (convention S8.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import PointsTable
from cogov_opt.formulating.eligibility import row_any
from cogov_opt.formulating.facts import Facts


def demand_points(facts: Facts, table: PointsTable) -> IntArray:
    """Give the points of each demand: its own if given, else the card's lines added up."""
    demands = facts.instance.demands
    priority = demands.ints("priority", 3)
    found = np.zeros(len(demands), dtype=np.int64)
    for level, points in table.priority.items():
        found += np.where(priority == level, points, 0)
    for level, points in table.per_person.items():
        found += np.where(priority == level, points * demands.ints("people", 0), 0)
    tags = demands.lists("tags")
    for tag, points in table.tags.items():
        code = facts.code_index.get(("tag", tag), -9)
        found += np.where(row_any(tags, tags.values == code), points, 0)
    given = demands.ints("points")
    return np.where(given == BLANK, found, given)
