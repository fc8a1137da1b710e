"""Marks put on a workbook: cells filled, commented and linked to the sheet of issues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cogov_opt.domain import labels
from cogov_opt.errors import Issue, Where
from cogov_opt.phrases import Language, phrase
from cogov_opt.reporting.annotating.book_parts import (
    BOOK,
    Parts,
    inside,
    sheet_parts,
)
from cogov_opt.reporting.annotating.cell_comments import comment
from cogov_opt.reporting.annotating.cell_styles import Styles
from cogov_opt.reporting.annotating.earlier_marks import Earlier
from cogov_opt.reporting.annotating.issue_sheet import FIRST, MOST, Line, page, quoted_name
from cogov_opt.reporting.annotating.sheet_marks import (
    Place,
    SheetPart,
    linked,
    mended,
    place_of,
    style_of,
    styled,
    unselected,
)
from cogov_opt.reporting.annotating.xml_places import (
    Edit,
    applied,
    elements,
    first,
    prefix_of,
    quoted,
    whole,
    with_attribute,
)
from cogov_opt.reporting.issue_words import what_and_fix

MOST_COMMENTS = 2_000
"""Cells of a book that get a comment; all are coloured, linked and listed."""
_ORDER = {"error": 0, "warning": 1, "repair": 2}
_CELL = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Placed = tuple[Issue, Where]


def mark(parts: Parts, issues: Sequence[Placed], language: Language) -> int:
    """Mark the book, and give the number of cells marked."""
    parts.drop_signatures()
    places = dict(sheet_parts(parts))
    order = {name: k for k, name in enumerate(places)}
    ordered = sorted(issues, key=lambda i: (_ORDER.get(i[0].severity, 3), _standing(i[1], order)))
    earlier = Earlier.of(parts, places)
    own = earlier.sheet or _free_name(places, language)
    places.pop(earlier.sheet, None)
    book = _Book(parts, places, earlier, own, language)
    lines = book.lines(ordered)
    for name in places:
        book.mend(name, [(k, line) for k, line in enumerate(lines) if line.sheet == name])
    told = [line if line.place is None else book.remembered(line) for line in lines]
    _put(parts, own, earlier, page(told, parts.lost, book.styles, language))
    book.styles.write()
    return book.marked


def _standing(where: Where, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Order places as they stand in the book."""
    cell = where.cell or ""
    return order.get(where.sheet or "", len(order)), where.row or 0, len(cell), cell


def _free_name(places: Mapping[str, str], language: Language) -> str:
    """Give a name for the sheet of issues that no sheet has."""
    label = labels.tables()["issues"]
    wanted = label.zh if language == "zh" else label.en
    taken = {name.lower() for name in places}
    names = (wanted, *(f"{wanted} ({k})" for k in range(2, len(taken) + 3)))
    return next(n for n in names if n.lower() not in taken)


class _Book:
    """A book being marked."""

    def __init__(
        self, parts: Parts, places: Mapping[str, str], earlier: Earlier, own: str,
        language: Language,
    ) -> None:  # fmt: skip
        self.parts, self.places, self.earlier, self.language = parts, places, earlier, language
        self.own, self.styles = own, Styles(parts)
        self.marked = self.comments = 0
        self._sheets: dict[str, SheetPart] = {}
        self._memory: dict[tuple[str, Place], str] = {}

    def sheet(self, name: str) -> SheetPart:
        """Look a sheet through, once."""
        if name not in self._sheets:
            self._sheets[name] = SheetPart(self.parts.data[self.places[name]])
        return self._sheets[name]

    def lines(self, issues: Sequence[Placed]) -> list[Line]:
        """Find the cell of each issue."""
        found = []
        for issue, where in issues:
            name = where.sheet if where.sheet in self.places else ""
            cell = self._cell(name, where) if name else ""
            bad = issue.severity in ("error", "warning")
            place = place_of(cell) if cell and bad else None
            found.append(Line(issue, name or "", place, cell))
        return found

    def _cell(self, name: str, where: Where) -> str:
        """Give the cell of a place: as named, else the first filled one of its row."""
        if where.cell and _CELL.fullmatch(where.cell):
            return where.cell
        if where.row is None or where.row > 1_048_576:
            return ""
        cells = self.sheet(name).cells(where.row - 1)
        filled = [c for c, element in cells if not element.is_empty]
        from cogov_opt.formats.workbook_letters import letters_of

        return f"{letters_of(filled[0] if filled else 0)}{where.row}"

    def remembered(self, line: Line) -> Line:
        """Give a line with the fill its cell had before it was marked."""
        memory = self._memory.get((line.sheet, line.place or (0, 0)), "")
        return Line(line.issue, line.sheet, line.place, line.cell, memory)

    def mend(self, name: str, lines: Sequence[tuple[int, Line]]) -> None:
        """Mark one sheet, taking away what marked it before."""
        part = self.places[name]
        if not lines and not self.earlier.sheet:
            self._unselect(name)
            return
        sheet = self.sheet(name)
        worst: dict[Place, str] = {}
        links: dict[Place, str] = {}
        texts: dict[Place, list[str]] = {}
        ours = quoted_name(self.own)
        for number, line in lines:
            if line.place is None:
                continue
            worst.setdefault(line.place, line.issue.severity)
            if number < MOST:
                links.setdefault(line.place, f"{ours}!A{FIRST + number}")
            texts.setdefault(line.place, []).append(self._said(line.issue))
        edits = styled(sheet, self._wanted(name, sheet, worst))
        filled = {p: t for p, t in links.items() if _is_filled(sheet, p)}
        edits += linked(sheet, filled, ours)
        edits += unselected(sheet)
        left = max(0, MOST_COMMENTS - self.comments)
        said = {p: "\n".join(t) for p, t in sorted(texts.items())[:left]}
        edits += comment(self.parts, part, sheet, said)
        self.comments += len(said)
        self.marked += len(worst)
        self.parts.data[part] = mended(sheet, edits)

    def _unselect(self, name: str) -> None:
        """See to it that no other sheet is selected with the sheet of issues."""
        part = self.places[name]
        if b"tabSelected" in self.parts.data[part]:
            sheet = self.sheet(name)
            self.parts.data[part] = mended(sheet, unselected(sheet))

    def _said(self, issue: Issue) -> str:
        """Say an issue in a comment."""
        what, fix = what_and_fix(issue, self.language)
        return f"【{phrase(f'annotate.{issue.severity}', self.language)}】{what}\n{fix}"

    def _wanted(self, name: str, sheet: SheetPart, worst: Mapping[Place, str]) -> dict[Place, int]:
        """Give the styles that cells of a sheet are to have."""
        wanted: dict[Place, int] = {}
        usual = _column_styles(sheet)
        for place in self.earlier.marked(name, sheet, self.styles):
            style = {c: style_of(e) for c, e in sheet.cells(place[0])}[place[1]]
            fill = self.earlier.fills.get((name, place), "")
            wanted[place] = self.styles.restored(style, fill)
        for place, severity in worst.items():
            there = {c: style_of(e) for c, e in sheet.cells(place[0])}
            style = wanted.get(place, there.get(place[1], usual.get(place[1], 0)))
            self._memory[name, place] = self.styles.fill_of(style)
            wanted[place] = self.styles.marked(style, severity)
        return wanted


def _is_filled(sheet: SheetPart, place: Place) -> bool:
    """Tell whether a cell holds something: a blank one gets no link, for it is to be typed in."""
    return any(c == place[1] and not e.is_empty for c, e in sheet.cells(place[0]))


def _column_styles(sheet: SheetPart) -> dict[int, int]:
    """Give the styles of whole columns, which a cell that is made new takes over."""
    holder = sheet.section("cols")
    found: dict[int, int] = {}
    if holder is None:
        return found
    for column in elements(sheet.data[holder.start : holder.end], 1):
        given = column.attributes
        if column.name == "col" and whole(given.get("style", "")):
            low = whole(given.get("min", ""), 1)
            high = min(whole(given.get("max", "")), low + 1_000)
            found.update(dict.fromkeys(range(low - 1, high), whole(given["style"])))
    return found


def _put(parts: Parts, name: str, earlier: Earlier, content: bytes) -> None:
    """Put the sheet of issues into the book, in place of an earlier one or behind all others."""
    if earlier.part:
        parts.data[earlier.part] = content
    else:
        place = parts.fresh("xl/worksheets/cogovIssues{}.xml")
        parts.data[place] = content
        parts.declare(place, "sheet")
        relation = parts.relate(BOOK, "worksheet", place)
        data = parts.data[BOOK]
        found = list(elements(data, 2))
        holder = first((e for e in found if e.depth == 1 and e.name == "sheets"), "sheets")
        numbers = [whole(e.attributes.get("sheetId", "")) for e in found if e.name == "sheet"]
        prefix = prefix_of(data, holder)
        made = (
            f'<{prefix}sheet xmlns:r="{_OFFICE}" name={quoted(name)}'
            f' sheetId="{max(numbers, default=0) + 1}" r:id="{relation}"/>'
        )
        parts.data[BOOK] = applied(data, [inside(data, holder, made.encode())])
    _open_at(parts, name)


def _open_at(parts: Parts, name: str) -> None:
    """Let the book open at a sheet."""
    data = parts.data[BOOK]
    found = sorted(elements(data, 2), key=lambda e: e.start)
    names = [e.attributes.get("name") for e in found if e.depth == 2 and e.name == "sheet"]
    edits = []
    views = [e for e in found if e.depth == 2 and e.name == "workbookView"]
    if not views:
        holder = first((e for e in found if e.depth == 1 and e.name == "sheets"), "sheets")
        p, tab = prefix_of(data, holder), names.index(name)
        made = f'<{p}bookViews><{p}workbookView activeTab="{tab}"/></{p}bookViews>'
        edits.append(Edit(holder.start, holder.start, made.encode()))
    for view in views:
        tag = with_attribute(data[view.start : view.inside], "activeTab", str(names.index(name)))
        edits.append(Edit(view.start, view.inside, tag))
    parts.data[BOOK] = applied(data, edits)
