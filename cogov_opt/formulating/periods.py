"""Periods of the horizon, and what falls into which (convention S3.4, S8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cogov_opt.domain.formulation import Part
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.availability import expand
from cogov_opt.formulating.facts import Facts


@dataclass(frozen=True, slots=True)
class Period:
    """A named run of days: ordinals [first, stop)."""

    name: str
    first: int
    stop: int


def periods(facts: Facts, per: str | int) -> list[Period]:
    """List the periods with a day of the horizon, in order; a number gives rolling windows."""
    calendar = facts.instance.calendar
    first, stop = calendar.first_day, calendar.first_day + calendar.days
    if per == "horizon":
        return [Period("horizon", first, stop)]
    if isinstance(per, int):
        return [Period(_iso(d), d, d + per) for d in range(first, stop)]
    found, day = [], first
    while day < stop:
        period = _around(per, date.fromordinal(day))
        found.append(period)
        day = period.stop
    return found


def _around(per: str, day: date) -> Period:
    """Give the calendar period a day falls into."""
    if per == "day":
        return Period(day.isoformat(), day.toordinal(), day.toordinal() + 1)
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday.isoformat(), monday.toordinal(), monday.toordinal() + 7)
    if per == "month":
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return Period(f"{day:%Y-%m}", day.replace(day=1).toordinal(), after.toordinal())
    return Period(
        str(day.year), date(day.year, 1, 1).toordinal(), date(day.year + 1, 1, 1).toordinal()
    )


def _iso(ordinal: int) -> str:
    """Write a day."""
    return date.fromordinal(ordinal).isoformat()


def period_names(found: list[Period], index: IntArray) -> Part:
    """Give periods as a key part."""
    return [p.name for p in found], index.astype(np.int32)


def session_entries(
    facts: Facts, option: IndexArray, measure: str, found: list[Period]
) -> tuple[IntArray, IntArray, IntArray]:
    """
    Say into which periods options fall: (which option given, amount, period).

    Minutes and slots count on each session's day, with their amount; everything else once, on the
    first session's day, with amount 1 (S8.5). An option without time is one slot of 0 minutes on
    the first day of the horizon.
    """
    o = facts.options
    if measure in ("minutes", "slots"):
        owner, session = expand(o.first[option], o.sessions[option])
        day = o.days[session]
        amount = (
            (o.ends - o.starts)[session]
            if measure == "minutes"
            else np.ones(len(owner), dtype=np.int64)
        )
        idle = np.flatnonzero(o.sessions[option] == 0)
        owner = np.concatenate((owner, idle))
        first_day = np.full(len(idle), facts.instance.calendar.first_day)
        day = np.concatenate((day, first_day))
        amount = np.concatenate((amount, np.full(len(idle), 0 if measure == "minutes" else 1)))
    else:
        owner, day = np.arange(len(option)), first_days(facts)[option]
        amount = np.ones(len(option), dtype=np.int64)
    first = np.array([p.first for p in found])
    stop = np.array([p.stop for p in found])
    low = np.searchsorted(stop, day, side="right")
    count = np.searchsorted(first, day, side="right") - low
    entry, period = expand(low, count)
    return owner[entry], amount[entry], period


def first_days(facts: Facts) -> IntArray:
    """Give the day of each option's first session; the first of the horizon without sessions."""
    o = facts.options
    found = np.full(len(o), facts.instance.calendar.first_day, dtype=np.int64)
    owner, session = expand(o.first[:-1], o.sessions)
    far = np.full(len(o), np.iinfo(np.int64).max)
    np.minimum.at(far, owner, o.days[session])
    timed = o.sessions > 0
    found[timed] = far[timed]
    return found
