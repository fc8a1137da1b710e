"""What is private: kept only where it decides, only as finely as it decides, and never repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cogov_opt.checking.parsed import Ints, Problem, Texts
from cogov_opt.domain.fields import BLANK, HIDDEN, Degrees, Field, Text
from cogov_opt.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cogov_opt.checking.drafts import Draft


def is_left_out(field: Field) -> bool:
    """Tell whether a column decides nothing and is private, and so is never read (S2.5)."""
    return isinstance(field, Text) and field.visibility == "private"


def unrepeated(field: Field, problems: list[Problem]) -> list[Problem]:
    """Take what was typed in a private column out of what is told about it; the place is enough."""
    return [_hidden(p) for p in problems] if field.visibility == "private" else problems


def _hidden(problem: Problem) -> Problem:
    """Give a problem without what was read and used."""
    if problem.code == "read_as":
        return problem._replace(code="private_read_as", values={})
    typed = {k: HIDDEN for k in ("read", "used", "code") if k in problem.values}
    return problem._replace(values=problem.values | typed)


def withhold(found: Draft) -> None:
    """Leave out a table's private text, round its private places; say once how many rows."""
    fields = found.contract.fields
    coarse = {c: f.grain for c, f in fields.items() if isinstance(f, Degrees) and f.grain > 1}
    text = [column for column, field in fields.items() if is_left_out(field)]
    _say(found, "places_rounded", coarse, [_round(found, c, g) for c, g in coarse.items()])
    _say(found, "private_left_out", text, [_leave_out(found, c) for c in text])


def _round(found: Draft, column: str, grain: int) -> NDArray[np.bool_]:
    """Round a column to whole grains, halves away from zero; give the rows that changed."""
    parsed = found.parsed[column]
    if not isinstance(parsed, Ints):
        raise TypeError(column)
    given = parsed.values
    sizes = (np.abs(given) + grain // 2) // grain * grain
    used = np.where(given == BLANK, BLANK, np.sign(given) * sizes)
    found.parsed[column] = Ints(parsed.codes, used)
    changed: NDArray[np.bool_] = (used != given)[parsed.codes]
    return changed


def _leave_out(found: Draft, column: str) -> NDArray[np.bool_]:
    """Blank a column; give the rows that were filled."""
    text = found.text(column)
    found.parsed[column] = Texts(np.zeros(len(found), dtype=np.int32), ("",))
    filled: NDArray[np.bool_] = np.array([bool(v.strip()) for v in text.values])[text.codes]
    return filled


def _say(
    found: Draft, code: str, columns: Iterable[str], rows: list[NDArray[np.bool_]]
) -> None:  # fmt: skip
    """Say once for a table how many rows are meant, never what they hold."""
    count = int(np.logical_or.reduce(rows).sum()) if rows else 0
    if count:
        source = found.table.source
        told = {"count": count, "columns": ", ".join(columns)}
        found.findings.add(
            code, Where(source.file, source.sheet, table=found.name), "repair", **told
        )
