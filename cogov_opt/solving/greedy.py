"""
A plan without a solver: switch demands on one by one, and mend the rows that this breaks.

It knows rows and columns only, so every clause counts. What it finds is checked in exact integers;
where it finds nothing, that says nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact
from cogov_opt.solving.parts import labels_of

MOVES, MOST_MOVES = 2_000_000, 10_000_000
"""Looks at a matrix entry, in a part and in all: keeps the work repeatable and short."""
MENDS = 400
"""Rows mended for one demand before it is given up."""


def plan(formulation: Formulation, *, seconds: float | None = None) -> IntArray | None:
    """
    Give a vector that keeps every bound and row, or None.

    Demands come in the order of what they bring in the first stage; each is switched on if the
    rows can be mended afterwards, and left off otherwise. Parts that no row connects have a limit
    of work each.
    """
    deadline = None if seconds is None else time.monotonic() + seconds / 4
    search = _Search.of(formulation)
    search.attempt(None)
    best, begun = search.checked(), search.moves
    order, spent = _order(formulation), list[int]()
    for column in order:
        if search.moves > MOVES or _over(deadline):
            break
        before = search.moves
        search.attempt(column)
        spent.append(search.moves - before)
    if search.moves > MOVES:
        # The attempt that met the limit is undone: it comes again, if there is work left for it.
        _go_on(search, begun, order, spent[:-1], deadline)
    found = search.checked()
    return found if found is not None else best


def _over(deadline: float | None) -> bool:
    """Tell whether the time is over."""
    return deadline is not None and time.monotonic() > deadline


def _go_on(
    search: _Search, begun: int, order: list[int], spent: list[int], deadline: float | None
) -> None:
    """Go on in each part up to its own limit, what was spent there already counted."""
    f, total = search.formulation, search.moves
    every, rows = np.ones(len(f.lower), dtype=bool), np.ones(len(f.row_lower), dtype=bool)
    labels = labels_of(f, rows, every)[order]
    used = np.bincount(labels[: len(spent)], spent, minlength=len(f.lower)).astype(np.int64)
    turns: dict[int, list[int]] = {}
    for place in range(len(spent), len(order)):
        turns.setdefault(int(labels[place]), []).append(order[place])
    for part, columns in turns.items():
        search.moves = before = begun + int(used[part])
        for column in columns:
            over = search.moves > MOVES or total + search.moves - before > MOST_MOVES
            if over or _over(deadline):
                break
            search.attempt(column)
        total += search.moves - before


def _order(formulation: Formulation) -> list[int]:
    """Order the y columns: dearest in the first stage first, then as they stand."""
    count = len(formulation.options)
    costs = np.zeros(count, np.int64)
    for stage in formulation.stages:
        costs = stage.costs[:count]
        if costs.any():
            break
    return [int(j) for j in np.argsort(-costs, kind="stable")]


@dataclass
class _Search:
    """A vector with its row sums, and the rows it breaks at the moment."""

    formulation: Formulation
    x: list[int]
    sums: list[int]
    low: list[int]
    high: list[int]
    row_low: list[int]
    row_high: list[int]
    row_starts: list[int]
    row_columns: list[int]
    row_values: list[int]
    starts: list[int]
    rows: list[int]
    values: list[int]
    worth: list[int]
    journal: list[tuple[int, int]] = field(default_factory=list)
    moves: int = 0

    @classmethod
    def of(cls, f: Formulation) -> _Search:
        """Start from nothing: every column as near to 0 as its bounds allow."""
        x = np.clip(0, f.lower, f.upper)
        order = np.argsort(f.matrix.columns, kind="stable")
        counts = np.bincount(f.matrix.columns, minlength=len(f.lower))
        worth = np.zeros(len(f.lower), np.int64)
        for stage in reversed(f.stages):
            worth = np.where(stage.costs != 0, stage.costs, worth)
        return cls(
            f, x.tolist(), exact.activity(f.matrix, x).tolist(),
            f.lower.tolist(), f.upper.tolist(), f.row_lower.tolist(), f.row_upper.tolist(),
            f.matrix.starts.tolist(), f.matrix.columns.tolist(), f.matrix.values.tolist(),
            np.concatenate(([0], np.cumsum(counts))).tolist(),
            f.matrix.row_of[order].tolist(), f.matrix.values[order].tolist(), worth.tolist(),
        )  # fmt: skip

    def checked(self) -> IntArray | None:
        """Give the vector if it keeps everything."""
        vector = np.array(self.x, np.int64)
        return vector if exact.feasible(self.formulation, vector) else None

    def attempt(self, column: int | None) -> bool:
        """Switch a column on (None: only mend) and mend what breaks; undo it all on failure."""
        self.journal.clear()
        if column is None:
            broken = [i for i in range(len(self.sums)) if self._lack(i)]
            return self._mend(broken, 50 * MENDS, None)
        if self.x[column] >= self.high[column]:
            return True
        if self._mend(self._move(column, 1), MENDS, column):
            return True
        for moved, step in reversed(self.journal):
            self._move(moved, -step, note=False)
        return False

    def _lack(self, row: int) -> int:
        """Give what a row lacks: positive below its lower side, negative above its upper."""
        found = self.sums[row]
        if found < self.row_low[row]:
            return self.row_low[row] - found
        return min(self.row_high[row] - found, 0)

    def _move(self, column: int, step: int, *, note: bool = True) -> list[int]:
        """Move a column; give the rows that are broken now."""
        self.x[column] += step
        if note:
            self.journal.append((column, step))
        broken = []
        part = range(self.starts[column], self.starts[column + 1])
        self.moves += len(part)
        for at in part:
            row = self.rows[at]
            self.sums[row] += self.values[at] * step
            if self._lack(row):
                broken.append(row)
        return broken

    def _mend(self, broken: list[int], budget: int, kept: int | None) -> bool:
        """Mend rows until none is broken; a step may break others, which join the queue."""
        queue = list(broken)
        while queue:
            row = queue.pop(0)
            if not self._lack(row):
                continue
            budget -= 1
            if budget < 0 or self.moves > MOVES:
                return False
            if not self._mend_row(row, queue, kept):
                return False
        return True

    def _mend_row(self, row: int, queue: list[int], kept: int | None) -> bool:
        """Mend one row: columns that break nothing first, the most worth first."""
        part = range(self.row_starts[row], self.row_starts[row + 1])
        self.moves += len(part)
        # Other demands are not switched to mend a row: each comes in its own turn. What the rows
        # ask for before any demand is chosen (pins, guarantees) may switch whatever it needs.
        first = 0 if kept is None else len(self.formulation.options)
        entries = [
            (self.row_columns[at], self.row_values[at])
            for at in part
            if self.row_columns[at] >= first and self.row_columns[at] != kept
        ]
        entries.sort(
            key=lambda e: (-self.worth[e[0]] * (1 if e[1] * self._lack(row) > 0 else -1), e[0])
        )
        for harmless in (True, False):
            for column, value in entries:
                lack = self._lack(row)
                if not lack:
                    return True
                step = self._step(column, value, lack, harmless)
                if step:
                    queue.extend(self._move(column, step))
        return not self._lack(row)

    def _step(self, column: int, value: int, lack: int, harmless: bool) -> int:
        """Give how far a column may move to make up a lack."""
        size = -(-abs(lack) // abs(value))
        up = (lack > 0) == (value > 0)
        room = self.high[column] - self.x[column] if up else self.x[column] - self.low[column]
        step = min(size, room)
        if step <= 0:
            return 0
        if harmless:
            step = self._harmless(column, step, up)
        return step if up else -step

    def _harmless(self, column: int, step: int, up: bool) -> int:
        """Shorten a step so that no row that holds now is broken by it."""
        part = range(self.starts[column], self.starts[column + 1])
        self.moves += len(part)
        for at in part:
            row, move = self.rows[at], self.values[at] if up else -self.values[at]
            if self._lack(row):
                continue
            room = (
                self.row_high[row] - self.sums[row]
                if move > 0
                else self.sums[row] - self.row_low[row]
            )
            step = min(step, room // abs(move))
            if step <= 0:
                return 0
        return step
