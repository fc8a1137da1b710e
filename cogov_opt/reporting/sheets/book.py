"""
Writes pages as a workbook that is ready to print.

Nothing a cell holds can become a formula or a link: text is always written as text, and text that
begins like a formula (also in full-width signs, or behind a tab or line break) carries the mark
that keeps it text when somebody edits the cell. Bytes depend on the run alone: the only date in
the file is the first day of the horizon.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from cogov_opt.errors import UnsupportedError
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.phrases.columns import width

if TYPE_CHECKING:
    from pathlib import Path

    from cogov_opt.recording import Run
    from cogov_opt.reporting.sheets.cover import Line
    from cogov_opt.reporting.sheets.page import Cell, Kind, Page

OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip
LIKE_A_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠\t\r\n]")
"""What spreadsheet programs, or imports of text files, may take for the start of a formula."""
NUMBERS = {"count": "#,##0", "money": "#,##0.00", "date": "yyyy-mm-dd", "time": "hh:mm"}
WIDEST: dict[str, int] = {
    "text": 20, "long": 30, "count": 8, "money": 12, "date": 11, "time": 7,
}  # fmt: skip
REASON_WIDTH = 60
LINE = 15
"""Points that a line of text takes."""
A4 = 9
TABLE_FROM = 1
"""The row of the headings; the title stands above."""


class Book:
    """A workbook being written."""

    def __init__(self, path: Path, run: Run, language: Language) -> None:
        if path.suffix.lower() != ".xlsx":
            raise UnsupportedError(f"workbooks are written as .xlsx, not {path.suffix or path}")
        import xlsxwriter

        self.run, self.language = run, language
        self.file = xlsxwriter.Workbook(str(path), OPTIONS)
        first = datetime.fromisoformat(run.package["horizon"]["start"])
        self.file.set_properties({"title": f"{run.run_id} {run.root[:16]}", "created": first})
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    def close(self) -> None:
        """Write the file."""
        self.file.close()

    def cover(self, lines: list[Line]) -> None:
        """Write the first sheet."""
        sheet = self._sheet("cover")
        sheet.set_portrait()
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 76)
        for row, (style, name, value) in enumerate(lines):
            if style == "pair":
                self._text(sheet, row, 0, name, "name")
                self._text(sheet, row, 1, value, "value")
                taller = max(lines_of(name, 34), lines_of(value, 76))
                sheet.set_row(row, LINE * taller + 2)
            else:
                sheet.merge_range(row, 0, row, 1, "", self._format(style))
                self._text(sheet, row, 0, name, style)
                sheet.set_row(row, LINE * lines_of(name, 108) + (2 if style == "note" else 10))
        sheet.print_area(0, 0, len(lines) - 1, 1)

    def page(self, page: Page) -> None:
        """Write one sheet: title, frozen headings, rows, and how it prints."""
        sheet = self._sheet(page.name)
        sheet.set_landscape()
        self._text(sheet, 0, 0, phrase(f"sheet_about.{page.name}", self.language), "about")
        widths = self._headings(sheet, page)
        for number, row in enumerate(page.rows, TABLE_FROM + 1):
            bold = number - TABLE_FROM - 1 in page.strong
            for place, (column, cell) in enumerate(zip(page.columns, row, strict=True)):
                self._cell(sheet, number, place, cell, column.kind, bold=bold)
            texts = ((c, w) for c, w in zip(row, widths, strict=True) if isinstance(c, str))
            taller = max((lines_of(c, int(w) - 1) for c, w in texts), default=1)
            sheet.set_row(number, LINE * taller + 2)
        if not page.rows:
            self._text(sheet, TABLE_FROM + 1, 0, phrase("sheet.nothing", self.language), "about")
        last = TABLE_FROM + max(len(page.rows), 1)
        sheet.freeze_panes(TABLE_FROM + 1, 1)
        sheet.repeat_rows(TABLE_FROM)
        sheet.print_area(0, 0, last, len(page.columns) - 1)
        if page.rows:
            sheet.autofilter(TABLE_FROM, 0, last, len(page.columns) - 1)

    def _headings(self, sheet: Any, page: Page) -> list[float]:
        """Write the headings; give the width of each column."""
        widths = []
        for number, column in enumerate(page.columns):
            head = fill(f"sheet_head.{column.name}", {"currency": self._currency}, self.language)
            self._text(sheet, TABLE_FROM, number, head, "label")
            cells = [row[number] for row in page.rows]
            widths.append(column_width(column.name, column.kind, head, cells))
            sheet.set_column(number, number, widths[-1])
        taller = max(
            lines_of(fill(f"sheet_head.{c.name}", {"currency": self._currency}, self.language), w)
            for c, w in zip(page.columns, map(int, widths), strict=True)
        )
        sheet.set_row(TABLE_FROM, LINE * taller + 4)
        return widths

    @property
    def _currency(self) -> str:
        return str(self.run.package["currency"])

    def _sheet(self, name: str) -> Any:
        """Add a sheet that prints on A4, as wide as the paper, with run and root on each page."""
        sheet = self.file.add_worksheet(phrase(f"sheet_name.{name}", self.language))
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        told = {"run": self.run.run_id, "root": self.run.root[:16]}
        title = phrase(f"sheet_name.{name}", self.language)
        sheet.set_header(f"&L{title}&R{fill('sheet.header', told, self.language)}")
        sheet.set_footer(f"&L{fill('sheet.footer', told, self.language)}&R&P / &N")
        return sheet

    def _cell(
        self, sheet: Any, row: int, column: int, cell: Cell, kind: Kind, *, bold: bool
    ) -> None:
        """Write one cell as what it is."""
        if isinstance(cell, str):
            self._text(sheet, row, column, cell, kind, bold=bold)
            return
        shown = self._format(kind, bold=bold)
        if cell is None:
            sheet.write_blank(row, column, None, shown)
        elif isinstance(cell, date | time):
            sheet.write_datetime(row, column, cell, shown)
        else:
            sheet.write_number(row, column, cell / 100 if kind == "money" else cell, shown)

    def _text(
        self, sheet: Any, row: int, column: int, text: str, style: str, *, bold: bool = False
    ) -> None:
        """Write text as text."""
        marked = LIKE_A_FORMULA.match(text) is not None
        shown = self._format(style, bold=bold, marked=marked)
        if sheet.write_string(row, column, text, shown) != 0:
            raise UnsupportedError(f"a cell of {len(text)} characters is more than a sheet holds")

    def _format(self, style: str, *, bold: bool = False, marked: bool = False) -> Any:
        """Give a format, made when it is first asked for."""
        key = (style, bold, marked)
        if key not in self._formats:
            made = self.file.add_format({**_STYLES.get(style, _STYLES["text"])})
            if style in NUMBERS:
                made.set_num_format(NUMBERS[style])
            if bold:
                made.set_bold()
                made.set_bg_color("#EEF3F8")
            if marked:
                made.set_quote_prefix()
            self._formats[key] = made
        return self._formats[key]


_CELL = {"valign": "top", "border": 1, "border_color": "#C8D0D8"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {
        "bold": True,
        "font_size": 12,
        "font_color": "#1F4E79",
        "bottom": 1,
        "valign": "bottom",
    },
    "name": {"valign": "top", "text_wrap": True, "font_color": "#444444"},
    "value": {"valign": "top", "text_wrap": True},
    "about": {"italic": True, "font_color": "#555555"},
    "label": {**_CELL, "bold": True, "text_wrap": True, "bg_color": "#DDE7F0"},
    "note": {"valign": "top", "text_wrap": True},
    **{kind: {**_CELL, "text_wrap": True} for kind in ("text", "long")},
    **dict.fromkeys(("count", "money"), _CELL),
    **{kind: {**_CELL, "align": "center"} for kind in ("date", "time")},
}


def column_width(name: str, kind: Kind, head: str, cells: list[Cell]) -> float:
    """Give a width that holds most cells on one line, within what prints well."""
    most = REASON_WIDTH if name == "reason" else WIDEST[kind]
    if kind in ("date", "time"):
        return most
    texts = [_shown(cell, kind) for cell in cells if cell is not None]
    longest = max(map(width, texts), default=0)
    return max(min(longest, most), min(width(head), 10), 5) + 2


def _shown(cell: Cell, kind: Kind) -> str:
    """Write a cell as it will be seen."""
    if isinstance(cell, int):
        return f"{cell / 100:,.2f}" if kind == "money" else f"{cell:,}"
    return str(cell)


def lines_of(text: str, places: int) -> int:
    """Give how many lines a text takes in a cell of some width."""
    return sum(max(-(-width(part) // places), 1) for part in text.split("\n"))
