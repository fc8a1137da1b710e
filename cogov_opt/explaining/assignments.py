"""Why each assignment was made (convention S12.3)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.bans import clauses_on_columns
from cogov_opt.explaining.plan import Plan
from cogov_opt.explaining.prices import Prices


def record_id(letter: str, number: int) -> str:
    """Write the id of a record: `A-000001`."""
    return f"{letter}-{number:06d}"


def subjects(plan: Plan) -> list[dict[str, str]]:
    """Tell what each assignment record is about, in their order; no agreement, no entry."""
    c, instance, used = plan.candidates, plan.instance, plan.assigned
    demands, needs = instance.demands.ids, instance.needs.ids
    options, resources = instance.options.ids, instance.resources.ids
    agreements = instance.agreements.ids
    columns = zip(
        plan.facts.need_demand[c.need[used]].tolist(), c.option[used].tolist(),
        c.need[used].tolist(), c.resource[used].tolist(), c.agreement[used].tolist(),
        strict=True,
    )  # fmt: skip
    return [
        {
            "demand": demands[d],
            "option": options[o],
            "need": needs[n],
            "resource": resources[r],
            **({"agreement": agreements[g]} if g >= 0 else {}),
        }
        for d, o, n, r, g in columns
    ]


def explain_assignments(plan: Plan, prices: Prices) -> list[Justification]:
    """Give one record for each candidate in use."""
    reasons = _reasons(plan, prices)
    return [
        Justification(
            record_id("A", i),
            "assignment",
            about,
            code,
            values,
            "exact" if code == "pinned" else plan.proven(code, values),
        )
        for i, (about, (code, values)) in enumerate(
            zip(subjects(plan), reasons, strict=True), start=1
        )
    ]


def _reasons(plan: Plan, prices: Prices) -> list[tuple[str, dict[str, Any]]]:
    """Give code and values of each assignment, in record order."""
    columns = plan.assigned + len(plan.instance.options)
    pinned, names = clauses_on_columns(plan.decision.formulation, plan.decision.policy, ("pin",))
    value = prices.value[columns]
    takes_from = prices.brings(columns)
    shares = prices.shares(columns, plan.allocation.units[plan.assigned])
    rows = zip(
        pinned[columns].tolist(), plan.drawn[columns].tolist(),
        prices.decisive[columns].tolist(), value.tolist(),
        takes_from.tolist(), shares.tolist(), strict=True,
    )  # fmt: skip
    found: list[tuple[str, dict[str, Any]]] = []
    for clause, drawn, place, v, brings, share in rows:
        if clause >= 0:
            found.append(("pinned", {"clause": names[clause]}))
        elif drawn:
            found.append(("tie_draw", {"seed": plan.seed}))
        else:
            stage, scale = prices.scale(place) if v else prices.last
            found.append(_priced(stage, scale, v, brings, share))
    return found


def _priced(stage: int, scale: int, v: int, brings: int, share: int) -> tuple[str, dict[str, Any]]:
    """Give code and values of an assignment at its decisive stage, or level at the last."""
    if v < 0:
        return "gap", {"stage": stage, "share": share, "scale": scale}
    takes = brings - v
    values = {"stage": stage, "brings": brings, "takes": takes, "margin": v, "scale": scale}
    return "at_prices", values
