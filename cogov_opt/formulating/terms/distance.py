"""distance: metres for every resource used, once a need and session (S9.1, S9.2)."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import CheckedTable, IntArray
from cogov_opt.domain.policy import Term
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.candidates import affinity_of
from cogov_opt.formulating.facts import FUND, SPACE, VOLUNTEER, Facts
from cogov_opt.formulating.indicators import indicator
from cogov_opt.formulating.measures import candidates_frame
from cogov_opt.formulating.selectors import select

METRES_PER_DEGREE = 111_195
MICRO = 10**6


def add(building: Building, stage: int, term: Term, sign: int) -> None:
    """Add metres x slots to the indicator of each selected x that is somewhere else."""
    model, facts, c = building.model, building.facts, building.model.candidates
    metres = candidate_metres(building)
    away = select(facts, term.where, candidates_frame(model)) & (metres > 0)
    mine = np.flatnonzero(away & (facts.need_kind != FUND).take(c.need))
    amount = metres[mine] * facts.options.slots.take(c.option[mine])
    building.add_cost(stage, indicator(model, mine), sign * term.weight * amount)


def candidate_metres(building: Building) -> IntArray:
    """Give the metres of each candidate: as given, else between the two places, else 0."""
    facts, c = building.facts, building.model.candidates
    given = affinity_of(facts, c, "distance", BLANK)
    here, there = _places(facts), _coordinates(facts.instance.demands)
    demand = facts.need_demand.take(c.need)
    placed, asked = ((p != BLANK).all(axis=0) for p in (here, there))
    mine = np.flatnonzero(placed.take(c.resource) & asked.take(demand))
    found = np.zeros(len(c), dtype=np.int64)
    found[mine] = metres_between(
        *here.take(c.resource[mine], axis=1), *there.take(demand[mine], axis=1)
    )
    return np.where(given != BLANK, given, found)


def _places(facts: Facts) -> IntArray:
    """Give the coordinates of every resource; BLANK for those without a place."""
    found = np.full((2, len(facts.instance.resources)), BLANK, dtype=np.int64)
    for kind, table in ((VOLUNTEER, facts.instance.volunteers), (SPACE, facts.instance.spaces)):
        if len(table):
            found[:, facts.span(kind)] = _coordinates(table)
    return found


def _coordinates(table: CheckedTable) -> IntArray:
    """Give latitude and longitude of each row of a table."""
    return np.stack((table.ints("lat"), table.ints("lon")))


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
