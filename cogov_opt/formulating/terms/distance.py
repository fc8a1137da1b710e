"""distance: metres for every resource used, once a need and session (S9.1, S9.2)."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.candidates import affinity_of
from cogov_opt.formulating.facts import FUND, SPACE, VOLUNTEER
from cogov_opt.formulating.indicators import indicator
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select

METRES_PER_DEGREE = 111_195
MICRO = 10**6


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add metres x slots to the indicator of each selected x that is somewhere else."""
    model, facts, c = building.model, building.facts, building.model.candidates
    metres = candidate_metres(building)
    mine = select(facts, term.where, candidates_frame(model)) & (facts.need_kind[c.need] != FUND)
    mine = np.flatnonzero(mine & (metres > 0))
    amount = metres[mine] * facts.options.slots[c.option[mine]]
    building.add_cost(stage, indicator(model, mine), sign * term.weight * amount)


def candidate_metres(building: Building) -> IntArray:
    """Give the metres of each candidate: as given, else between the two places, else 0."""
    facts, c = building.facts, building.model.candidates
    given = affinity_of(facts, c, "distance", BLANK)
    lat, lon = _places(building)
    demands = facts.instance.demands
    demand = facts.need_demand[c.need]
    there = (demands.ints("lat")[demand], demands.ints("lon")[demand])
    here = (lat[c.resource], lon[c.resource])
    known = np.logical_and.reduce([p != BLANK for p in (*here, *there)])
    found = np.zeros(len(c), dtype=np.int64)
    found[known] = metres_between(here[0][known], here[1][known], there[0][known], there[1][known])
    return np.where(given != BLANK, given, found)


def _places(building: Building) -> tuple[IntArray, IntArray]:
    """Give the coordinates of every resource; BLANK for those without a place."""
    facts = building.facts
    found = np.full((2, len(facts.instance.resources)), BLANK, dtype=np.int64)
    for kind, table in ((VOLUNTEER, facts.instance.volunteers), (SPACE, facts.instance.spaces)):
        if len(table):
            found[0, facts.span(kind)] = table.ints("lat")
            found[1, facts.span(kind)] = table.ints("lon")
    return found[0], found[1]


@cache
def cosines() -> IntArray:
    """Give 10^6 times the cosine of every hundredth of a degree from 0 to 90, rounded."""
    values = [round(MICRO * math.cos(math.radians(i / 100))) for i in range(9001)]
    return np.array(values, dtype=np.int64)


def metres_between(lat: IntArray, lon: IntArray, lat2: IntArray, lon2: IntArray) -> IntArray:
    """Give whole metres between places in microdegrees, in integers alone (S9.2)."""
    dy = np.abs(lat - lat2) * METRES_PER_DEGREE // MICRO
    turn = np.abs(lon - lon2)
    turn = np.minimum(turn, 360 * MICRO - turn)
    cosine = cosines()[np.abs(lat + lat2) // 2 // 10_000]
    dx = turn * METRES_PER_DEGREE // MICRO * cosine // MICRO
    return _root(dx * dx + dy * dy)


def _root(square: IntArray) -> IntArray:
    """Give the whole square root, exactly: the float one is off by one at most here."""
    root = np.sqrt(square.astype(np.float64)).astype(np.int64)
    root = np.where(root * root > square, root - 1, root)
    return np.where((root + 1) * (root + 1) <= square, root + 1, root)
