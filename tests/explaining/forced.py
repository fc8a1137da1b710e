"""Decisions forced the other way, and stages solved again, against what records claim of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

import cogov_opt as cg
from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Limits
from cogov_opt.domain.formulation import FREE, Formulation, Stage
from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.losses import contraries_of
from cogov_opt.explaining.plan import plan_of
from cogov_opt.proving.contraries import Contrary, Wish
from cogov_opt.proving.parts import at_stages
from cogov_opt.proving.trees.evaluating import Question
from cogov_opt.solving import coupled, exact
from tests.lies.honest_runs import sets_card, sets_week
from tests.properties.line import Line, decided
from tests.properties.small_weeks import Dice


def forced_values(f: Formulation, stage: Stage, contrary: Contrary) -> list[int]:
    """Give the best value of a stage for each way to do the contrary that any plan does."""
    one = replace(f, stages=(stage,))
    if contrary.without is not None:
        upper = one.upper.copy()
        upper[contrary.without] = 0
        systems = [replace(one, upper=upper)]
    else:
        systems = [_granted(one, wishes) for wishes in contrary.alternatives]
    found = []
    for system in systems:
        if (system.lower > system.upper).any():
            continue
        solved = coupled.solve(system, Limits(), isolated=False)
        if solved.vector is not None:
            found.append(exact.value(stage.costs, solved.vector))
    return found


def _granted(f: Formulation, wishes: tuple[Wish, ...]) -> Formulation:
    """Give a formulation in which wishes come true."""
    for i, (units, columns) in enumerate(wishes):
        at = np.array(columns, np.int32)
        f = f.with_row(("wish", str(i)), at, np.ones(len(at), np.int64), units, FREE)
    return f


def with_low(line: Line) -> list[Justification]:
    """Give the records of a decision that claim a least loss."""
    return [r for r in cg.explain(line.decision).records if "low" in r.values]


def over_weeks(
    many: int,
    folder: Path,
    first: int = 0,
    per_week: int = 6,
    week: Callable[[int], cg.Tables] = sets_week,
    card: Callable[[int], str] = sets_card,
) -> dict[str, int]:
    """Force so many decisions of small coupled weeks; every claim must hold."""
    told = {"forced": 0, "bound": 0, "tight": 0, "best": 0, "open": 0}
    seed = first
    while told["forced"] < many:
        line = decided(seed, folder / str(seed), week, card)
        seed += 1
        if line is None or not isinstance(line.decision.evidence, Certificate):
            continue
        if line.decision.outcome.route != "coupled":
            continue
        records = with_low(line)
        dice = Dice(90_000_000 + seed)
        for _ in range(min(per_week, len(records))):
            _hold(line, records.pop(dice.number(0, len(records) - 1)), told)
    return told


def _hold(line: Line, record: Justification, told: dict[str, int]) -> None:
    """Hold one record's claim to the best plan that does the contrary."""
    plan, evidence = plan_of(line.decision), line.decision.evidence
    assert plan is not None
    assert isinstance(evidence, Certificate)
    stages = at_stages(line.decision.formulation, evidence)
    question = next(at.question for at in stages if at.stage.index == record.values["stage"])
    contrary = contraries_of(plan)(record)
    values = forced_values(question.system, question.stage, contrary)
    low = int(record.values["low"])
    assert all(value <= question.value - low for value in values), (line.seed, record, values)
    assert (record.proven == "bound") == (low > 0)
    if not record.values.get("refused"):
        _hold_best(record, question, evidence, told)
    told["forced"] += 1
    told["bound"] += low > 0
    told["tight"] += bool(values) and max(values) == question.value - low


def _hold_best(
    record: Justification, question: Question, evidence: Certificate, told: dict[str, int]
) -> None:
    """Hold a claim that no plan is worth more at the stage to the stage solved once more."""
    k = int(record.values["stage"])
    proofs = [p for p in evidence.stages if p.index <= k]
    best = record.values.get("best", False)
    assert best == (all(p.certified_optimal for p in proofs) and not proofs[-1].taken_back)
    told["best" if best else "open"] += 1
    if best:
        stage = replace(question.system, stages=(question.stage,))
        solved = coupled.solve(stage, Limits(), isolated=False)
        assert solved.vector is not None
        reached = proofs[-1].published - question.stage.constant
        assert exact.value(question.stage.costs, solved.vector) == reached
