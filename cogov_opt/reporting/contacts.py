"""Names and telephone numbers, joined to ids when something is printed and at no other time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cogov_opt.domain import labels
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.decoding import decode
from cogov_opt.formats.workbook import SUFFIXES
from cogov_opt.formats.workbook_process import read_book

TABLE = "contacts"
COLUMNS = ("id", "name", "phone", "address")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who stands behind an id. Private: never part of a run, a log or a `--json` answer."""

    id: str
    name: str = ""
    phone: str = ""
    address: str = ""


def read_contacts(path: Path) -> Mapping[str, Contact]:
    """
    Read a list of contacts: a CSV file, or the sheet `contacts` of a workbook.

    Its columns are id, name, phone?, address?, by these names or their labels.

    Raises
    ------
    InputError
        There is no such file, or it is no such list.
    """
    where = Where(str(path))
    if not path.is_file():
        raise InputError([Issue("missing_file", where, {"read": str(path)})])
    rows = _of_workbook(path) if path.suffix.lower() in SUFFIXES else _of_csv(path)
    heads = next(rows, [])
    places = {labels.find(TABLE, head) or head.strip(): i for i, head in enumerate(heads)}
    for column in COLUMNS[:2]:
        if column not in places:
            closest = ", ".join(filter(None, heads)) or "-"
            told = {"table": TABLE, "column": column, "closest": closest}
            raise InputError([Issue("missing_column", where, told)])
    found = (_contact(row, places) for row in rows)
    return {contact.id: contact for contact in found if contact.id}


def _contact(row: Sequence[str], places: Mapping[str, int]) -> Contact:
    """Give one contact; a cell that is not there is blank."""
    known = {c: places[c] for c in COLUMNS if c in places and places[c] < len(row)}
    return Contact(**({"id": ""} | {column: row[i].strip() for column, i in known.items()}))


def _of_csv(path: Path) -> Iterator[list[str]]:
    """Read the rows of a CSV file."""
    notes: list[Issue] = []
    text = decode(path.read_bytes(), str(path), notes)
    if text is None:
        raise InputError(notes)
    return iter(csv.reader(io.StringIO(text, newline="")))


def _of_workbook(path: Path) -> Iterator[list[str]]:
    """Read the rows of the sheet of contacts; of the only sheet, where there is but one."""
    book = read_book(path)
    named = [s for s in book.sheets if labels.find("tables", s.name) == TABLE]
    chosen = named or list(book.sheets)
    if len(chosen) != 1:
        raise InputError([Issue("missing_file", Where(str(path), TABLE), {"read": TABLE})])
    return (chosen[0].row(i) for i in range(chosen[0].height))
