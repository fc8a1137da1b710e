"""A menu as an answer file: what is claimed of every kind, and the weighings behind it (S16.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cogov_opt.explaining.asking.files import AnswerFile, Weighing
from cogov_opt.explaining.changes.menu import Found, Menu
from cogov_opt.explaining.changes.trial import Tried, Verdict
from cogov_opt.recording import Run

QUESTION = "change"
TOLD = (Verdict.SERVED, Verdict.POSSIBLE, Verdict.LEVEL)


def answer_of(menu: Menu, run: Run) -> AnswerFile:
    """Give a menu as a file that can be checked without a solver."""
    weighings: list[Weighing] = []

    def proof(tried: Tried) -> int:
        weighings.append(tried.proof[0])
        return len(weighings) - 1

    changes = [_change(found, proof) for found in menu.told]
    none = {
        kind: [proof(tried) for tried in tries if tried.proof] for kind, tries in menu.none.items()
    }
    claim = {
        "changes": changes,
        "none": none,
        "open": sorted(menu.open),
        "absent": sorted(menu.absent),
    }
    return AnswerFile(run, (QUESTION, menu.demand), claim, tuple(weighings))


def _change(found: Found, proof: Any) -> dict[str, Any]:
    """Claim one change: its verdict, what it costs and whom, and what one size less does."""
    told: dict[str, Any] = {
        "kind": found.change.kind,
        "target": found.change.target,
        "size": str(found.change.size),
        "verdict": str(found.tried.verdict),
        "weighing": proof(found.tried),
        "cost": str(found.cost),
        "loss": str(found.loss),
        "dropped": list(found.dropped),
    }
    under = found.under
    if under is not None and under.proof and under.verdict in (Verdict.NOT_SERVED, Verdict.LEVEL):
        told |= {"under": str(under.verdict), "under_weighing": proof(under)}
    return told


def files(menus: Sequence[Menu], run: Run) -> dict[str, AnswerFile]:
    """Give the answer file of each menu by the demand it is about."""
    return {menu.demand: answer_of(menu, run) for menu in menus}
