"""How scarce things are in a week: the figures to turn. Kinds of activity stay as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scarcity:
    """Ranges are (low, high, step), weights those of 1, 2, 3 ..., percents of a hundred."""

    demands: int = 60
    fund_percent: int = 100
    """Of the amounts drawn for the funds."""
    service_percent: int = 100
    """Of the capacities drawn for the services."""
    options_each: tuple[int, ...] = (4, 6, 4, 3)
    """Weights of 1, 2, 3, 4 possible times."""

    skills_each: tuple[int, ...] = (1, 4, 4, 2)
    levels: tuple[int, ...] = (3, 5, 3)
    shifts_each: tuple[int, int, int] = (4, 8, 1)
    minutes_each: tuple[int, int, int] = (180, 600, 60)
    slots_each: tuple[int, int, int] = (1, 4, 1)
    silent_percent: int = 8
    vetted_percent: int = 50
    allowance_percent: int = 25

    certified_percent: int = 80
    """Of those who know the skill."""
    lapsed_percent: int = 7
    """Of the certificates."""
    lapsing_percent: int = 18
    """Of the certificates: the last day lies within the week."""

    affinities: int = 40
    standing: int = 5
    """Rows of last week that only inform."""
