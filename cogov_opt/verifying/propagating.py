"""Bounds that rows alone imply, pass by pass: the step `rows` of a tree (convention S10.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bounds import Ground

PASSES = 10
Held = tuple[int, frozenset[int]]
"""How long the trail was when it was last looked at, and the rows that were open then."""
Implied = tuple[int, int, bool]
"""A column's place, its bound, and whether that is from above."""


class Rows:
    """
    Narrows columns by rows, and knows which rows can say something new.

    A row says nothing new until a bound it rests on has moved: leaving it out changes no pass.
    `told` are the rows that ever said something new: without the others all would be the same.
    """

    def __init__(self, at: Ground) -> None:
        self.at = at
        self.of_column: list[list[int]] = [[] for _ in at.columns.low]
        for i, (places, _) in enumerate(at.terms):
            for j in places:
                self.of_column[j].append(i)
        self.held: Held = 0, frozenset(range(len(at.terms)))
        self.told: set[int] = set()

    def add(self) -> None:
        """Take in a row that was put behind the others."""
        place = len(self.at.terms) - 1
        for j in self.at.terms[place][0]:
            self.of_column[j].append(place)
        seen, rows = self.held
        self.held = seen, rows | {place}

    def _touched(self) -> set[int]:
        """Give the rows that may say something new: those open, and what has moved since."""
        seen, rows = self.held
        touched = set(rows)
        for side, place, _ in self.at.trail[seen:]:
            if side is self.at.rows.low or side is self.at.rows.high:
                touched.add(place)
            else:
                touched.update(self.of_column[place])
        self.held = len(self.at.trail), frozenset()
        return touched

    def narrow(self) -> bool:
        """Make the passes of one step; tell whether a value is left everywhere."""
        for _ in range(PASSES):
            implied: list[Implied] = []
            kept = True
            for i in self._touched():
                before = len(implied)
                good = self._of_row(i, implied)
                if not good or len(implied) > before:
                    self.told.add(i)
                kept = kept and good
            if not kept or not self._take(implied):
                return False
            if self.held[0] == len(self.at.trail):
                break
        return True

    def _take(self, implied: list[Implied]) -> bool:
        """Take the bounds of a pass together; tell whether every column has a value left."""
        columns, good = self.at.columns, True
        for place, bound, upper in implied:
            left = columns.at_most(place, bound) if upper else columns.at_least(place, bound)
            good = good and left
        return good

    def _of_row(self, i: int, implied: list[Implied]) -> bool:
        """Add the bounds a row implies where they are news; tell whether it can be kept at all."""
        low, high = self.at.columns.low, self.at.columns.high
        places, values = self.at.terms[i]
        least = most = 0
        wide = []
        for j, a in zip(places, values, strict=True):
            left, right = low[j], high[j]
            least += a * (left if a > 0 else right)
            most += a * (right if a > 0 else left)
            if left < right:
                wide.append((j, a))
        upper, lower = self.at.rows.high[i], self.at.rows.low[i]
        if upper is not None:
            if least > upper:
                return not places
            self._moved(wide, upper - least, implied, up=False)
        if lower is not None:
            if most < lower:
                return not places
            self._moved(wide, most - lower, implied, up=True)
        return True

    def _moved(
        self, wide: list[tuple[int, int]], slack: int, implied: list[Implied], *, up: bool
    ) -> None:
        """Add how far from its better end each column may be, given what a row has to spare."""
        low, high = self.at.columns.low, self.at.columns.high
        for j, a in wide:
            size = a if a > 0 else -a
            if size * (high[j] - low[j]) > slack:
                if (a > 0) is up:
                    implied.append((j, high[j] - slack // size, False))
                else:
                    implied.append((j, low[j] + slack // size, True))
