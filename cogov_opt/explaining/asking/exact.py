"""What forcing one decision costs, by solving anew with it forced, and proof (convention S16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Explained
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import Answer
from cogov_opt.explaining.asking.apart import Told, answered
from cogov_opt.explaining.asking.asks import Ask, asked
from cogov_opt.explaining.asking.edits import Edit
from cogov_opt.explaining.asking.files import AnswerFile, Weighing
from cogov_opt.explaining.asking.reaching import Reach, gives, reached_by
from cogov_opt.explaining.asking.weighing import Best, Budget, best
from cogov_opt.explaining.exchanges import Ties, exchange_lines
from cogov_opt.explaining.subjects import Line
from cogov_opt.explaining.why_not import Asked
from cogov_opt.proving.ceilings import Ceiling
from cogov_opt.recording import Run
from cogov_opt.solving import exact as integers

SECONDS = 60.0
"""The time an exact answer may take unless the caller says otherwise."""


@dataclass(frozen=True)
class Forced:
    """An exact answer: its lines for people, and the file that proves it."""

    answer: Answer
    file: AnswerFile


def exact(
    source: Explained | Run, ask: Ask, *, seconds: float | None = SECONDS, isolated: bool = True
) -> Forced:
    """
    Say what it would cost to force one decision, by solving again with it forced.

    Parameters
    ----------
    source
        A run, or a decision with its reasons.
    ask
        `use RESOURCE [DEMAND]`, `serve DEMAND [OPTION]`, `leave DEMAND` or `without RESOURCE`.
    seconds
        The time it may take. Where it ends first the answer is an interval, and says so.
    isolated
        Whether it is solved in a child process; one that is ended from outside leaves it open.

    Raises
    ------
    UnsupportedError
        Nothing could do what is asked, or a procedure decided: its steps are the reason.
    """
    about = Asked.of(source)
    formulation, vector = decided(about)
    system = asked(formulation, about.decision.instance, ask)
    if isolated:
        told = answered(about.run, ask, seconds) or left_open([], ask)
        return _forced(about, AnswerFile(about.run, ask, told["claim"], told["weighings"]))
    swapped = _exchanged(about, system, ask)
    if swapped is not None:
        return swapped
    published = published_values(about, formulation)
    start = vector if integers.feasible(system, vector) else None
    found = best(system, Budget(seconds), published, start)
    giving = gives(about.decision.policy)
    claim = claim_of(formulation, published, found, giving=giving)
    claim |= _others(about, formulation, found)
    weighing = weighing_of((), ask, formulation, found, giving=giving)
    return _forced(about, AnswerFile(about.run, ask, claim, (weighing,)))


def _forced(about: Asked, file: AnswerFile) -> Forced:
    """Put an answer into words."""
    ask = tuple(file.question)
    told = tuple(lines(ask, file.claim, giving=gives(about.decision.policy)))
    return Forced(Answer(about.run, " ".join(ask), "exact", told), file)


def published_values(about: Asked, system: Formulation) -> tuple[int, ...]:
    """Give what a run is held against, goal by goal (S16.4; where goals give, S16.8)."""
    decision = about.decision
    if gives(decision.policy):
        return reached_by(about.run, decision, system)
    _, vector = decided(about)
    return tuple(integers.value(stage.costs, vector) for stage in system.stages)


def weighing_of(
    edits: Sequence[Edit], ask: Ask, formulation: Formulation, found: Best | Ceiling | None,
    *, giving: bool,
) -> Weighing:  # fmt: skip
    """Give the weighing of what was found: a plan with what bounds all others, or no plan."""
    if not isinstance(found, Best):
        return Weighing(edits, ask, formulation, None, () if found is None else (found,))
    if not giving:
        return Weighing(edits, ask, formulation, found.plan, found.chain)
    told = zip(formulation.stages, found.own, found.chain, strict=False)
    return Weighing(edits, ask, formulation, found.plan, (), [Reach(*line) for line in told])


def _exchanged(about: Asked, system: Formulation, ask: Ask) -> Forced | None:
    """Answer with the exchange of a tie, where one does what is asked; no solve is needed then."""
    ties, evidence = Ties.of(about.decision), about.decision.evidence
    moves = [] if ties is None else ties.of_ask(ask)
    if ties is None or not moves or not isinstance(evidence, Certificate):
        return None
    plan, formulation = ties.after(moves), about.decision.formulation
    if not integers.feasible(system, plan):
        return None
    chain = []
    for stage, proof in zip(formulation.stages, evidence.stages, strict=True):
        prices = zip(proof.row_keys, proof.prices.tolist(), strict=True)
        named = tuple((key, int(y)) for key, y in prices if y)
        chain.append(Ceiling(stage.index, proof.scale, named, proof.bound - stage.constant))
    values = tuple(integers.value(s.costs, plan) for s in formulation.stages)
    others = _others(about, formulation, Best(plan, values, tuple(chain)))
    claim: dict[str, Any] = {"proven": "nothing"} | others
    claim["moves"] = [[key, str(change)] for key, change in ties.named(moves)]
    weighing = Weighing((), ask, formulation, plan, chain)
    return _forced(about, AnswerFile(about.run, ask, claim, (weighing,)))


def left_open(edits: Sequence[Edit], ask: Ask) -> Told:
    """Give the answer of which nothing is proved: no plan, no ceiling."""
    weighing = {"edits": [list(e) for e in edits], "ask": list(ask), "plan": None, "chain": []}
    return {"claim": {"proven": "none"}, "weighings": [weighing]}


def decided(about: Asked) -> tuple[Formulation, IntArray]:
    """Give formulation and plan of an optimised decision."""
    decision = about.decision
    if decision.strategy != "optimum" or not decision.formulation.stages:
        raise UnsupportedError(
            "the plan was made step by step: there are no goals that a new solve could weigh"
        )
    if decision.outcome.vector is None:
        raise UnsupportedError("the run holds no plan: there is nothing to ask of it")
    return decision.formulation, decision.outcome.vector


def claim_of(
    formulation: Formulation, published: Sequence[int], found: Best | Ceiling | None,
    *, giving: bool,
) -> dict[str, Any]:  # fmt: skip
    """
    Say what is proved: the first goal that differs, and between what it loses.

    Where goals give, that is what a goal reaches by its own plan, before later ones take back.
    `proven`: exact, interval, nothing (no goal loses), impossible (no plan does it), none.
    """
    if found is None:
        return {"proven": "none"}
    if isinstance(found, Ceiling):
        return {"proven": "impossible"}
    for place, stage in enumerate(formulation.stages):
        if place >= len(found.chain):
            return {"proven": "none"}
        ceiling, value = found.chain[place], found.values[place]
        if giving:
            value = integers.value(stage.costs, found.own[place])
        least, most = published[place] - ceiling.bound, published[place] - value
        if least == most == 0:
            continue
        word = "exact" if least == most else "interval"
        return {"proven": word, "goal": str(stage.index), "least": str(least), "most": str(most)}
    return {"proven": "nothing"}


def _others(about: Asked, formulation: Formulation, found: Best | Ceiling | None) -> dict[str, Any]:
    """Name the demands that are served now and not in the plan found, and the other way round."""
    vector = about.decision.outcome.vector
    if not isinstance(found, Best) or vector is None:
        return {}
    before, after = served(formulation, vector), served(formulation, found.plan)
    return {"dropped": sorted(before - after), "gained": sorted(after - before)}


def served(formulation: Formulation, plan: IntArray) -> set[str]:
    """Name the demands a plan serves."""
    count = len(formulation.options)
    return {formulation.columns.key(j)[1] for j in range(count) if plan[j] > 0}


def lines(ask: Ask, claim: Mapping[str, Any], *, giving: bool) -> list[Line]:
    """Tell the answer: what was asked, what it costs, whom, and how sure that is."""
    proven = str(claim["proven"])
    cost = _cost(claim) if proven in ("exact", "interval") else Line(f"exact.{proven}", depth=1)
    others = [
        Line(f"exact.{name}", {"list": claim[name]}, 1)
        for name in ("dropped", "gained")
        if claim.get(name)
    ]
    sure = "exact" if proven == "nothing" else proven
    others += exchange_lines(claim.get("moves", ()), 1)
    told = giving and proven in ("exact", "interval", "nothing")
    others += [Line("exact.gives", depth=1)] if told else []
    return [_question(ask), cost, *others, Line(f"exact.sure_{sure}", depth=1)]


def _question(ask: Ask) -> Line:
    """Put the question into words."""
    word, first, *more = ask
    if word == "serve" and more:
        return Line("exact.serve_at", {"first": first, "demand": first, "option": more[0]})
    form = "_of" if word in ("use", "without") and more else ""
    return Line(f"exact.{word}{form}", dict(zip(("first", "second"), ask[1:], strict=False)))


def _cost(claim: Mapping[str, Any]) -> Line:
    """Tell what a goal loses: exactly, at most (where less may do), or that it gains."""
    least, most = int(claim["least"]), int(claim["most"])
    goal = int(claim["goal"])
    values = {"stage": goal, "scale": 1, "lost": abs(most), "least": least, "most": most,
              "before": goal - 1}  # fmt: skip
    if claim["proven"] == "exact":
        return Line("exact.costs" if most > 0 else "exact.gains", values, 1)
    if most <= 0:
        return Line("exact.better" if most else "exact.level", values, 1)
    return Line("exact.up_to" if least <= 0 else "exact.between", values, 1)
