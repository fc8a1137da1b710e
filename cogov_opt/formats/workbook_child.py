"""
The child process that opens a workbook: `python -m cogov_opt.formats.workbook_child BOOK OUT`.

The libraries that read workbooks can be made to abort by a file of a few kilobytes, which no
`except` stops; so the book is looked over and read here, under limits of memory and time, and
JSON is all that comes back. A cell is its text behind one letter for what it is: `s` text,
`n` number, `b` yes or no, `d` date, `m` date with time, `t` time of day, `u` length of time.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from cogov_opt.formats.preflight import (
    MOST_CELLS,
    Marks,
    RefusedError,
    Seen,
    inspect,
)  # fmt: skip
from cogov_opt.formats.workbook_letters import letters_of, number_of

MEMORY = 2 << 30
SECONDS = 60
MEMORY_STATUS = 70


def main(book: str, out: str) -> int:
    """Read one workbook and leave its cells, or why it is refused, as JSON."""
    try:
        _limit()
        answer = _read(Path(book))
    except RefusedError as error:
        told = {k: str(v) for k, v in error.values.items()}
        answer = {"refused": [error.code, told, error.sheet, error.cell]}
    except MemoryError:
        return MEMORY_STATUS
    Path(out).write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return 0


def _limit() -> None:
    """Hold this process to its memory and time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's watch is all there is
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: Path) -> dict[str, Any]:
    """Look the book over, then read every sheet of it."""
    seen = inspect(path)
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        found = [
            _sheet(book, m.name, seen) | {"hidden": m.visible != calamine.SheetVisibleEnum.Visible}
            for m in sheets
        ]
    except calamine.PasswordError:
        raise RefusedError("book_locked") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedError("book_broken", reason=type(error).__name__) from None
    return {"sheets": found, "from_1904": seen.from_1904}


def _sheet(book: Any, name: str, seen: Seen) -> dict[str, Any]:
    """Read one sheet from A1 on, a column at a time."""
    sheet = book.get_sheet_by_name(name)
    height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    if height * width > MOST_CELLS:
        cell = f"{letters_of(width - 1)}{height}"
        told = {"cells": height * width, "most": MOST_CELLS}
        raise RefusedError("book_cells", name, cell, **told)
    marks = seen.marks.get(name, Marks())
    rows = sheet.to_python(skip_empty_area=False) if height else []
    for row, column in map(place_of, marks.midnights):
        day = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if type(day) is dt.date:
            rows[row][column] = dt.datetime.combine(day, dt.time())
    return {
        "name": name,
        "height": len(rows),
        "columns": [_column(cells) for cells in zip(*rows, strict=True)],
        "merged": [[*a, *b] for a, b in sheet.merged_cell_ranges or ()],
        "marks": marks.to_dict(),
    }


def place_of(reference: str) -> tuple[int, int]:
    """Give row and column, from 0, of a reference such as D17."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :] or 1) - 1, number_of(letters)


def _column(cells: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Hold each distinct cell once; True, 1 and 1.0 are three different cells."""
    kinds = list(zip(map(type, cells), cells, strict=True))
    distinct = dict.fromkeys(kinds)
    places = dict(zip(distinct, range(len(distinct)), strict=True))
    return {
        "values": [text_of(value) for _, value in distinct],
        "codes": [places[k] for k in kinds],
    }


def text_of(value: Any) -> str:
    """Write one cell as its kind and its text."""
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, bool):
        return "b" + str(value).upper()
    if isinstance(value, int | float):
        # Fifteen digits are what spreadsheets keep and show; the rest is noise of binary.
        return "n" + format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, dt.datetime):
        near = value + dt.timedelta(microseconds=500_000)
        return "m" + _unseconded(near.replace(microsecond=0).isoformat(sep=" "))
    if isinstance(value, dt.date):
        return "d" + value.isoformat()
    if isinstance(value, dt.time):
        return "t" + _unseconded(value.replace(microsecond=0).isoformat())
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"u{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return "s" + str(value)


def _unseconded(text: str) -> str:
    """Leave out seconds where there are none."""
    return text.removesuffix(":00") if text.count(":") == 2 else text


if __name__ == "__main__":
    # The parent gives both paths; nothing else is read from the command line.
    sys.exit(main(*sys.argv[1:3]))
