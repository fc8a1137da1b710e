"""The limits of agreements: shares and quantities over a period (convention S7.5)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.agreements import is_limited
from cogov_opt.formulating.facts import SERVICE, VOLUNTEER, Facts
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.open_minutes import open_minutes
from cogov_opt.formulating.periods import Period, period_names, periods, session_entries

PERS = ("day", "week", "month", "year", "horizon")


def add_agreements(model: Model) -> None:
    """Keep what is used under each limited agreement within its limit."""
    facts, c = model.facts, model.candidates
    table = facts.instance.agreements
    for agreement in np.unique(c.agreement[c.agreement >= 0]).tolist():
        if not is_limited(facts, agreement):
            continue
        stated = int(table.ints("kind")[agreement])
        mine = np.flatnonzero(c.agreement == agreement)
        kinds = facts.need_kind[c.need[mine]]
        for kind in sorted(set(kinds.tolist())):
            suffix = () if stated >= 0 else (RESOURCE_KINDS[kind],)
            _limit(model, agreement, kind, mine[kinds == kind], suffix)


def _limit(
    model: Model, agreement: int, kind: int, mine: IntArray, suffix: tuple[str, ...]
) -> None:
    """Add one row for each period in which something may be used under an agreement."""
    facts = model.facts
    per = int(facts.instance.agreements.ints("per")[agreement])
    spans = periods(facts, PERS[per] if per >= 0 else "horizon")
    measure = "units" if kind == SERVICE else "minutes"
    entry, amount, period = session_entries(facts, model.candidates.option[mine], measure, spans)
    amount = amount if measure == "minutes" else np.ones(len(entry), dtype=np.int64)
    entry, period, amount = entry[amount > 0], period[amount > 0], amount[amount > 0]
    some, at = np.unique(period, return_inverse=True)
    most = np.array(
        [_most(facts, agreement, kind, spans[p]) for p in some.tolist()], dtype=np.int64
    )
    names = period_names(spans, some)
    prefix = ("law.agreement", facts.instance.agreements.ids[agreement])
    extra = [((s,), np.zeros(len(some), dtype=np.int32)) for s in suffix]
    model.rows(
        prefix, [names, *extra], -FREE, most, len(some), (at, model.x(mine[entry]), amount),
    )  # fmt: skip


def _most(facts: Facts, agreement: int, kind: int, period: Period) -> int:
    """Give the smaller of an agreement's quantity and its share of the giver's capacity."""
    table = facts.instance.agreements
    quantity, share = (
        int(table.ints("quantity")[agreement]),
        int(table.ints("share_percent")[agreement]),
    )
    limits = [] if quantity == BLANK else [quantity]
    if share != BLANK:
        limits.append(share * _capacity(facts, agreement, kind, period) // 100)
    return min(limits)


def _capacity(facts: Facts, agreement: int, kind: int, period: Period) -> int:
    """Add up what the giver has of a kind over a period."""
    table = facts.instance.agreements
    span = facts.span(kind)
    resource = np.arange(span.start, span.stop)
    own = facts.instance.resources.actor[span] == table.ints("giver_id")[agreement]
    named = int(table.ints("resource_id")[agreement])
    resource = resource[own & ((resource == named) if named >= 0 else True)]
    if kind == SERVICE:
        return int(facts.capacity[resource].sum())
    minutes = open_minutes(facts, kind, resource, period)
    if kind == VOLUNTEER:
        stated = facts.instance.volunteers.ints("max_minutes")[resource - span.start]
        minutes = np.where(stated == BLANK, minutes, stated)
    return int(minutes.sum())
