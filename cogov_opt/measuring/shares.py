"""What part of what a group asks for it is given, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WHOLE = 10_000
"""A whole, in basis points."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much was asked and how much of it given, in one unit."""

    asked: int
    given: int

    @property
    def basis_points(self) -> int:
        """Give the part that was given, rounded down; the whole where nothing was asked."""
        return WHOLE * self.given // self.asked if self.asked else WHOLE


def shares_by(rows: Iterable[tuple[str, int, int]]) -> dict[str, Share]:
    """
    Add up rows of (group, asked, given) by group.

    Returns
    -------
    dict
        The share of each group, in order of the groups' names.
    """
    found: dict[str, tuple[int, int]] = {}
    for group, asked, given in rows:
        before = found.get(group, (0, 0))
        found[group] = (before[0] + asked, before[1] + given)
    return {group: Share(*found[group]) for group in sorted(found)}
