"""
PuLP as a window: LP and MPS files of a formulation, and a second opinion by another solver.

Rows are r0, r1, ... and columns x0, x1, ... in their order. Nothing is scaled: a file shows the
integers of the formulation as they are. Money is continuous, as for every float solver.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulp

from cogov_opt.domain.formulation import FREE, Formulation, Stage
from cogov_opt.errors import UnsupportedError
from cogov_opt.solving.scaling import soft_columns


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another solver says of one stage: its status, and the value without the constant."""

    status: str
    value: float | None


def problem_of(formulation: Formulation, stage: Stage) -> Any:
    """Give a PuLP problem of one stage; earlier stages are rows of the formulation already."""
    problem = pulp.LpProblem(f"stage_{stage.index}", pulp.LpMaximize)
    columns = _columns(problem, formulation)
    costs = stage.costs.tolist()
    problem.setObjective(
        pulp.LpAffineExpression([(x, c) for x, c in zip(columns, costs, strict=True) if c])
    )
    matrix = formulation.matrix
    starts, places, values = (a.tolist() for a in (matrix.starts, matrix.columns, matrix.values))
    sides = zip(formulation.row_lower.tolist(), formulation.row_upper.tolist(), strict=True)
    for i, (low, high) in enumerate(sides):
        part = range(starts[i], starts[i + 1])
        # PuLP rewrites the expression of a row it takes in, so each row gets its own.
        terms = [(columns[places[k]], values[k]) for k in part]
        for sense, side, suffix in _rows(low, high):
            row = pulp.LpAffineExpression(terms)
            problem.addConstraint(pulp.LpConstraint(row, sense, f"r{i}{suffix}", side))
    return problem


def write(formulation: Formulation, stage: Stage, path: Path) -> None:
    """
    Write a stage as `.lp` or `.mps`.

    Raises
    ------
    UnsupportedError
        The path ends in neither.
    """
    problem = problem_of(formulation, stage)
    if path.suffix == ".lp":
        problem.writeLP(str(path))
    elif path.suffix == ".mps":
        problem.writeMPS(str(path))
    else:
        raise UnsupportedError(f"a model is written as .lp or .mps, not '{path.suffix}'")


def second_opinion(
    formulation: Formulation, stage: Stage, *, seconds: float = 60.0
) -> SecondOpinion:
    """Solve a stage by CBC, which shares no code with HiGHS: a cross-check, never evidence."""
    problem = problem_of(formulation, stage)
    with warnings.catch_warnings():
        # The bundled CBC is to become a package of its own in PuLP 4, which we do not allow yet.
        warnings.simplefilter("ignore", DeprecationWarning)
        solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=0.0, threads=1)
    status = problem.solve(solver)
    named = str(pulp.LpStatus[status])
    # A value is read under "Optimal" only: CBC leaves plausible numbers behind otherwise.
    # A stage in which nothing counts has no objective there, and its value is 0.
    value = float(pulp.value(problem.objective) or 0.0) if named == "Optimal" else None
    return SecondOpinion(named.lower(), value)


def _columns(problem: Any, formulation: Formulation) -> list[Any]:
    """Add the variables x0, x1, ..."""
    soft = soft_columns(formulation).tolist()
    lower, upper = formulation.lower.tolist(), formulation.upper.tolist()
    return [
        problem.add_variable(
            f"x{j}", lower[j], upper[j], cat="Continuous" if soft[j] else "Integer"
        )
        for j in range(len(lower))
    ]


def _rows(low: int, high: int) -> list[tuple[int, int, str]]:
    """Give the rows of one two-sided row; PuLP knows one side at a time."""
    if low == high:
        return [(pulp.LpConstraintEQ, low, "")]
    found = []
    if low > -FREE:
        found.append((pulp.LpConstraintGE, low, "" if high >= FREE else "_low"))
    if high < FREE:
        found.append((pulp.LpConstraintLE, high, "" if low <= -FREE else "_high"))
    return found
