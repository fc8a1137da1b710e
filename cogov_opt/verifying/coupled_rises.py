"""The rises in points that could not have won, from the records of unmet needs (S10.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, measures
from .flow_units import Chance

if TYPE_CHECKING:
    from .case import Case


def rises(case: Case) -> list[Chance]:
    """
    Give a row for each need whose record proves that small rises could not have won.

    The records are taken as they stand: what they prove is checked where they are.
    """
    if any(stage.give_percent or stage.give_points for stage in case.priced.stages):
        return []
    found = []
    for line in case.opened.records:
        record = canonical.decode(line)
        if record["type"] == "unmet" and record["about"]["demand"] not in case.plan.served:
            rise = _rise(case, record)
            if rise:
                about = record["about"]
                found.append(Chance(about["demand"], about["need"], rise, None, (), "", "bound"))
    return found


def _rise(case: Case, record: dict[str, Any]) -> str:
    """Give the smallest rise that is not ruled out, `none` if all are, blank if nothing is."""
    values = record["values"]
    demand = case.facts.demands[record["about"]["demand"]]
    points, low = measures.points(case.card.points, demand), values.get("low", 0)
    if low <= 0 or points <= 0:
        return ""
    for stage in case.priced.stages:
        costs = (stage.costs.get(("y", demand.id, option), 0) for option in demand.options)
        weight = -(-max(0, *costs) // points)
        if stage.index == values["stage"]:
            least = -(-low // weight) if weight else 0
            return "none" if not weight else str(least) if least > 1 else ""
        if weight:
            return ""
    return ""
