"""
The sheet `package`: one fact a row, its key in one column and its value in the next.

Keys are ids (`horizon.start`) or labels; keys with a dot stand for nested ones. Any other key is
kept. A value is text, a date, a whole number, or JSON where it begins with `{`, `[` or `"`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cogov_opt.domain import labels
from cogov_opt.errors import Where
from cogov_opt.formats.workbook_letters import letters_of
from cogov_opt.formats.workbook_places import At, SheetNotes
from cogov_opt.phrases import phrase_set

if TYPE_CHECKING:
    from cogov_opt.errors import Issue
    from cogov_opt.formats.workbook_process import Sheet

TABLE = "package"
PLACES = "_places"
"""The key under which the cells of the facts are kept."""
_WHOLE = re.compile("-?[0-9]{1,18}")
_TEXTS = ("name", "title", "currency", "timezone", "language", "policy", "format", "units")


def read_package(sheet: Sheet, notes: list[Issue], file: str) -> dict[str, Any]:
    """Read the facts of a book."""
    told = SheetNotes(file, sheet.name, notes)
    found: dict[str, Any] = {}
    seen: dict[str, int] = {}
    places: dict[str, Where] = {"": Where(file, sheet.name)}
    for row in range(sheet.height):
        cells = [c[row] for c in sheet.columns]
        filled = [k for k, c in enumerate(cells) if c[1:].strip()]
        if not filled:
            continue
        typed = cells[filled[0]][1:].strip()
        key = labels.find(TABLE, typed) or typed
        value = cells[filled[0] + 1] if filled[0] + 1 < len(cells) else "s"
        if key == "_key" or not value[1:].strip():
            continue
        if key in seen:
            said = {"read": key, "first": seen[key]}
            told.add("key_twice", At(row, filled[0], key), values=said)
            continue
        seen[key] = row + 1
        cell = f"{letters_of(filled[0] + 1)}{row + 1}"
        places[key] = Where(file, sheet.name, row + 1, key, cell)
        places.setdefault(key.partition(".")[0], places[key])
        _place(found, key, _value(key, value))
    return {**found, "_file": file, PLACES: places}


def _value(key: str, typed: str) -> Any:
    """Give the value of a typed cell."""
    kind, text = typed[:1], typed[1:].strip()
    if key in _TEXTS or key.startswith(("horizon.", "no_rows_means.")):
        word = text.removesuffix(" 00:00") if kind == "m" else text
        return _silence(word) if key.startswith("no_rows_means.") else word
    if kind == "b":
        return text == "TRUE"
    if kind == "n":
        return int(text) if _WHOLE.fullmatch(text) else text
    if kind == "s" and text[:1] in ("{", "[", '"'):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return int(text) if key == "cogov_format" and _WHOLE.fullmatch(text) else text


def _silence(word: str) -> str:
    """Give the word for what silence means, which may be typed in Chinese."""
    known = {v: k for k, v in phrase_set("zh")["word"].items()}
    return str(known.get(word, word.lower()))


def _place(found: dict[str, Any], key: str, value: Any) -> None:
    """Put a value in its place; a dot leads one level down where the package is nested."""
    outer, dot, inner = key.partition(".")
    if dot and outer in ("horizon", "no_rows_means") and isinstance(found.get(outer, {}), dict):
        found.setdefault(outer, {})[inner] = value
    else:
        found[key] = value


def rows_of_package(package: Mapping[str, Any]) -> list[tuple[str, str | int | bool]]:
    """Give the facts of a package as rows, to be written and read back the same."""
    rows: list[tuple[str, str | int | bool]] = []
    for key, value in package.items():
        if key.startswith("_") or key == "resources":
            continue
        nested = isinstance(value, Mapping) and key in ("horizon", "no_rows_means")
        if nested and all(isinstance(v, str) for v in value.values()):
            rows += [(f"{key}.{k}", v) for k, v in value.items()]
        elif (
            isinstance(value, bool)
            or (isinstance(value, int) and abs(value) < 10**15)
            or (isinstance(value, str) and value and value[:1] not in ("{", "[", '"'))
        ):
            rows.append((key, value))
        elif value is not None:
            rows.append((key, json.dumps(value, ensure_ascii=False)))
    return rows
