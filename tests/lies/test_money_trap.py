"""The money trap: bounds near 2e9, on which a float solver calls 0 the optimum (proof.md 1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision, Limits, Termination
from cogov_opt.formulating import formulate
from cogov_opt.solving import coupled
from cogov_opt.solving.backends import highs
from cogov_opt.solving.problem import Answer, Problem, Work
from tests.lies.large_money import CARD, as_it_stands, money_week

pytestmark = pytest.mark.solver

UNIT, SIZE = 50_000_000, 20


def decided(seed: int, unit: int) -> Decision:
    """Decide a week of money in this unit."""
    policy = cg.load_policy_text(CARD)
    return cg.allocate(cg.check(money_week(seed, unit, SIZE), policy), policy, isolation="none")


@pytest.mark.parametrize("seed", [0, 3])
def test_the_trap_is_avoided(seed: int, tmp_path: Path) -> None:
    """Money in another unit changes no decision: the same value, a true bound, accepted."""
    small, large = decided(seed, 1), decided(seed, UNIT)
    assert isinstance(small.evidence, Certificate)
    assert isinstance(large.evidence, Certificate)
    value, bound = large.evidence.stages[0].value, large.evidence.stages[0].bound
    run = cg.record(cg.explain(large), tmp_path / "run")

    raw = as_it_stands(large.formulation)
    print(f"seed {seed}: value {value}, bound {bound}; whole columns, unscaled: {raw}")
    assert large.formulation.upper.max() > 1_000_000_000
    assert large.termination is small.termination is Termination.OPTIMAL
    assert value == small.evidence.stages[0].value > 0
    assert bound >= value
    assert run.path is not None
    assert cg.verify(run.path).accepted


def test_the_trap_is_found(tmp_path: Path) -> None:
    """A solver that springs it, and calls serving nobody the optimum, is told as a fault."""
    policy = cg.load_policy_text(CARD)
    instance = cg.check(money_week(0, UNIT, SIZE), policy)

    def trapped(problem: Problem, work: Work) -> Answer:
        answer = highs.solve(problem, work)
        if problem.integral is None:
            return answer
        return replace(answer, point=np.zeros(len(problem.costs)), bound=0.0)

    found = coupled.solve(formulate(instance, policy), Limits(), isolated=False, backend=trapped)

    assert found.termination is Termination.FAULT
    assert found.detail["fault"] == "false_bound"
    assert int(found.detail["known"]) > 0
    assert found.vector is not None
