"""Metres between a resource and a demand, in integers (convention S9.2)."""

from __future__ import annotations

from functools import cache
from math import cos, isqrt, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Demand, Facts, Resource

MILLION = 10**6
METRES_A_DEGREE = 111195


def metres(facts: Facts, resource: Resource, demand: Demand) -> int:
    """Give the distance: the affinity's, else by latitude and longitude, else 0."""
    if resource.kind == "fund":
        return 0
    given = facts.affinities.get((resource.id, demand.id)) if facts.affinities else None
    if given is not None and given.distance is not None:
        return given.distance
    if resource.place is None or demand.place is None:
        return 0
    return between(*resource.place, *demand.place)


def between(lat1: int, lon1: int, lat2: int, lon2: int) -> int:
    """Give the metres between two places in microdegrees."""
    dy = abs(lat1 - lat2) * METRES_A_DEGREE // MILLION
    apart = abs(lon1 - lon2)
    dl = min(apart, 360 * MILLION - apart)
    dx = dl * METRES_A_DEGREE // MILLION * _cosine(abs(lat1 + lat2) // 2 // 10**4) // MILLION
    return isqrt(dx * dx + dy * dy)


@cache
def _cosine(i: int) -> int:
    """Give c: the cosine of i hundredths of a degree, in millionths."""
    return round(MILLION * cos(radians(i / 100)))
