"""
Refusals: that no plan which serves a demand is as good as the one published (convention S10.10).

The prices of a stage need not tell: where several demands want the same thing, one set of prices
is as right as another. Here the demand is asked for, and what is left is bounded anew: of the part
it stands in, where the stage falls into parts, for what is proven of the others stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.domain.formulation import FREE, Formulation, Stage
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.ceilings import Ceiling, best_ceiling, by_programme
from cogov_opt.proving.parts import AtStage, at_stages, falls_apart
from cogov_opt.recording.trees import name_of
from cogov_opt.solving import exact
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
    apart, room = falls_apart(formulation), COLUMNS
    stages = list(at_stages(formulation, evidence))
    for demand, columns in left_out(formulation, vector):
        if stopped is not None and stopped():
            return
        asked = [
            _in_part(at, columns) if apart and at.parts.several else _in_all(at, columns)
            for at in stages
        ]
        room -= sum(len(one.system.lower) for one in asked)
        if room < 0:
            return
        refusal = _refused(demands[demand], asked, leaves)
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A stage with a demand asked for: what would have to be reached, of all or of a part alone."""

    system: Formulation
    stage: Stage
    value: int
    in_part: bool = False

    @property
    def under(self) -> int:
        """Give the most that is less than the value."""
        return self.value - exact.step(self.stage.costs)

    def told(self, demand: str, ceiling: Ceiling | None) -> Refusal | None:
        """Give the refusal a ceiling proves, None if it proves none."""
        if ceiling is None:
            return None
        bound = self.under if ceiling.empty else ceiling.bound
        if bound >= self.value:
            return None
        return Refusal(
            demand, self.stage.index, ceiling.scale, ceiling.prices, bound + self.stage.constant,
            ceiling.tree, name_of(self.system) if self.in_part else None,
        )  # fmt: skip


def _in_all(at: AtStage, columns: IndexArray) -> _Asked:
    """Ask for a demand among everything."""
    # What is published counts, not what a stage could reach alone: later ones may take back.
    value = at.proof.published - at.stage.constant
    return _Asked(_with_ask(at.question.system, columns), at.stage, value)


def _in_part(at: AtStage, columns: IndexArray) -> _Asked:
    """Ask for a demand in its part: what is proven of the others is a constant of the stage."""
    parts = at.parts
    part = int(parts.label[columns[0]])
    question = parts.question(part)
    place = np.cumsum(parts.label == part, dtype=np.int32) - 1
    stage = replace(question.stage, constant=at.stage.constant + parts.beside(part))
    # The least that the part can be worth where the whole is worth what is published.
    value = -(-(at.proof.published - stage.constant) // question.step) * question.step
    return _Asked(_with_ask(question.system, place[columns]), stage, value, in_part=True)


def _with_ask(system: Formulation, columns: IndexArray) -> Formulation:
    """Give a system with the row of what is asked."""
    return system.with_row(ASK, columns, np.ones(len(columns), dtype=np.int64), 1, FREE)


def _refused(demand: str, asked: Sequence[_Asked], leaves: int) -> Refusal | None:
    """Find the first stage at which no plan that serves a demand is as good."""
    ceilings: list[Ceiling | None] = []
    for one in asked:
        try:
            ceilings.append(by_programme(one.system, one.stage, one.value))
        except HighsError:
            ceilings.append(None)
        refusal = one.told(demand, ceilings[-1])
        if refusal is not None:
            return refusal
    for one, known in zip(asked, ceilings, strict=True):
        if known is None or not leaves:
            continue
        try:
            ceiling = best_ceiling(one.system, one.stage, one.under, known, None, leaves)
        except HighsError:
            continue
        refusal = one.told(demand, ceiling)
        if refusal is not None:
            return refusal
    return None
