"""A sheet as plain values: its columns, what their cells are, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Cell = str | int | date | time | None
Kind = Literal["text", "long", "count", "money", "date", "time"]
"""`long` is text that is wrapped in a wide column; `money` is in minor units."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name of its heading, and what its cells hold."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet; rows whose number stands in `strong` are set in bold, as totals are."""

    name: str
    columns: Sequence[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    strong: set[int] = field(default_factory=set)


WHEN = (
    Column("date", "date"), Column("weekday"), Column("start", "time"), Column("end", "time"),
)  # fmt: skip


def when(session: tuple[datetime, datetime] | None, weekday: str, any_day: str) -> list[Cell]:
    """Give the four cells of `WHEN`; a demand without time says so in the second."""
    if session is None:
        return [None, any_day, None, None]
    start, end = session
    return [start.date(), weekday, start.time(), end.time()]
