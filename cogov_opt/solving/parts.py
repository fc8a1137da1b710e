"""
What falls apart: columns that no row connects, and the formulation of some of them alone.

A plan of the whole is a plan of each part put beside those of the others, so a goal is best in
the whole where it is best in every part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.formulation import (
    FREE,
    Candidates,
    Formulation,
    Matrix,
    Money,
    Recipe,
)
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.solving.parcel import unnamed_options
from cogov_opt.solving.scaling import auxiliary_columns, money_columns

BoolArray = NDArray[np.bool_]


def labels_of(
    formulation: Formulation,
    rows: BoolArray,
    joining: BoolArray,
    links: Sequence[IndexArray] = (),
) -> IntArray:
    """
    Give the part of each column, parts numbered in the order of their first column.

    Parameters
    ----------
    rows
        Marks the rows that connect their columns.
    joining
        Marks the columns that connect what they stand in; the others are in no part: -1.
    links
        Columns that are connected besides, all of each array.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    matrix, width = formulation.matrix, len(formulation.lower)
    row = matrix.row_of
    entry = rows[row] & joining[matrix.columns]
    heads = [matrix.columns[entry], *(link[:-1] for link in links)]
    tails = [row[entry] + width, *(link[1:] for link in links)]
    one, two = np.concatenate(heads), np.concatenate(tails)
    size = width + len(formulation.row_lower)
    graph = coo_matrix((np.ones(len(one), dtype=bool), (one, two)), shape=(size, size))
    _, found = connected_components(graph, directed=False)
    _, first, place = np.unique(found[:width][joining], return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    labels = np.full(width, -1, dtype=np.int64)
    labels[joining] = number[place]
    return labels


def by_part(columns: IndexArray, labels: IntArray) -> list[IndexArray]:
    """Give some columns part by part; `labels` is of all columns."""
    mine = labels[columns]
    order = np.argsort(mine, kind="stable")
    return np.split(columns[order], np.flatnonzero(np.diff(mine[order])) + 1)


def rows_in(formulation: Formulation, labels: IntArray) -> IntArray:
    """Give the part of each row, -1 for one without a column of any part."""
    matrix = formulation.matrix
    found = np.full(len(formulation.row_lower), -1, dtype=np.int64)
    entry = labels[matrix.columns] >= 0
    found[matrix.row_of[entry]] = labels[matrix.columns[entry]]
    return found


def restricted(
    formulation: Formulation, columns: BoolArray, rows: BoolArray, held: IntArray
) -> Formulation:
    """
    Give the formulation of some columns and rows alone.

    `held` are the values of the columns left out; what rows have of them goes to their sides.
    """
    # Of the matrix no more than these rows is touched: there may be many parts.
    matrix = formulation.matrix.of_rows(np.flatnonzero(rows))
    shift = matrix.times(np.where(columns, 0, held))
    entry = columns[matrix.columns]
    place = np.cumsum(columns) - 1
    sizes = np.bincount(matrix.row_of[entry], minlength=len(matrix.starts) - 1)
    low, high = formulation.row_lower[rows], formulation.row_upper[rows]
    first, x = len(formulation.options), formulation.x
    none = np.zeros(0, np.int32)
    return replace(
        formulation,
        options=unnamed_options(int(columns[:first].sum())),
        candidates=Candidates(**{n: _some(a, columns[x]) for n, a in _arrays(formulation)}),
        columns=formulation.columns.some(columns),
        lower=formulation.lower[columns],
        upper=formulation.upper[columns],
        rows=formulation.rows.some(rows),
        row_lower=np.where(low <= -FREE, low, low - shift),
        row_upper=np.where(high >= FREE, high, high - shift),
        matrix=Matrix(
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            place[matrix.columns[entry]].astype(np.int32), matrix.values[entry],
        ),
        stages=tuple(replace(s, costs=s.costs[columns], constant=0) for s in formulation.stages),
        money=Money(none, none, none, none),
        continuous=money_columns(formulation)[columns],
        # As in a child: which columns are auxiliary matters, not how they follow.
        recipes=(Recipe(place[auxiliary_columns(formulation) & columns], none, least=True),),
    )  # fmt: skip


def _arrays(formulation: Formulation) -> list[tuple[str, IntArray]]:
    """Give the arrays of the candidates by name."""
    found = formulation.candidates
    return [(field.name, getattr(found, field.name)) for field in fields(found)]


def _some(array: IntArray, keep: BoolArray) -> IntArray:
    """Give some members; what stayed behind on the way to a child stays behind."""
    return array[keep] if len(array) == len(keep) else array
