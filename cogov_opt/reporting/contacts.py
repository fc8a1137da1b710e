"""Names and telephone numbers, joined to ids when something is printed and at no other time."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.decoding import decode

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
    Read a list of contacts: a CSV file with the columns id, name, phone?, address?.

    Raises
    ------
    InputError
        There is no such file, or it is no such list.
    """
    where = Where(str(path))
    if not path.is_file():
        raise InputError([Issue("missing_file", where, {"read": str(path)})])
    notes: list[Issue] = []
    text = decode(path.read_bytes(), str(path), notes)
    if text is None:
        raise InputError(notes)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    closest = ", ".join(reader.fieldnames or ()) or "-"
    for column in COLUMNS[:2]:
        if column not in (reader.fieldnames or ()):
            told = {"table": "contacts", "column": column, "closest": closest}
            raise InputError([Issue("missing_column", where, told)])
    rows = ({c: (row.get(c) or "").strip() for c in COLUMNS} for row in reader)
    return {row["id"]: Contact(**row) for row in rows if row["id"]}
