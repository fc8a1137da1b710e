"""Bounds of columns and rows that move on the way through a tree, and back again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .priced import Key, Row

Sides = list[Any]
"""Bounds by place, whole numbers; None, which rows alone may have, does not limit."""
Moved = tuple[Sides, int, Any]


class Bounds:
    """A lower and an upper bound for each place; `trail` remembers how to go back."""

    def __init__(self, low: Sides, high: Sides, trail: list[Moved]) -> None:
        self.low, self.high, self.trail = low, high, trail

    def at_most(self, place: int, bound: int) -> bool:
        """Narrow from above; tell whether a value is left."""
        low, high = self.low[place], self.high[place]
        if high is None or bound < high:
            self.trail.append((self.high, place, high))
            self.high[place] = high = bound
        return low is None or low <= high

    def at_least(self, place: int, bound: int) -> bool:
        """Narrow from below; tell whether a value is left."""
        low, high = self.low[place], self.high[place]
        if low is None or bound > low:
            self.trail.append((self.low, place, low))
            self.low[place] = low = bound
        return high is None or low <= high


@dataclass(slots=True)
class Ground:
    """The columns and rows of a stage by place, with the bounds that hold where one stands."""

    column_at: dict[Key, int]
    row_at: dict[Key, int]
    terms: list[tuple[list[int], list[int]]]
    columns: Bounds
    rows: Bounds
    trail: list[Moved] = field(default_factory=list)

    def back_to(self, mark: int) -> None:
        """Move every bound back to where it stood when the trail was so long."""
        while len(self.trail) > mark:
            side, place, value = self.trail.pop()
            side[place] = value


def ground(columns: Mapping[Key, tuple[int, int]], rows: list[Row]) -> Ground:
    """Give columns and rows by place, with their own bounds."""
    at = {key: j for j, key in enumerate(columns)}
    terms = [([at[key] for key, _ in row.terms], [a for _, a in row.terms]) for row in rows]
    trail: list[Moved] = []
    box = Bounds([b[0] for b in columns.values()], [b[1] for b in columns.values()], trail)
    sides = Bounds([row.lower for row in rows], [row.upper for row in rows], trail)
    return Ground(at, {row.key: i for i, row in enumerate(rows)}, terms, box, sides, trail)
