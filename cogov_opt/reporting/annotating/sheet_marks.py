"""One sheet of cells, mended in its bytes: styles of marked cells, links, the comments' drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cogov_opt.formats.workbook_letters import letters_of, number_of
from cogov_opt.reporting.annotating.book_parts import inside
from cogov_opt.reporting.annotating.xml_places import (
    Edit,
    Element,
    applied,
    elements,
    first,
    prefix_of,
    quoted,
    whole,
    with_attribute,
    without_attribute,
)

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BEHIND_LINKS = (
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
)  # fmt: skip
_BEHIND_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(slots=True)
class SheetPart:
    """The part of a sheet: its rows and its sections as they stand."""

    data: bytes
    root: Element = field(init=False)
    rows: dict[int, Element] = field(init=False)
    sections: list[Element] = field(init=False)
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        """Look the part through."""
        found = list(elements(self.data, 2))
        self.root = first((e for e in found if e.depth == 0), "root")
        self.prefix = prefix_of(self.data, self.root)
        self.sections = sorted((e for e in found if e.depth == 1), key=lambda e: e.start)
        self.rows = {}
        number = -1
        for row in (e for e in found if e.depth == 2 and e.name == "row"):
            given = row.attributes.get("r", "")
            number = whole(given, number + 2) - 1
            self.rows.setdefault(number, row)

    def section(self, name: str) -> Element | None:
        """Give one section of the sheet."""
        return next((e for e in self.sections if e.name == name), None)

    def cells(self, row: int) -> list[tuple[int, Element]]:
        """Give the cells of a row by their columns; places are those of the whole part."""
        whole = self.rows.get(row)
        if whole is None:
            return []
        found, column = [], -1
        for cell in elements(self.data[whole.start : whole.end], 1):
            if cell.depth != 1 or cell.name != "c":
                continue
            letters = cell.attributes.get("r", "").rstrip("0123456789")
            column = number_of(letters) if letters else column + 1
            moved = {k: getattr(cell, k) + whole.start for k in ("start", "inside", "close", "end")}
            found.append((column, cell._replace(**moved)))
        return found

    def links(self) -> list[Element]:
        """Give the links of the sheet."""
        holder = self.section("hyperlinks")
        if holder is None:
            return []
        part = elements(self.data[holder.start : holder.end], 1)
        return [
            e._replace(start=e.start + holder.start, end=e.end + holder.start)
            for e in part
            if e.depth == 1
        ]


def style_of(cell: Element) -> int:
    """Give the number of a cell's style."""
    return whole(cell.attributes.get("s", ""))


def styled(sheet: SheetPart, wanted: Mapping[Place, int]) -> list[Edit]:
    """Give the edits that set the styles of cells, making those that do not exist yet."""
    by_row: dict[int, dict[int, int]] = {}
    for (row, column), style in wanted.items():
        by_row.setdefault(row, {})[column] = style
    edits: list[Edit] = []
    missing: dict[int, str] = {}
    for row, styles in by_row.items():
        if row in sheet.rows:
            edits += _in_row(sheet, row, styles)
        else:
            made = "".join(_cell(sheet, row, c, s) for c, s in sorted(styles.items()))
            missing[row] = f'<{sheet.prefix}row r="{row + 1}">{made}</{sheet.prefix}row>'
    return edits + _new_rows(sheet, missing)


def _in_row(sheet: SheetPart, row: int, styles: Mapping[int, int]) -> list[Edit]:
    """Give the edits within one row that is there."""
    cells = sheet.cells(row)
    there = dict(cells)
    edits = []
    absent: dict[int, str] = {}
    for column, style in sorted(styles.items()):
        cell = there.get(column)
        if cell is not None:
            tag = sheet.data[cell.start : cell.inside]
            edits.append(Edit(cell.start, cell.inside, with_attribute(tag, "s", str(style))))
            continue
        behind = [c.start for k, c in cells if k > column]
        place = min(behind, default=-1)
        absent[place] = absent.get(place, "") + _cell(sheet, row, column, style)
    for place, text in absent.items():
        whole = sheet.rows[row]
        edits.append(
            inside(sheet.data, whole, text.encode())
            if place < 0
            else Edit(place, place, text.encode())
        )
    return edits


def _cell(sheet: SheetPart, row: int, column: int, style: int) -> str:
    """Write an empty cell with a style."""
    return f'<{sheet.prefix}c r="{letters_of(column)}{row + 1}" s="{style}"/>'


def _new_rows(sheet: SheetPart, missing: Mapping[int, str]) -> list[Edit]:
    """Give the edits that put rows where there are none."""
    holder = sheet.section("sheetData")
    if holder is None:
        return []
    placed: dict[int, str] = {}
    for row, text in sorted(missing.items()):
        behind = [e.start for r, e in sheet.rows.items() if r > row]
        place = min(behind, default=-1)
        placed[place] = placed.get(place, "") + text
    return [
        inside(sheet.data, holder, text.encode()) if at < 0 else Edit(at, at, text.encode())
        for at, text in placed.items()
    ]


def linked(sheet: SheetPart, links: Mapping[Place, str], ours: str) -> list[Edit]:
    """
    Give the edits that put links to places of the issues sheet behind cells.

    Links to `ours`, a quoted sheet name, from an earlier time go; a cell with a link of its own
    keeps it.
    """
    edits, kept = [], []
    for link in sheet.links():
        if link.attributes.get("location", "").startswith(f"{ours}!"):
            edits.append(Edit(link.start, link.end, b""))
        else:
            kept.append(link.attributes.get("ref", ""))
    taken = [area_of(ref) for ref in kept]
    free = [p for p in sorted(links) if not any(_within(p, area) for area in taken)]
    made = "".join(
        f'<{sheet.prefix}hyperlink ref="{letters_of(c)}{r + 1}" location={quoted(links[r, c])}/>'
        for r, c in free
    )
    holder = sheet.section("hyperlinks")
    if holder is not None:
        if not made and not kept:
            return [Edit(holder.start, holder.end, b"")]
        return [*edits, inside(sheet.data, holder, made.encode())] if made else edits
    if made:
        text = f"<{sheet.prefix}hyperlinks>{made}</{sheet.prefix}hyperlinks>"
        edits.append(_before(sheet, (*_BEHIND_LINKS, *_BEHIND_DRAWING), text))
    return edits


def drawn(sheet: SheetPart, relation: str) -> list[Edit]:
    """Give the edit that names the drawing of the comments, where none is named yet."""
    if sheet.section("legacyDrawing") is not None:
        return []
    text = f'<{sheet.prefix}legacyDrawing xmlns:r="{_OFFICE}" r:id="{relation}"/>'
    return [_before(sheet, _BEHIND_DRAWING, text)]


def unselected(sheet: SheetPart) -> list[Edit]:
    """Give the edits after which the sheet is not among those selected."""
    holder = sheet.section("sheetViews")
    if holder is None:
        return []
    edits = []
    for view in elements(sheet.data[holder.start : holder.end], 1):
        if view.name == "sheetView" and view.attributes.get("tabSelected") in ("1", "true"):
            start, cut = view.start + holder.start, view.inside + holder.start
            tag = without_attribute(sheet.data[start:cut], "tabSelected")
            edits.append(Edit(start, cut, tag))
    return edits


def _before(sheet: SheetPart, names: Iterable[str], text: str) -> Edit:
    """Give the edit that puts a section before the first of some others, else at the end."""
    wanted = set(names)
    at = next((e.start for e in sheet.sections if e.name in wanted), sheet.root.close)
    return Edit(at, at, text.encode())


def area_of(ref: str) -> tuple[int, int, int, int]:
    """Give top, left, bottom and right of `B2` or `B2:C5`, from 0."""
    first, _, last = ref.replace("$", "").partition(":")
    return (*place_of(first), *place_of(last or first))


def place_of(ref: str) -> Place:
    """Give row and column, from 0, of a reference such as D17."""
    letters = ref.rstrip("0123456789")
    return whole(ref[len(letters) :], 1) - 1, number_of(letters)


def _within(place: Place, area: tuple[int, int, int, int]) -> bool:
    """Tell whether a cell lies within an area."""
    return area[0] <= place[0] <= area[2] and area[1] <= place[1] <= area[3]


def mended(sheet: SheetPart, edits: Iterable[Edit]) -> bytes:
    """Give the part with its edits put in."""
    return applied(sheet.data, edits)
