"""The whole check of an answer file (convention S16.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import canonical, formulation
from ..plan import nonzero, plan_of
from ..reading_tables import read_rows
from . import repairs
from .chains import AnswerError, Asked, read_plan
from .changes import Changes
from .edits import changed
from .exact import exact_claim, with_moves
from .families import Ground
from .reaching import gives, read_bounds

if TYPE_CHECKING:
    from pathlib import Path

    from ..findings import Findings
    from ..priced import Key
    from ..reading import RunFolder

FORMAT = 1
MOST_WEIGHINGS = 1000
FIELDS = frozenset({"answer", "run_id", "root", "question", "claim", "weighings"})
ERRORS = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, StopIteration,
    RecursionError, OSError, MemoryError,
)  # fmt: skip


def check(opened: RunFolder, root: str, file: Path, findings: Findings) -> None:
    """Re-check an answer about a run whose root is known; what is wrong becomes a finding."""
    name = file.name
    try:
        told = canonical.decode(file.read_bytes())
        _check(opened, root, told)
    except AnswerError as error:
        findings.add(error.code, name, str(error))
    except ERRORS as error:
        findings.add("answer", name, type(error).__name__)


def _check(opened: RunFolder, root: str, told: dict[str, Any]) -> None:
    if told["answer"] is True or told["answer"] != FORMAT or set(told) - FIELDS:
        raise AnswerError("unknown", str(told["answer"]))
    if told["root"] != root or told["run_id"] != opened.run["run_id"]:
        raise AnswerError("answer", "another run")
    question = told["question"]
    if not isinstance(question, list) or not all(isinstance(word, str) for word in question):
        raise AnswerError("answer", "question")
    if len(told["weighings"]) > MOST_WEIGHINGS:
        raise AnswerError("answer", "more weighings than there may be")
    asked = [_weighing(opened, raw, question[0]) for raw in told["weighings"]]
    if question[0] == "change":
        _changes(opened, question, told, asked)
        return
    claim = _claim(opened, question, told, asked)
    if canonical.encode(claim) != canonical.encode(told["claim"]):
        raise AnswerError("answer_claim", " ".join(question))


def _weighing(opened: RunFolder, raw: dict[str, Any], question: str) -> Asked:
    """Build the changed system of one weighing and work out its plan and chain."""
    if set(raw) - {"reached"} != {"edits", "ask", "plan", "chain"}:
        raise AnswerError("unknown", "weighing")
    try:
        facts, card = changed(opened, raw["edits"])
        priced = formulation.build(facts, card)
    except AnswerError:
        raise
    except ERRORS as error:
        raise AnswerError("answer_edit", str(error)) from None
    found = Asked(priced, raw["ask"], {})
    if "reached" in raw and not gives(priced):
        raise AnswerError("unknown", "reached")
    if raw["plan"] is not None:
        read_plan(found, raw["plan"])
    read_bounds(found, raw, question)
    return found


def _changes(
    opened: RunFolder, question: list[str], told: dict[str, Any], asked: list[Asked]
) -> None:
    """Check a menu of changes against the families of the unchanged inputs."""
    facts, card = changed(opened, [])
    unchanged = formulation.build(facts, card)
    published = nonzero(plan_of(opened.allocation, facts), unchanged)
    if len(question) != 2:
        raise AnswerError("answer", "question")
    at = Ground(facts, card, question[1], read_rows(opened.folder / "inputs" / "availability.csv"))
    menu = Changes(at, published, told["weighings"], asked, unchanged)
    menu.check(told["claim"])


def _claim(
    opened: RunFolder, question: list[str], told: dict[str, Any], asked: list[Asked]
) -> dict[str, Any]:
    """Give what the weighings prove of the question."""
    if question == ["mend"]:
        return repairs.claim(opened, told, asked)
    if question[0] == "lift":
        only, alone = told["weighings"], len(question) == 2 and len(asked) == 1
        if not alone or only[0]["ask"] or only[0]["edits"] != [question]:
            raise AnswerError("answer", "question")
        return _exact(opened, asked[0])[0]
    if question[0] in ("use", "serve", "leave", "without"):
        only = told["weighings"]
        if len(asked) != 1 or only[0]["edits"] or only[0]["ask"] != question:
            raise AnswerError("answer", "question")
        claim, published = _exact(opened, asked[0])
        return with_moves(claim, told["claim"], asked[0], published)
    raise AnswerError("unknown", question[0])


def _exact(opened: RunFolder, asked: Asked) -> tuple[dict[str, Any], dict[Key, int]]:
    """Give what one weighing proves against the run, and the columns of its plan."""
    priced = asked.priced
    published = nonzero(plan_of(opened.allocation, priced.facts), priced)
    own = (opened.certificate or {})["plans"] if gives(priced) else []
    return exact_claim(asked, published, own), published
