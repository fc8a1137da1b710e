"""
Frames given in process: mappings of arrays, structured arrays, pandas or polars data frames.

Money in frames is in minor units, and the column says so: `amount_fen`, `amount_cents` or
`amount_minor` becomes `amount`. Neither pandas nor polars is imported: columns are asked for
their values. Coordinates are decimal degrees, or integers in `lat_microdegrees`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from cogov_opt.domain.fields import Degrees, Money
from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import Issue, Where

UNITS = {"CNY": "fen", "EUR": "cents", "USD": "cents", "GBP": "pence", "HKD": "cents"}


def from_frames(frames: Mapping[str, Any], package: Mapping[str, Any] | None = None) -> Tables:
    """
    Take tables from memory.

    Parameters
    ----------
    frames
        Table name to columns: a mapping of column to sequence or array, a numpy structured
        array, or a data frame.
    package
        What datapackage.json would hold: currency, timezone, horizon ...

    Returns
    -------
    Tables
        Nothing checked yet; what cannot be understood is noted for `check` to tell.
    """
    notes: list[Issue] = []
    given = {"name": "frames", **(package or {}), "format": "frames", "_file": "package"}
    currency = str(given.get("currency", ""))
    tables = {n: _table(n, f, currency, notes) for n, f in frames.items()}
    return Tables(
        package=given,
        tables={n: t for n, t in tables.items() if t is not None},
        source="frames",
        units="minor",
        notes=tuple(notes),
    )


def _table(name: str, frame: Any, currency: str, notes: list[Issue]) -> Table | None:
    """Take one table."""
    columns = _columns(frame)
    sizes = {len(c) for c in columns.values()} if columns is not None else set()
    if columns is None or len(sizes) > 1:
        notes.append(Issue("bad_frame", Where(name), {"read": name}))
        return None
    fields = contracts()[name].fields if name in contracts() else {}
    known: dict[str, TextColumn] = {}
    unknown: dict[str, TextColumn] = {}
    for given, values in columns.items():
        column, unit = _unit(given, currency)
        field = fields.get(column)
        if isinstance(field, Money) and not unit:
            expected = f"{given}_{UNITS.get(currency, 'minor')}"
            told = {"read": given, "expected": expected}
            notes.append(Issue("unnamed_unit", Where(name, column=given), told))
        text = text_column(values)
        if isinstance(field, Degrees) and not unit:
            text = _microdegrees(text)
        if isinstance(field, Money | Degrees) or not unit:
            (known if field is not None or not fields else unknown)[column] = text
        else:
            unknown[given] = text
    return Table(name, known, Source(name, first_row=0), unknown)


def _columns(frame: Any) -> Mapping[str, Any] | None:
    """Give the columns of whatever a frame is."""
    if isinstance(frame, Mapping):
        return {str(k): v for k, v in frame.items()}
    if isinstance(frame, np.ndarray):
        names = frame.dtype.names
        return {n: frame[n] for n in names} if names else None
    if hasattr(frame, "columns"):
        return {str(c): frame[c] for c in frame.columns}
    return None


def _unit(column: str, currency: str) -> tuple[str, bool]:
    """Split the unit off the name of a column of money or degrees."""
    for unit in (UNITS.get(currency, "minor"), "minor", "microdegrees"):
        if column.endswith(f"_{unit}"):
            return column.removesuffix(f"_{unit}"), True
    return column, False


def text_column(values: Any) -> TextColumn:
    """Give any sequence as text: each value as a person would type it, missing ones blank."""
    array = values.to_numpy() if hasattr(values, "to_numpy") else values
    if isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype.kind in "iu":
        distinct, codes = np.unique(array, return_inverse=True)
        return TextColumn(codes.astype(np.int32), tuple(map(str, distinct.tolist())))
    if isinstance(array, np.ndarray) and array.dtype.kind == "M":
        whole_days = array.dtype == np.dtype("datetime64[D]")
        minutes = array.astype("datetime64[D]" if whole_days else "datetime64[m]")
        written = np.where(np.isnat(minutes), "", np.datetime_as_string(minutes))
        return TextColumn.of(written.tolist())
    cells: Sequence[Any] = array.tolist() if isinstance(array, np.ndarray) else array
    if all(type(c) is str for c in cells):
        return TextColumn.of(cells)
    return TextColumn.of([_text(c) for c in cells])


def _text(value: Any) -> str:
    """Write one value."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return "" if str(value) == "NaT" else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ";".join(_text(v) for v in sorted(value, key=str))
    text = str(value)
    return "" if text in ("NaT", "<NA>") else text


def _microdegrees(column: TextColumn) -> TextColumn:
    """Turn decimal degrees into the integers stored; what is no number is left for the check."""
    values = []
    for text in column.values:
        try:
            number = Decimal(text)
            values.append(str(int(number.scaleb(6))) if number.is_finite() else text)
        except ArithmeticError:
            values.append(text)
    return TextColumn(column.codes, tuple(values))
