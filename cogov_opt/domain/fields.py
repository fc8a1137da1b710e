"""What a column may hold: metadata that checks, schemas and canonical forms are derived from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BLANK = -(2**62)
"""The integer that stands for a blank cell in checked columns."""

Visibility = Literal["public", "actor", "planner", "private"]
"""
Who may be shown a cell: everybody; the actors it concerns; whoever plans or audits; or nobody but
the person it is about.

What is private and decides (skills, tags, languages, dates, a place to the grain of its field)
stands in a run's inputs/, which the planner and the auditor hold, and in that person's own
extract; it is written nowhere else, and issues and repairs do not repeat it. What is private and
decides nothing (free text) is never part of an instance (convention S2.5).
"""


HIDDEN = "…"
"""What issues and repairs hold in place of what was typed in a private column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: who may see it. Subclasses say what a cell means."""

    visibility: Visibility = "planner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(Field):
    """The row's own id: text, trimmed, NFKC, never a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Field):
    """
    The id of a row in another table.

    `tables` names the tables it may stand in; `wildcard` is a word accepted instead (`*`).
    """

    tables: tuple[str, ...]
    wildcard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class References(Field):
    """A list of ids of another table; `word` is one word accepted instead of a list."""

    table: str
    word: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Free text, NFC, never interpreted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Field):
    """A whole number within [low, high]."""

    low: int = 0
    high: int = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Field):
    """An amount: major units with at most two decimals as typed, minor units inside."""

    high: int = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Field):
    """A whole number; minor units of money where the row's `kind` is `fund`."""

    high: int = 10**11


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes(Field):
    """A duration: `90`, `1h30`, `8小时` as typed, minutes inside."""

    high: int = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Degrees(Field):
    """A coordinate: decimal degrees as typed, microdegrees inside, rounded to `grain` of them."""

    limit: int
    grain: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One word of a closed list."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Field):
    """One code of a vocabulary of the `codes` table."""

    vocabulary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Field):
    """A list of codes of one vocabulary; `levels` allows `code:2`."""

    vocabulary: str
    levels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Field):
    """What a need requires: items that all hold, alternatives by `|` (convention S4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Field):
    """A local date, ISO inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """
    A local date and time in the package's timezone, minutes since the horizon's start inside.

    `closing` reads a date alone as the end of that day, otherwise as its start.
    """

    closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp(Field):
    """A moment that may lie outside the horizon and is only ordered and shown."""
