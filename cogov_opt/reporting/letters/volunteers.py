"""A letter for each volunteer: where to help, or that there is nothing this time, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogov_opt.explaining.names import code_words
from cogov_opt.reporting.letters.values import Desk, Letter

if TYPE_CHECKING:
    from cogov_opt.reporting.letters.templates import Value
    from cogov_opt.reporting.served import Row, Served


def volunteer_letters(desk: Desk) -> dict[str, Letter]:
    """Give the letter of each volunteer that a record is about."""
    uses: dict[str, list[tuple[Served, Row]]] = {}
    for served in desk.served:
        for row in served.used("volunteer"):
            uses.setdefault(row["resource"], []).append((served, row))
    unused = {
        str(r["about"]["resource"]): r for r in desk.run.records.values() if r["type"] == "unused"
    }
    found = {}
    for volunteer in desk.run.table("volunteers"):
        identifier = volunteer["volunteer_id"]
        if identifier in uses:
            found[identifier] = _used(desk, volunteer, uses[identifier])
        elif identifier in unused:
            found[identifier] = _unused(desk, volunteer, unused[identifier])
    return found


def _frame(desk: Desk, volunteer: Row) -> dict[str, Value]:
    identifier = volunteer["volunteer_id"]
    return {
        **desk.frame,
        **desk.to(identifier, desk.view.name(identifier)),
        "volunteer_id": identifier,
        "own_actor": desk.view.name(volunteer["actor_id"]),
    }


def _used(desk: Desk, volunteer: Row, uses: list[tuple[Served, Row]]) -> Letter:
    """Write where and when to help."""
    records = [desk.run.records[row["record"]] for _, row in uses if row["record"]]
    given = tuple(
        _task(desk, served, row, session)
        for served, row in uses
        for session in served.sessions or (None,)
    )
    values = {**_frame(desk, volunteer), **desk.reasons(records, "demand"), "given": given}
    return Letter("volunteer_used", values)


def _task(desk: Desk, served: Served, row: Row, session: Any) -> str:
    """Say when, what for, with which task, where, and for whom."""
    view = desk.view
    words = code_words(desk.run, desk.language)
    rooms = view.label("list").join(view.name(r["resource"]) for r in served.used("space"))
    place = rooms or words.get(served.demand["area"], served.demand["area"])
    told = {
        "time": desk.time(session),
        "demand": view.name(served.id),
        "need": view.name(row["need"]),
        "performer": view.name(served.performer),
    }
    return desk.say("task_at" if place else "task", place=place, **told)


def _unused(desk: Desk, volunteer: Row, record: dict[str, Any]) -> Letter:
    """Write that there is no task, and why."""
    values = {**_frame(desk, volunteer), **desk.reasons([record], "resource")}
    return Letter("volunteer_unused", values)
