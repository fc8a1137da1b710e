"""Whether the tables of `inputs/` are in canonical form (convention S2.1-S2.3, S2.5)."""

from __future__ import annotations

import csv
import itertools
import json
import pkgutil
import re
import unicodedata
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from .facts import KINDS
from .reading import RunFolder, read_lines
from .reading_tables import INTEGERS, LISTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from .findings import Findings

    Cells = tuple[str, ...]
    Test = tuple[str, Callable[[str], bool]]
    """A column, and what is bad in it."""

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,11}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"([0-9-]{10})T[0-9]{2}:[0-9]{2}([+-])([0-9]{2}):([0-9]{2})", re.ASCII)
DATES = frozenset(
    ("consent_until", "valid_from", "valid_until", "as_of", "spend_from", "spend_until")
)
MOMENTS = frozenset({"start", "end", "submitted_at"})
SIGNED = frozenset({"lat", "lon"})
"""Whole numbers that may be below 0."""
APART = 120
"""Minutes by which summer time may part the offsets of one timezone."""
REPEATED = frozenset({"provenance"})
"""Tables in which one key may stand more than once."""
WORDS = {
    ("needs", "kind"): frozenset(KINDS),
    ("agreements", "kind"): frozenset(KINDS) - {"fund"},
    ("agreements", "per"): frozenset({"day", "week", "month", "year", "horizon"}),
    ("standing", "status"): frozenset({"draft", "published", "pinned"}),
}
"""Columns that hold one of a few words."""


def contracts() -> dict[str, dict[str, Any]]:
    """Give the columns and key of every table, as shipped."""
    found: dict[str, dict[str, Any]] = json.loads(_data("table_columns.json"))
    return found


def check(opened: RunFolder, findings: Findings) -> None:
    """Look at every table: known, its columns in order, sorted, each cell as S2.3 writes it."""
    known = contracts()
    for table in opened.tables:
        path = f"inputs/{table}.csv"
        if table not in known:
            continue  # told as a file nobody knows
        zone = str(opened.package.get("start_moment", ""))
        for code, about in _faults(opened.folder / path, table, known[table], zone):
            findings.add(code, path, about)


def is_date(cell: str) -> bool:
    """Tell a date in its one form (S2.3)."""
    return bool(_DATE.fullmatch(cell)) and _is_day(cell)


def is_moment(cell: str) -> bool:
    """Tell a moment in its one form (S2.3)."""
    return bool(_MOMENT.fullmatch(cell)) and is_date(cell[:10]) and _is_day(cell)


def _is_day(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _faults(path: Path, table: str, contract: dict[str, Any], zone: str) -> list[tuple[str, str]]:
    try:
        data = path.read_bytes()
        lines = read_lines(data, tuple(contract["columns"]))
    except (OSError, ValueError, csv.Error) as error:
        return [("input", str(error))]
    if not lines:
        return [("input", "no rows")]
    columns = dict(zip(contract["columns"], zip(*lines, strict=True), strict=True))
    key = [columns[column] for column in contract["key"]]
    faults = _unsorted(list(zip(*key, strict=True)), repeated=table in REPEATED)
    if not unicodedata.is_normalized("NFC", data.decode("utf-8")):
        faults.append("text that is not NFC")
    faults += _named(columns, key[0], _forms(table, columns, zone))
    told = _named(columns, key[0], _private(contract))
    return [("input", about) for about in faults] + [("private", about) for about in told]


def _unsorted(keys: list[tuple[str, ...]], *, repeated: bool) -> list[str]:
    return [
        " ".join(two)
        for one, two in itertools.pairwise(keys)
        if one >= two and not (repeated and one == two)
    ]


def _named(columns: dict[str, Cells], names: Cells, tests: list[Test]) -> list[str]:
    """Name every cell that is bad by its row's name and column, row by row; never what it holds."""
    found: list[tuple[int, int]] = []
    for place, (column, is_bad) in enumerate(tests):
        bad = {cell for cell in set(columns[column]) if is_bad(cell)}
        if bad:
            found += [(row, place) for row, cell in enumerate(columns[column]) if cell in bad]
    return [f"{names[row]} {tests[place][0]}" for row, place in sorted(found)]


def _forms(table: str, columns: Iterable[str], zone: str) -> list[Test]:
    """Give what is no way to write a cell of a column; a blank cell is one everywhere."""
    tests: list[Test] = []
    for column in columns:
        words = WORDS.get((table, column))
        if column in SIGNED:
            tests.append((column, _is_no_integer))
        elif column in INTEGERS:
            tests.append((column, _is_no_amount))
        elif column in LISTS:
            tests.append((column, _is_no_list))
        elif column in DATES:
            tests.append((column, _is_no_date))
        elif column in MOMENTS:
            tests.append((column, partial(_is_no_moment, zone)))
        elif words:
            tests.append((column, partial(_is_none_of, words)))
    return tests


def _is_no_integer(cell: str) -> bool:
    return cell != "" and not _INTEGER.fullmatch(cell)


def _is_no_amount(cell: str) -> bool:
    return _is_no_integer(cell) or cell.startswith("-")


def _is_no_list(cell: str) -> bool:
    items = cell.split(";")
    return cell != "" and not (all(items) and all(a < b for a, b in itertools.pairwise(items)))


def _is_no_date(cell: str) -> bool:
    return cell != "" and not is_date(cell)


def _is_no_moment(zone: str, cell: str) -> bool:
    """Tell what is no moment, or one of another timezone than the first."""
    return cell != "" and not (is_moment(cell) and abs(_offset(cell) - _offset(zone)) <= APART)


def _offset(cell: str) -> int:
    """Give the minutes by which a moment's clock is before that of UTC."""
    found = _MOMENT.fullmatch(cell)
    if found is None:
        return 0  # told of the package
    minutes = int(found[3]) * 60 + int(found[4])
    return minutes if found[2] == "+" else -minutes


def _is_none_of(words: frozenset[str], cell: str) -> bool:
    return cell != "" and cell not in words


def _private(contract: dict[str, Any]) -> list[Test]:
    """Give what tells more about a person than a run may (S2.5)."""
    grains: dict[str, int] = contract.get("grain", {})
    tests: list[Test] = [(column, partial(_is_finer, grain)) for column, grain in grains.items()]
    return tests + [(column, bool) for column in contract.get("blank", ())]


def _is_finer(grain: int, cell: str) -> bool:
    return bool(_INTEGER.fullmatch(cell)) and int(cell) % grain != 0


def _data(name: str) -> bytes:
    """Give a file shipped beside these modules, from a folder or a zip."""
    data = pkgutil.get_data(__package__ or "", name)
    if data is None:
        raise FileNotFoundError(name)
    return data
