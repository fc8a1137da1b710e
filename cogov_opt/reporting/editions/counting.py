"""
Counts of persons that may be published: none below five can be worked out from them.

Every count is published as "at least" the multiple of five below it, each cell by itself, and every
total is the sum of what its cells show, never of what they are. So an edition tells of each cell an
interval of five numbers and nothing of how cells hang together; totals minus cells give nothing
that the cells did not; and two editions of successive runs give intervals of nine, so that no
earlier edition has to be known. Suppressing cells and publishing exact totals would need both
complementary suppression and a memory of all editions before, and still fail when one cell moves.
Activities for fewer than five persons are not listed one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
Row = Mapping[str, str]


def at_least(persons: int) -> int:
    """Give what is published of a count: the multiple of five below it."""
    return persons - persons % LEAST


@dataclass(frozen=True, slots=True)
class Cell:
    """What is published of one area and group: at least so many asked for, so many served."""

    area: str
    group: str
    asked: int
    served: int


def cells(demands: Iterable[Row], served: Iterable[str]) -> list[Cell]:
    """Give what is published of each area and group that somebody asks for, in order."""
    taken = frozenset(served)
    asked: dict[tuple[str, str], list[int]] = {}
    for row in demands:
        both = asked.setdefault((row["area"], row["group"]), [0, 0])
        people = int(row["people"] or 0)
        both[0] += people
        both[1] += people if row["demand_id"] in taken else 0
    return [Cell(*place, *map(at_least, both)) for place, both in sorted(asked.items())]


def is_listed(demand: Row) -> bool:
    """Tell whether an activity may be named: for five or more, or for nobody in particular."""
    return not demand["people"] or int(demand["people"]) >= LEAST


def total(parts: Iterable[int]) -> int:
    """Add up what is published, never what is behind it."""
    return sum(parts)
