"""Lies about derived columns, totals, run.json and traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lies.copies import Copy, Rows
from tests.lies.telling import ALLOCATION, ANY, RUN, TRACE, UNMET, Tell, lie, with_row

COLUMNS = {
    "start": "2026-09-28T00:01+08:00", "end": "2026-12-01T00:00+08:00", "kind": "space",
    "unit": "kg", "cost": "77", "cost_type": "gifts", "giver": "ZZ", "taker": "ZZ", "payee": "ZZ",
    "origin": "override", "record": "A-999999", "buys": "ZZ", "agreement": "ZZ",
}  # fmt: skip


def of_column(column: str) -> Tell:
    """Make a lie about one column of allocation.csv."""

    def tell(c: Copy) -> bool:
        def change(row: dict[str, str], rows: Rows) -> bool:
            had, row[column] = row[column], COLUMNS[column]
            return had != row[column]

        return with_row(c, ALLOCATION, change)

    tell.__name__ = f"column_{column}"
    return tell


for _column in COLUMNS:
    _owners = "allocation"
    if _column in ("kind", "buys", "agreement"):
        _owners += " candidate agreement money trace set"
    lie("allocation column", _owners)(of_column(_column))


@lie("allocation column", "allocation candidate set capacity money trace clause overlap value")
def units_changed(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        row["quantity"] = str(int(row["quantity"]) + c.dice.pick([1, 2, 9]))
        return True

    return with_row(c, ALLOCATION, change, lambda row: row["kind"] != "fund")


@lie("unmet row", "unmet")
def unmet_hidden(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        rows.remove(row)
        return True

    return with_row(c, UNMET, change)


@lie("unmet row", "unmet")
def unmet_cell(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        column = c.dice.pick(["asked", "given", "short", "code", "record"])
        row[column] = row[column] + "1"
        return True

    return with_row(c, UNMET, change)


@lie("unmet row", "unmet")
def unmet_invented(c: Copy) -> bool:
    rows = c.rows(UNMET)
    new = {"demand": "ZZ", "need": "ZZ", "asked": "1", "given": "0", "short": "1"}
    c.put_rows(UNMET, [*rows, new | {"code": "capacity", "record": "U-999999"}])
    return True


@lie("totals", "total")
def total_changed(c: Copy) -> bool:
    run = c.json(RUN)
    name = c.dice.pick(list(run["totals"]))
    run["totals"][name] += c.dice.pick([-1, 1])
    c.put(RUN, run)
    return True


@lie("totals", "total unknown")
def total_dropped_or_invented(c: Copy) -> bool:
    run = c.json(RUN)
    if c.dice.chance(50):
        del run["totals"][c.dice.pick(["demands", "served"])]
    else:
        run["totals"]["smiles"] = 3
    c.put(RUN, run)
    return True


def of_run(name: str, change: Callable[[Copy, dict[str, Any]], bool]) -> Tell:
    """Make a lie about run.json."""

    def tell(c: Copy) -> bool:
        run = c.json(RUN)
        if not change(c, run):
            return False
        c.put(RUN, run)
        return True

    tell.__name__ = f"run_{name}"
    return tell


def _set(name: str, value: Any) -> Callable[[Copy, dict[str, Any]], bool]:
    def change(c: Copy, run: dict[str, Any]) -> bool:
        had, run[name] = run[name], value
        return bool(had != value)

    return change


def _card(name: str, value: str) -> Callable[[Copy, dict[str, Any]], bool]:
    def change(c: Copy, run: dict[str, Any]) -> bool:
        had, run["card"][name] = run["card"][name], value
        return bool(had != value)

    return change


for _label, _owned, _edit in (
    ("format", "unknown", _set("format", 2)),
    ("strategy", "unknown", _set("strategy", "guess")),
    ("another_strategy", ANY, _set("strategy", "first_come")),
    ("termination_unknown", "unknown", _set("termination", "finished")),
    ("termination_infeasible", ANY, _set("termination", "infeasible")),
    ("breaks", "breaks", _set("breaks", [["C9", ["C9", "horizon"]]])),
    ("card_id", "card", _card("id", "other")),
    ("card_version", "card", _card("version", "9.9.9")),
    ("card_status", "card", _card("status", "adopted")),
    ("attempt", ANY, _set("attempt", 2)),
    ("supersedes", ANY, _set("supersedes", "0123456789abcdef")),
    ("unknown_field", "unknown", lambda _, run: run.update(mood="good") is None),
    ("options", ANY, lambda _, run: run["options"].update(extra="1") is None),
):  # fmt: skip
    lie("run field", _owned)(of_run(_label, _edit))


def of_step(name: str, change: Callable[[Copy, dict[str, Any]], bool]) -> Tell:
    """Make a lie about one step of a procedure."""

    def tell(c: Copy) -> bool:
        if TRACE not in c.files:
            return False
        steps = c.lines(TRACE)
        if not steps or not change(c, c.dice.pick(steps)):
            return False
        c.put_lines(TRACE, steps)
        return True

    tell.__name__ = f"step_{name}"
    return tell


def _number(name: str) -> Callable[[Copy, dict[str, Any]], bool]:
    def change(c: Copy, step: dict[str, Any]) -> bool:
        if name not in step:
            return False
        step[name] += c.dice.pick([-1, 1, 5])
        return True

    return change


def _verdict(c: Copy, step: dict[str, Any]) -> bool:
    words = ["taken", "too_dear", "stopped", "below_threshold", "nothing"]
    step["verdict"] = c.dice.pick([w for w in words if w != step["verdict"]])
    return True


def _tie(c: Copy, step: dict[str, Any]) -> bool:
    step["tie"] = [] if step["tie"] else ["D0"]
    return True


for _label, _edit in (
    ("number", _number("step")), ("votes", _number("votes")), ("cost", _number("cost")),
    ("left", _number("left")), ("verdict", _verdict), ("tie", _tie),
):  # fmt: skip
    lie("trace", "trace")(of_step(_label, _edit))


@lie("trace", "trace")
def step_dropped(c: Copy) -> bool:
    if TRACE not in c.files or not c.lines(TRACE):
        return False
    steps = c.lines(TRACE)
    steps.remove(c.dice.pick(steps))
    c.put_lines(TRACE, steps)
    return True


@lie("trace", "trace")
def steps_swapped(c: Copy) -> bool:
    if TRACE not in c.files or len(c.lines(TRACE)) < 2:
        return False
    c.put_lines(TRACE, c.lines(TRACE)[::-1])
    return True


@lie("trace", "trace")
def trace_of_nothing(c: Copy) -> bool:
    if TRACE not in c.files or not c.lines(TRACE):
        return False
    c.files[TRACE] = b""
    return True
