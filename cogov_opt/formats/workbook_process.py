"""The parent's side of reading a workbook: the child started, watched, and what it left read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import cogov_opt
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.workbook_child import MEMORY, MEMORY_STATUS, SECONDS

COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "cogov_opt.formats.workbook_child")
GRACE = 5.0


@dataclass(slots=True)
class Sheet:
    """One sheet as read: typed columns from A on, merged ranges, and marks of its XML."""

    name: str
    hidden: bool
    height: int
    columns: list[TextColumn]
    merged: list[tuple[int, int, int, int]]
    marks: Mapping[str, Any]

    def text(self, row: int, column: int) -> str:
        """Give the text of a cell without its kind."""
        return self.columns[column][row][1:]

    def row(self, row: int) -> list[str]:
        """Give the texts of a row, trimmed."""
        return [c[row][1:].strip() for c in self.columns]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as read."""

    file: str
    sheets: Sequence[Sheet]
    from_1904: bool


def read_book(path: Path, command: Sequence[str] = COMMAND) -> Book:
    """
    Read a workbook in a child process.

    Raises
    ------
    InputError
        It is refused, or the child did not come to its end; the reason is told.
    """
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as folder:
        out = Path(folder, "book.json")
        status = _run([*command, str(path.resolve()), str(out)])
        if status != 0 or not out.is_file():
            _refuse(path, *_reason(status))
        answer = json.loads(out.read_text(encoding="utf-8"))
    if "refused" in answer:
        _refuse(path, *answer["refused"])
    sheets = [_sheet(s) for s in answer["sheets"]]
    return Book(str(path), sheets, bool(answer["from_1904"]))


def _run(command: list[str]) -> int | None:
    """Run the child; None if it had to be ended."""
    root = str(Path(cogov_opt.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=environment, timeout=SECONDS + GRACE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode


def _reason(status: int | None) -> tuple[str, dict[str, Any]]:
    """Say why a child left nothing."""
    if status in (None, -24, -9, MEMORY_STATUS, -6):  # by the watch, CPU, killed, memory, abort
        return "book_limits", {"seconds": SECONDS, "most": MEMORY >> 20}
    return "book_broken", {"reason": f"reader ended with {status}"}


def _refuse(
    path: Path, code: str, values: Mapping[str, Any], sheet: str = "", cell: str = ""
) -> None:
    """Refuse the book."""
    raise InputError([Issue(code, Where(str(path), sheet or None, cell=cell or None), values)])


def _sheet(given: Mapping[str, Any]) -> Sheet:
    """Take one sheet from what the child left."""
    columns = []
    for column in given["columns"]:
        codes = np.array(column["codes"], dtype=np.int32)
        codes.setflags(write=False)
        columns.append(TextColumn(codes, tuple(column["values"])))
    merged = [(a, b, c, d) for a, b, c, d in given["merged"]]
    return Sheet(given["name"], given["hidden"], given["height"], columns, merged, given["marks"])
