"""
Canonical text: of a cell, a row, a table, and datapackage.json (convention S2, S13.6).

Every column is written a distinct value at a time; reading the bytes again gives the same
instance.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.domain.fields import (
    BLANK,
    Choice,
    Code,
    Codes,
    Date,
    Field,
    Moment,
    Reference,
    References,
    Requirement,
    Stamp,
)  # fmt: skip
from cogov_opt.domain.instance import CheckedTable, Instance, Package, Ragged
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import Row, contracts

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 2**53
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_SUSPECT = re.compile(r"(?:^|[:,\[])-?(?:\d{16}|\d+[.eE]|[NI])")
"""What might be a float or a large integer: such a value is brought to form one by one."""
_LISTS = (Codes, References, Requirement)


def canonical_json(value: Any) -> bytes:
    """
    Write a value as canonical JSON (S13.6).

    Raises
    ------
    TypeError
        The value holds a float, or something JSON has no word for.
    """
    try:
        text = _ENCODER.encode(value)
    except TypeError:
        text = ""
    if not text or _SUSPECT.search(text) or not unicodedata.is_normalized("NFC", text):
        text = _ENCODER.encode(_canonical(value))
    return text.encode("utf-8")


def _canonical(value: Any) -> Any:
    """Bring a value to what canonical JSON holds: NFC text, integers, lists, mappings."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | np.integer):
        return int(value) if abs(int(value)) <= EXACT else str(int(value))
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", k): _canonical(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [_canonical(v) for v in value]
    raise TypeError(type(value).__name__)


def canonical_package(package: Package) -> bytes:
    """Write datapackage.json of a run's inputs (S2.4)."""
    calendar = package.calendar
    return canonical_json(
        {
            "name": package.name,
            "title": package.title,
            "currency": package.currency,
            "timezone": calendar.timezone,
            "language": package.language,
            "horizon": {"start": calendar.start.isoformat(), "end": calendar.end.isoformat()},
            "start_moment": calendar.text(0),
            "no_rows_means": dict(package.no_rows_means),
            "policy": package.policy,
            "meta": dict(package.meta),
            "format": package.format,
            "units": "minor",
            "cogov_format": 1,
        }
    )


def canonical_csv(instance: Instance, name: str) -> bytes:
    """Write one table of a run's inputs (S2.1)."""
    table = instance.tables[name]
    columns = [cell_texts(table, column) for column in contracts()[name].fields]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(contracts()[name].fields)
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8")


def canonical_tables(instance: Instance) -> dict[str, bytes]:
    """Write every file of a run's inputs by its name: the package and each table with rows."""
    files = {"datapackage.json": canonical_package(instance.package)}
    for name, table in instance.tables.items():
        if len(table):
            files[f"{name}.csv"] = canonical_csv(instance, name)
    return files


def cell_texts(table: CheckedTable, column: str) -> list[str]:
    """Give the canonical text of every cell of a column (S2.3)."""
    found = table.columns[column]
    field = contracts()[table.name].fields[column]
    if isinstance(found, TextColumn):
        return found.cells()
    if isinstance(found, Ragged):
        items = _list_items(table, column, found, field)
        bounds = found.starts.tolist()
        return [";".join(sorted(items[a:b])) for a, b in pairwise(bounds)]
    distinct, places = np.unique(found, return_inverse=True)
    write = _writer(table, column, field)
    texts = np.array([write(v) for v in distinct.tolist()], dtype=object)
    cells: list[str] = texts[places].tolist() if len(distinct) else []
    return cells


def _writer(table: CheckedTable, column: str, field: Field) -> Callable[[int], str]:
    """Give what writes one integer of a column."""
    if isinstance(field, Choice):
        return lambda v: field.words[v] if v >= 0 else ""
    if isinstance(field, Reference | Code):
        labels = table.labels[column]
        word = getattr(field, "wildcard", None) or ""
        return lambda v: labels[v] if v >= 0 else (word if v == -2 else "")
    if isinstance(field, Date):
        return lambda v: "" if v == BLANK else date.fromordinal(v).isoformat()
    if isinstance(field, Moment | Stamp):
        calendar = table.calendar
        if calendar is None:
            raise ValueError("a table with moments has a calendar")
        return lambda v: "" if v == BLANK else calendar.text(v)
    return lambda v: "" if v == BLANK else str(v)


def _list_items(table: CheckedTable, column: str, found: Ragged, field: Field) -> list[str]:
    """Give the text of every item of a list column."""
    labels = table.labels[column]
    word = getattr(field, "word", None) or ""
    items = [labels[v] if v >= 0 else word for v in found.values.tolist()]
    if found.levels is None:
        return items
    levels = found.levels.tolist()
    return [f"{t}:{n}" if n > 1 else t for t, n in zip(items, levels, strict=True)]


def row_of(table: CheckedTable, index: int) -> Row:
    """Give one row as its contract."""
    contract = contracts()[table.name]
    values = {c: _value(table, c, f, index) for c, f in contract.fields.items()}
    return contract.row(**{c: v for c, v in values.items() if v is not None})


def _value(table: CheckedTable, column: str, field: Field, index: int) -> Any:
    """Give one cell as its row contract has it: None, an integer, text, or a tuple of texts."""
    found = table.columns[column]
    if isinstance(found, TextColumn):
        text = found[index]
        if isinstance(field, _LISTS):
            return tuple(text.split(";")) if text else ()
        return text or None
    if isinstance(found, Ragged):
        span = slice(int(found.starts[index]), int(found.starts[index + 1]))
        levels = None if found.levels is None else found.levels[span]
        part = Ragged(np.array([0]), found.values[span], levels)
        return tuple(sorted(_list_items(table, column, part, field)))
    value = int(found[index])
    if _is_integer(found, field):
        return None if value == BLANK else value
    return _writer(table, column, field)(value) or None


def _is_integer(found: NDArray[Any], field: Field) -> bool:
    """Tell whether a row holds the integer itself."""
    return not isinstance(field, Choice | Reference | Code | Date | Moment | Stamp)
