"""The rows of regrets.csv: what every other decision of a flow would lose (S10.9, S13.7)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision

REGRET_COLUMNS = (
    "demand", "option", "need", "resource", "agreement", "given", "change", "stage", "loss",
)  # fmt: skip
CHANGES = ("more", "less")
NO_PLAN, NOT_ASKED = -1, -2


def regret_rows(decision: Decision) -> list[dict[str, Any]]:
    """Give a row for one unit more and one less of every candidate that may have it, sorted."""
    evidence, plan = decision.evidence, decision.outcome.vector
    if not isinstance(evidence, Certificate) or evidence.regrets is None or plan is None:
        return []
    abouts = _abouts(decision)
    given = plan[decision.formulation.x].tolist()
    stages = [str(s.index) for s in decision.formulation.stages]
    found = []
    for change, losses in zip(CHANGES, evidence.regrets, strict=True):
        places, lost = losses.place.tolist(), losses.loss.tolist()
        for about, units, place, loss in zip(abouts, given, places, lost, strict=True):
            if loss != NOT_ASKED:
                none = loss == NO_PLAN
                told = (str(units), change, "" if none else stages[place], "" if none else loss)
                found.append(dict(zip(REGRET_COLUMNS, (*about, *told), strict=True)))
    keys = (*REGRET_COLUMNS[:5], "change")
    return sorted(found, key=lambda row: [row[k] for k in keys])


def _abouts(decision: Decision) -> list[tuple[str, ...]]:
    """Name every candidate: demand, option, need, resource, agreement."""
    c, instance = decision.formulation.candidates, decision.instance
    demands, options = instance.demands.ids, instance.options
    needs, resources, agreements = (
        list(ids) for ids in (instance.needs.ids, instance.resources.ids, instance.agreements.ids)
    )
    rows = zip(
        options.demand[c.option].tolist(), c.option.tolist(), c.need.tolist(),
        c.resource.tolist(), c.agreement.tolist(), strict=True,
    )  # fmt: skip
    return [
        (demands[d], options.ids[o], needs[n], resources[r], "" if g < 0 else agreements[g])
        for d, o, n, r, g in rows
    ]
