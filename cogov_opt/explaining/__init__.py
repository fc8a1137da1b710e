"""EXPLAIN: from the evidence of a decision to reason codes and values (convention S12)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from cogov_opt.domain.certificate import Certificate, Trace
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.justification import Explained, Justification
from cogov_opt.explaining.accounts import accounts_of
from cogov_opt.explaining.assignments import explain_assignments
from cogov_opt.explaining.losses import with_losses
from cogov_opt.explaining.plan import plan_of
from cogov_opt.explaining.prices import Prices
from cogov_opt.explaining.single_units import units_of
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
    with _collector_paused():
        records = _records(decision)
        accounts = accounts_of(decision)
        units, chances = units_of(decision, records)
    ordered = tuple(sorted(records, key=lambda r: r.record))
    return Explained(decision, ordered, accounts, units, chances)


def _records(decision: Decision) -> list[Justification]:
    """Give the records in no order."""
    plan = plan_of(decision)
    if plan is not None and isinstance(decision.evidence, Trace):
        return explain_trace(plan, decision.evidence)
    if plan is None or not isinstance(decision.evidence, Certificate):
        return []
    prices = Prices.of(decision.formulation, decision.evidence)
    records = [
        *explain_assignments(plan, prices),
        *explain_unmet(plan, prices),
        *explain_unused(plan, prices),
    ]
    if decision.outcome.route != "coupled":
        return records
    return with_losses(plan, decision.evidence, records)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Let no search for cycles run: there are none, and it doubles the time of many records."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


__all__ = ["explain"]
