"""
What tables and columns are called by people, in English and Chinese: data, read from TOML.

A sheet or a column may be named by its id, by either label, by another word listed for it, or by
several of these on either side of `/`, `|` or a line break.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

_PARTS = re.compile(r"[/|\n]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Label:
    """The names of one thing: its id, its label in each language, other words, and a note."""

    id: str
    en: str
    zh: str
    also: tuple[str, ...] = ()
    note_en: str = ""
    note_zh: str = ""

    def both(self) -> str:
        """Write both labels, as they stand above a column."""
        return f"{self.zh} / {self.en}"

    def note(self, language: str) -> str:
        """Give the note of one language."""
        return self.note_zh if language == "zh" else self.note_en


@cache
def tables() -> Mapping[str, Label]:
    """Give the label of every sheet that has one."""
    return MappingProxyType(_labels("tables"))


@cache
def columns(table: str) -> Mapping[str, Label]:
    """Give the labels of the columns of a table, or of the keys of `package`, in their order."""
    return MappingProxyType(_labels(table))


@cache
def _all() -> Mapping[str, Mapping[str, list[str]]]:
    """Read the file."""
    text = resources.files(__package__).joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _labels(section: str) -> dict[str, Label]:
    """Read one section: id = [en, zh, other words, note in English, note in Chinese]."""
    found = {}
    for name, given in _all().get(section, {}).items():
        en, zh, also, note_en, note_zh = (*given, "", "", "")[:5]
        found[name] = Label(name, en, zh, tuple(filter(None, also.split(";"))), note_en, note_zh)
    return found


def tidy(text: str) -> str:
    """Bring a heading to the form it is looked up in."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("*", "")
    return _SPACES.sub(" ", plain.strip().lower())


@cache
def _index(section: str) -> Mapping[str, str]:
    """Give the id each way of naming stands for."""
    found: dict[str, str] = {}
    for label in _labels(section).values():
        for word in (label.id, label.en, label.zh, *label.also):
            found.setdefault(tidy(word), label.id)
    return MappingProxyType(found)


def find(section: str, text: str) -> str | None:
    """Give the id a heading stands for; None if it, and every part of it, is unknown."""
    known = _index(section)
    for part in (text, *_PARTS.split(text)):
        if tidy(part) in known:
            return known[tidy(part)]
    return None


__all__ = ["Label", "columns", "find", "tables", "tidy"]
