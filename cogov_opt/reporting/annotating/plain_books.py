"""
A plain workbook of what is no `.xlsx`: a folder of tables, an `.xls` or `.ods` book.

Every cell stands where it stood (row 17 of a table is row 17 of its sheet), text as text, whatever
is wrong with it: the book is there to be marked, mended and checked. Contacts are left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cogov_opt.domain.tables import PRIVATE_TABLES
from cogov_opt.errors import Issue, UnsupportedError, Where
from cogov_opt.formats.decoding import decode
from cogov_opt.formats.folder import PACKAGE as PACKAGE_FILE
from cogov_opt.formats.folder import read_package, table_files
from cogov_opt.formats.parquet import read_table
from cogov_opt.formats.rows import title_of
from cogov_opt.formats.workbook_letters import letters_of
from cogov_opt.formats.workbook_package import TABLE as PACKAGE
from cogov_opt.formats.workbook_package import rows_of_package
from cogov_opt.formats.workbook_process import read_book
from cogov_opt.formats.workbook_writing import LONGEST_CELL, MOST_ROWS, Pages, write_cell


class PlainBook:
    """A workbook made for marks, and where the cells of the files it was made of stand in it."""

    def __init__(self, path: Path) -> None:
        self.pages = Pages(path)
        self.columns: dict[str, dict[str, int]] = {}
        self.files: dict[str, str] = {}
        self.facts: dict[str, int] = {}

    def add(self, name: str, file: str, rows: Sequence[Sequence[str]]) -> None:
        """Put a table on a sheet as it is."""
        if len(rows) > MOST_ROWS:
            raise UnsupportedError(f"{file} has {len(rows)} rows, more than a sheet can hold")
        sheet = self.pages.sheet(name)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                write_cell(sheet, number, column, text[:LONGEST_CELL], self.pages.formats["text"])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(map(len, rows), default=1), 16)
        titles = [title_of(cell) for cell in rows[0]] if rows else []
        self.columns[name] = {t: k for k, t in reversed(list(enumerate(titles)))}
        self.files[str(file)] = name

    def place(self, where: Where) -> Where:
        """Give the sheet and the cell of a place in the files."""
        name = self.files.get(where.file)
        if name == PACKAGE and where.column in self.facts:
            return Where(where.file, name, None, where.column, f"B{self.facts[where.column]}")
        if name is None or where.row is None:
            return where if name is None else Where(where.file, name, None, where.column)
        column = self.columns[name].get(where.column or "", None)
        cell = None if column is None else f"{letters_of(column)}{where.row}"
        return Where(where.file, name, where.row, where.column, cell)


def book_of_folder(folder: Path, target: Path) -> PlainBook:
    """Write the tables of a folder as a plain workbook."""
    notes: list[Issue] = []
    package = read_package(folder / PACKAGE_FILE, notes)
    made = PlainBook(target)
    facts = [("key", "value"), *((k, str(v)) for k, v in rows_of_package(package))]
    made.add(PACKAGE, str(folder / PACKAGE_FILE), facts)
    for row, (key, _) in enumerate(facts, 1):
        made.facts[key] = row
        made.facts.setdefault(key.partition(".")[0], row)
    for name, file in table_files(folder, package, notes).items():
        if name in PRIVATE_TABLES or not file.is_file():
            continue
        made.add(name, str(file), _rows(name, file))
    made.pages.book.close()
    return made


def _rows(name: str, file: Path) -> list[list[str]]:
    """Give the rows of a file as they stand; none where it cannot be read."""
    notes: list[Issue] = []
    if file.suffix == ".parquet":
        table = read_table(name, file, notes)
        columns = {**table.columns, **table.unknown} if table else {}
        cells = zip(*(c.cells() for c in columns.values()), strict=True)
        return [list(columns), *map(list, cells)]
    text = decode(file.read_bytes(), str(file), notes)
    try:
        return list(csv.reader(io.StringIO(text or "", newline="")))
    except csv.Error:
        return []


def book_of_book(path: Path, target: Path) -> PlainBook:
    """Write the values of an `.xls` or `.ods` book as a plain workbook."""
    made = PlainBook(target)
    formats = made.pages.formats
    for sheet in read_book(path).sheets:
        if not sheet.height:
            continue
        page = made.pages.sheet(sheet.name)
        for number, column in enumerate(sheet.columns):
            for row in range(sheet.height):
                value, shown = _value(column[row])
                if value != "":
                    write_cell(page, row, number, value, formats.get(shown))
    made.pages.book.close()
    return made


def _value(typed: str) -> tuple[Any, str]:
    """Give the value of a typed cell, and the format it is shown in."""
    kind, text = typed[:1], typed[1:]
    if kind == "n" and len(text.lstrip("-").replace(".", "")) <= 15:
        return (float(text) if "." in text else int(text)), ""
    if kind == "b":
        return text == "TRUE", ""
    if kind in "dm" and text > "1900-03":
        if kind == "d":
            return datetime.combine(date.fromisoformat(text), datetime.min.time()), "date"
        return datetime.fromisoformat(text), "moment"
    return text[:LONGEST_CELL], "text"
