"""A menu as an answer file: what is claimed of every kind, and the weighings behind it (S16.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.justification import Explained
from cogov_opt.explaining.asking.exact import SECONDS
from cogov_opt.explaining.asking.files import AnswerFile, Weighing
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.making import menu
from cogov_opt.explaining.changes.menu import Found, Joint, Menu
from cogov_opt.explaining.changes.telling import menu_text
from cogov_opt.explaining.changes.trial import USELESS, Tried
from cogov_opt.explaining.why_not import Asked
from cogov_opt.phrases import Language
from cogov_opt.recording import Run

QUESTION = "change"


def answer_of(menu: Menu, run: Run) -> AnswerFile:
    """Give a menu as a file that can be checked without a solver."""
    weighings: list[Weighing] = []
    places: dict[int, int] = {}

    def proof(tried: Tried) -> int:
        # One proof may speak of several kinds: it stands in the file once.
        if id(tried) not in places:
            places[id(tried)] = len(weighings)
            weighings.append(tried.proof[0])
        return places[id(tried)]

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
    if menu.joint is not None:
        claim["joint"] = _joint(menu.joint, proof)
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
    if under is not None and under.proof and under.verdict in USELESS:
        told |= {"under": str(under.verdict), "under_weighing": proof(under)}
    return told


def _joint(joint: Joint, proof: Any) -> dict[str, Any]:
    """Claim what several changes do together, or that not even all of them do."""
    return {
        "parts": [[c.kind, c.target, str(c.size)] for c in joint.parts],
        "verdict": str(joint.tried.verdict),
        "weighing": proof(joint.tried),
        "cost": str(joint.cost),
        "loss": str(joint.loss),
        "dropped": list(joint.dropped),
    }


@dataclass(frozen=True)
class Advice:
    """What would let a demand be served: in words, and as a file that can be checked."""

    run: Run
    menu: Menu

    @property
    def file(self) -> AnswerFile:
        """Give the answer file."""
        return answer_of(self.menu, self.run)

    def text(self, language: Language = "en") -> str:
        """Write the answer."""
        return menu_text(self.menu, self.run, language)


def changes(source: Explained | Run, demand: str, *, seconds: float | None = SECONDS) -> Advice:
    """
    Look for the single changes that would let an unmet demand be served.

    Parameters
    ----------
    source
        A run, or a decision with its reasons.
    seconds
        The time it may take; kinds that are not reached are told as not proved either way.

    Raises
    ------
    UnsupportedError
        The demand is served or unknown, or the card's goals do not settle it (see `refuse`).
    """
    about = Asked.of(source)
    return Advice(about.run, menu(about, demand, Budget(seconds)))
