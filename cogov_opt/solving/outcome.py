"""What a solve gives back: a result for each stage, the last plan, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.decision import Termination
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving.problem import FloatArray


@dataclass(frozen=True, slots=True)
class StageResult:
    """
    One stage: its own plan, and what its linear programme says of its rows.

    `duals` (for the rows of the formulation, then the earlier stage rows) and `claimed` (a bound
    without the constant) are a solver's words: raw material for prices, never evidence. `ended`
    gives, by column, the part whose search came to its end (-1: none).
    """

    index: int
    vector: IntArray
    duals: FloatArray | None = None
    claimed: float | None = None
    ended: IntArray | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """
    Everything a solve gives back; every vector in it was checked in exact integers.

    `vector` is the plan after the last stage, the draw included; None if no plan was found.
    """

    termination: Termination
    vector: IntArray | None = None
    stages: tuple[StageResult, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Best:
    """Parts in which nothing better is left at a stage: by column the part's number (-1: none)."""

    stage: int
    labels: IntArray


@dataclass(frozen=True, slots=True)
class Begun:
    """A plan that a search begins with, and where it is known to be the best."""

    plan: IntArray
    best: tuple[Best, ...] = ()

    def known(self, stage: int, plan: IntArray) -> NDArray[np.bool_]:
        """Mark where a stage has nothing better: in those parts in which a plan is still this."""
        found = np.zeros(len(self.plan), dtype=bool)
        moved = plan != self.plan
        for best in self.best:
            if best.stage == stage:
                found |= (best.labels >= 0) & ~np.isin(best.labels, best.labels[moved])
        return found
