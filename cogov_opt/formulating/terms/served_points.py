"""served_points: the points of every demand that is served (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.measures import options_frame
from cogov_opt.formulating.points import demand_points
from cogov_opt.formulating.selectors import select


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add points(d) to each selected y."""
    options, points = selected_points(building, term)
    building.add_cost(stage, options, sign * term.weight * points)


def selected_points(
    building: Building, term: Term, *, everyone: bool = False
) -> tuple[IndexArray, IntArray]:
    """Give the selected options and their points; 0 where all minima are 0, unless `everyone`."""
    facts = building.facts
    frame = options_frame(facts)
    mine = np.flatnonzero(select(facts, term.where, frame)).astype(np.int32)
    demand = frame.demand[mine]
    points = demand_points(facts, building.policy.points)
    if not everyone:
        points = points * facts.earns_points
    return mine, points[demand]
