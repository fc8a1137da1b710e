"""
Where the elements of an XML part stand, in bytes: so that a part is mended and never rewritten.

A part that is parsed and written anew loses what its reader does not know. Here it is only looked
through; what changes is cut out and put in, and every other byte stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG_END = re.compile(rb"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DIGITS = re.compile("[0-9]{1,9}")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Element(NamedTuple):
    """An element: its name without prefix, depth, attributes, and where its tags stand."""

    name: str
    depth: int
    attributes: dict[str, str]
    start: int
    inside: int
    close: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Tell whether it is one tag, closed by itself."""
        return self.close == self.inside == self.end


class Edit(NamedTuple):
    """Bytes to be put in place of others."""

    start: int
    end: int
    text: bytes


class DamagedXmlError(Exception):
    """A part that is no XML, or ends too soon."""


def first(found: Iterable[Element], what: str) -> Element:
    """Give the first of some elements, which must be there."""
    for element in found:
        return element
    raise DamagedXmlError(f"no {what}")


def whole(text: str | bytes, default: int = 0) -> int:
    """Give a whole number of a part, or the default where it is none."""
    digits = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    return int(digits) if _DIGITS.fullmatch(digits) else default


def elements(data: bytes, deepest: int = 99) -> Iterator[Element]:
    """Give the elements down to a depth (0 is the root), each when it ends."""
    found: list[Element] = []
    open_ones: list[tuple[str, dict[str, str], int, int]] = []
    parser = expat.ParserCreate()
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth <= deepest:
            start = parser.CurrentByteIndex
            tag = _TAG_END.match(data, start + 1)
            open_ones.append((name, attributes, start, tag.end() if tag else len(data)))
        depth += 1

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth > deepest:
            return
        full, attributes, start, inside = open_ones.pop()
        place = parser.CurrentByteIndex
        if data[inside - 2 : inside] == b"/>":
            close = end = inside
        else:
            close, end = place, data.index(b">", place) + 1
        plain = full.rpartition(":")[2]
        found.append(Element(plain, depth, attributes, start, inside, close, end))

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.ordered_attributes = False
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise DamagedXmlError(str(error)) from None
    yield from found


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Put edits in; those at one place keep the order in which they are given."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        pieces += [data[at : edit.start], edit.text]
        at = max(at, edit.end)
    return b"".join([*pieces, data[at:]])


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Give a start tag with one attribute set."""
    quoted = b"%s=%s" % (name.encode(), quoteattr(value).encode())
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return tag[: found.start()] + quoted + tag[found.end() :]
    head = re.match(rb"<[\w:.-]+", tag)
    place = head.end() if head else len(tag)
    return tag[:place] + b" " + quoted + tag[place:]


def without_attribute(tag: bytes, name: str) -> bytes:
    """Give a start tag without one attribute."""
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return tag[: found.start()].rstrip() + tag[found.end() :]
    return tag


def prefix_of(data: bytes, element: Element) -> str:
    """Give the prefix an element is written with, its colon included."""
    found = re.match(rb"<((?:[\w.-]+:)?)[\w.-]+", data[element.start : element.start + 200])
    return found[1].decode() if found else ""


def text_of(value: str) -> str:
    """Give text as it stands between tags: what XML cannot hold is shown, nothing is lost."""
    shown = _FORBIDDEN.sub(lambda c: f"\\x{ord(c[0]):02x}", value)
    return escape(_ESCAPED.sub("_x005F_", shown)).replace("\r", "&#13;")


def quoted(value: str) -> str:
    """Give an attribute's value in its quotes."""
    shown = _FORBIDDEN.sub(lambda c: f"\\x{ord(c[0]):02x}", value)
    return quoteattr(shown, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
