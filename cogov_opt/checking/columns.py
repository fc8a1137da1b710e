"""
From the text of a column to its integers, chosen by the column's field metadata.

Each distinct value is read once. Columns whose values are plain digits, or moments in their
usual form, are read by numpy or a C loop; anything else value by value, with a reason for each
that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.checking import cells
from cogov_opt.checking.cells import Reader, UnreadableError
from cogov_opt.checking.parsed import Ints, Parsed, Problem
from cogov_opt.domain.calendar import REACH_DAYS, Calendar
from cogov_opt.domain.fields import (
    BLANK,
    Choice,
    Date,
    Degrees,
    Field,
    Integer,
    Minutes,
    Moment,
    Money,
    Quantity,
    Stamp,
)  # fmt: skip
from cogov_opt.domain.ids import Ids
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.phrases import LANGUAGES, phrase_set

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.checking.findings import Findings

_USUAL = "0000-00-00 00:00"
_DIGIT_PLACES = [i for i, c in enumerate(_USUAL) if c == "0"]
_MARK_PLACES = [i for i, c in enumerate(_USUAL) if c != "0"]
_MARKS = np.frombuffer(b"-- :", dtype=np.uint8)


@dataclass(slots=True)
class Context:
    """What reading a column may ask: the calendar, the units, and the ids and codes there are."""

    findings: Findings
    calendar: Calendar | None
    minor: bool = False
    trusted: bool = False
    ids: dict[str, Ids] = field(default_factory=dict)
    resources: Ids = field(default_factory=Ids)
    codes: dict[str, dict[str, int]] = field(default_factory=dict)
    code_labels: dict[str, dict[str, str]] = field(default_factory=dict)


Reading = tuple[Parsed, list[Problem]]


def read_numbers(found: Field, name: str, column: TextColumn, context: Context) -> Reading:
    """Read a column of numbers, amounts, durations, places, dates or moments."""
    if isinstance(found, Moment | Stamp):
        return _read_moments(found, column, context)
    if isinstance(found, Choice):
        return _read_choices(found, name, column, context)
    limits = _limits(found, context)
    fast = _plain_digits(column.values, limits)
    if fast is not None:
        return Ints(column.codes, fast), []
    read = _named_numbers(name, _reader(found, context))
    return _value_by_value(column, read)


def _limits(found: Field, context: Context) -> tuple[int, int, int] | None:
    """Give low, high (as stored) and the factor of plain digits, where plain digits are usual."""
    if isinstance(found, Integer):
        return found.low, found.high, 1
    if isinstance(found, Minutes):
        return 0, found.high, 1
    if isinstance(found, Quantity):
        return 0, found.high, 1
    if isinstance(found, Money):
        return 0, found.high, 1 if context.minor else 100
    return None


def _reader(found: Field, context: Context) -> Reader:
    """Give the reader of one value of a field."""
    if isinstance(found, Integer):
        return cells.whole(found.low, found.high)
    if isinstance(found, Money):
        return cells.whole(0, found.high) if context.minor else cells.money(found.high)
    if isinstance(found, Quantity):
        return cells.whole(0, found.high)
    if isinstance(found, Minutes):
        return cells.duration(found.high)
    if isinstance(found, Degrees):
        limit = found.limit
        return cells.whole(-limit * 10**6, limit * 10**6) if context.minor else cells.degrees(limit)
    if isinstance(found, Date):
        return cells.read_date
    raise TypeError(type(found).__name__)


def _named_numbers(name: str, read: Reader) -> Reader:
    """Let words stand for numbers where a column has such words: 特急 for priority 1."""
    words = synonyms(name)
    if not words:
        return read

    def read_word(text: str) -> tuple[int, str]:
        return read(words.get(cells.tidy(text).lower(), text))

    return read_word


def synonyms(name: str) -> dict[str, str]:
    """Give the words accepted in a column for its values, in every language."""
    found = {}
    for language in LANGUAGES:
        for value, words in phrase_set(language).get("synonym", {}).get(name, {}).items():
            found.update({word.strip().lower(): value for word in words.split(";")})
    return found


def _plain_digits(
    values: Sequence[str], limits: tuple[int, int, int] | None
) -> NDArray[np.int64] | None:
    """Read values that are all digits (or blank) at once; None if any needs a closer look."""
    joined = "".join(values)
    if limits is None or not (joined.isascii() and (joined.isdigit() or not joined)):
        return None
    if max(map(len, values), default=0) > cells.DIGITS - 2:
        return None
    low, high, factor = limits
    blank = values.index("") if "" in values else None
    ints = np.array([int(v or "0") for v in values], dtype=np.int64) * factor
    outside = (ints < low) | (ints > high)
    if blank is not None:
        outside[blank] = False
        ints[blank] = BLANK
    return None if outside.any() else ints


def _value_by_value(column: TextColumn, read: Reader) -> Reading:
    """Read each distinct value, keeping a problem for each that was changed or cannot be read."""
    ints = np.full(len(column.values), BLANK, dtype=np.int64)
    problems = []
    for k, text in enumerate(column.values):
        if not text or text.isspace():
            continue
        try:
            ints[k], used = read(text)
        except UnreadableError as error:
            problems.append(Problem(k, error.code, {"read": text, **error.values}))
        else:
            if used != text:
                problems.append(repair(k, text, used))
    return Ints(column.codes, ints), problems


def repair(value: int, read: str, used: str) -> Problem:
    """Say that a value was used otherwise than it was written."""
    return Problem(value, "read_as", {"read": read, "used": used}, "repair")


def _read_choices(found: Choice, name: str, column: TextColumn, context: Context) -> Reading:
    """Read words of a closed list, in code words or in either language."""
    known = choice_words(found, name)
    ints = np.full(len(column.values), -1, dtype=np.int32)
    problems = []
    for k, text in enumerate(column.values):
        word = cells.tidy(text)
        if not word:
            continue
        used = word if word in found.words else known.get(word.lower())
        if used is None:
            guess = context.findings.closest(word, found.words)
            told = {"read": text, "closest": guess, "known": ", ".join(found.words)}
            problems.append(Problem(k, "unknown_word", told))
            continue
        ints[k] = found.words.index(used)
        if used != text:
            problems.append(repair(k, text, used))
    return Ints(column.codes, ints), problems


def choice_words(found: Choice, name: str) -> dict[str, str]:
    """Give the words that may stand for those of a choice, lower case, in every language."""
    known = {word.replace("_", " "): word for word in found.words}
    for language in LANGUAGES:
        words = phrase_set(language).get("word", {})
        known.update({words[w].lower(): w for w in found.words if w in words})
    known.update({k: v for k, v in synonyms(name).items() if v in found.words})
    return known


def _read_moments(found: Field, column: TextColumn, context: Context) -> Reading:
    """Read moments: those in their usual form by numpy, the others one by one."""
    values, calendar = column.values, context.calendar
    ints = np.full(len(values), BLANK, dtype=np.int64)
    if calendar is None:
        return Ints(column.codes, ints), []
    done = _usual_moments(values, calendar, ints)
    closing = isinstance(found, Moment) and found.closing
    read = cells.moment(calendar, closing=closing)
    left = np.flatnonzero(~done).tolist()
    few = TextColumn(column.codes[:0], tuple(values[k] for k in left))
    rest, problems = _value_by_value(few, read)
    if isinstance(rest, Ints):
        ints[left] = rest.values
    told = [p._replace(value=left[p.value]) for p in problems]
    if isinstance(found, Moment):
        told += _out_of_reach(values, ints, calendar)
    return Ints(column.codes, ints), told


def _usual_moments(
    values: Sequence[str], calendar: Calendar, into: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """
    Place moments written like `2026-09-28 09:00` on days of 24 hours near the horizon.

    Gives which values were placed; all others are left to the reader of single values.
    """
    done = np.array([len(v) == len(_USUAL) and v.isascii() for v in values], dtype=bool)
    if not done.any():
        return done
    places = np.flatnonzero(done)
    usual = values if len(places) == len(values) else [values[k] for k in places.tolist()]
    grid = np.frombuffer("".join(usual).encode("ascii"), dtype=np.uint8).reshape(-1, len(_USUAL))
    digits = grid[:, _DIGIT_PLACES].astype(np.int64) - ord("0")
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    good &= (grid[:, _MARK_PLACES] == _MARKS).all(axis=1)
    digits[~good] = 0
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day, hour, minute = (digits[:, i] * 10 + digits[:, i + 1] for i in (4, 6, 8, 10))
    good &= (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60)
    year, month = np.where(good, year, 1970), np.where(good, month, 1)
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    dates = months.astype("datetime64[D]") + (day - 1)
    good &= dates.astype("datetime64[M]") == months
    ordinal = dates.astype(np.int64) + _EPOCH
    index = ordinal - (calendar.first_day - REACH_DAYS)
    midnights = calendar.midnights
    good &= (index >= 0) & (index < len(midnights) - 1)
    index = np.where(good, index, 0)
    good &= midnights[index + 1] - midnights[index] == 24 * 60
    into[places[good]] = (midnights[index] + hour * 60 + minute)[good]
    done[places[~good]] = False
    return done


_EPOCH = 719163
"""The ordinal of 1970-01-01."""


def _out_of_reach(
    values: Sequence[str], ints: NDArray[np.int64], calendar: Calendar
) -> list[Problem]:
    """Find moments too far from the horizon to be placed."""
    first, last = int(calendar.midnights[0]), int(calendar.midnights[-1])
    bad = np.flatnonzero((ints != BLANK) & ((ints < first) | (ints > last))).tolist()
    ints[bad] = BLANK
    return [Problem(k, "out_of_reach", {"read": values[k], "days": REACH_DAYS}) for k in bad]


NumberReader = Callable[[Field, str, TextColumn, Context], Reading]
NUMBERS = (Integer, Money, Quantity, Minutes, Degrees, Date, Moment, Stamp, Choice)


def subset(column: TextColumn, rows: NDArray[Any]) -> TextColumn:
    """Give some rows of a column, with only the values that occur in them."""
    used, codes = np.unique(column.codes[rows], return_inverse=True)
    return TextColumn(codes.astype(np.int32), tuple(column.values[k] for k in used.tolist()))
