"""Lines on options: every session must match (convention S8.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import WEEKDAYS, Line
from cogov_opt.formulating.facts import BoolArray, Facts


def option_mask(facts: Facts, line: Line) -> BoolArray:
    """Tell which options match a line; one without sessions has no times and matches only `not`."""
    o = facts.options
    if line.field in ("id", "option_id"):
        return np.array([_holds(line, i) for i in o.ids], dtype=bool)
    texts, which = session_texts(facts, line.field)
    good = np.array([_holds(line, t) for t in texts] + [False], dtype=bool)[which]
    bad = np.concatenate(([0], np.cumsum(~good)))
    every = bad[o.first[1:]] == bad[o.first[:-1]]
    return np.where(o.sessions > 0, every, line.test == "not")


def _holds(line: Line, text: str) -> bool:
    """Test one text against a line; times and dates order as text."""
    if line.test == "range":
        low, high = line.values
        return (low is None or text >= str(low)) and (high is None or text <= str(high))
    if line.test == "all":
        return all(text == v for v in line.values)
    return (text in line.values) != (line.test == "not")


def session_texts(facts: Facts, field: str) -> tuple[list[str], IntArray]:
    """Give a field of every session: the distinct texts, and which one each session has."""
    o = facts.options
    if field in ("start", "end"):
        minutes = o.starts if field == "start" else o.ends
        return _distinct(minutes, lambda m: f"{facts.instance.calendar.local(m):%H:%M}")
    words: dict[str, Callable[[int], str]] = {
        "weekday": lambda d: WEEKDAYS[(d + 6) % 7],
        "day_kind": lambda d: "workday" if (d + 6) % 7 < 5 else "rest_day",
        "date": lambda d: date.fromordinal(d).isoformat(),
    }
    return _distinct(o.days, words[field])


def _distinct(values: IntArray, text: Callable[[int], str]) -> tuple[list[str], IntArray]:
    """Write each distinct number once; numbers of one text, as two Mondays, are one."""
    numbers, which = np.unique(values, return_inverse=True)
    written = [text(v) for v in numbers.tolist()]
    texts = list(dict.fromkeys(written))
    place = {t: i for i, t in enumerate(texts)}
    return texts, np.array([place[t] for t in written], dtype=np.int64)[which]
