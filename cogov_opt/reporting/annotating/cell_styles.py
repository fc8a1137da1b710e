"""
Cell styles: one more fill for each severity, and each style of a marked cell once more with it.

Number format, font, border, alignment and protection of a marked cell stay as they are. What the
fill was before is kept as text, so that a book can be marked again after it was mended.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cogov_opt.reporting.annotating.book_parts import BOOK, Parts, inside, root_of
from cogov_opt.reporting.annotating.xml_places import (
    DamagedXmlError,
    Edit,
    Element,
    applied,
    elements,
    first,
    prefix_of,
    whole,
    with_attribute,
)

COLOURS = {"error": "FFF8C1BC", "warning": "FFFFE9A8"}
"""Fills of marked cells; no spreadsheet program offers these two, so they tell our marks."""
_NEW = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="'
    'http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"'
    '/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/>'
    '</fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf '
    'numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf '
    'numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)


@dataclass(slots=True)
class _Family:
    """The members of one list of the styles, as they stand, and those added."""

    element: Element
    members: list[bytes]
    added: list[bytes] = field(default_factory=list)

    def add(self, member: bytes) -> int:
        """Add a member, and give its number."""
        self.added.append(member)
        return len(self.members) + len(self.added) - 1

    def get(self, number: int) -> bytes:
        """Give a member by its number."""
        both = self.members + self.added
        if not both:
            raise DamagedXmlError(f"nothing in {self.element.name}")
        return both[number] if 0 <= number < len(both) else both[0]


class Styles:
    """The styles of a book, to which some are added."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.place = parts.related(BOOK, "styles") or self._make()
        self.data = parts.data[self.place]
        self.prefix = prefix_of(self.data, root_of(self.data)).encode()
        self._families = {n: self._family(n) for n in ("fonts", "fills", "cellXfs")}
        self._marked: dict[tuple[int, str], int] = {}
        self._restored: dict[tuple[int, str], int] = {}
        self._fills = {severity: self._solid(colour) for severity, colour in COLOURS.items()}

    def _make(self) -> str:
        """Make the part of a book that has none."""
        place = self.parts.fresh("xl/cogovStyles{}.xml")
        self.parts.data[place] = _NEW.encode()
        self.parts.declare(place, "styles")
        self.parts.relate(BOOK, "styles", place)
        return place

    def _family(self, name: str) -> _Family:
        """Find one list of the styles."""
        found = [e for e in elements(self.data, 2) if e.depth in (1, 2)]
        element = first((e for e in found if e.depth == 1 and e.name == name), name)
        inner = [e for e in found if e.depth == 2 and element.inside <= e.start < element.close]
        return _Family(element, [self.data[e.start : e.end] for e in inner])

    def _solid(self, colour: str) -> int:
        """Add a fill of one colour, unless it is there from an earlier time."""
        fills = self._families["fills"]
        for number, fill in enumerate(fills.members):
            if colour.encode() in fill:
                return number
        p = self.prefix.decode()
        made = (
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
        )
        return fills.add(made.encode())

    def marked(self, style: int, severity: str) -> int:
        """Give the style that is like another one, filled as marked."""
        key = (style, severity)
        if key not in self._marked:
            made = self._with_fill(style, self._fills[severity])
            self._marked[key] = self._families["cellXfs"].add(made)
        return self._marked[key]

    def fill_of(self, style: int) -> str:
        """Give the fill of a style as text; blank where it has none."""
        number = _attributes(self._families["cellXfs"].get(style)).get("fillId", "0")
        return "" if number == "0" else self._families["fills"].get(whole(number)).decode()

    def is_mark(self, style: int) -> bool:
        """Tell whether a style is filled as cells are marked."""
        return any(colour in self.fill_of(style) for colour in COLOURS.values())

    def restored(self, style: int, fill: str) -> int:
        """Give the style that is like a marked one, with the fill it had before."""
        key = (style, fill)
        if key not in self._restored:
            fills = self._families["fills"]
            known = [*fills.members, *fills.added]
            text = fill.encode()
            number = (known.index(text) if text in known else fills.add(text)) if fill else 0
            self._restored[key] = self._families["cellXfs"].add(self._with_fill(style, number))
        return self._restored[key]

    def _with_fill(self, style: int, fill: int) -> bytes:
        """Give a cell style with another fill."""
        like = self._families["cellXfs"].get(style)
        cut = first(elements(like, 0), "style").inside
        tag = with_attribute(like[:cut], "fillId", str(fill))
        return with_attribute(tag, "applyFill", "1") + like[cut:]

    def added(self, font: str = "", *, fill: str = "", wrap: bool = True) -> int:
        """Add a style of the issues sheet: a font's content, a fill, wrapped at the top."""
        p = self.prefix.decode()
        number = self._families["fonts"].add(
            f"<{p}font>{font.replace('<', f'<{p}')}</{p}font>".encode()
        )
        shade = self._solid(fill) if fill else 0
        made = (
            f'<{p}xf numFmtId="0" fontId="{number}" fillId="{shade}" borderId="0" xfId="0"'
            f' applyFont="1" applyFill="1" applyAlignment="1"><{p}alignment vertical="top"'
            f' wrapText="{int(wrap)}"/></{p}xf>'
        )
        return self._families["cellXfs"].add(made.encode())

    def write(self) -> None:
        """Put what was added into the part."""
        edits = []
        for family in self._families.values():
            if not family.added:
                continue
            element, count = family.element, len(family.members) + len(family.added)
            tag = self.data[element.start : element.inside]
            edits.append(
                Edit(element.start, element.inside, with_attribute(tag, "count", str(count)))
            )
            edits.append(inside(self.data, element, b"".join(family.added)))
        self.parts.data[self.place] = applied(self.data, edits)


def _attributes(member: bytes) -> dict[str, str]:
    """Give the attributes of one member."""
    return first(elements(member, 0), "style").attributes
