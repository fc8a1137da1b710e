"""
Refusals: that no plan which serves a demand is as good as the one published (convention S10.10).

The prices of a stage need not tell: where several demands want the same thing, one set of prices
is as right as another. Here the demand is asked for, and what is left is bounded anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.ceilings import Ceiling, best_ceiling, by_programme
from cogov_opt.proving.parts import at_stages
from cogov_opt.proving.trees import Question
from cogov_opt.solving.backends.highs import HighsError

ASK = ("ask",)
COLUMNS = 3_000_000
"""How many columns the relaxations of all refusals may have together: a limit of work."""
LEAVES = 30
"""How many leaves the tree of one refusal may have."""


def refuse(
    formulation: Formulation,
    demands: Sequence[str],
    evidence: Certificate,
    vector: IntArray,
    leaves: int = LEAVES,
    stopped: Callable[[], bool] | None = None,
) -> Iterator[Refusal]:
    """
    Prove of the demands a plan leaves out, as far as allowed, that serving them costs something.

    Parameters
    ----------
    demands
        The ids of all demands, in their order.
    vector
        The plan that is published.
    leaves
        How many leaves a tree may have where the relaxation does not do; 0 is no tree.
    stopped
        Asked before each demand whether to go on.

    Yields
    ------
    The refusals found, in the order of the demands; each at the first stage that shows it, where
    the relaxations of all stages are tried before trees.
    """
    # What is published counts, not what a stage could reach alone: later ones may take back.
    asked = [
        Question(at.question.system, at.stage, at.proof.published - at.stage.constant, ())
        for at in at_stages(formulation, evidence)
    ]
    most = COLUMNS // max(len(formulation.columns) * len(asked), 1)
    for demand, columns in list(left_out(formulation, vector))[:most]:
        if stopped is not None and stopped():
            return
        refusal = _refused(demands[demand], [_asking(q, columns) for q in asked], leaves)
        if refusal is not None:
            yield refusal


def left_out(f: Formulation, vector: IntArray) -> Iterator[tuple[int, IndexArray]]:
    """Give each demand that is not served but could be, by its options alone, and their columns."""
    options = f.options
    for demand in range(len(options.of_demand) - 1):
        first, last = int(options.of_demand[demand]), int(options.of_demand[demand + 1])
        columns = np.arange(first, last, dtype=np.int32)
        if last > first and not vector[columns].any() and f.upper[columns].any():
            yield demand, columns


def _asking(question: Question, columns: IndexArray) -> Question:
    """Give the question of a stage with a demand asked for."""
    ones = np.ones(len(columns), dtype=np.int64)
    system = question.system.with_row(ASK, columns, ones, 1, FREE)
    return Question(system, question.stage, question.value, ())


def _refused(demand: str, asked: Sequence[Question], leaves: int) -> Refusal | None:
    """Find the first stage at which no plan that serves a demand is as good."""
    ceilings: list[Ceiling | None] = []
    for question in asked:
        try:
            ceilings.append(by_programme(question.system, question.stage, question.value))
        except HighsError:
            ceilings.append(None)
        refusal = _told(demand, question, ceilings[-1])
        if refusal is not None:
            return refusal
    for question, known in zip(asked, ceilings, strict=True):
        if known is None or not leaves:
            continue
        under = question.value - question.step
        try:
            ceiling = best_ceiling(question.system, question.stage, under, known, None, leaves)
        except HighsError:
            continue
        refusal = _told(demand, question, ceiling)
        if refusal is not None:
            return refusal
    return None


def _told(demand: str, question: Question, ceiling: Ceiling | None) -> Refusal | None:
    """Give the refusal a ceiling proves, None if it proves none."""
    if ceiling is None:
        return None
    stage = question.stage
    bound = question.value - question.step if ceiling.empty else ceiling.bound
    if bound >= question.value:
        return None
    return Refusal(
        demand, stage.index, ceiling.scale, ceiling.prices, bound + stage.constant, ceiling.tree
    )
