"""
The text of a Pabulib file, cut into its three sections and their columns.

META, PROJECTS and VOTES follow each other; each has a header line and cells divided by `;`. Files
as people edit them are read too: byte order mark, any line ends, quotes, blank lines, trailing
semicolons, short rows. What cannot be read is told by line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.errors import InputError, Issue, Where

NAMES = ("META", "PROJECTS", "VOTES")
_END = "\x1f"
"""A line put after the last: where it does not come back as a row, a quote was never closed."""


@dataclass(slots=True)
class Findings:
    """What is found while reading one file, each at its line."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def wrong(self, code: str, line: int | None, column: str | None = None, **values: Any) -> None:
        """Note something that stops the file from being read."""
        self._add("error", code, line, column, values)

    def warn(self, code: str, line: int | None, column: str | None = None, **values: Any) -> None:
        """Note something odd that changes nothing."""
        self._add("warning", code, line, column, values)

    def repaired(
        self, code: str, line: int, column: str, *, read: str, used: str, **values: Any
    ) -> None:
        """Note a cell that is read otherwise than written."""
        self._add("repair", code, line, column, {"read": read, "used": used, **values})

    def stop(self) -> None:
        """Raise InputError if anything noted is an error."""
        errors = [i for i in self.issues if i.severity == "error"]
        if errors:
            raise InputError(errors)

    def _add(
        self, severity: str, code: str, line: int | None, column: str | None, values: dict[str, Any]
    ) -> None:
        self.issues.append(Issue(code, Where(self.file, row=line, column=column), values, severity))


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its columns by name in file order, cells trimmed, and the line of each row."""

    name: str
    header_line: int
    columns: dict[str, list[str]]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.lines)


def text_of(path: Path, findings: Findings) -> str:
    """Give the text of a file: UTF-8 with or without mark, or UTF-16 with one."""
    raw = path.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        findings.wrong("pb_encoding", raw.count(b"\n", 0, error.start) + 1)
        findings.stop()
        raise
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def cut(text: str, findings: Findings) -> dict[str, tuple[int, str]]:
    """Give for each section the line after its name, and its text."""
    found, at = [], 0
    for name in NAMES:
        mark = re.compile(rf'^[ \t]*"?{name}"?[ \t;]*$', re.MULTILINE | re.IGNORECASE)
        hit = mark.search(text, at)
        if hit is None:
            findings.wrong("pb_section", text.count("\n", 0, at) + 1, section=name)
            findings.stop()
            raise AssertionError(name)
        found.append(hit)
        at = hit.end()
    ends = [*(hit.start() for hit in found[1:]), len(text)]
    parts = {}
    for name, hit, end in zip(NAMES, found, ends, strict=True):
        line = text.count("\n", 0, hit.end()) + 2
        parts[name] = (line, text[hit.end() + 1 : end])
    return parts


def pairs(first_line: int, text: str, findings: Findings) -> dict[str, tuple[str, int]]:
    """Read META: each key with its value and its line, in order."""
    found: dict[str, tuple[str, int]] = {}
    for line, cells in _rows(text.split("\n"), first_line, findings):
        key, *rest = (c.strip() for c in cells)
        while len(rest) > 1 and not rest[-1]:
            rest.pop()
        value = ";".join(rest)
        if not key or (key.lower() == "key" and value.lower() == "value" and not found):
            continue
        if key in found and found[key][0] != value:
            findings.wrong("pb_key_twice", line, key, key=key, first=found[key][1])
        found.setdefault(key, (value, line))
    return found


def columns(name: str, first_line: int, text: str, findings: Findings) -> Section:
    """Read PROJECTS or VOTES into columns; a regular section is split once, as a whole."""
    lines = text.rstrip().split("\n")
    skipped = next((k for k, line in enumerate(lines) if line.strip(" \t;")), 0)
    first_line += skipped
    head, lines = lines[skipped], lines[skipped + 1 :]
    header = [c.strip().lower() for c in next(csv.reader([head], delimiter=";"), [])]
    while header and not header[-1]:
        header.pop()
    if len(set(header)) < len(header) or not header or not all(header):
        findings.wrong("pb_header", first_line, section=name, read=head)
        findings.stop()
    width = len(header)
    body = "\n".join(lines)
    regular = set(map(methodcaller("count", ";"), lines)) <= {width - 1}
    if '"' in body or width == 1 or not regular:
        return _irregular(name, first_line, header, lines, findings)
    flat = body.replace("\n", ";").split(";") if lines else []
    numbers = np.arange(first_line + 1, first_line + 1 + len(lines), dtype=np.int64)
    cells = {h: list(map(str.strip, flat[k::width])) for k, h in enumerate(header)}
    return Section(name, first_line, cells, numbers)


def _irregular(
    name: str, first_line: int, header: Sequence[str], lines: Sequence[str], findings: Findings
) -> Section:
    """Read rows one by one: quotes, blank lines, too few or too many cells."""
    numbers, rows, width = [], [], len(header)
    for number, cells in _rows(lines, first_line + 1, findings):
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) > width:
            findings.wrong("pb_cells", number, section=name, found=len(cells), named=width)
            continue
        numbers.append(number)
        rows.append([*cells, *[""] * (width - len(cells))])
    cells_of = zip(*rows, strict=True) if rows else ([] for _ in header)
    found = {h: list(map(str.strip, c)) for h, c in zip(header, cells_of, strict=True)}
    return Section(name, first_line, found, np.array(numbers, dtype=np.int64))


def _rows(lines: Sequence[str], first_line: int, findings: Findings) -> list[tuple[int, list[str]]]:
    """Give every row that is not blank with its line; a quoted cell may go over several lines."""
    found = []
    reader = csv.reader((line + "\n" for line in (*lines, _END)), delimiter=";")
    number, before, closed = first_line, 0, False
    try:
        for cells in reader:
            number, before = first_line + before, reader.line_num
            closed = cells == [_END]
            if not closed and any(c.strip() for c in cells):
                found.append((number, cells))
    except csv.Error:
        closed = False
        number = first_line + before
    if not closed:
        findings.wrong("pb_quote", number)
    return found
