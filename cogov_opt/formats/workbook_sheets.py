"""
A sheet becomes a Table: header, merged cells, formulas, hidden rows, examples; none in silence.

- Merged over several rows of one column: the value stands for each row that has anything else
  in it, as a repair; never for ids of the row itself, and never for numbers, where it is refused.
  Merged over several columns: refused.
- A formula is read as the value last computed; without one, or with an error value, refused.
- Hidden rows, columns and sheets are read like all others, and a warning names them.
- A row whose first filled cell is `示例` or `example` is an example and is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cogov_opt.domain import labels
from cogov_opt.domain.fields import HIDDEN
from cogov_opt.domain.loaded import Table, TextColumn
from cogov_opt.domain.tables import contracts
from cogov_opt.formats.workbook_cells import REPEATABLE, read_cell, treatment
from cogov_opt.formats.workbook_header import Header, find_header
from cogov_opt.formats.workbook_letters import letters_of, number_of
from cogov_opt.formats.workbook_places import At, SheetNotes, SheetSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.domain.fields import Field
    from cogov_opt.errors import Issue
    from cogov_opt.formats.workbook_process import Sheet

EXAMPLE = "示例 example"
_EXAMPLE = re.compile(r"(?i)(?:示例|范例|example)(?:[ /|]+(?:示例|范例|example))?")


def table_of_sheet(
    name: str, sheet: Sheet, notes: list[Issue], *, file: str, from_1904: bool = False
) -> Table | None:
    """Read a sheet as the table of a name; None where it has no header."""
    told = SheetNotes(file, sheet.name, notes)
    header = find_header(sheet, name, told)
    if header is None:
        return None
    columns = list(sheet.columns)
    fields = contracts()[name].fields if name in contracts() else {}
    how = {c: treatment(name, n, fields.get(n)) for c, n in header.names.items()}
    own_id = next(iter(fields), "demand_id")
    repeatable = {c for c, h in how.items() if h in REPEATABLE and header.names[c] != own_id}
    _unmerge(sheet, columns, header, repeatable, told)
    rows = _rows(columns, header, told)
    _tell_hidden(sheet, header, rows, told)
    _tell_formulas(sheet, header, set(rows.tolist()), told)
    found = {}
    for column, title in header.names.items():
        part = _converted(columns[column], rows, how[column], from_1904=from_1904)
        found[title] = part[0]
        texts = [HIDDEN] * len(part[2]) if _is_private(fields.get(title)) else part[2]
        _tell_cells(part[1], texts, columns[column], rows, (column, title), told)
    known = fields or labels.columns(name) or found
    places = {title: column for column, title in header.names.items()}
    gaps = len(rows) and int(rows[-1]) - int(rows[0]) + 1 != len(rows)
    first = int(rows[0]) + 1 if len(rows) else header.body + 1
    source = SheetSource(
        file, sheet.name, first, letters=True, rows=rows + 1 if gaps else None, header=places
    )
    return Table(
        name,
        {c: t for c, t in found.items() if c in known},
        source,
        {c: t for c, t in found.items() if c not in known},
    )


def _filled(column: TextColumn) -> NDArray[np.bool_]:
    """Tell which cells of a column hold something."""
    some = np.array([bool(v[1:].strip()) for v in column.values], dtype=bool)
    filled: NDArray[np.bool_] = some[column.codes]
    return filled


def _unmerge(
    sheet: Sheet, columns: list[TextColumn], header: Header, repeatable: set[int],
    told: SheetNotes,
) -> None:  # fmt: skip
    """Let merged cells stand for each of their rows, or refuse them."""
    inside = [r for r in sheet.merged if r[0] < sheet.height and r[1] < len(columns)]
    used = [r for r in inside if r[2] >= header.body]
    if not used:
        return
    filled = np.stack([_filled(c) for c in columns])
    for top, left, bottom, right in used:
        if not filled[left, top]:
            continue
        cells = f"{letters_of(left)}{top + 1}:{letters_of(right)}{bottom + 1}"
        title = header.names.get(left)
        place = At(top, left, title)
        if right > left or left not in repeatable or top < header.body:
            told.add("merged_cells", place, values={"cells": cells})
            continue
        others = np.delete(filled, left, axis=0)[:, top + 1 : bottom + 1].any(axis=0)
        rows = top + 1 + np.flatnonzero(others)
        codes = columns[left].codes.copy()
        codes[rows] = codes[top]
        columns[left] = TextColumn(codes, columns[left].values)
        text = sheet.text(top, left)
        said = {"read": text, "used": text, "cells": cells, "count": len(rows) + 1}
        told.add("merged_filled", place, "repair", said)


def _rows(columns: list[TextColumn], header: Header, told: SheetNotes) -> NDArray[np.int64]:
    """Give the numbers, from 0, of the rows that hold data: not blank, and no example."""
    if not columns:
        return np.empty(0, dtype=np.int64)
    filled = np.stack([_filled(c) for c in columns])
    filled[:, : header.body] = False
    rows = np.flatnonzero(filled.any(axis=0))
    first = filled.argmax(axis=0)
    examples = []
    for column in np.unique(first[rows]).tolist():
        values = columns[column].values
        marked = [k for k, v in enumerate(values) if _EXAMPLE.fullmatch(v[1:].strip())]
        if marked:
            hit = np.isin(columns[column].codes[rows], marked) & (first[rows] == column)
            examples += rows[hit].tolist()
    if examples:
        said = {"count": len(examples), "read": EXAMPLE, "used": "-"}
        told.add("example_rows", At(min(examples)), "repair", said)
    return rows[~np.isin(rows, examples)]


def _tell_hidden(sheet: Sheet, header: Header, rows: NDArray[np.int64], told: SheetNotes) -> None:
    """Warn of what is read though its author does not see it."""
    if sheet.hidden and len(rows):
        told.add("hidden_sheet", At(), "warning", {"read": sheet.name})
    hidden = np.intersect1d(np.array(sheet.marks["hidden_rows"], dtype=np.int64) - 1, rows)
    if len(hidden):
        shown = ", ".join(str(r + 1) for r in hidden[:10].tolist())
        said = {"count": len(hidden), "rows": shown}
        told.add("hidden_rows", At(int(hidden[0])), "warning", said)
    columns = [c for c in sheet.marks["hidden_columns"] if c in header.names]
    if columns and len(rows):
        names = ", ".join(f"{letters_of(c)} {header.names[c]}" for c in columns[:10])
        told.add("hidden_columns", At(), "warning", {"read": names})


def _tell_formulas(sheet: Sheet, header: Header, rows: set[int], told: SheetNotes) -> None:
    """Refuse formulas and cells without a usable value; say that the others were read."""
    for code in ("bare", "errors"):
        for reference in sheet.marks[code]:
            letters = reference.rstrip("0123456789")
            column, row = number_of(letters), int(reference[len(letters) :]) - 1
            if column in header.names and row >= header.body:
                at = At(row, column, header.names[column])
                told.add("formula_without_value" if code == "bare" else "error_value", at)
    if sheet.marks["formulas"] and rows:
        said = {"count": sheet.marks["formulas"], "read": "=", "used": "-"}
        told.add("formulas_read", At(), "repair", said)


def _converted(
    column: TextColumn, rows: NDArray[np.int64], how: str, *, from_1904: bool
) -> tuple[TextColumn, dict[str, list[int]], list[str]]:
    """Give the data rows of a column as text, and which values are to be told of by code."""
    codes = column.codes[rows]
    places: dict[str, int] = {}
    told: dict[str, list[int]] = {}
    numbers, texts = [], []
    used = set(np.unique(codes).tolist())
    for k, typed in enumerate(column.values):
        text, code = read_cell(typed, how, from_1904=from_1904) if k in used else ("", "")
        texts.append(text)
        numbers.append(places.setdefault(text, len(places)) if k in used else 0)
        if code:
            told.setdefault(code, []).append(k)
    remapped = np.array(numbers, dtype=np.int32)[codes] if len(numbers) else codes
    remapped.setflags(write=False)
    return TextColumn(remapped, tuple(places)), told, texts


def _is_private(field: Field | None) -> bool:
    """Tell whether notes may not repeat what a column holds."""
    return field is not None and field.visibility == "private"


def _tell_cells(
    found: dict[str, list[int]], texts: list[str], column: TextColumn,
    rows: NDArray[np.int64], place: tuple[int, str], told: SheetNotes,
) -> None:  # fmt: skip
    """Tell what was read otherwise than it stands, once a column; refusals at each value."""
    number, title = place
    for code, values in found.items():
        severity = _SEVERITY.get(code, "error")
        for group in [[v] for v in values] if severity == "error" else [values]:
            hits = rows[np.isin(column.codes[rows], group)]
            row = int(hits[0])
            first = int(column.codes[row])
            used = texts[first]
            read = HIDDEN if used == HIDDEN else column.values[first][1:]
            said = {"read": read, "used": used, "count": len(hits)}
            told.add(code, At(row, number, title), severity, said)


_SEVERITY = {"numbers_as_ids": "repair", "cells_read_as": "repair", "date_in_text": "warning"}
