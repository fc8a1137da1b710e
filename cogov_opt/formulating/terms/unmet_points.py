"""unmet_points: the points of every demand that is not served (S9.1)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.terms.served_points import selected_points


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add the constant total of the selected demands, less points(d) on each y."""
    options, points = selected_points(building, term, everyone=True)
    building.add_cost(stage, options, -sign * term.weight * points)
    demand, first = np.unique(building.facts.options.demand[options], return_index=True)
    total = int(points[first].sum()) if len(demand) else 0
    building.constants[stage] = building.constants.get(stage, 0) + sign * term.weight * total
