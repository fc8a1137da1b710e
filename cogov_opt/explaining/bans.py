"""Which columns hard clauses set to 0, and which pins hold (S12.3, S12.4 case 5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IndexArray
from cogov_opt.domain.policy import Policy

BANS = ("forbid", "require", "earmark")


def clauses_on_columns(
    formulation: Formulation, policy: Policy, kinds: tuple[str, ...]
) -> tuple[IndexArray, tuple[str, ...]]:
    """
    Tell for each column the smallest hard clause of some kinds that has a row on it.

    Returns
    -------
    tuple
        The place of the clause in the names for each column (-1: none), and the names, sorted.
    """
    names = tuple(sorted(c.id for c in policy.clauses if c.kind in kinds and not c.soft))
    found = np.full(len(formulation.lower), -1, dtype=np.int32)
    for place in reversed(range(len(names))):
        for first, last in _row_spans(formulation, names[place]):
            entries = slice(formulation.matrix.starts[first], formulation.matrix.starts[last])
            found[formulation.matrix.columns[entries]] = place
    return found, names


def _row_spans(formulation: Formulation, clause: str) -> Iterator[tuple[int, int]]:
    """Give the ranges of rows that a clause made."""
    labels = formulation.rows
    for i, block in enumerate(labels.blocks):
        if block.count and block.key(0)[0] == clause:
            yield int(labels.starts[i]), int(labels.starts[i + 1])
