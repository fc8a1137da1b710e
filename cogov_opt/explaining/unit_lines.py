"""Exact answers about single units and points, for runs of the flow route (S10.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.certificate import Losses
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IndexArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.explaining.rebuilding import decision_of, flow_plan_of
from cogov_opt.explaining.subjects import Line
from cogov_opt.explaining.told_units import told_chances, told_units
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.proving.regrets import NOT_ASKED
from cogov_opt.proving.remedies import Remedies
from cogov_opt.proving.values import Values
from cogov_opt.recording import Run

MOST_NAMES = 10
"""Resources that are named; the rest are counted."""


@dataclass(frozen=True)
class Exact:
    """A decision whose flow makes every question about single units one of shortest ways."""

    decision: Decision
    values: Values

    @classmethod
    def of(cls, decision: Decision) -> Exact | None:
        """
        Give what can be asked of a decision; None if it is not of the flow route.

        Raises
        ------
        RecordError
            The plan is not the best there is: it is not what the flow route decided.
        """
        flow = flow_plan_of(decision)
        return None if flow is None else cls(decision, Values(flow))

    def of_resource(self, identifier: str) -> Iterator[Line]:
        """Say what one unit more of a resource would bring, and one less lose."""
        resource = list(self.decision.instance.resources.ids).index(identifier)
        more, less = self.values.more, self.values.less
        yield self._line("more", "gained", more, resource, {"resource": identifier})
        yield self._line("less", "lost", less, resource, {"resource": identifier})
        yield Line("units.sure", depth=2)

    def _line(
        self, name: str, amount: str, found: Losses, place: int, values: dict[str, str]
    ) -> Line:
        known = place < len(found.loss)
        if not known or not found.loss[place]:
            return Line(f"units.{name}_none", values, 1)
        stage = self.decision.formulation.stages[int(found.place[place])].index
        told = {amount: int(found.loss[place]), "stage": stage, "scale": 1}
        return Line(f"units.{name}", values | told, 1)

    def of_demand(self, identifier: str) -> Iterator[Line]:
        """Say what would have served a demand, or given its need more: points, single units."""
        instance = self.decision.instance
        demand = list(instance.demands.ids).index(identifier)
        (need,) = instance.needs_of.row(demand).tolist()
        f, plan = self.decision.formulation, self.decision.outcome.vector
        if plan is None:
            return
        served = bool(plan[: len(f.options)][f.options.demand == demand].any())
        mine = np.flatnonzero(f.candidates.need == need)
        given = int(plan[f.x][mine].sum())
        if not len(mine) or given >= int(Facts(instance).quantity[need]):
            return
        if not served:
            yield from self._rise(identifier, demand)
        yield from self._units(need, "_more" if given or served else "")
        yield Line("units.sure", depth=2)

    def _rise(self, identifier: str, demand: int) -> Iterator[Line]:
        """Say how many points more would have served a demand."""
        decision = self.decision
        points = demand_points(Facts(decision.instance), decision.policy.points)
        rise = int(self.values.rises(points).loss[demand])
        if rise > 0:
            yield Line("units.rise", {"demand": identifier, "points": f"{rise:,}"}, 1)
        elif rise != NOT_ASKED:
            yield Line("units.rise_none", {"demand": identifier}, 1)

    def _units(self, need: int, form: str) -> Iterator[Line]:
        """
        Name the resources of which one unit more would do.

        Of a need that another best plan gives more, only those that would make it certain.
        """
        remedies = Remedies(self.values)
        tied = bool(remedies.tied[remedies.node_of[need]])
        every, some = remedies.every(need), remedies.some(need)
        for name, found in (("every", every), ("some", some[:0] if tied else some)):
            if len(found):
                yield Line(f"units.{name}{form}", self._named(found), 1)
        if not len(every) and (tied or not len(some)):
            yield Line("units.tied" if tied else f"units.none{form}", depth=1)

    def _named(self, resources: IndexArray) -> dict[str, list[str] | int]:
        ids: Sequence[str] = self.decision.instance.resources.ids
        names = [ids[r] for r in resources[:MOST_NAMES].tolist()]
        return {"list": names, "others": len(resources) - len(names)}


def unit_lines(run: Run, kind: str, identifier: str) -> Iterator[Line]:
    """
    Give the lines about single units of a demand, need or resource of a run.

    From the run's own files where it has them (S13.8, S13.9); else, on the flow route, found anew.
    """
    if kind in RESOURCE_KINDS and run.units is not None:
        yield from told_units(run, kind, identifier)
        return
    if kind not in (*RESOURCE_KINDS, "demand", "need") or not run.has_plan:
        return
    demand = run.by_id("needs")[identifier]["demand_id"] if kind == "need" else identifier
    if kind not in RESOURCE_KINDS and run.chances is not None:
        told = [row for row in run.chances.values() if row["demand"] == demand]
        if all(row["others"] != "some" for row in told):
            yield from told_chances(run, told)
            return
    if run.header.get("route") != "flow":
        return
    exact = Exact.of(decision_of(run))
    if exact is None:
        return
    if kind in RESOURCE_KINDS:
        yield from exact.of_resource(identifier)
    else:
        yield from exact.of_demand(demand)
