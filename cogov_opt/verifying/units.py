"""units.csv: what one unit more or less of a resource is worth (convention S10.11, S13.8)."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from . import coupled_units
from .reading import UNITS

if TYPE_CHECKING:
    from .case import Case
    from .coupled_units import Worth

FILE = "units.csv"
MOST_CANDIDATES = 200_000


def has_values(case: Case) -> bool:
    """Tell whether a run holds such a file: a coupled plan's, of no more candidates than that."""
    count = sum(1 for key in case.priced.columns if key[0] == "x")
    return bool(case.proofs) and case.opened.run.get("route") == "coupled" and (
        count <= MOST_CANDIDATES
    )  # fmt: skip


def check(case: Case) -> None:
    """Compare every row with the one that prices, trees and plan give."""
    told = case.opened.units
    if not has_values(case):
        if told is not None:
            case.findings.add("unit", FILE)
        return
    if told is None:
        case.findings.add("file", FILE)
        return
    for row, right in zip_longest(told, _rows(coupled_units.values(case))):
        if row != right:
            shown = right or row or {}
            case.findings.add("unit", FILE, f"{shown.get('resource')} {shown.get('change')}")


def _rows(found: list[Worth]) -> list[dict[str, str]]:
    return [
        dict(zip(UNITS, (
            one.resource, one.change, str(one.stage), str(one.least),
            "" if one.most is None else str(one.most), one.proven,
        ), strict=True))
        for one in sorted(found, key=lambda w: (w.resource, w.change))
    ] if found else []  # fmt: skip
