"""How long resources are open in a period, overlapping rows counted once (convention S7.5)."""

from __future__ import annotations

from datetime import date

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.availability import rows_of
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.periods import Period

DAY_MINUTES = 1440


def open_minutes(facts: Facts, kind: int, resources: IntArray, period: Period) -> IntArray:
    """Give the open minutes of some resources of a kind inside a period."""
    span = facts.span(kind)
    rows = rows_of(facts, kind)
    low, high = _minutes(facts, period)
    silence = facts.instance.package.silence(RESOURCE_KINDS[kind])
    found = np.zeros(len(resources), dtype=np.int64)
    for i, resource in enumerate((resources - span.start).tolist()):
        mine = slice(int(rows.first[resource]), int(rows.first[resource + 1]))
        if mine.start == mine.stop:
            found[i] = _silent_minutes(silence, period)
        else:
            found[i] = _union(rows.start[mine], rows.end[mine], low, high)
    return found


def _minutes(facts: Facts, period: Period) -> tuple[int, int]:
    """Give a period as minutes from the horizon's start."""
    calendar = facts.instance.calendar
    place = period.first - calendar.first_day - _first_midnight(facts)
    return int(calendar.midnights[place]), int(
        calendar.midnights[place + period.stop - period.first]
    )


def _first_midnight(facts: Facts) -> int:
    """Give the day, counted from the horizon's start, of the first known midnight."""
    midnights = facts.instance.calendar.midnights
    return -int(np.searchsorted(midnights, 0))


def _silent_minutes(silence: str, period: Period) -> int:
    """Give the minutes of a resource without rows: whole workdays, every day, or none."""
    if silence == "closed":
        return 0
    days = range(period.first, period.stop)
    if silence == "always":
        return DAY_MINUTES * len(days)
    return DAY_MINUTES * sum(date.fromordinal(d).weekday() < 5 for d in days)


def _union(start: IntArray, end: IntArray, low: int, high: int) -> int:
    """Add up the minutes within [low, high) that at least one interval covers."""
    total, reached = 0, low
    for i in np.argsort(start, kind="stable").tolist():
        begin, stop = max(int(start[i]), reached), min(int(end[i]), high)
        if stop > begin:
            total += stop - begin
            reached = stop
    return total
