"""Templates of letters, shipped or a planner's own, read and filled (convention S17.2)."""

from __future__ import annotations

import json
import pkgutil
import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .source import Source
    from .values import Values

MARKS = (("## ", "heading"), ("# ", "title"), ("> ", "right"), ("- ", "item"), ("", "paragraph"))
_PLACE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
Line = tuple[str, str]
"""A style and a text."""


@cache
def shipped() -> dict[str, dict[str, str]]:
    """Give `forms`, the text of every template ever shipped, and `frames`, both by digest."""
    data = pkgutil.get_data(__package__ or "", "forms.json") or b"{}"
    found: dict[str, dict[str, str]] = json.loads(data)
    return found


def own_templates(place: Path) -> dict[str, str]:
    """Give the templates of a file, or of a folder, by the digest of their bytes."""
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    return {sha256(data).hexdigest(): _text(data) for data in (f.read_bytes() for f in files)}


def _text(data: bytes) -> str:
    """Read a template; what is not UTF-8 is taken for what Chinese offices write else."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030")


def filled(template: str, values: Values, source: Source) -> list[Line]:
    """Write the lines of a letter; a line that lacks a value goes, and a heading colon with it."""
    places = _known(source)
    found: list[Line] = []
    for line in filter(None, (line.strip() for line in template.splitlines())):
        mark, style = next((m, s) for m, s in MARKS if line.startswith(m))
        body = line.removeprefix(mark).strip()
        named = [places[p] for p in _named(body)]
        if all(values[name] for name in named):
            found += [(style, text) for text in _written(body, values, places)]
        elif found and found[-1][1].endswith((":", "：")):
            found.pop()
    return found


def _known(source: Source) -> dict[str, str]:
    """Give the value each place stands for, by its name and by its name in the language."""
    fields = source.entry("letter_field")
    return {name: name for name in fields} | {word: name for name, word in fields.items()}


def _named(body: str) -> Iterator[str]:
    """Give the places of a line; a brace that opens or closes none has no meaning."""
    for found in _PLACE.findall(body):
        if found not in ("{{", "}}"):
            yield found.removeprefix("{").removesuffix("}").strip()


def _written(body: str, values: Values, places: Mapping[str, str]) -> Iterator[str]:
    """Write a line once for each item of its longest list, once if it has none."""
    given = [values[places[name]] for name in _named(body)]
    for number in range(max((len(v) for v in given if isinstance(v, tuple)), default=1)):

        def put(match: re.Match[str], number: int = number) -> str:
            if match[0] in ("{{", "}}"):
                return match[0][0]
            value = values[places[match[0][1:-1].strip()]]
            return value if isinstance(value, str) else value[min(number, len(value) - 1)]

        yield _PLACE.sub(put, body)
