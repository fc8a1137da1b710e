"""
What one cell says: the only place where text becomes a number, a date or a moment.

Every reader takes the text of one cell and gives its integer and the text it was used as; a
caller compares that with what was typed, and states the difference as a repair. No float is made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cogov_opt.domain.calendar import Calendar

Reader = Callable[[str], tuple[int, str]]

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
_SEPARATORS = re.compile("[;；、]")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_WHOLE_AS_DECIMAL = re.compile(r"([+-]?[0-9]+)\.0+")
_DECIMAL = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_MONEY = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_CURRENCY_MARKS = re.compile(r"^(?:¥|CNY|RMB|人民币)\s*|\s*(?:元整?|CNY|RMB)$")
_TEN_THOUSANDS = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,4}))?\s*万")
_COUNTED = re.compile(r"([0-9]+)\s*(?:人次|人|名|位|个|座|份|场|次)")
_DURATIONS = (
    re.compile(r"(?P<m>[0-9]+)(?:\s*(?:min|分钟|分))?"),
    re.compile(r"(?P<h>[0-9]+)\s*h(?:\s*(?P<m>[0-9]{1,2})(?:\s*(?:m|min))?)?"),
    re.compile(r"(?P<h>[0-9]+)\s*个?小时(?:\s*(?P<m>[0-9]{1,2})\s*分钟?)?"),
)
_PART_HOURS = re.compile(
    r"([0-9]{1,6})\.([0-9]{1,2})\s*(?:h|个?小时)|([0-9]{0,6})\s*个?(半)个?小时"
)
_DEGREES = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})[日号])"
)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?")
_OFFSET = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")
DIGITS = 18
"""The longest integer that is read at all; every range is far below."""


class UnreadableError(Exception):
    """A cell that says nothing acceptable: an issue code and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def tidy(text: str) -> str:
    """Bring full-width forms, invisible characters and edge spaces to plain text (NFKC)."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()


def split_list(text: str) -> list[str]:
    """Split a list cell at `;`, `；` or `、`, leaving out empty items."""
    return [item for item in (tidy(part) for part in _SEPARATORS.split(text)) if item]


def _number(text: str) -> str:
    """Tidy a number and drop thousands separators."""
    plain = tidy(text)
    return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain


def _within(value: int, low: int, high: int) -> int:
    """Hold a number to its range."""
    if not low <= value <= high:
        raise UnreadableError("out_of_range", low=low, high=high)
    return value


def whole(low: int, high: int) -> Reader:
    """Give the reader of whole numbers within [low, high]; percents may carry their sign."""

    def read(text: str) -> tuple[int, str]:
        plain = _number(text)
        if high == 100:
            plain = plain.removesuffix("%").rstrip()
        counted = _COUNTED.fullmatch(plain)
        plain = counted[1] if counted else plain
        decimal = _WHOLE_AS_DECIMAL.fullmatch(plain)
        plain = decimal[1] if decimal else plain
        if _DECIMAL.fullmatch(plain):
            raise UnreadableError("not_whole")
        if not _WHOLE.fullmatch(plain):
            raise UnreadableError("not_a_number")
        if len(plain) > DIGITS:
            raise UnreadableError("out_of_range", low=low, high=high)
        return _within(int(plain), low, high), plain

    return read


def money(high: int) -> Reader:
    """Give the reader of amounts in major units with at most two decimals; minor units inside."""

    def read(text: str) -> tuple[int, str]:
        marked = tidy(text)
        plain = _ten_thousands(_number(_CURRENCY_MARKS.sub("", marked)))
        found = _MONEY.fullmatch(plain)
        if not found:
            raise UnreadableError("not_money")
        sign, major, minor = found[1], found[2], found[3] or ""
        if len(minor) > 2:
            raise UnreadableError("third_decimal")
        if len(major) > DIGITS - 2:
            raise UnreadableError("out_of_range", low=0, high=high // 100)
        value = int(major) * 100 + int(minor.ljust(2, "0"))
        value = -value if sign == "-" else value
        if not 0 <= value <= high:
            raise UnreadableError("out_of_range", low=0, high=high // 100)
        return value, plain

    return read


def _ten_thousands(plain: str) -> str:
    """Write `1.5万` as 15000."""
    found = _TEN_THOUSANDS.fullmatch(plain)
    return str(int(found[1] + (found[2] or "").ljust(4, "0"))) if found else plain


def duration(high: int) -> Reader:
    """Give the reader of durations: `90`, `8h`, `1h30`, `8小时`, `1小时30分`, `1.5小时`."""

    def read(text: str) -> tuple[int, str]:
        plain = _whole_minutes(_number(text))
        for pattern in _DURATIONS:
            found = pattern.fullmatch(plain)
            if found:
                if len(plain) > DIGITS:
                    break
                parts = found.groupdict()
                hours, rest = parts.get("h"), int(parts["m"] or 0)
                if hours and rest > 59:
                    break
                return _within(int(hours or 0) * 60 + rest, 0, high), plain
        raise UnreadableError("not_a_duration")

    return read


def _whole_minutes(plain: str) -> str:
    """Write `1.5小时` as 1h30; parts of an hour that are no whole minutes stay as they are."""
    found = _PART_HOURS.fullmatch(plain)
    if not found:
        return plain
    hours, part = int(found[1] or found[3] or 0), (found[2] or "5").ljust(2, "0")
    minutes, rest = divmod(int(part) * 60, 100)
    return plain if rest else f"{hours}h{minutes:02d}"


def degrees(limit: int) -> Reader:
    """Give the reader of decimal degrees; more than six decimals are cut off, as a repair."""

    def read(text: str) -> tuple[int, str]:
        plain = tidy(text)
        found = _DEGREES.fullmatch(plain)
        if not found:
            raise UnreadableError("not_degrees", limit=limit)
        sign, major, minor = found.groups("")
        if len(major) > 3:
            raise UnreadableError("out_of_range", low=-limit, high=limit)
        value = int(major + minor[:6].ljust(6, "0"))
        if value > limit * 10**6:
            raise UnreadableError("out_of_range", low=-limit, high=limit)
        used = f"{sign}{major}.{minor[:6]}" if len(minor) > 6 else plain
        return -value if sign == "-" else value, used

    return read


def read_date(text: str) -> tuple[int, str]:
    """Read `2026-09-28`, `2026/9/28`, `2026.9.28`, `2026年9月28日` as the ordinal of the day."""
    found = _date(tidy(text))
    return found.toordinal(), found.isoformat()


def _date(plain: str) -> date:
    """Read a date; two-digit years and orders other than year, month, day are ambiguous."""
    found = _DATE.fullmatch(plain)
    if not found:
        raise UnreadableError("not_a_date")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        read = date(year, month, day)
    except ValueError:
        raise UnreadableError("no_such_date") from None
    if year < 1900:
        raise UnreadableError("no_such_date")
    return read


def moment(calendar: Calendar, *, closing: bool) -> Reader:
    """
    Give the reader of moments: minutes since the horizon's start.

    A date alone is the start of that day, or its end where `closing`; `24:00` is the next
    midnight; a moment with an offset is taken as it stands.
    """

    def read(text: str) -> tuple[int, str]:
        plain = tidy(text)
        if _OFFSET.search(plain) and "T" in plain:
            return _aware(plain, calendar), plain
        head, _, tail = plain.replace("T", " ").partition(" ")
        day = _date(head)
        if not tail:
            whole_day = datetime.combine(day, datetime.min.time()) + timedelta(days=int(closing))
            return calendar.minute(whole_day), day.isoformat()
        local = _clock(day, tail.strip())
        if not calendar.exists(local):
            raise UnreadableError("no_such_time", timezone=calendar.timezone)
        return calendar.minute(local), f"{day.isoformat()} {tail.strip()}"

    return read


def _clock(day: date, text: str) -> datetime:
    """Read a clock time on a day."""
    found = _CLOCK.fullmatch(text)
    if not found or int(found[3] or 0):
        raise UnreadableError("not_a_moment")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise UnreadableError("not_a_moment")
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour, minutes=minute)


def _aware(plain: str, calendar: Calendar) -> int:
    """Read an ISO moment with its offset."""
    try:
        read = datetime.fromisoformat(plain)
        gone = read - calendar.origin
    except (ValueError, OverflowError):
        raise UnreadableError("not_a_moment") from None
    if read.second or read.microsecond or not 1900 <= read.year <= 9000:
        raise UnreadableError("not_a_moment")
    return int(gone.total_seconds()) // 60
