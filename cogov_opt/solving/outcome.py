"""What a solve gives back: a result for each stage, the last plan, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cogov_opt.domain.decision import Termination
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving.problem import FloatArray


@dataclass(frozen=True, slots=True)
class StageResult:
    """
    One stage: its own plan, and what its linear programme says of its rows.

    `duals` (for the rows of the formulation, then the earlier stage rows) and `claimed` (a bound
    without the constant) are a solver's words: raw material for prices, never evidence.
    """

    index: int
    vector: IntArray
    duals: FloatArray | None = None
    claimed: float | None = None


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
