"""Lies nobody thought of: any one value of any file that follows from inputs and plan, another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lies.copies import Copy
from tests.lies.telling import ANY, RUN, lie
from tests.properties.small_weeks import Dice

STATED = (
    "purpose", "prepared_by", "for_actor", "data_as_of", "supersedes", "attempt", "inputs", "run_id"
)  # fmt: skip
"""What whoever prepares a run states of it in run.json, and what packing it again puts right."""
Node = tuple[Any, Any]
"""A container and the key or place of one of its values."""


def nodes(value: Any) -> list[Node]:
    """List every value inside a JSON value, by its container and key."""
    found: list[Node] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


def changed(value: Any, dice: Dice) -> Any:
    """Give another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.pick([-1, 1, 10])
    if isinstance(value, str):
        number = value.removeprefix("-").isdigit()
        return str(int(value) + dice.pick([-1, 1, 10])) if number else value[:-1] or "x"
    if isinstance(value, list) and value:
        place = dice.number(0, len(value) - 1)
        return dice.pick([value[:place] + value[place + 1 :], [*value, value[place]]])
    if isinstance(value, dict) and value:
        gone = dice.pick(sorted(value))
        return {k: v for k, v in value.items() if k != gone}
    return dice.pick([0, "x", [], {}]) if value is None else "x"


def alter(value: Any, dice: Dice) -> bool:
    """Change one value inside a JSON value; False where there is none."""
    found = nodes(value)
    if not found:
        return False
    holder, key = dice.pick(found)
    holder[key] = changed(holder[key], dice)
    return True


def _of_json(path: str) -> Callable[[Copy], bool]:
    def tell(c: Copy) -> bool:
        if path not in c.files:
            return False
        value = c.json(path)
        if not alter(value, c.dice):
            return False
        c.put(path, value)
        return True

    return tell


def of_header(c: Copy) -> bool:
    """Change one value of run.json; what is only left unsaid there is no lie (S13.3)."""
    value = c.json(RUN)
    kept = {k: value.pop(k) for k in STATED if k in value}
    totals = dict(value["totals"])
    if not alter(value, c.dice) or "route" not in value:
        return False
    if isinstance(value.get("totals"), dict) and value["totals"].items() <= totals.items():
        value["totals"] = totals
    c.put(RUN, value | kept)
    return True


def _of_lines(path: str) -> Callable[[Copy], bool]:
    def tell(c: Copy) -> bool:
        values = c.lines(path) if path in c.files else []
        if not alter(values, c.dice):
            return False
        c.put_lines(path, values)
        return True

    return tell


def _of_table(path: str) -> Callable[[Copy], bool]:
    def tell(c: Copy) -> bool:
        rows = c.rows(path)
        if not rows:
            return False
        place = c.dice.number(0, len(rows) - 1)
        if c.dice.chance(20):
            rows = c.dice.pick([rows[:place] + rows[place + 1 :], [*rows, rows[place]]])
        else:
            column = c.dice.pick(sorted(rows[place]))
            rows[place] = rows[place] | {column: changed(rows[place][column], c.dice)}
        c.put_rows(path, rows)
        return True

    return tell


SHAPES = {".json": _of_json, ".jsonl": _of_lines, ".csv": _of_table}
FILES = (
    "certificate.json", "records.jsonl", "accounts.json", "trace.jsonl", "phrases.json",
    "allocation.csv", "unmet.csv", "regrets.csv", "units.csv", "chances.csv",
)  # fmt: skip
OWNERS = ANY | {"chance", "extract", "refusal"}
lie("any value of run.json", OWNERS)(of_header)
for _path in FILES:
    _tell = SHAPES[Path(_path).suffix](_path)
    _tell.__name__ = f"any_value_of_{_path}"
    lie(f"any value of {_path}", OWNERS)(_tell)
