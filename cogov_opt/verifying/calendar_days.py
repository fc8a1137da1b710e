"""Moments, dates and periods as whole numbers (convention S3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440


class Span(NamedTuple):
    """A period: its key and the dates first <= day < after, as ordinals."""

    key: str
    first: int
    after: int


def day_of(text: str) -> int:
    """Give the ordinal of an ISO date, or of the local date of a canonical moment (S3.2)."""
    return date.fromisoformat(text[:10]).toordinal()


def day_text(day: int) -> str:
    """Give the ISO date of an ordinal."""
    return date.fromordinal(day).isoformat()


def epoch_minute(text: str) -> int:
    """Give the whole minutes of a canonical moment since 1970, its offset included (S3.1)."""
    return int(datetime.fromisoformat(text).timestamp()) // 60


def wall_minute(text: str) -> int:
    """Give the minutes of a moment's local clock since midnight of ordinal day 0."""
    return day_of(text) * DAY_MINUTES + int(text[11:13]) * 60 + int(text[14:16])


def is_workday(day: int) -> bool:
    """Tell whether an ordinal is a Monday to Friday (S4.5; ordinal 1 is a Monday)."""
    return (day - 1) % 7 < 5


def weekday(day: int) -> str:
    """Give the three-letter weekday of an ordinal."""
    return WEEKDAYS[(day - 1) % 7]


def day_kind(day: int) -> str:
    """Give the kind of a day; without a calendar Monday to Friday are workdays."""
    return "workday" if is_workday(day) else "rest_day"


def monday(day: int) -> int:
    """Give the Monday of a day's week."""
    return day - (day - 1) % 7


def period_of(day: int, per: str) -> Span:
    """Give the day, week, month or year around a day (S3.4)."""
    at = date.fromordinal(day)
    if per == "day":
        return Span(day_text(day), day, day + 1)
    if per == "week":
        return Span(day_text(monday(day)), monday(day), monday(day) + 7)
    if per == "month":
        first = at.replace(day=1)
        after = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        return Span(first.isoformat()[:7], first.toordinal(), after.toordinal())
    if per == "year":
        return Span(
            f"{at.year:04d}", date(at.year, 1, 1).toordinal(), date(at.year + 1, 1, 1).toordinal()
        )
    raise ValueError(f"unknown period {per}")


def periods(first: int, after: int, per: str | int) -> Iterator[Span]:
    """
    List the periods that have a day of the horizon [first, after) (S3.4).

    `per` is a word, or k of the rolling windows of k days.
    """
    if per == "horizon":
        yield Span("horizon", first, after)
        return
    if isinstance(per, int):
        for day in range(first, after):
            yield Span(day_text(day), day, day + per)
        return
    day = first
    while day < after:
        span = period_of(day, per)
        yield span
        day = span.after
