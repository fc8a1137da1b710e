"""
Writing workbooks: labels above ids, frozen; numbers and dates as such, text always as text.

Every cell reads back as the value it was: amounts, whole numbers and coordinates are written as
numbers, dates and usual moments as dates; all else as text, so that nothing becomes a formula,
a link or a number by its looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cogov_opt.domain import labels
from cogov_opt.domain.fields import (
    Date,
    Degrees,
    Field,
    Integer,
    Minutes,
    Moment,
    Money,
    Quantity,
    Stamp,
)  # fmt: skip
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import UnsupportedError
from cogov_opt.formats.workbook_package import TABLE as PACKAGE
from cogov_opt.formats.workbook_package import rows_of_package

if TYPE_CHECKING:
    from pathlib import Path

    from cogov_opt.domain.loaded import Table, Tables

OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_570
_LONGEST_NAME = 31
_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{1,6})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_FORMATS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "money": "0.00"}


class Pages:
    """A workbook being written, with its formats."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() != ".xlsx":
            raise UnsupportedError(f"workbooks are written as .xlsx, not {path.suffix or path}")
        import xlsxwriter

        self.book = xlsxwriter.Workbook(str(path), OPTIONS)
        self.formats = {k: self.book.add_format({"num_format": v}) for k, v in _FORMATS.items()}
        head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE7F0"}
        self.formats["label"] = self.book.add_format({**head, "border": 1})
        grey = {"font_color": "#666666", "italic": True, "bottom": 1}
        self.formats["id"] = self.book.add_format({**grey, "bg_color": "#EEF3F8"})
        self.formats["text"] = self.book.add_format({"num_format": "@"})

    def sheet(self, name: str) -> Any:
        """Add a sheet, its name one that a workbook can have."""
        taken = {s.get_name().lower() for s in self.book.worksheets()}
        if _NAME.search(name) or not 0 < len(name) <= _LONGEST_NAME or name.lower() in taken:
            raise UnsupportedError(f"a workbook cannot have a sheet named {name!r}")
        return self.book.add_worksheet(name)


def write_book(tables: Tables, path: Path) -> None:
    """Write every table on a sheet, the package first, and sheets that were kept last."""
    pages = Pages(path)
    sheet = pages.sheet(PACKAGE)
    package = {**tables.package, **({"units": "minor"} if tables.units == "minor" else {})}
    rows: list[Sequence[str | int | bool]] = [("key", "value"), *rows_of_package(package)]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            write_cell(sheet, number, column, value)
    sheet.set_column(0, 1, 32)
    sheet.freeze_panes(1, 0)
    for name, table in tables.tables.items():
        _write_table(pages, name, table)
    for name, kept in (tables.package.get("_sheets") or {}).items():
        sheet = pages.sheet(name)
        for number, cells in enumerate(kept):
            for column, text in enumerate(cells):
                write_cell(sheet, number, column, text)
    pages.book.close()


def _write_table(pages: Pages, name: str, table: Table) -> None:
    """Write one table."""
    columns = {**table.columns, **table.unknown}
    fields: Mapping[str, Field] = contracts()[name].fields if name in contracts() else {}
    if len(table) > MOST_ROWS:
        raise UnsupportedError(f"{name} has {len(table)} rows, more than a sheet can hold")
    sheet = pages.sheet(name)
    body = write_header(pages, sheet, name, list(columns))
    for number, (title, column) in enumerate(columns.items()):
        readings = [_readings(v, fields.get(title)) for v in column.values]
        for row, code in enumerate(column.codes.tolist()):
            value, shown = readings[code]
            if value != "":
                write_cell(sheet, body + row, number, value, pages.formats.get(shown))


def write_header(pages: Pages, sheet: Any, name: str, titles: Sequence[str]) -> int:
    """Write labels above ids, where there are labels, and freeze them; give the row below."""
    known = labels.columns(name)
    body = 2 if known else 1
    for number, title in enumerate(titles):
        label = known[title].both() if title in known else title
        if known:
            sheet.write_string(0, number, label, pages.formats["label"])
        sheet.write_string(body - 1, number, title, pages.formats["id"])
        sheet.set_column(number, number, 16)
    sheet.freeze_panes(body, 1)
    return body


def _readings(text: str, field: Field | None) -> tuple[str | float | datetime, str]:
    """Give what is written for the text of a cell, and the format it is shown in."""
    if isinstance(field, Money | Integer | Quantity | Minutes | Degrees) and (
        _NUMBER.fullmatch(text) and text != "-0"
    ):
        shown = "money" if isinstance(field, Money) and "." in text else ""
        return (float(text) if "." in text else int(text)), shown
    if isinstance(field, Date | Moment | Stamp):
        pattern, shown = (_DATE, "date") if len(text) == 10 else (_MOMENT, "moment")
        if pattern.fullmatch(text) and not text.endswith(" 00:00") and text > "1970":
            try:
                return datetime.fromisoformat(text), shown
            except ValueError:
                return text, ""
    return text, ""


def write_cell(sheet: Any, row: int, column: int, value: Any, shown: Any = None) -> None:
    """Write one cell as what it is; what a cell cannot hold is refused, never cut."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, shown)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shown)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, shown)
    elif value and sheet.write_string(row, column, value, shown) != 0:
        raise UnsupportedError(f"a cell of {len(value)} characters is more than a sheet can hold")
