"""
Sentences from codes and values, in English and Chinese.

The phrase files are data, one folder a language and one file a topic: `[issue.CODE]` with `what`
and `fix`, `[reason.CODE]`, `[label]`, `[word]`. No table stands in two files. A run keeps those
in force of the topics its reasons are said with as phrases.json.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
VERSION = "1"


RECORDED = ("cards", "letters", "reasons", "summary", "words")
"""The topics a run keeps: those its reasons and the letters about it are said with."""


@cache
def phrase_set(language: Language, topics: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Give the phrases of one language as nested mappings; no topics named is all of them."""
    found: dict[str, Any] = {}
    for file in resources.files(__package__).joinpath(language).iterdir():
        topic, _, ending = file.name.partition(".")
        if ending == "toml" and (not topics or topic in topics):
            found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def phrase(path: str, language: Language) -> str:
    """
    Give one phrase by its dotted path (`reason.outpriced.text`).

    Raises
    ------
    KeyError
        No such phrase; a test holds both languages to the same paths.
    """
    found: Any = phrase_set(language)
    for part in path.split("."):
        found = found[part]
    if not isinstance(found, str):
        raise KeyError(path)
    return found


class _Blank(string.Formatter):
    """
    A formatter that writes a dash for a value it was not given.

    `{count:use|uses}` is the first word where the value is 1, else the second.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        """Choose a word by number."""
        one, bar, more = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else more
        return str(super().format_field(value, format_spec))

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        """Look a value up without failing on a missing one."""
        if isinstance(key, str) and key not in kwargs:
            return "-"
        return super().get_value(key, args, kwargs)


def fill(path: str, values: Mapping[str, Any], language: Language) -> str:
    """Give a phrase with its placeholders filled; values are shown, never interpreted."""
    return _Blank().vformat(phrase(path, language), (), values)


def issue_parts(code: str, values: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """Write what is wrong with an input, and how to mend it; failing tests in words."""
    if "tests" in values:
        tests = (phrase(f"test.{t}.text", language) for t in str(values["tests"]).split(", "))
        values = {**values, "tests": phrase("label.list", language).join(tests)}
    what = fill(f"issue.{code}.what", values, language)
    return what, fill(f"issue.{code}.fix", values, language)


def issue_text(code: str, values: Mapping[str, Any], language: Language) -> str:
    """Write what is wrong with an input and how to mend it as one text."""
    return joined(*issue_parts(code, values, language), language)


def joined(what: str, fix: str, language: Language) -> str:
    """Join what is wrong and how to mend it."""
    return f"{what} Fix: {fix}" if language == "en" else f"{what}处理办法：{fix}"
