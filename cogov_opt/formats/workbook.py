"""
Workbooks: a table a sheet, the facts of the package on a sheet of their own (data.md 1).

`.xlsx` and `.xlsm` are read and, as `.xlsx`, written; `.xls` and `.ods` are read, but what only
XML tells (formulas without values, hidden rows, midnights) is not known of them. A sheet is named
by the id or a label of its table. Sheets nobody knows are named, kept and written back, unless
their name is so like that of a table that it must be a slip. Contacts are never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogov_opt.domain import labels
from cogov_opt.domain.closeness import closest
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.tables import LATER_TABLES, PRIVATE_TABLES, contracts
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.workbook_package import TABLE as PACKAGE
from cogov_opt.formats.workbook_package import read_package
from cogov_opt.formats.workbook_process import read_book
from cogov_opt.formats.workbook_sheets import table_of_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from cogov_opt.domain.loaded import Table
    from cogov_opt.formats.workbook_process import Book, Sheet

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
KEPT = "_sheets"
"""The key of the package under which sheets nobody knows are kept."""
_UNREAD = "readme"
_ALIKE = 0.75
MEMORY = "cogov:fill"
"""The heading, in the third row, that tells the sheet of issues of a marked copy."""
_MARKED = 2


def recognise(path: Path) -> bool:
    """Tell whether a path is a workbook, by its ending."""
    return path.is_file() and path.suffix.lower() in SUFFIXES


def read(path: Path) -> Tables:
    """
    Read a workbook.

    Raises
    ------
    InputError
        It is refused, or holds no table at all; everything else is noted for `check` to tell.
    """
    book = read_book(path)
    notes: list[Issue] = []
    package: dict[str, Any] = {}
    tables: dict[str, Table] = {}
    kept: dict[str, list[list[str]]] = {}
    for sheet, name in _named(book, notes):
        if name == PACKAGE:
            package = read_package(sheet, notes, book.file)
        elif name:
            table = table_of_sheet(name, sheet, notes, file=book.file, from_1904=book.from_1904)
            if table is not None:
                tables[name] = table
        else:
            kept[sheet.name] = [sheet.row(r) for r in range(sheet.height)]
    _hold(book, package, tables, notes)
    minor = package.get("units") == "minor"
    described = {**package, "format": package.get("format", "workbook")}
    return Tables(
        package={**described, KEPT: kept} if kept else described,
        tables=tables,
        source=book.file,
        units="minor" if minor else "major",
        trusted_ids=minor,
        notes=tuple(notes),
    )


def _hold(
    book: Book, package: dict[str, Any], tables: dict[str, Table], notes: list[Issue]
) -> None:
    """Refuse a book without a table, or without its facts."""
    errors = [n for n in notes if n.severity == "error"]
    if not tables and not errors:
        errors.append(Issue("book_empty", Where(book.file), {}))
    if not package:
        told = {"sheet": labels.tables()[PACKAGE].both()}
        errors.append(Issue("missing_package_sheet", Where(book.file), told))
    if not tables or not package:
        raise InputError(errors)


def _named(book: Book, notes: list[Issue]) -> list[tuple[Sheet, str | None]]:
    """Give each sheet with the table it stands for; None for one that nobody knows."""
    found: list[tuple[Sheet, str | None]] = []
    taken: dict[str, str] = {}
    for sheet in book.sheets:
        if sheet.height > _MARKED and MEMORY in sheet.row(_MARKED):
            continue  # the sheet of issues of a marked copy
        name = _table_of(sheet.name)
        if name in (*PRIVATE_TABLES, _UNREAD) or not sheet.height:
            continue
        place = Where(book.file, sheet.name)
        if name in taken:
            told = {"read": name, "first": taken[name]}
            notes.append(Issue("two_sheets", place, told))
            continue
        name = None if name == "issues" else name
        if name is None:
            notes.append(Issue("unknown_sheet", place, {"read": sheet.name}, "warning"))
        if name is not None:
            taken[name] = sheet.name
        found.append((sheet, name))
    return found


def _table_of(title: str) -> str | None:
    """Give the table a sheet is named after; its own name where that is a slip for one."""
    found = labels.find("tables", title)
    plain = labels.tidy(title)
    if found or plain in contracts() or plain in LATER_TABLES:
        return found or plain
    words = [w for label in labels.tables().values() for w in (label.id, label.en, label.zh)]
    alike = closest(plain, map(labels.tidy, words), cutoff=_ALIKE)
    return plain if alike else None


def write(tables: Tables, path: Path) -> None:
    """
    Write a dataset as a workbook.

    Raises
    ------
    UnsupportedError
        It holds what a workbook cannot.
    """
    from cogov_opt.formats.workbook_writing import write_book

    write_book(tables, path)


__all__ = ["SUFFIXES", "read", "recognise", "write"]
