"""Which columns the draw changed: the witness of every tie that is claimed (convention S11.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IntArray


def before_draw(decision: Decision) -> IntArray | None:
    """Give the plan before the draw as its full column vector, or None where none was held."""
    evidence = decision.evidence
    return evidence.before_draw if isinstance(evidence, Certificate) else None


def drawn_columns(decision: Decision) -> NDArray[np.bool_]:
    """Mark the y, x, bought and own columns whose value before the draw was another."""
    f = decision.formulation
    marks = np.zeros(len(f.lower), dtype=bool)
    before, after = before_draw(decision), decision.outcome.vector
    if before is None or after is None:
        return marks
    told = np.zeros(len(f.lower), dtype=bool)
    told[: f.x.stop] = True
    for columns in (f.money.bought, f.money.own):
        told[columns[columns >= 0]] = True
    width = len(marks)
    marks[:] = told & (before[:width] != after[:width])
    return marks
