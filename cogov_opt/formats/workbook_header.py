"""
The header of a sheet: by ids, by Chinese or English labels, or by several rows of these.

It is the first of the top ten rows in which two cells name known columns (one, where the sheet
has one column only), and the rows right below it that name the same columns again. Rows above it
are titles: they are not read, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cogov_opt.domain import labels
from cogov_opt.formats.workbook_places import At

if TYPE_CHECKING:
    from cogov_opt.formats.workbook_places import SheetNotes
    from cogov_opt.formats.workbook_process import Sheet

_DEEPEST = 10


@dataclass(slots=True)
class Header:
    """The names of the columns by their number, and the first row below."""

    first: int
    body: int
    names: dict[int, str] = field(default_factory=dict)


def find_header(sheet: Sheet, table: str, notes: SheetNotes) -> Header | None:
    """Find the header of a sheet that stands for a table; None, with an issue, without one."""
    known = bool(labels.columns(table))
    rows = [sheet.row(r) for r in range(min(sheet.height, _DEEPEST))]
    filled = [r for r, cells in enumerate(rows) if any(cells)]
    if not filled:
        return None
    wanted = min(2, len([c for c in sheet.columns if any(v[1:].strip() for v in c.values)]))
    first = filled[0]
    if known:
        scores = {r: len({_named(table, c) for c in rows[r]} - {None}) for r in filled}
        first = next((r for r in filled if scores[r] >= wanted), -1)
        if first < 0:
            told = {"table": table, "known": _examples(table)}
            notes.add("no_header", At(filled[0]), values=told)
            return None
    above = [r for r in filled if r < first]
    if above:
        title = next(filter(None, rows[above[0]]))
        said = {"count": len(above), "read": title, "used": "-"}
        notes.add("rows_above_header", At(above[0]), "repair", said)
    body = first + 1
    while known and body < len(rows) and _repeats(table, rows[first], rows[body]):
        body += 1
    header = Header(first, body)
    _name(header, sheet, table, rows[first:body], notes)
    return header


def _named(table: str, text: str) -> str | None:
    """Give the column a heading names; keys that begin with `_` are words of `package` only."""
    return labels.find(table, text) if text else None


def _examples(table: str) -> str:
    """Name a few headings that would be known."""
    return ", ".join(label.both() for label in list(labels.columns(table).values())[:4])


def _repeats(table: str, above: list[str], below: list[str]) -> bool:
    """Tell whether a row names the columns of the row above once more."""
    same = 0
    for first, second in zip(above, below, strict=True):
        if not second:
            continue
        found = _named(table, second)
        if found is not None and found == _named(table, first):
            same += 1
        elif first != second:
            return False
    return same >= min(2, sum(map(bool, above)))


def _name(
    header: Header, sheet: Sheet, table: str, rows: list[list[str]], notes: SheetNotes
) -> None:
    """Give each column its id, or its heading where nobody knows it."""
    taken: dict[str, int] = {}
    for column in range(len(sheet.columns)):
        texts = [row[column] for row in rows if row[column]]
        if not texts:
            row = _first_filled(sheet, column, header.body)
            if row is not None:
                notes.add("blank_header", At(header.first, column))
            continue
        found = next(filter(None, (_named(table, t) for t in texts)), None) or texts[-1]
        if found in taken:
            notes.add("duplicate_header", At(header.first, column, found), values={"read": found})
            continue
        taken[found] = column
        header.names[column] = found


def _first_filled(sheet: Sheet, column: int, body: int) -> int | None:
    """Give the first row of the body in which a column holds something."""
    cells = sheet.columns[column]
    filled = {k for k, v in enumerate(cells.values) if v[1:].strip()}
    rows = (r for r in range(body, sheet.height) if int(cells.codes[r]) in filled)
    return next(rows, None) if filled else None
