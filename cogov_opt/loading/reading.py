"""Reading the tables of a TOML document key by key, noting everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from cogov_opt.domain import closeness
from cogov_opt.errors import Issue, Where

LARGEST = 10**15
"""The largest whole number of a card (S8.15)."""
_MONEY = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal number as it stood in the card, where none may stand."""

    text: str


def closest(word: str, words: Iterable[str]) -> str:
    """Give the most similar known word, or a dash."""
    found = closeness.closest(word, words)
    return found[0] if found else "-"


@dataclass(slots=True)
class Notes:
    """The issues of one card."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def add(self, code: str, key: str, **values: Any) -> None:
        """Note an issue at a key, written like `clause[C06].at_least`."""
        told = {"key": key, **values}
        self.issues.append(Issue(code, Where(self.file, column=key), told))

    def bad(self, key: str, read: Any, expected: str) -> None:
        """Note a value of the wrong kind."""
        if not isinstance(read, Decimal):  # told already, with the fix for it
            self.add("bad_value", key, read=repr(read), expected=expected)

    def decimals(self, value: Any, key: str = "") -> None:
        """Note every decimal number anywhere in the document, and whole ones too large for it."""
        if isinstance(value, Decimal):
            self.add("float_in_card", key, read=value.text)
        elif is_int(value) and abs(value) > LARGEST:
            self.bad(key, value, f"a whole number up to {LARGEST}")
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                self.decimals(inner, f"{key}.{name}" if key else str(name))
        elif isinstance(value, list):
            for place, inner in enumerate(value, 1):
                named = inner.get("id", place) if isinstance(inner, Mapping) else place
                self.decimals(inner, f"{key}[{named}]")


class Section:
    """One table of the document: each key is taken once, and what is left over is unknown."""

    def __init__(self, values: Mapping[str, Any], key: str, notes: Notes) -> None:
        self.values = dict(values)
        self.key = key
        self.notes = notes
        self.known: list[str] = []

    def at(self, name: str) -> str:
        """Give the full name of a key."""
        return f"{self.key}.{name}" if self.key else name

    def take(self, name: str, default: Any = None, *, needed: bool = False) -> Any:
        """Take a value as it is."""
        self.known.append(name)
        if name not in self.values and needed:
            self.notes.add("missing_key", self.at(name))
        return self.values.pop(name, default)

    def _typed(
        self, name: str, default: Any, good: Callable[[Any], bool], expected: str, *, needed: bool
    ) -> Any:
        """Take a value that passes a test, or the default with an issue."""
        value = self.take(name, None, needed=needed)
        if value is None:
            return default
        if good(value):
            return value
        self.notes.bad(self.at(name), value, expected)
        return default

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        """Take text."""
        found: str = self._typed(name, default, lambda v: isinstance(v, str), "text", needed=needed)
        return found

    def day(self, name: str) -> str | None:
        """Take a date, written with or without quotes."""
        value = self.take(name)
        return None if value is None else day_text(value, self.at(name), self.notes)

    def word(self, name: str, words: tuple[str, ...], default: str, *, needed: bool = False) -> str:
        """Take one word of a closed list."""
        found: str = self._typed(
            name, default, lambda v: v in words, ", ".join(words), needed=needed
        )
        return found

    def whole(self, name: str, default: int, low: int, high: int = 10**12) -> int:
        """Take a whole number within bounds."""
        expected = f"a whole number from {low} to {high}"
        found: int = self._typed(
            name, default, lambda v: is_int(v) and low <= v <= high, expected, needed=False
        )
        return found

    def flag(self, name: str) -> bool:
        """Take true or false."""
        found = self._typed(
            name, False, lambda v: isinstance(v, bool), "true or false", needed=False
        )
        return bool(found)

    def texts(self, name: str) -> dict[str, str]:
        """Take one text, or one for each language."""
        value = self.take(name)
        if value is None:
            return {}
        if isinstance(value, str):
            return {"en": value, "zh": value}
        words = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        if words and set(value) <= {"en", "zh"}:
            return dict(value)
        self.notes.bad(self.at(name), value, '{ en = "...", zh = "..." }')
        return {}

    def section(self, name: str) -> Section:
        """Take a table."""
        value = self.take(name, {})
        if not isinstance(value, dict):
            self.notes.bad(self.at(name), value, "a table")
            value = {}
        return Section(value, self.at(name), self.notes)

    def sections(self, name: str) -> list[Section]:
        """Take an array of tables, each named by its id or place."""
        value = self.take(name, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.notes.bad(self.at(name), value, "tables")
            return []
        return [
            Section(v, f"{self.at(name)}[{v.get('id', i)}]", self.notes)
            for i, v in enumerate(value, 1)
        ]

    def finish(self) -> None:
        """Note the keys nobody took."""
        for name in self.values:
            self.notes.add("unknown_key", self.at(name), closest=closest(name, self.known))


def is_int(value: Any) -> bool:
    """Tell whether a value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def day_text(value: Any, key: str, notes: Notes) -> str | None:
    """Give a date as ISO text."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        notes.bad(key, value, "2026-09-28")
        return None


def clock_text(value: Any) -> str | None:
    """Give a time of day as `HH:MM`, or None."""
    try:
        return time.fromisoformat(str(value)).isoformat("minutes")
    except ValueError:
        return None


def minor_units(value: Any, key: str, notes: Notes) -> int | None:
    """Give an amount of a card, an integer or a decimal string in major units, in minor units."""
    found = (
        _MONEY.fullmatch(str(value).strip()) if is_int(value) or isinstance(value, str) else None
    )
    if found is None:
        notes.bad(key, value, 'an amount such as 840 or "840.50"')
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
