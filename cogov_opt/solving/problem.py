"""One call of a float solver: what it is given and what it answers. Floats live here only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.instance import IndexArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Maximise costs x, row_lower <= A x <= row_upper, lower <= x <= upper; rows compressed.

    `integral` marks the columns that must be whole; None is a linear programme.
    """

    costs: FloatArray
    lower: FloatArray
    upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    starts: IndexArray
    columns: IndexArray
    values: FloatArray
    integral: NDArray[np.int32] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """
    What one call may use, and how it is stopped.

    `start` is a full point to begin a search from; `gap` the absolute gap at which it is over;
    `ray` asks for the dual ray of an infeasible linear programme (presolve is off then); `tell`
    hears, now and then, the value of the best point so far and the bound.
    """

    seconds: float | None = None
    nodes: int | None = None
    gap: float = 1e-6
    start: FloatArray | None = None
    ray: bool = False
    stopped: Callable[[], bool] | None = None
    tell: Callable[[float, float], None] | None = None


class Status(StrEnum):
    """What a solver says of its own answer."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    SECONDS = "seconds"
    NODES = "nodes"
    MEMORY = "memory"
    CANCELLED = "cancelled"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a solver answered; nothing of it is believed unchecked.

    `duals` are prices in the sense reduced = costs - duals A; `ray` is a dual ray of either sign.
    """

    status: Status
    point: FloatArray | None = None
    bound: float | None = None
    duals: FloatArray | None = None
    ray: FloatArray | None = None
    nodes: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What a live linear programme answers; `ray` is a dual ray of either sign."""

    status: Status
    point: FloatArray | None = None
    bound: float | None = None
    duals: FloatArray | None = None
    ray: FloatArray | None = None


Backend = Callable[[Problem, Work], Answer]
"""A solver as a function; tests hand in ones that lie."""
