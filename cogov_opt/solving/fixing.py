"""
Columns that may be fixed without losing a plan worth having (proof.md 2).

The gap shares of a plan are never negative and sum to B - S c x. A plan worth at least f has
B - S f to spend, so a column whose single unit costs more than that stays at its better bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.problem import FloatArray

SCALE = 10**6


@dataclass(frozen=True, slots=True)
class Face:
    """Columns held at one of their bounds: a restriction for the solver, never for the proof."""

    lower: IntArray
    upper: IntArray

    @property
    def count(self) -> int:
        """Give how many columns are held."""
        return int((self.lower == self.upper).sum())


def whole_face(formulation: Formulation) -> Face:
    """Give the face that holds nothing."""
    return Face(formulation.lower, formulation.upper)


def narrowed(
    face: Face,
    formulation: Formulation,
    stage: Stage,
    duals: FloatArray,
    floor: int,
    hard: NDArray[np.bool_],
) -> Face:
    """Hold every whole column that no plan worth `floor` or more (no constant) can move."""
    prices = np.rint(np.clip(duals, -1e12, 1e12) * SCALE).astype(np.int64)
    found = exact.priced(formulation, stage.costs, prices, SCALE)
    room = found.bound - SCALE * floor
    if room < 0:
        return face
    size = np.abs(found.reduced)
    held = hard & (size > room)
    up, down = held & (found.reduced > 0), held & (found.reduced < 0)
    return Face(
        np.where(up, formulation.upper, face.lower), np.where(down, formulation.lower, face.upper)
    )


def on_face(formulation: Formulation, face: Face) -> Formulation:
    """Give the formulation with its box narrowed to a face."""
    if face.lower is formulation.lower and face.upper is formulation.upper:
        return formulation
    return replace(formulation, lower=face.lower, upper=face.upper)


def with_options_of(face: Face, formulation: Formulation, plan: IntArray) -> Face:
    """Give the face that keeps what a plan serves, and when."""
    count = len(formulation.options)
    lower, upper = face.lower.copy(), face.upper.copy()
    lower[:count] = upper[:count] = plan[:count]
    return replace(face, lower=lower, upper=upper)


def open_count(face: Face) -> int:
    """Give how many columns are not held."""
    return int((face.lower < face.upper).sum())
