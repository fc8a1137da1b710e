"""The rows of units.csv and chances.csv: what single units are worth, and would have served."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cogov_opt.domain.justification import Chance, UnitValue

UNIT_COLUMNS = ("resource", "change", "stage", "least", "most", "proven")

CHANCE_COLUMNS = ("demand", "need", "rise", "units", "named", "others", "proven")


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


def chance_rows(chances: Iterable[Chance]) -> list[dict[str, Any]]:
    """Give a row for each need, in the order they have (S13.9)."""
    return [
        {
            "demand": c.demand,
            "need": c.need,
            "rise": c.rise,
            "units": "" if c.units is None else c.units,
            "named": ";".join(c.named),
            "others": c.others,
            "proven": c.proven,
        }
        for c in chances
    ]
