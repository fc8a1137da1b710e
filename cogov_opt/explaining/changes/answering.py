"""A menu as an answer file: what is claimed of every kind, and the weighings behind it (S16.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.justification import Explained
from cogov_opt.explaining.asking.apart import Told, answered
from cogov_opt.explaining.asking.exact import SECONDS
from cogov_opt.explaining.asking.files import AnswerFile, Weighing
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.change import Change
from cogov_opt.explaining.changes.families import family
from cogov_opt.explaining.changes.making import menu, refuse, untried
from cogov_opt.explaining.changes.menu import Found, Joint, Menu
from cogov_opt.explaining.changes.telling import menu_text
from cogov_opt.explaining.changes.trial import USELESS, Tried, Verdict
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
    file: AnswerFile

    def text(self, language: Language = "en") -> str:
        """Write the answer."""
        return menu_text(self.menu, self.run, language)


def changes(
    source: Explained | Run, demand: str, *, seconds: float | None = SECONDS, isolated: bool = True
) -> Advice:
    """
    Look for the single changes that would let an unmet demand be served.

    Parameters
    ----------
    source
        A run, or a decision with its reasons.
    seconds
        The time it may take; kinds that are not reached are told as not proved either way.
    isolated
        Whether it is solved in a child process; of one that is ended from outside, what it told
        last stands, and the rest is open.

    Raises
    ------
    UnsupportedError
        The demand is served or unknown, or the card's goals do not settle it (see `refuse`).
    """
    about = Asked.of(source)
    if not isolated:
        found = menu(about, demand, Budget(seconds))
        return Advice(about.run, found, answer_of(found, about.run))
    refuse(about, demand)
    told = answered(about.run, (QUESTION, demand), seconds) or told_of(
        untried(about, demand), about.run
    )
    file = AnswerFile(about.run, (QUESTION, demand), told["claim"], told["weighings"])
    return Advice(about.run, menu_of(about, demand, told), file)


def told_here(run: Run, demand: str, seconds: float | None, save: Callable[[Told], None]) -> Told:
    """Look in this process; what is known after each kind is saved."""
    found = menu(
        Asked.of(run), demand, Budget(seconds), tell=lambda known: save(told_of(known, run))
    )
    return told_of(found, run)


def told_of(found: Menu, run: Run) -> Told:
    """Give a menu as JSON-ready values, with how many changes of each open kind are left."""
    told = answer_of(found, run).to_dict()
    return {"claim": told["claim"], "weighings": told["weighings"], "left": dict(found.open)}


def menu_of(about: Asked, demand: str, told: Told) -> Menu:
    """Give a menu as it was told, without its proofs: these stand in the file."""
    claim = told["claim"]
    found = Menu(demand, open=dict(told["left"]), absent=list(claim["absent"]))
    found.none = {kind: [] for kind in claim["none"]}
    for line in claim["changes"]:
        change = _change_of(about, demand, line["kind"], line["target"], int(line["size"]))
        tried, under = Tried(Verdict(line["verdict"])), None
        if "under" in line:
            under = Tried(Verdict(line["under"]))
        cost, loss = int(line["cost"]), int(line["loss"])
        found.found.append(Found(change, tried, under, cost, loss, tuple(line["dropped"])))
    if "joint" in claim:
        line = claim["joint"]
        parts = tuple(_change_of(about, demand, k, t, int(s)) for k, t, s in line["parts"])
        tried = Tried(Verdict(line["verdict"]))
        found.joint = Joint(
            parts, tried, int(line["cost"]), int(line["loss"]), tuple(line["dropped"])
        )
    return found


def _change_of(about: Asked, demand: str, kind: str, target: str, size: int) -> Change:
    """Find a change again by its kind, target and size."""
    group = family(about, demand, kind)
    for ladder in group.ladders:
        if ladder.made(1).target == target:
            return ladder.made(size)
    return next(change for change in group.changes if change.target == target)
