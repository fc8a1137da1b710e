"""What a benchmark says: one figure a phase, with its rival and its target where it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One figure of a case.

    `rival` is what it is measured against; `target` what it has to reach, at most or `at_least`;
    without a target it is only told. `value` is None where it could not be measured.
    """

    case: str
    phase: str
    value: float | None
    unit: str
    rival: str = ""
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Tell whether the target was reached; None where there is none, or no figure."""
        if self.target is None or self.value is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def to_dict(self) -> dict[str, Any]:
        """Give the figure as JSON-ready values."""
        return {
            "case": self.case, "phase": self.phase, "rival": self.rival, "value": self.value,
            "unit": self.unit, "target": self.target, "at_least": self.at_least,
            "met": self.met, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """How a case is to be run: how often, and whether in a size that takes seconds only."""

    runs: int = 5
    tiny: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the registry: its name, what it measures, and what runs it."""

    name: str
    about: str
    run: Callable[[Ask], list[Figure]]


def table(figures: list[Figure]) -> str:
    """Write figures as an aligned table, a line each."""
    head = ("case", "phase", "against", "figure", "target", "", "note")
    rows = [head, *(_cells(f) for f in figures)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cells(f: Figure) -> tuple[str, ...]:
    sign = ">=" if f.at_least else "<="
    target = "" if f.target is None else f"{sign} {number(f.target)}"
    verdict = {True: "met", False: "LOST", None: ""}[f.met]
    shown = "-" if f.value is None else f"{number(f.value)} {f.unit}"
    return f.case, f.phase, f.rival, shown, target, verdict, f.note


def number(value: float) -> str:
    """Write a number: whole ones as such, others with three figures or so."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{4 if abs(value) >= 10 else 3}g}"
