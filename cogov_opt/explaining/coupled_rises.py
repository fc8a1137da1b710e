"""The rises in points that could not have won, from what serving a demand loses (S10.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Chance, Justification
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points


def coupled_chances(decision: Decision, records: Iterable[Justification]) -> list[Chance]:
    """Give a row for each unmet need whose record proves that small rises could not have won."""
    if any(o.give_percent or o.give_points for o in decision.policy.objectives):
        return []
    rises = _Rises(decision)
    found = (
        Chance(record.about["demand"], record.about["need"], rise, None, (), "", "bound")
        for record in records
        if record.type == "unmet" and (rise := rises.of(record))
    )
    return sorted(found, key=lambda c: (c.demand, c.need))


class _Rises:
    """What a point of each demand is worth at every stage."""

    def __init__(self, decision: Decision) -> None:
        self.decision, f = decision, decision.formulation
        self.points = demand_points(Facts(decision.instance), decision.policy.points)
        self.index = decision.instance.demands.index
        self.demand = f.options.demand
        self.served = set(self.demand[np.flatnonzero(self._plan()[: len(f.options)])].tolist())

    def _plan(self) -> IntArray:
        plan = self.decision.outcome.vector
        return np.zeros(len(self.demand), np.int64) if plan is None else plan

    def of(self, record: Justification) -> str:
        """Give the smallest rise that is not ruled out, `none` if all are, blank if nothing is."""
        low = int(record.values.get("low", 0))
        demand = self.index[record.about["demand"]]
        points = int(self.points[demand])
        if low <= 0 or points <= 0 or demand in self.served:
            return ""
        for stage, weight in self._weights(demand, points):
            if stage == record.values["stage"]:
                return _written(low, weight)
            if weight > 0:
                return ""
        return ""

    def _weights(self, demand: int, points: int) -> Iterator[tuple[int, int]]:
        """Give for each stage the most that a point more brings at any option."""
        mine = np.flatnonzero(self.demand == demand)
        for stage in self.decision.formulation.stages:
            yield stage.index, -(-int(stage.costs[mine].max(initial=0)) // points)


def _written(low: int, weight: int) -> str:
    """Write the least rise that makes up for a loss; blank where it is a single point."""
    if not weight:
        return "none"
    least = -(-low // weight)
    return str(least) if least > 1 else ""
