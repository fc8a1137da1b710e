"""Timetables laid out by week: a row for each resource, a column for each day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cogov_opt.reporting.overview.parts import Booking, Timetable

DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One resource in one week: its bookings on each day of the week's columns."""

    timetable: Timetable
    cells: tuple[tuple[Booking, ...], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Days in a row, Monday to Sunday at most; no days at all is what has no fixed time."""

    days: tuple[str, ...]
    rows: tuple[WeekRow, ...]

    @property
    def by_giver(self) -> list[tuple[str, list[WeekRow]]]:
        """Give the rows by whose the resources are, in order of name."""
        found: dict[str, list[WeekRow]] = {}
        for row in self.rows:
            found.setdefault(row.timetable.giver.name, []).append(row)
        return sorted(found.items())


def weeks(timetables: Iterable[Timetable], start: str, end: str) -> tuple[Week, ...]:
    """
    Lay timetables out by week.

    Parameters
    ----------
    timetables
        Of one kind of resource.
    start, end
        First day of the plan, and the day after its last.
    """
    tables = tuple(timetables)
    booked = {b.session.day for t in tables for b in t.bookings if b.session}
    found = [
        _week(tables, days)
        for monday in sorted({_monday(day) for day in booked})
        if (days := _days(monday, booked, start, end))
    ]
    untimed = tuple(
        WeekRow(t, (rest,))
        for t in tables
        if (rest := tuple(b for b in t.bookings if b.session is None))
    )
    return (*found, Week((), untimed)) if untimed else tuple(found)


def _monday(day: str) -> date:
    found = date.fromisoformat(day)
    return found - timedelta(days=found.weekday())


def _days(monday: date, booked: set[str], start: str, end: str) -> tuple[str, ...]:
    """Give the days of a week that are in the plan, or on which something is booked."""
    week = [(monday + timedelta(days=i)).isoformat() for i in range(DAYS)]
    return tuple(day for day in week if start <= day < end or day in booked)


def _week(tables: Iterable[Timetable], days: tuple[str, ...]) -> Week:
    """Give the rows of one week: resources with a booking in it."""
    rows = []
    for table in tables:
        by_day: dict[str, list[Booking]] = {day: [] for day in days}
        for booking in table.bookings:
            if booking.session and booking.session.day in by_day:
                by_day[booking.session.day].append(booking)
        if any(by_day.values()):
            rows.append(WeekRow(table, tuple(tuple(by_day[day]) for day in days)))
    return Week(days, tuple(rows))
