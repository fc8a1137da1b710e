"""What a clause costs exactly, by solving anew without it, and who gains and loses (S16.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Explained
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import Answer
from cogov_opt.explaining.asking.apart import answered
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.asking.exact import (
    SECONDS,
    Forced,
    claim_of,
    decided,
    left_open,
    published_values,
    served,
    weighing_of,
)
from cogov_opt.explaining.asking.files import AnswerFile
from cogov_opt.explaining.asking.reaching import gives
from cogov_opt.explaining.asking.weighing import Best, Budget, best
from cogov_opt.explaining.subjects import Line, clauses_of
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating import formulate
from cogov_opt.recording import Run
from cogov_opt.solving import exact as integers

DECIDES = ("y", "x", "bought", "own")
QUESTION = "lift"


def lift(
    source: Explained | Run, clause: str, *, seconds: float | None = SECONDS, isolated: bool = True
) -> Forced:
    """
    Say what a clause costs, by solving again without it.

    Parameters
    ----------
    source
        A run, or a decision with its reasons.
    clause
        Its id. What the published plan misses of it, if it is soft, is left out of the count.

    Raises
    ------
    UnsupportedError
        There is no such clause, or the plan was made step by step.
    """
    about = Asked.of(source)
    old, vector = decided(about)
    if clause not in clauses_of(about.run):
        raise UnsupportedError(f"the card has no clause '{clause}'", code="unknown_id")
    edits = [[QUESTION, clause]]
    question = (QUESTION, clause)
    if isolated:
        told = answered(about.run, question, seconds) or left_open(edits, ())
        file = AnswerFile(about.run, question, told["claim"], told["weighings"])
        return _forced(about, clause, file)
    system = formulate(*changed(about.run, edits))
    start = carried(old, vector, system)
    giving = gives(about.decision.policy)
    published = tuple(integers.value(s.costs, start) for s in system.stages)
    if giving:
        published = published_values(about, system)
    feasible = start if integers.feasible(system, start) else None
    found = best(system, Budget(seconds), published, feasible)
    claim = claim_of(system, published, found, giving=giving)
    if isinstance(found, Best):
        before, after = served(system, start), served(system, found.plan)
        claim |= {"dropped": sorted(before - after), "gained": sorted(after - before)}
    weighing = weighing_of(edits, (), system, found, giving=giving)
    return _forced(about, clause, AnswerFile(about.run, question, claim, (weighing,)))


def _forced(about: Asked, clause: str, file: AnswerFile) -> Forced:
    """Put an answer into words."""
    told = list(lines(about.run, clause, file.claim))
    if gives(about.decision.policy) and file.claim["proven"] in ("exact", "interval", "nothing"):
        told.append(Line("exact.gives", depth=1))
    return Forced(Answer(about.run, f"{QUESTION} {clause}", "exact", tuple(told)), file)


def carried(old: Formulation, vector: IntArray, new: Formulation) -> IntArray:
    """Give a plan of one formulation as the vector of another with the same candidates."""
    plan = np.zeros(len(new.columns), np.int64)
    index = new.columns.index
    for j in np.flatnonzero(vector).tolist():
        key = old.columns.key(j)
        if key[0] in DECIDES:
            plan[index[key]] = vector[j]
    return new.completed(plan)


def lines(run: Run, clause: str, claim: Mapping[str, Any]) -> Iterator[Line]:
    """Tell what the goals gain, who gains and loses, and how sure that is."""
    proven = str(claim["proven"])
    yield Line("account.lift", {"clause": clause})
    if proven in ("exact", "interval"):
        goal = int(claim["goal"])
        gained, most = -int(claim["most"]), -int(claim["least"])
        values = {"stage": goal, "scale": 1, "gained": gained, "most": most, "before": goal - 1}
        yield Line(f"account.lift_{proven}", values, 1)
    else:
        yield Line(f"account.lift_{proven}", depth=1)
    yield from _who(run, claim.get("gained", ()), "gains")
    yield from _who(run, claim.get("dropped", ()), "loses")
    if proven in ("exact", "interval", "nothing") and not (claim["gained"] or claim["dropped"]):
        yield Line("account.exact_none", depth=1)


def _who(run: Run, demands: Sequence[str], word: str) -> Iterator[Line]:
    """Name by actor, then by group, whose demands are served besides, or no longer."""
    rows = [run.by_id("demands")[d] for d in demands]
    for side, column in (("name", "actor_id"), ("group", "group")):
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row[column], []).append(row["demand_id"])
        for name in sorted(found):
            yield Line(f"account.{side}_{word}", {side: name, "list": found[name]}, 2)
