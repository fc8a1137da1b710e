"""EXPLAIN: from the evidence of a decision to reason codes and values (convention S12)."""

from __future__ import annotations

from cogov_opt.domain.certificate import Certificate, Trace
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.justification import Explained, Justification
from cogov_opt.explaining.assignments import explain_assignments
from cogov_opt.explaining.plan import plan_of
from cogov_opt.explaining.prices import Prices
from cogov_opt.explaining.traces import explain_trace
from cogov_opt.explaining.unmet import explain_unmet
from cogov_opt.explaining.unused import explain_unused


def explain(decision: Decision) -> Explained:
    """
    Say for every assignment, unmet need and unused resource why it is so.

    Parameters
    ----------
    decision
        Any decision. Without a plan there is nothing to justify and the list is empty.

    Returns
    -------
    Explained
        The decision with its records, in the order of their ids (S12.1).
    """
    plan = plan_of(decision)
    records: list[Justification] = []
    if plan is not None and isinstance(decision.evidence, Trace):
        records = explain_trace(plan, decision.evidence)
    elif plan is not None and isinstance(decision.evidence, Certificate):
        prices = Prices.of(decision.formulation, decision.evidence)
        records = [
            *explain_assignments(plan, prices),
            *explain_unmet(plan, prices),
            *explain_unused(plan, prices),
        ]
    return Explained(decision, tuple(sorted(records, key=lambda r: r.record)))


__all__ = ["explain"]
