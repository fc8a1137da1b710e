"""
What a typed cell of a workbook becomes as text, by what its column holds.

Decided here, and told once a column with the first cell concerned:

- a number in a column of ids, references or codes is its digits (`7`, never `7.0`; zeros in
  front are lost, and that is said); with more than 15 digits it is refused, for spreadsheets
  keep no more;
- a number in a column of dates is a day counted from 1900 or 1904, as the book says, if it falls
  within 2000 to 2099; otherwise it is left as it is, and the check refuses it;
- a time of day in a column of durations is a length of time (`1:30` is 90 minutes);
- a date in a column of ids is refused (spreadsheets make dates of `3-1`), in free text warned of.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cogov_opt.domain.fields import (
    Choice,
    Code,
    Codes,
    Date,
    Field,
    Identifier,
    Minutes,
    Moment,
    Reference,
    References,
    Requirement,
    Stamp,
    Text,
)  # fmt: skip

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
LONGEST = 15
"""Digits a spreadsheet keeps of a number."""
_REQUESTS = {
    "date": "date", "start": "clock", "end": "clock",
    "demand_id": "id", "actor": "id", "performer": "id",
}  # fmt: skip
_TREATMENTS: tuple[tuple[tuple[type[Field], ...], str], ...] = (
    ((Date,), "date"),
    ((Moment, Stamp), "moment"),
    ((Minutes,), "minutes"),
    ((Identifier, Reference, References, Code, Codes, Requirement), "id"),
    ((Text,), "text"),
    ((Choice,), "choice"),
)
REPEATABLE = ("id", "text", "date", "moment", "clock", "choice")
"""Columns in which a cell merged over several rows may stand for each of them."""


def treatment(table: str, column: str, field: Field | None) -> str:
    """Say how the typed cells of a column are read."""
    if table == "requests":
        return _REQUESTS.get(column, "text")
    for types, name in _TREATMENTS:
        if isinstance(field, types):
            return name
    return "text" if field is None else "number"


def read_cell(typed: str, how: str, *, from_1904: bool) -> tuple[str, str]:
    """Give the text of a typed cell, and the code of what is to be said of it, or nothing."""
    kind, text = typed[:1], typed[1:]
    if kind == "n":
        return _number(text, how, from_1904=from_1904)
    if kind == "m" and how == "date":
        return text.removesuffix(" 00:00"), ""
    if kind in "dm" and how in ("id", "text"):
        return text, "date_as_id" if how == "id" else "date_in_text"
    if kind in "tu" and how == "minutes":
        hours, _, minutes = text.partition(":")
        return f"{int(hours)}h{minutes[:2]}", "cells_read_as"
    if kind == "u" and how == "clock":
        return text, ""
    if kind == "b" and how == "choice":
        return ("yes" if text == "TRUE" else "no"), "cells_read_as"
    return text, ""


def _number(text: str, how: str, *, from_1904: bool) -> tuple[str, str]:
    """Read a number in a column that is not one of numbers."""
    if how in ("id", "text") and len(text.lstrip("-").partition(".")[0]) > LONGEST:
        return text, "long_number"
    if how == "id":
        return text, "numbers_as_ids"
    if how in ("date", "moment", "clock"):
        found = _serial(text, how, from_1904=from_1904)
        return (found, "cells_read_as") if found else (text, "")
    return text, ""


def _serial(text: str, how: str, *, from_1904: bool) -> str:
    """Read a count of days as a date, a moment or a time of day; blank if it cannot be one."""
    days = float(text)
    if not 0 < days < 100_000:
        return ""
    if how == "clock":
        minutes = round(days * 1440)
        exact = abs(days * 1440 - minutes) < 1e-3
        return f"{minutes // 60:02d}:{minutes % 60:02d}" if days < 1 and exact else ""
    origin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    moment = origin + timedelta(minutes=round(days * 1440))
    if not _FIRST <= moment.date() <= _LAST or (how == "date" and not days.is_integer()):
        return ""
    return moment.strftime("%Y-%m-%d" if days.is_integer() else "%Y-%m-%d %H:%M")
