"""What a run says of itself, and the files and the draw its strategy has (convention S13.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import first_come
from .case import PROCEDURES
from .planless import WITHOUT_A_PLAN

if TYPE_CHECKING:
    from .case import Case
    from .findings import Findings
    from .reading import RunFolder

FILE = "run.json"
CARD = frozenset({"id", "version", "status", "digest"})
TEXTS = ("purpose", "prepared_by", "for_actor", "data_as_of", "route", "proof")
OPTIONS: dict[str, tuple[type, ...]] = {
    "seed": (str,), "draw": (bool,), "lots": (str,), "soften": (dict,), "tree": (bool,),
    "leaves": (int,), "cuts": (bool,), "regrets": (bool,), "variant": (str,),
    "tie_break": (str, list), "threshold": (int,),
}  # fmt: skip
PROVED = frozenset({"done", "limit", "cancelled"})
ENDED = frozenset({"optimal", "limit", "cancelled", "fault", "infeasible", "infeasible_claimed"})
OF_PRICES = ("certificate.json", "accounts.json")


def check(opened: RunFolder, findings: Findings) -> None:
    """Check that every field is of its type, and what is told of the end fits the strategy."""
    run = opened.run
    if not run:
        return
    for name in TEXTS:
        if not isinstance(run.get(name), str):
            findings.add("format", FILE, name)
    if not isinstance(run.get("supersedes"), str | None):
        findings.add("format", FILE, "supersedes")
    for name in sorted(set(run["card"]) - CARD):
        findings.add("unknown", FILE, f"card.{name}")
    for name, value in run["options"].items():
        types = OPTIONS.get(name, (object,))
        if not isinstance(value, types) or (isinstance(value, bool) and int in types):
            findings.add("format", FILE, f"options.{name}")
    _end(run, findings, stopped=opened.certificate is not None)


def _end(run: dict[str, Any], findings: Findings, *, stopped: bool) -> None:
    """Check why the search ended and how the proof did: words of runs of this kind (S13.3)."""
    words = ENDED
    if run["strategy"] in PROCEDURES:
        # That a plan calls itself infeasible is told where plans are.
        words = frozenset({"cancelled"} if stopped else {"done", *WITHOUT_A_PLAN})
    if run["termination"] not in words:
        findings.add("format", FILE, f"termination {run['termination']}")
    told = run.get("proof")
    # A word nobody knows is told where proofs are: then the verdict is incomplete.
    if told in PROVED | {""} and bool(told) != bool(run["stages"]):
        findings.add("format", FILE, f"proof {told}")


def check_files(case: Case, *, planned: bool) -> None:
    """Tell evidence of another strategy: of a procedure a trace, else prices (S13.1)."""
    digests = case.opened.digests
    wrong = [] if case.procedural and planned else ["trace.jsonl"]
    if case.procedural or not planned:
        wrong += OF_PRICES if planned else OF_PRICES[1:]
    for name in wrong:
        if name in digests:
            case.findings.add("file", name)


def check_options(case: Case) -> None:
    """Tell options of the card that the run leaves unsaid, to pass for another run (S13.3)."""
    of_card = case.card.strategy
    if case.strategy == of_card.get("name", "optimum"):
        for name in sorted(of_card.keys() - {"name"} - case.opened.run["options"].keys()):
            case.findings.add("format", FILE, f"options.{name}")


def check_draw(case: Case, *, planned: bool) -> None:
    """Tell a draw that nothing was drawn by, or one that is left out (S11.2, S14)."""
    if case.procedural and planned:
        right = _asked(case)
    elif planned:
        return
    else:
        right = False
    if right != (case.opened.run.get("draw") is not None):
        case.findings.add("draw", FILE, "draw")


def _asked(case: Case) -> bool:
    """Tell whether a procedure settles ties by a draw (S14.1, S14.2)."""
    options = case.opened.run["options"]
    if case.strategy == "pb_greedy":
        ties = options.get("tie_break", case.card.strategy.get("tie_break", []))
        return "draw" in ([ties] if isinstance(ties, str) else ties)
    came = [first_come.came(demand) for demand in case.facts.demands.values()]
    return bool({"seed", "lots"} & options.keys()) or len(set(came)) < len(came)
