"""A folder: datapackage.json and one CSV or Parquet file a table (data.md 1)."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.domain.loaded import Table, Tables
from cogov_opt.domain.tables import PRIVATE_TABLES
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.decoding import decode
from cogov_opt.formats.rows import table_of_columns, table_of_rows, title_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PACKAGE = "datapackage.json"
MOST_BYTES = 1 << 30
"""Larger files are refused before they are read."""
LONGEST_CELL = 1 << 20
_FORMULAS = tuple("=+-@\t\r＝＋－＠")
_COMMA, _LF = ord(","), ord("\n")


def recognise(path: Path) -> bool:
    """Tell whether a path is a folder of this format, or a file of one."""
    folder = path if path.is_dir() else path.parent
    inside = path.suffix in (".csv", ".parquet") or path.name == PACKAGE
    return path.is_dir() or (inside and (folder / PACKAGE).is_file())


def read(path: Path) -> Tables:
    """
    Read a folder.

    Raises
    ------
    InputError
        A file cannot be read at all; everything else is noted for `check` to tell.
    """
    folder = path if path.is_dir() else path.parent
    notes: list[Issue] = []
    package = read_package(folder / PACKAGE, notes)
    tables = {}
    for name, file in table_files(folder, package, notes).items():
        if name not in PRIVATE_TABLES:
            table = _read_table(name, file, notes)
            if table is not None:
                tables[name] = table
    fatal = (
        "bad_encoding",
        "bad_csv",
        "too_large",
        "bad_package",
        "missing_package",
        "missing_file",
    )
    if any(n.code in fatal for n in notes):
        raise InputError([n for n in notes if n.severity != "repair"])
    minor = package.get("units") == "minor"
    return Tables(
        package={**package, "format": package.get("format", "folder")},
        tables=tables,
        source=str(folder),
        units="minor" if minor else "major",
        trusted_ids=minor,  # a canonical folder was checked before it was written
        notes=tuple(notes),
    )


def read_package(file: Path, notes: list[Issue]) -> dict[str, Any]:
    """Read datapackage.json strictly: no key twice, no NaN, an object at the top."""
    data = _bytes(file, notes, "missing_package")
    text = decode(data, str(file), notes) if data is not None else None
    if text is None:
        return {}
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        notes.append(Issue("bad_package", Where(str(file)), {"reason": reason}))
        return {}
    if not isinstance(found, dict):
        told = {"reason": type(found).__name__}
        notes.append(Issue("bad_package", Where(str(file)), told))
        return {}
    return {**found, "_file": str(file)}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, of which JSON readers keep the last in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(word: str) -> Any:
    """Refuse NaN and the infinities."""
    raise ValueError(f"{word} is no number")


def _bytes(file: Path, notes: list[Issue], missing: str = "missing_file") -> bytes | None:
    """Read a file, unless it is missing or too large."""
    if not file.is_file():
        notes.append(Issue(missing, Where(str(file)), {"read": str(file)}))
        return None
    size = file.stat().st_size
    if size > MOST_BYTES:
        notes.append(Issue("too_large", Where(str(file)), {"size": size, "most": MOST_BYTES}))
        return None
    return file.read_bytes()


def table_files(folder: Path, package: Mapping[str, Any], notes: list[Issue]) -> dict[str, Path]:
    """Give the file of each table: those the package lists, and those that lie beside it."""
    listed = package.get("resources") or []
    found = {}
    for suffix in (".parquet", ".csv"):
        found.update({p.stem: p for p in sorted(folder.glob(f"*{suffix}"))})
    if not isinstance(listed, list):
        listed = [None]
    for entry in listed:
        path = entry.get("path") if isinstance(entry, dict) else None
        name = entry.get("name") if isinstance(entry, dict) else None
        inside = isinstance(path, str) and (folder / path).resolve().is_relative_to(
            folder.resolve()
        )
        if not isinstance(name, str) or not isinstance(path, str) or not inside:
            told = {"key": "resources", "read": repr(entry), "expected": "{ name, path }"}
            notes.append(Issue("bad_key", Where(str(folder / PACKAGE)), told))
            continue
        found = {n: p for n, p in found.items() if p != folder / path}
        found[name] = folder / path
    return found


def _read_table(name: str, file: Path, notes: list[Issue]) -> Table | None:
    """Read one table."""
    if file.suffix == ".parquet":
        from cogov_opt.formats.parquet import read_table

        return read_table(name, file, notes)
    data = _bytes(file, notes)
    text = decode(data, str(file), notes) if data is not None else None
    if text is None:
        return None
    plain = _plain_cells(text)
    if plain is not None:
        header, columns = plain
        return table_of_columns(name, header, columns, notes, file=str(file))
    try:
        rows = _csv_rows(text)
    except csv.Error as error:
        notes.append(Issue("bad_csv", Where(str(file)), {"reason": str(error)}))
        return None
    return table_of_rows(name, rows, notes, file=str(file))


def _plain_cells(text: str) -> tuple[list[str], list[list[str]]] | None:
    """
    Cut plain CSV into header and columns at once; None where a row needs a closer look.

    Plain is: no quotes, lines end with LF, all have as many cells as the first, which names the
    last of them, and none is empty.
    """
    header = text.partition("\n")[0].split(",")
    width = len(header)
    if width == 1 or not title_of(header[-1]) or any(mark in text for mark in '"\r\0'):
        return None
    whole = text.removesuffix("\n")
    data = np.frombuffer(f"{whole}\n".encode(), dtype=np.uint8)
    at = np.flatnonzero((data == _COMMA) | (data == _LF))
    rows, rest = divmod(len(at), width)
    if rest:
        return None
    ends = (data[at] == _LF).reshape(rows, width)
    lines = np.diff(at.reshape(rows, width)[:, -1], prepend=-1)
    if ends[:, :-1].any() or not ends[:, -1].all() or (lines <= width).any():
        return None
    if np.diff(at, prepend=-1).max() > csv.field_size_limit():
        return None
    cells = whole.replace("\n", ",").split(",")
    return header, [cells[k + width :: width] for k in range(width)]


def _csv_rows(text: str) -> list[list[str]]:
    """Read CSV; a quote that is never closed is an error, not a cell of the rest of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = list(reader)
    if any(len(row) == 1 and len(row[0]) > LONGEST_CELL for row in rows):
        raise csv.Error("a cell is too long")
    return rows


def write(tables: Tables, path: Path, *, parquet: bool = False) -> None:
    """Write a dataset as a folder, cells as they are; UTF-8, LF, quotes where needed."""
    path.mkdir(parents=True, exist_ok=True)
    suffix = "parquet" if parquet else "csv"
    resources = [{"name": name, "path": f"{name}.{suffix}"} for name in tables.tables]
    package = {k: v for k, v in tables.package.items() if not k.startswith("_")}
    package |= {"resources": resources, "cogov_format": 1}
    if tables.units == "minor":
        package["units"] = "minor"
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (path / PACKAGE).write_bytes(text.encode("utf-8"))
    for name, table in tables.tables.items():
        columns = {**table.columns, **table.unknown}
        cells = {c: t.cells() for c, t in columns.items()}
        if parquet:
            from cogov_opt.formats.parquet import write_table

            write_table(cells, path / f"{name}.parquet")
        else:
            (path / f"{name}.csv").write_bytes(_csv_bytes(cells))


def formula_like(tables: Tables) -> int:
    """Count the cells that a spreadsheet program would take for formulas in a CSV file."""
    columns = [
        c for t in tables.tables.values() for c in (*t.columns.values(), *t.unknown.values())
    ]
    found = 0
    for column in columns:
        risky = [k for k, v in enumerate(column.values) if v[:1] in _FORMULAS and not _is_number(v)]
        found += int(np.isin(column.codes, risky).sum()) if risky else 0
    return found


def _is_number(text: str) -> bool:
    """Tell whether a text is a signed number, which no program takes for a formula."""
    return bool(re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", text))


def _csv_bytes(cells: Mapping[str, list[str]]) -> bytes:
    """Write columns as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(cells)
    writer.writerows(zip(*cells.values(), strict=True))
    return out.getvalue().encode("utf-8")
