"""
From exact integers to the small floats a solver may be trusted with (proof.md 1).

Money is continuous in a solver and each of its columns is a share of a power of two near its
bound; rows with money, or with large numbers, are divided by a power of two. Powers of two lose
nothing. What still has a bound above BOUND or a row ratio above RATIO is refused by name: solvers
have answered "optimal" with a false value and a false bound there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.errors import UnsupportedError
from cogov_opt.solving.problem import FloatArray, Problem

BOUND = 10**7
"""The largest bound of a column that reaches a float solver."""
RATIO = 10**6
"""The largest ratio of coefficients in one row that reaches a float solver."""
COST = 2.0**20
"""Costs above this are scaled down to it."""
_PASSES = 4


@dataclass(frozen=True, slots=True)
class Scaling:
    """
    How a formulation was scaled: true x = unit * solver's x, true dual = row * solver's dual.

    `soft` marks the columns that are continuous in the solver; None in `units` and `rows` means
    that nothing was scaled.
    """

    soft: NDArray[np.bool_]
    units: FloatArray | None
    rows: FloatArray | None

    def true_point(self, point: FloatArray) -> FloatArray:
        """Give a solver's point in true units."""
        return point if self.units is None else point * self.units

    def scaled_point(self, point: FloatArray) -> FloatArray:
        """Give a point in the solver's units."""
        return point if self.units is None else point / self.units

    def true_duals(self, duals: FloatArray, objective: float) -> FloatArray:
        """Give a solver's duals for the true rows and the true objective."""
        scaled = duals if self.rows is None else duals * self.rows
        return scaled if objective == 1.0 else scaled / objective


@dataclass(frozen=True, slots=True)
class Scaled:
    """A formulation without its objective, ready for a float solver."""

    problem: Problem
    scaling: Scaling

    def with_costs(self, costs: IntArray) -> tuple[Problem, float]:
        """Give the linear programme with these costs, and the factor they were multiplied by."""
        scaled = costs.astype(np.float64)
        if self.scaling.units is not None:
            scaled = scaled * self.scaling.units
        largest = float(np.abs(scaled).max(initial=0.0))
        factor = 1.0 if largest <= COST else 2.0 ** -np.ceil(np.log2(largest / COST))
        p = self.problem
        return Problem(
            scaled * factor if factor != 1.0 else scaled,
            p.lower, p.upper, p.row_lower, p.row_upper, p.starts, p.columns, p.values,
        ), float(factor)  # fmt: skip

    @property
    def integral(self) -> NDArray[np.int32]:
        """Give the integrality of each column in the solver."""
        return (~self.scaling.soft).astype(np.int32)


def soft_columns(formulation: Formulation) -> NDArray[np.bool_]:
    """Mark what is continuous in the solver: money, and auxiliary columns with large bounds."""
    wide = (formulation.upper - formulation.lower) > BOUND
    return money_columns(formulation) | (auxiliary_columns(formulation) & wide)


def money_columns(formulation: Formulation) -> NDArray[np.bool_]:
    """Mark the columns of money: those marked so, and every candidate of a fund need."""
    found = formulation.continuous.copy()
    found[formulation.x] |= np.isin(formulation.candidates.need, formulation.money.need)
    return found


def auxiliary_columns(formulation: Formulation) -> NDArray[np.bool_]:
    """Mark the columns whose value follows from the plan."""
    found = np.zeros(len(formulation.lower), dtype=bool)
    for recipe in formulation.recipes:
        found[recipe.columns] = True
    return found


def prepare(formulation: Formulation) -> Scaled:
    """
    Scale a formulation; where nothing needs it, the arrays are converted and no more.

    Raises
    ------
    UnsupportedError
        A column's bound or a row's ratio is more than a float solver can be trusted with.
    """
    soft = soft_columns(formulation)
    units = _units(formulation, soft)
    values = formulation.matrix.values.astype(np.float64)
    if units is not None:
        units = _evened(formulation, soft, units)
        values *= units[formulation.matrix.columns]
    _refuse_bounds(formulation, units)
    rows = _row_factors(formulation, values)
    if rows is not None:
        values *= np.repeat(rows, np.diff(formulation.matrix.starts))
    return Scaled(_problem(formulation, values, units, rows), Scaling(soft, units, rows))


def _problem(
    formulation: Formulation, values: FloatArray, units: FloatArray | None, rows: FloatArray | None
) -> Problem:
    """Put the float arrays together."""
    lower, upper = formulation.lower.astype(np.float64), formulation.upper.astype(np.float64)
    low, high = _side(formulation.row_lower, rows), _side(formulation.row_upper, rows)
    if units is not None:
        lower, upper = lower / units, upper / units
    matrix = formulation.matrix
    return Problem(
        np.zeros(len(lower)), lower, upper, low, high,
        matrix.starts.astype(np.int32), matrix.columns, values,
    )  # fmt: skip


def _side(side: IntArray, rows: FloatArray | None) -> FloatArray:
    """Give one side of the rows as floats, FREE as infinite."""
    found = side.astype(np.float64)
    if rows is not None:
        found = found * rows
    found[side >= FREE] = np.inf
    found[side <= -FREE] = -np.inf
    return found


def _units(formulation: Formulation, soft: NDArray[np.bool_]) -> FloatArray | None:
    """Give each continuous column the power of two at or above its bound; None if all are 1."""
    if not soft.any():
        return None
    reach = np.maximum(np.abs(formulation.lower), np.abs(formulation.upper)).astype(np.float64)
    units = np.where(soft & (reach > 1), 2.0 ** np.ceil(np.log2(np.maximum(reach, 1.0))), 1.0)
    return None if (units == 1.0).all() else units


def _evened(formulation: Formulation, soft: NDArray[np.bool_], units: FloatArray) -> FloatArray:
    """
    Give units that keep row ratios small: a small amount beside a large one takes a larger unit.

    Its share is then bounded below 1, which costs nothing.
    """
    matrix = formulation.matrix
    filled = np.flatnonzero(np.diff(matrix.starts) > 0)
    row_of = matrix.row_of
    for _ in range(_PASSES):
        size = np.abs(matrix.values * units[matrix.columns])
        largest = np.zeros(len(matrix.starts) - 1)
        largest[filled] = np.maximum.reduceat(size, matrix.starts[filled]) if len(filled) else 0
        least = largest[row_of] / (RATIO / 2)
        late = (size < least) & soft[matrix.columns]
        if not late.any():
            break
        wanted = units.copy()
        factor = 2.0 ** np.ceil(np.log2(least[late] / size[late]))
        np.maximum.at(wanted, matrix.columns[late], units[matrix.columns[late]] * factor)
        units = wanted
    return units


def _refuse_bounds(formulation: Formulation, units: FloatArray | None) -> None:
    """Refuse a column whose bound in the solver is too large to be trusted."""
    reach = np.maximum(np.abs(formulation.lower), np.abs(formulation.upper)).astype(np.float64)
    if units is not None:
        reach = reach / units
    bad = np.flatnonzero(reach > BOUND)
    if len(bad):
        key = "/".join(formulation.columns.key(int(bad[0])))
        raise UnsupportedError(
            f"column {key} may reach {int(formulation.upper[bad[0]])}: more than {BOUND}"
            " whole units is beyond what a solver answers reliably; use a larger unit"
        )


def _row_factors(formulation: Formulation, values: FloatArray) -> FloatArray | None:
    """Give powers of two that bring large rows near 1, None if no row needs one; check ratios."""
    size = np.abs(values)
    if not len(size) or (float(size.max()) <= 1024.0 and float(size.min()) >= 1.0):
        return None
    starts = formulation.matrix.starts
    filled = np.flatnonzero(np.diff(starts) > 0)
    largest = np.maximum.reduceat(size, starts[filled])
    smallest = np.minimum.reduceat(np.where(size == 0, np.inf, size), starts[filled])
    bad = np.flatnonzero(largest > RATIO * smallest)
    if len(bad):
        key = "/".join(formulation.rows.key(int(filled[bad[0]])))
        raise UnsupportedError(
            f"row {key} holds numbers whose ratio is above {RATIO}: beyond what a solver answers"
            " reliably; use units that are closer together",
        )
    factors = np.ones(len(starts) - 1)
    # The geometric middle of a row comes near 1, so both ends stay well away from tolerances.
    middle = np.sqrt(largest * np.where(np.isinf(smallest), largest, smallest))
    factors[filled] = np.where(
        (largest > 1024.0) | (smallest < 1.0),
        2.0 ** -np.round(np.log2(np.maximum(middle, 1e-300))),
        1.0,
    )
    return None if (factors == 1.0).all() else factors
