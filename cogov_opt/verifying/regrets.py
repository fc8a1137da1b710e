"""regrets.csv: every loss it tells, found anew (convention S10.9, S13.7)."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from .losses import losses
from .reading import REGRETS

if TYPE_CHECKING:
    from .case import Case

FILE = "regrets.csv"


def may_be_there(case: Case) -> bool:
    """Tell whether a run can hold such a file: it was asked for, and there is a flow's plan."""
    run = case.opened.run
    return run.get("route") == "flow" and run["options"].get("regrets") is True


def check(case: Case) -> None:
    """Compare the file, which is there iff asked for, with a search of the plan's own graph."""
    told = case.opened.regrets
    if not may_be_there(case):
        return
    if told is None:
        case.findings.add("regret", FILE)
        return
    if not case.exact:
        case.findings.add("regret", FILE, "not a flow without a gap")
        return
    for row, right in zip_longest(told, _rows(case)):
        if row != right:
            shown = right or row or {}
            case.findings.add("regret", FILE, " ".join(shown.get(c) or "" for c in REGRETS[:7]))


def _rows(case: Case) -> list[dict[str, str]]:
    """Give the rows there should be, in order."""
    found = []
    for (key, change), (place, lost) in losses(case).items():
        _, need, resource, option, agreement = key
        stage = "" if lost is None else str(case.priced.stages[place].index)
        values = (
            case.facts.needs[need].demand, option, need, resource, agreement,
            str(case.values.get(key, 0)), change, stage, "" if lost is None else str(lost),
        )  # fmt: skip
        found.append(dict(zip(REGRETS, values, strict=True)))
    return sorted(found, key=lambda row: [row[c] for c in REGRETS[:5]] + [row["change"]])
