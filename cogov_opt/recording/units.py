"""The rows of units.csv: what one unit more or less of a resource is worth (convention S13.8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogov_opt.domain.justification import UnitValue

UNIT_COLUMNS = ("resource", "change", "stage", "least", "most", "proven")


def unit_rows(units: Iterable[UnitValue]) -> list[dict[str, Any]]:
    """Give a row for each value that is not exactly 0, in the order they have."""
    return [
        {
            "resource": u.resource,
            "change": u.change,
            "stage": u.stage,
            "least": u.least,
            "most": "" if u.most is None else u.most,
            "proven": u.proven,
        }
        for u in units
    ]
