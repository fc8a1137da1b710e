"""Resources nobody uses, and why."""

from __future__ import annotations

from cogov_opt.explaining.subjects import owner_of
from cogov_opt.reporting.overview.parts import Named, Unused
from cogov_opt.reporting.overview.reasons import Reasons
from cogov_opt.reporting.view import View


def unused(view: View, reasons: Reasons) -> tuple[Unused, ...]:
    """Give the unused resources in the order of their records."""
    found = []
    for about, reason in reasons.all_of("unused"):
        resource = about["resource"]
        owner = owner_of(view.run, resource)
        found.append(
            Unused(
                resource=Named(resource, view.name(resource)),
                kind=view.names.get(f"kind {resource}", ""),
                giver=Named(owner, view.name(owner)),
                reason=reason,
            )
        )
    return tuple(found)
