"""What single units are worth on a flow, exactly, and what would have served its short needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cogov_opt.domain.certificate import Losses
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.justification import Chance, UnitValue
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.proving.paths import NO_WAY
from cogov_opt.proving.regrets import NOT_ASKED, FlowPlan
from cogov_opt.proving.remedies import Remedies
from cogov_opt.proving.values import Values

MOST_NAMES = 10
"""Resources that are named for a need; the rest are counted."""


def flow_units(decision: Decision, flow: FlowPlan) -> tuple[list[UnitValue], list[Chance]]:
    """Give every value that is not 0, and the chances of every short need that has a candidate."""
    values = Values(flow)
    found = [*_values(decision, "more", values.more), *_values(decision, "less", values.less)]
    return (
        sorted(found, key=lambda u: (u.resource, u.change)),
        sorted(_chances(decision, values), key=lambda c: (c.demand, c.need)),
    )


def _values(decision: Decision, change: str, found: Losses) -> Iterator[UnitValue]:
    """Give the values of one change that are not 0."""
    ids, stages = decision.instance.resources.ids, decision.formulation.stages
    for resource in np.flatnonzero(found.loss).tolist():
        worth, stage = int(found.loss[resource]), stages[int(found.place[resource])].index
        yield UnitValue(ids[resource], change, stage, worth, worth, "exact")


def _chances(decision: Decision, values: Values) -> Iterator[Chance]:
    """Give what would have served each need that is short, in no order."""
    f, instance, plan = decision.formulation, decision.instance, decision.outcome.vector
    if plan is None:
        return
    facts, c = Facts(instance), decision.formulation.candidates
    given = np.zeros(len(instance.needs), dtype=np.int64)
    np.add.at(given, c.need, plan[f.x])
    short = np.unique(c.need[(given < facts.quantity)[c.need]])
    remedies = Remedies(values)
    rises = values.rises(demand_points(facts, decision.policy.points)).loss.tolist()
    helping: dict[int, list[int]] = {}
    for resource, node in enumerate(remedies.certain.tolist()):
        helping.setdefault(node, []).append(resource)
    demands, needs, resources = instance.demands.ids, instance.needs.ids, instance.resources.ids
    demand_of = instance.needs.ints("demand_id")
    for need in short.tolist():
        node, demand = remedies.node_of[need], int(demand_of[need])
        every = helping.get(node, [])
        named = tuple(resources[r] for r in every[:MOST_NAMES])
        others = "some" if remedies.possible[node] else "none"
        others = "tied" if remedies.tied[node] else "" if every else others
        rise = _rise(rises[demand])
        yield Chance(demands[demand], needs[need], rise, len(every), named, others, "exact")


def _rise(found: int) -> str:
    """Write the rise of a demand: blank where none is asked for, `none` where none would do."""
    return {NOT_ASKED: "", NO_WAY: "none"}.get(found, str(found))
