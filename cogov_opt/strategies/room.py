"""What is left in the structural rows while a procedure takes candidates one by one (S14.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.formulating.facts import BoolArray

_SCARCE = ("law.capacity", "law.no_overlap", "law.agreement")
_ONCE = ("law.set", "once")
_USED = ("law.capacity", "used")
_LEAST = ("law.capacity", "least_minutes")


@dataclass(slots=True)
class Room:
    """
    The rows candidates compete in: capacity, overlap, agreements, one agreement a person.

    What is taken stays on trial until `keep` or `take_back`. A volunteer with least minutes is
    taken only where that very use reaches them, since every row must hold at every step.
    """

    starts: list[int]
    """Entries of candidate c are `starts[c]:starts[c + 1]` of `rows` and `values`."""
    rows: list[int]
    values: list[int]
    left: dict[int, int]
    """What is left of each row with an upper bound."""
    missing: dict[int, int]
    """What a used volunteer's least minutes still ask for."""
    trial: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, formulation: Formulation) -> Room:
        """Begin with everything free."""
        wanted, least, used = _families(formulation)
        first, last = formulation.x.start, formulation.x.stop
        m = formulation.matrix
        row, is_x = m.row_of, (m.columns >= first) & (m.columns < last)
        mine = np.flatnonzero(wanted[row] & is_x)
        idle_column, idle_row = _idle_uses(formulation, least, used)
        column = np.concatenate((m.columns[mine], idle_column)) - first
        rows = np.concatenate((row[mine], idle_row))
        values = np.concatenate((m.values[mine], np.zeros(len(idle_row), dtype=np.int64)))
        order = np.argsort(column, kind="stable")
        upper = np.flatnonzero(wanted & (formulation.row_upper < FREE))
        asked = np.flatnonzero(least[row] & ~is_x)
        return cls(
            starts=np.searchsorted(column[order], np.arange(last - first + 1)).tolist(),
            rows=rows[order].tolist(),
            values=values[order].tolist(),
            left=dict(zip(upper.tolist(), formulation.row_upper[upper].tolist(), strict=True)),
            missing=dict(zip(row[asked].tolist(), (-m.values[asked]).tolist(), strict=True)),
        )

    def fits(self, candidate: int, most: int) -> int:
        """Give how many units of a candidate every row still allows, `most` at most."""
        entries = range(self.starts[candidate], self.starts[candidate + 1])
        for entry in entries:
            row = self.rows[entry]
            if row in self.left:
                most = min(most, self.left[row] // self.values[entry])
        for entry in entries:
            row = self.rows[entry]
            if row in self.missing and self.values[entry] * most < self.missing[row]:
                return 0
        return max(most, 0)

    def take(self, candidate: int, units: int) -> None:
        """Take units of a candidate, on trial."""
        for entry in range(self.starts[candidate], self.starts[candidate + 1]):
            row, amount = self.rows[entry], self.values[entry] * units
            self.trial.append((row, amount))
            self._book(row, amount)

    def keep(self) -> None:
        """Keep what was taken on trial."""
        self.trial.clear()

    def take_back(self) -> None:
        """Give back what was taken on trial."""
        for row, amount in self.trial:
            self._book(row, -amount)
        self.trial.clear()

    def _book(self, row: int, amount: int) -> None:
        for held in (self.left, self.missing):
            if row in held:
                held[row] -= amount


def _families(formulation: Formulation) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Mark the rows candidates compete in; among them those of least minutes; those of `used`."""
    count = len(formulation.rows)
    wanted, least, used = (np.zeros(count, dtype=bool) for _ in range(3))
    starts = formulation.rows.starts[:-1].tolist()
    for block, first in zip(formulation.rows.blocks, starts, strict=True):
        span = slice(first, first + block.count)
        family = block.prefix[:2]
        wanted[span] = (family[0] in _SCARCE or family == _ONCE) and family != _USED
        least[span], used[span] = family == _LEAST, family == _USED
    return wanted, least, used


def _idle_uses(
    formulation: Formulation, least: BoolArray, used: BoolArray
) -> tuple[IntArray, IntArray]:
    """
    List the uses of no minutes by volunteers with least minutes: their columns and those rows.

    Such a use makes the volunteer `used` without a term in the row that asks for the minutes.
    """
    m = formulation.matrix
    row, is_x = m.row_of, m.columns < formulation.x.stop
    asks = np.flatnonzero(least[row] & ~is_x)
    row_of_used = np.full(len(formulation.columns), -1, dtype=np.int64)
    row_of_used[m.columns[asks]] = row[asks]
    # Each row of `used` holds one x and, behind it, the column `used` of its volunteer.
    uses = np.flatnonzero(used[row])
    column, asked = m.columns[uses[0::2]].astype(np.int64), row_of_used[m.columns[uses[1::2]]]
    timed = np.flatnonzero(least[row] & is_x)
    width = len(formulation.columns)
    known = row[timed].astype(np.int64) * width + m.columns[timed]
    idle = ~np.isin(asked * width + column, known)
    return column[idle], asked[idle]
