"""Issues as they are found: every one of every table, each at its place."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.domain.closeness import closest
from cogov_opt.errors import InputError, Issue, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cogov_opt.domain.loaded import Table

ROWS_A_VALUE = 1000
"""So many rows are told for one wrong value; the rest are counted."""
_GUESSES = 50
_POOL = 3000


class Findings:
    """The issues of one check, in the order they are found."""

    def __init__(self, notes: Iterable[Issue] = ()) -> None:
        self.issues: list[Issue] = list(notes)
        self._guesses = 0

    def add(self, code: str, where: Where, severity: str = "error", **values: Any) -> None:
        """Note one issue."""
        self.issues.append(Issue(code, where, values, severity))

    def at(
        self,
        table: Table,
        row: int,
        column: str | None,
        code: str,
        values: Mapping[str, Any] | None = None,
        severity: str = "error",
    ) -> None:
        """Note one issue at a row (in loaded order) of a table."""
        place = replace(
            table.source.where(int(row), column), table=table.name, entry=int(row), canonical=column
        )
        self.issues.append(Issue(code, place, values or {}, severity))

    def at_rows(
        self,
        table: Table,
        rows: Sequence[int] | NDArray[Any],
        column: str | None,
        code: str,
        values: Mapping[str, Any] | None = None,
        severity: str = "error",
    ) -> None:
        """Note the same issue at several rows, counting those beyond the first thousand."""
        for row in rows[:ROWS_A_VALUE]:
            self.at(table, int(row), column, code, values, severity)
        more = len(rows) - ROWS_A_VALUE
        if more > 0:
            told = {"count": more, "of": code}
            self.at(table, int(rows[ROWS_A_VALUE]), column, "more_rows", told, severity)

    def closest(self, word: str, words: Iterable[str]) -> str:
        """Give the most similar known word, or a dash; guessing stops after fifty."""
        self._guesses += 1
        if self._guesses > _GUESSES:
            return "-"
        found = closest(word, islice(words, _POOL), cutoff=0.6)
        return found[0] if found else "-"

    def of(self, severity: str) -> tuple[Issue, ...]:
        """Give the issues of one severity."""
        return tuple(i for i in self.issues if i.severity == severity)

    def stop(self) -> None:
        """Raise InputError if any issue is an error."""
        if any(i.severity == "error" for i in self.issues):
            raise InputError([i for i in self.issues if i.severity != "repair"])


def rows_of_values(codes: NDArray[np.int32], wanted: Sequence[int]) -> dict[int, NDArray[Any]]:
    """Give the rows that hold each of some distinct values, in one pass over the column."""
    places = np.flatnonzero(np.isin(codes, np.asarray(wanted, dtype=np.int32)))
    held = codes[places]
    order = np.argsort(held, kind="stable")
    values, starts = np.unique(held[order], return_index=True)
    parts = np.split(places[order], starts[1:]) if len(values) else []
    return dict(zip(values.tolist(), parts, strict=True))
