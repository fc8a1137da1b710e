"""units.csv and chances.csv: what single units are worth (convention S10.9, S10.11, S13.8)."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from . import coupled_rises, coupled_units
from .flow_units import Units
from .reading import CHANCES, UNITS

if TYPE_CHECKING:
    from .case import Case
    from .coupled_units import Worth
    from .flow_units import Chance
    from .reading import Line

FILE, CHANCES_FILE = "units.csv", "chances.csv"
MOST_CANDIDATES = 200_000


def check(case: Case) -> None:
    """Compare every row with the one that evidence and plan give."""
    flow = case.opened.run.get("route") == "flow"
    if not case.proofs or _many(case) or (flow and not case.exact):
        check_none(case)
        return
    if not flow:
        _compare(case, FILE, case.opened.units, _rows(coupled_units.values(case)))
        _compare(case, CHANCES_FILE, case.opened.chances, _chance_rows(coupled_rises.rises(case)))
        return
    units = Units(case)
    _compare(case, FILE, case.opened.units, _rows(units.values()))
    _compare(case, CHANCES_FILE, case.opened.chances, _chance_rows(units.chances()))


def check_none(case: Case) -> None:
    """Tell whichever of the files stands in a run that cannot hold it."""
    _compare(case, FILE, case.opened.units, None)
    _compare(case, CHANCES_FILE, case.opened.chances, None)


def _many(case: Case) -> bool:
    return sum(1 for key in case.priced.columns if key[0] == "x") > MOST_CANDIDATES


def _compare(case: Case, file: str, told: list[Line] | None, right: list[Line] | None) -> None:
    if told is None or right is None:
        if told is not None or right is not None:
            case.findings.add("file" if told is None else "unit", file)
        return
    for row, expected in zip_longest(told, right):
        if row != expected:
            shown = list((expected or row or {}).values())
            case.findings.add("unit", file, " ".join(shown[:2]))


def _rows(found: list[Worth]) -> list[Line]:
    values = (
        (w.resource, w.change, str(w.stage), str(w.least), "" if w.most is None else str(w.most),
         w.proven)
        for w in sorted(found, key=lambda w: (w.resource, w.change))
    )  # fmt: skip
    return [dict(zip(UNITS, line, strict=True)) for line in values]


def _chance_rows(found: list[Chance]) -> list[Line]:
    values = (
        (c.demand, c.need, c.rise, "" if c.units is None else str(c.units), ";".join(c.named),
         c.others, c.proven)
        for c in sorted(found, key=lambda c: (c.demand, c.need))
    )  # fmt: skip
    return [dict(zip(CHANCES, line, strict=True)) for line in values]
