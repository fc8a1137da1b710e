"""Days and times of day as people write them in one cell, and the options they come to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

_SPLIT = re.compile(r"[;；、,，\n+]")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})[日号])"
)
_MONTH_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]")
_RANGE = re.compile(r"(.+?)\s*(?:-|~|至|到)\s*(.+)")
_CLOCK = (
    r"(?:上午|早上|中午|下午|晚上)?\s*[0-9]{1,2}(?::[0-9]{2}|[点时](?:[0-9]{1,2}分?|半|整)?)"
    r"(?:\s*[ap]m)?"
)
_SPAN = re.compile(rf"(?P<days>.*?)\s*(?P<start>{_CLOCK})\s*(?:-|–|~|至|到)\s*(?P<end>{_CLOCK})")
_TIME = re.compile(
    r"(?P<part>上午|早上|中午|下午|晚上)?\s*(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{2})(?::00)?|[点时](?:(?P<after>[0-9]{1,2})分?|(?P<half>半)|整)?)?"
    r"(?:\s*(?P<suffix>[ap]m))?"
)
_LATER = re.compile("下午|晚上|pm")
_PART = re.compile("上午|早上|中午|下午|晚上|am|pm")
_EVERY = ("每天", "每日", "daily", "every day")
_WEEKDAYS = {
    "mon": 0, "monday": 0, "一": 0, "tue": 1, "tuesday": 1, "二": 1, "wed": 2, "wednesday": 2,
    "三": 2, "thu": 3, "thursday": 3, "四": 3, "fri": 4, "friday": 4, "五": 4, "sat": 5,
    "saturday": 5, "六": 5, "sun": 6, "sunday": 6, "日": 6, "天": 6,
}  # fmt: skip


class TimeError(Exception):
    """A cell of days or times that says nothing certain: an issue code and its values."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Span(NamedTuple):
    """Days, and a time of day on each of them; without times, whole days."""

    days: tuple[str, ...]
    start: str = ""
    end: str = ""

    def sessions(self) -> list[tuple[str, str]]:
        """Give the start and end of each session."""
        return [(f"{d} {self.start}".strip(), f"{d} {self.end}".strip()) for d in self.days]


def tidy(text: str) -> str:
    """Bring full-width forms to plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def horizon_of(package: Mapping[str, Any]) -> list[date]:
    """Give the days of the period, or none where it cannot be read; the check tells why."""
    horizon = package.get("horizon")
    try:
        start, end = (_plain_date(horizon[k]) for k in ("start", "end"))  # type: ignore[index]
    except (TypeError, KeyError, TimeError):
        return []
    return [start + timedelta(days=k) for k in range(min(max(0, (end - start).days), 3660))]


def _plain_date(text: str) -> date:
    """Read one date in any of the forms that can be read in one way only."""
    found = _DATE.fullmatch(tidy(text))
    if not found:
        raise TimeError("request_days", read=text)
    return _date(*(int(g) for g in found.groups() if g))


def read_days(text: str, horizon: list[date]) -> tuple[str, ...]:
    """Read dates and weekdays; weekdays are every such day of the period."""
    found: list[date] = []
    for part in filter(None, (tidy(p) for p in _SPLIT.split(text))):
        days = _days(part, horizon)
        if not days:
            raise TimeError("request_no_day", read=part)
        found += days
    if not found:
        raise TimeError("request_days", read=text)
    return tuple(d.isoformat() for d in sorted(set(found)))


def _days(part: str, horizon: list[date]) -> list[date]:
    """Read one date, day of the year, weekday, or range of weekdays."""
    exact = _DATE.fullmatch(part)
    if exact:
        return [_date(*(int(g) for g in exact.groups() if g))]
    yearless = _MONTH_DAY.fullmatch(part)
    if yearless:
        month, day = int(yearless[1]), int(yearless[2])
        return [d for d in horizon if (d.month, d.day) == (month, day)]
    if part.lower() in _EVERY:
        return list(horizon)
    first = _weekday(part)
    if first is not None:
        return [d for d in horizon if d.weekday() == first]
    ends = _RANGE.fullmatch(part)
    low, high = (_weekday(ends[1]), _weekday(ends[2])) if ends else (None, None)
    if low is None or high is None or low > high:
        raise TimeError("request_days", read=part)
    return [d for d in horizon if low <= d.weekday() <= high]


def _date(year: int, month: int, day: int) -> date:
    """Give a date that exists."""
    try:
        return date(year, month, day)
    except ValueError:
        raise TimeError("no_such_date", read=f"{year}-{month}-{day}") from None


def _weekday(text: str) -> int | None:
    """Read one weekday."""
    plain = re.sub("^(?:每?周|每?星期|礼拜|every )", "", text.strip().lower())
    return _WEEKDAYS.get(plain)


def read_clock(text: str) -> str:
    """Read a time of day: `9:00`, `9点半`, `下午2点`, `2:30pm`, `14`."""
    found = _TIME.fullmatch(tidy(text).lower())
    if not found:
        raise TimeError("request_clock", read=text)
    hour = int(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or found["after"] or 0)
    later = found["part"] in ("下午", "晚上") or found["suffix"] == "pm"
    noon = found["part"] == "中午" and hour < 3
    if (later or noon) and hour < 12:
        hour += 12
    if found["suffix"] == "am" and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise TimeError("request_clock", read=text)
    return f"{hour:02d}:{minute:02d}"


def read_span(text: str) -> tuple[str, str, str] | None:
    """Split `2026-09-30 14:00-16:00` into days, start and end; None if it is not like that."""
    found = _SPAN.fullmatch(tidy(text).lower())
    if not found:
        return None
    start, end = read_clock(found["start"]), read_clock(found["end"])
    if end <= start and end < "12" and _LATER.search(found["start"]):
        # `下午2点至4点`: the end is of the same part of the day, unless it says otherwise.
        end = end if _PART.search(found["end"]) else f"{int(end[:2]) + 12:02d}{end[2:]}"
    return found["days"], start, end


def read_alternatives(text: str, usual: Span, horizon: list[date]) -> list[Span]:
    """Read other times: days, a time of day, or both; what is left out is as usual."""
    found = []
    for part in filter(None, (p.strip() for p in re.split("[;；\n]", text))):
        span = read_span(part)
        days = span[0] if span else part
        start, end = (span[1], span[2]) if span else (usual.start, usual.end)
        read = read_days(days, horizon) if days else usual.days
        if not read:
            raise TimeError("request_days", read=part)
        found.append(Span(read, start, end))
    return found
