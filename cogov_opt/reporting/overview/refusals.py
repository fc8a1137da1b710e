"""Demands not served, by reason: what they have in common, what tells each apart, and who."""

from __future__ import annotations

from collections.abc import Mapping

from cogov_opt.phrases.reasons import reason_detail, reason_short
from cogov_opt.reporting.overview.parts import DemandAccount, Refusals
from cogov_opt.reporting.refused import Record, by_reason, head_text, who_texts
from cogov_opt.reporting.view import View


def by_reason_told(view: View, demands: Mapping[str, DemandAccount]) -> tuple[Refusals, ...]:
    """Put the demands not served together by their main reason."""
    mains = [view.run.records[d.reason.record] for d in demands.values() if d.reason]
    return tuple(_group(view, demands, records) for records in by_reason(mains))


def _group(view: View, demands: Mapping[str, DemandAccount], records: list[Record]) -> Refusals:
    """Tell one reason and the demands it holds for."""
    tell = reason_detail if len(records) > 1 else reason_short
    return Refusals(
        code=records[0]["code"],
        head=head_text(view, records, "unserved"),
        demands=tuple(
            (demands[r["about"]["demand"]], tell(r, view.names, view.currency, view.language))
            for r in records
        ),
        who=tuple(who_texts(view, records)),
    )
