"""Conflicts: which hard clauses cannot hold together, and what shows it (convention S10.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.instance import IndexArray

Proof = tuple[tuple[int, int], ...]
"""Rows with their integers: a Farkas sum."""
Sparse = tuple[tuple[int, int], ...]
"""Columns that are not 0, with their values: a plan."""


@dataclass(frozen=True, slots=True)
class Split:
    """Two halves of a box: a column is at most `most`, or more than that."""

    column: int
    most: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A box that a Farkas sum proves empty."""

    proof: Proof


Tree = tuple[Split | Leaf, ...]
"""Nodes in preorder, the lower half first; a whole tree of leaves proves that there is no plan."""


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What can be given up, by row: -1 is the law, which cannot.

    A part is one row of a clause that counts (limit, guarantee, pin), or all rows of a clause that
    switches off or shapes awards. `row` is its row, -1 where it has many.
    """

    of_row: IndexArray
    clause: IndexArray
    row: IndexArray

    def __len__(self) -> int:
        """Give the number of parts."""
        return len(self.clause)

    def of_clauses(self, clauses: frozenset[int]) -> frozenset[int]:
        """Give all parts of some clauses."""
        return frozenset(np.flatnonzero(np.isin(self.clause, sorted(clauses))).tolist())

    def clauses_of(self, parts: frozenset[int]) -> frozenset[int]:
        """Give the clauses some parts belong to."""
        return frozenset(self.clause[sorted(parts)].tolist())

    def used(self, proof: Proof) -> frozenset[int]:
        """Give the parts a proof speaks of."""
        rows = [row for row, _ in proof]
        return frozenset(self.of_row[rows].tolist()) - {-1}

    def used_by(self, tree: Tree) -> frozenset[int]:
        """Give the parts the leaves of a tree speak of."""
        found = [self.used(n.proof) for n in tree if isinstance(n, Leaf)]
        return frozenset().union(*found)

    def given_up(self, kept: frozenset[int]) -> NDArray[np.bool_]:
        """Mark the rows of parts that are not kept."""
        some = np.zeros(len(self) + 1, dtype=bool)
        some[[*kept, -1]] = True
        return ~some[self.of_row]


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Clauses that no plan keeps together, and the parts of them that suffice for that.

    `proof` is a Farkas sum over rows of the law and of `parts`, `tree` one for each part of all
    plans; without either the conflict is a solver's word. `without` and `without_part` hold a plan
    for a clause or part given up: it keeps the law and everything else of the set. Where there is
    one for each, nothing can be left out of the set. `hall` says that the proof counts places
    against those who may fill them.
    """

    clauses: frozenset[int]
    parts: frozenset[int]
    proof: Proof = ()
    tree: Tree = ()
    without: Mapping[int, Sparse] = field(default_factory=dict)
    without_part: Mapping[int, Sparse] = field(default_factory=dict)
    hall: bool = False
