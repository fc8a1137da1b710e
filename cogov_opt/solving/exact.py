"""
The arithmetic of price certificates, in exact integers (convention S10.1; proof.md 3).

Everything is int64 while a bound computed beforehand says that it fits, and Python integers in
object arrays otherwise; the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import FREE, Formulation, Matrix
from cogov_opt.domain.instance import IntArray

ROOM = 2.0**62
"""Sums whose magnitude, computed in floats, stays below this are safe in int64."""

PART = 2**19
"""Entries of a matrix that are worked on at a time."""

Exact = NDArray[Any]
"""An array of exact integers: int64, or Python integers in an object array."""


def allowed(formulation: Formulation, prices: Exact) -> Exact:
    """Set the prices of infinite sides to 0 (S10.1)."""
    high = (prices > 0) & (formulation.row_upper >= FREE)
    low = (prices < 0) & (formulation.row_lower <= -FREE)
    return np.where(high | low, 0, prices)


@dataclass(frozen=True, slots=True)
class Priced:
    """Prices Y at a scale with what follows from them: v = S c - Y A and B."""

    scale: int
    prices: Exact
    reduced: Exact
    bound: int


def priced(formulation: Formulation, costs: IntArray, prices: Exact, scale: int) -> Priced:
    """Give v and B of prices at a scale; prices of infinite sides count as 0."""
    prices = allowed(formulation, prices)
    reduced = _reduced(formulation.matrix, costs, prices, scale)
    sides = np.where(prices > 0, formulation.row_upper, formulation.row_lower)
    sides = np.where(prices == 0, 0, sides)
    low, high = products(reduced, formulation.lower), products(reduced, formulation.upper)
    bound = total(products(prices, sides)) + total(np.maximum(low, high))
    return Priced(scale, prices, reduced, bound)


def shares(formulation: Formulation, found: Priced, x: IntArray) -> tuple[Exact, Exact]:
    """Give the gap shares of columns and of rows at a vector; they sum to B - S c x exactly."""
    low = products(found.reduced, formulation.lower)
    high = products(found.reduced, formulation.upper)
    columns = np.maximum(low, high) - products(found.reduced, x)
    sides = np.where(found.prices > 0, formulation.row_upper, formulation.row_lower)
    sides = np.where(found.prices == 0, 0, sides)
    slack = np.where(found.prices == 0, 0, sides - activity(formulation.matrix, x))
    return columns, products(found.prices, slack)


def activity(matrix: Matrix, x: IntArray) -> Exact:
    """Give A x, exactly."""
    if _size(matrix.values) * _size(x) * max(len(matrix.values), 1) < ROOM:
        return _times(matrix, x)
    whole = Matrix(matrix.starts, matrix.columns, matrix.values.astype(object))
    return np.asarray(whole.times(x.astype(object)))


def _times(matrix: Matrix, x: IntArray) -> IntArray:
    """Give A x where no sum leaves 63 bits."""
    found = np.zeros(len(matrix.starts) - 1, dtype=np.int64)
    for rows, part in _parts(matrix, len(x)):
        found[rows] = part @ x
    return found


def charged(matrix: Matrix, prices: IntArray, count: int) -> IntArray:
    """Give Y A, one of `count` columns a number, where no sum leaves 63 bits."""
    found = np.zeros(count, dtype=np.int64)
    for rows, part in _parts(matrix, count):
        found += part.T @ prices[rows]
    return found


def _parts(matrix: Matrix, count: int) -> Iterator[tuple[slice, Any]]:
    """Give a matrix some rows at a time: what is worked on is copied in wider numbers."""
    from scipy.sparse import csr_matrix

    height = len(matrix.starts) - 1
    ends = np.searchsorted(matrix.starts, np.arange(PART, int(matrix.starts[-1]) + PART, PART))
    low = 0
    for end in np.minimum(np.maximum(ends, 1), height).tolist() or [height]:
        if end > low or not height:
            first, last = int(matrix.starts[low]), int(matrix.starts[end])
            part = (
                matrix.values[first:last].astype(np.int64), matrix.columns[first:last],
                matrix.starts[low : end + 1] - first,
            )  # fmt: skip
            yield slice(low, end), csr_matrix(part, shape=(end - low, count))
        low = max(low, end)


def products(left: Exact, right: Exact) -> Exact:
    """Give the products of two arrays, exactly."""
    if left.dtype != object and right.dtype != object:
        size = np.abs(left.astype(np.float64)) * np.abs(right.astype(np.float64))
        if float(size.max(initial=0.0)) < ROOM:
            return np.asarray(left * right)
    return np.asarray(left.astype(object) * right.astype(object))


def total(terms: Exact) -> int:
    """Give the sum of an array, exactly."""
    if terms.dtype == object:
        return int(sum(terms.tolist()))
    # Split in halves, so that no partial sum of up to 2^31 terms leaves 64 bits.
    high = terms >> 32
    return (int(high.sum()) << 32) + int((terms - (high << 32)).sum())


def value(costs: IntArray, x: IntArray) -> int:
    """Give costs x, exactly and without the constant."""
    return total(products(costs, x))


def step(costs: IntArray) -> int:
    """Give g: the gcd of the costs, 1 if all are 0 (S10.2)."""
    return int(np.gcd.reduce(np.abs(costs))) or 1 if len(costs) else 1


def _reduced(matrix: Matrix, costs: IntArray, prices: Exact, scale: int) -> Exact:
    """Give v = S c - Y A, a column at a time."""
    small = prices.dtype != object and scale < ROOM
    if small:
        reach = np.zeros(len(costs))
        for rows, part in _parts(matrix, len(costs)):
            reach += abs(part).T.astype(np.float64) @ np.abs(prices[rows].astype(np.float64))
        reach += float(scale) * np.abs(costs.astype(np.float64))
        small = float(reach.max(initial=0.0)) < ROOM
    if small:
        return np.asarray(scale * costs - charged(matrix, prices.astype(np.int64), len(costs)))
    return _reduced_slowly(matrix, costs, prices, scale)


def _reduced_slowly(matrix: Matrix, costs: IntArray, prices: Exact, scale: int) -> Exact:
    """Give v in Python integers, for numbers beyond 64 bits."""
    found = costs.astype(object) * scale
    for row in np.flatnonzero(prices != 0).tolist():
        part = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
        taken = matrix.values[part].astype(object) * int(prices[row])
        np.subtract.at(found, matrix.columns[part], taken)
    return found


def _size(values: Exact) -> float:
    """Give the largest magnitude, as a float."""
    if not len(values):
        return 0.0
    return max(abs(float(values.max())), abs(float(values.min())))


def feasible(formulation: Formulation, x: IntArray) -> bool:
    """Tell whether a vector keeps every bound and row: `violated` without the names."""
    if ((x < formulation.lower) | (x > formulation.upper)).any():
        return False
    sums = activity(formulation.matrix, x)
    return not bool(((sums < formulation.row_lower) | (sums > formulation.row_upper)).any())
