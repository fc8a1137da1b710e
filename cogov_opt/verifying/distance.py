"""Metres between a resource and a demand, in integers (convention S9.2)."""

from __future__ import annotations

from functools import cache
from math import cos, isqrt, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Demand, Facts, Place, Resource
    from .priced import Candidate

MILLION = 10**6
HALF_ROUND = 180 * MILLION
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


class Ways:
    """Measures whole lists of candidates; a list that many needs share is placed once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._placed: dict[int, tuple[list[Candidate], list[Place]]] = {}

    def metres(self, found: list[Candidate], demand: Demand) -> list[int]:
        """Give the distance of every candidate, as `metres` does."""
        facts, to = self.facts, demand.place
        if facts.affinities or to is None:
            return [metres(facts, facts.resources[c.resource], demand) for c in found]
        return [0 if place is None else between(*place, *to) for place in self._places(found)]

    def _places(self, found: list[Candidate]) -> list[Place]:
        """Give where each candidate is; None for funds, which are nowhere."""
        placed = self._placed.get(id(found))
        if placed is None:
            resources = [self.facts.resources[c.resource] for c in found]
            places = [None if r.kind == "fund" else r.place for r in resources]
            placed = self._placed[id(found)] = (found, places)
        return placed[1]


def between(lat1: int, lon1: int, lat2: int, lon2: int) -> int:
    """Give the metres between two places in microdegrees."""
    dy = abs(lat1 - lat2) * METRES_A_DEGREE // MILLION
    dl = abs(lon1 - lon2)
    if dl > HALF_ROUND:
        dl = 2 * HALF_ROUND - dl
    dx = dl * METRES_A_DEGREE // MILLION * _cosine(abs(lat1 + lat2) // 20_000) // MILLION
    return isqrt(dx * dx + dy * dy)


@cache
def _cosine(i: int) -> int:
    """Give c: the cosine of i hundredths of a degree, in millionths."""
    return round(MILLION * cos(radians(i / 100)))
