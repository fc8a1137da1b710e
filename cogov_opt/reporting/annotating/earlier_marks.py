"""
Marks of an earlier time: a book that came back marked, was mended, and is checked again.

The sheet of issues is known by the heading of its hidden column; that column keeps what the fill
of each marked cell was. Where rows were put in since, a fill is no longer known and stays away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from cogov_opt.formats.workbook import MEMORY
from cogov_opt.reporting.annotating.book_parts import BOOK, Parts
from cogov_opt.reporting.annotating.cell_styles import Styles
from cogov_opt.reporting.annotating.issue_sheet import FIRST, HEADINGS
from cogov_opt.reporting.annotating.sheet_marks import Place, SheetPart, place_of, style_of
from cogov_opt.reporting.annotating.xml_places import whole

_STYLE = re.compile(rb"""<(?:\w+:)?c\b[^>]*\ss=["'](\d+)["']""")
_ESCAPE = re.compile("_x005F_")
_CELL = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")
_MEMORY_COLUMN = len(HEADINGS)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The sheet of issues of an earlier time, if there is one, and the fills it keeps."""

    sheet: str = ""
    part: str = ""
    fills: Mapping[tuple[str, Place], str] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Parts, places: Mapping[str, str]) -> Earlier:
        """Look for marks of an earlier time."""
        shared = parts.data.get(parts.related(BOOK, "sharedStrings") or "", b"")
        for name, part in places.items():
            data = parts.data[part]
            if MEMORY.encode() not in data and MEMORY.encode() not in shared:
                continue
            cells = dict(_texts(data, shared))
            if cells.get((FIRST - 2, _MEMORY_COLUMN)) != MEMORY:
                continue
            rows = {row for row, _ in cells if row >= FIRST - 1}
            fills = {}
            for row in rows:
                cell = cells.get((row, 3), "")
                if _CELL.fullmatch(cell) and (row, _MEMORY_COLUMN) in cells:
                    key = (cells.get((row, 2), ""), place_of(cell))
                    fills[key] = cells[row, _MEMORY_COLUMN]
            return cls(name, part, fills)
        return cls()

    def marked(self, name: str, sheet: SheetPart, styles: Styles) -> Iterator[Place]:
        """Give the cells of a sheet that are filled as cells are marked."""
        del name
        if not self.sheet:
            return
        used = {whole(n) for n in _STYLE.findall(sheet.data)}
        if not any(styles.is_mark(n) for n in used):
            return
        for row in sheet.rows:
            for column, cell in sheet.cells(row):
                if styles.is_mark(style_of(cell)):
                    yield row, column


def _texts(data: bytes, shared: bytes) -> Iterator[tuple[Place, str]]:
    """Give the texts of a sheet's cells, those kept in the list of all texts too."""
    listed: list[str] = []
    if shared:
        root = ElementTree.fromstring(shared)  # noqa: S314  # looked over: no DOCTYPE
        listed = ["".join(t.text or "" for t in i.iter() if _plain(t.tag) == "t") for i in root]
    sheet = SheetPart(data)
    for row in sheet.rows:
        for column, cell in sheet.cells(row):
            inner = data[cell.start : cell.end]
            text = _content(inner, cell.attributes.get("t", ""), listed)
            if text:
                yield (row, column), _ESCAPE.sub("_", text)


def _content(cell: bytes, kind: str, listed: list[str]) -> str:
    """Give the text of one cell."""
    from html import unescape

    texts = re.findall(rb"<(?:\w+:)?(?:t|v)\b[^>]*>([^<]*)<", cell)
    text = unescape(b"".join(texts).decode("utf-8"))
    if kind == "s" and whole(text, len(listed)) < len(listed):
        return listed[whole(text)]
    return text


def _plain(tag: str) -> str:
    """Give a name without its namespace."""
    return tag.rpartition("}")[2]
