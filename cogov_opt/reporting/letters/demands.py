"""A letter for each demand: served, in full or in part, or not served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.explaining.names import code_words
from cogov_opt.reporting.letters.values import Desk, Letter
from cogov_opt.reporting.served import unserved_demands
from cogov_opt.units import money_text

if TYPE_CHECKING:
    from cogov_opt.reporting.letters.templates import Value
    from cogov_opt.reporting.served import Row, Served


def demand_letters(desk: Desk) -> dict[str, Letter]:
    """Give the letter of each demand."""
    found = {served.id: _served(desk, served) for served in desk.served}
    for demand in unserved_demands(desk.run):
        found[demand["demand_id"]] = _unserved(desk, demand)
    return dict(sorted(found.items()))


def _frame(desk: Desk, demand: Row) -> dict[str, Value]:
    """Give what is told of a demand whatever became of it."""
    view, identifier = desk.view, demand["demand_id"]
    own = identifier if identifier in desk.contacts else demand["actor_id"]
    return {
        **desk.frame,
        **desk.to(own, view.name(demand["actor_id"])),
        "demand_id": identifier,
        "title": view.title(identifier) or identifier,
        "people": demand["people"] or desk.say("not_stated"),
        "performer": view.name(demand["performer_id"] or demand["actor_id"]),
        "short": tuple(_short(desk, row) for row in _rows(desk, identifier)),
    }


def _rows(desk: Desk, demand: str) -> list[Row]:
    """Give what a demand gets too little of; without a plan, all it asks."""
    if desk.run.has_plan:
        return [row for row in desk.run.unmet if row["demand"] == demand]
    needs = (row for row in desk.run.table("needs") if row["demand_id"] == demand)
    return [
        {"need": n["need_id"], "asked": n["quantity"], "given": "0", "short": n["quantity"]}
        for n in needs
    ]


def _short(desk: Desk, row: Row) -> str:
    """Say how much of what it asks a need gets."""
    kind = desk.run.by_id("needs")[row["need"]]["kind"]
    numbers = {k: desk.view.quantity(kind, int(row[k])) for k in ("asked", "given", "short")}
    form = "short_some" if int(row["given"]) else "short_none"
    if row["asked"] == "0":
        form = "short_cost"
    return desk.say(form, need=desk.view.name(row["need"]), **numbers)


def _served(desk: Desk, served: Served) -> Letter:
    """Write to whoever asked for a demand that is served."""
    run, view = desk.run, desk.view
    records = [run.records[row["record"]] for row in served.rows if row["record"]]
    records += [run.records[row["record"]] for row in run.unmet if row["demand"] == served.id]
    words = code_words(run, desk.language)
    rooms = view.label("list").join(view.name(row["resource"]) for row in served.used("space"))
    values: dict[str, Value] = {
        **_frame(desk, served.demand),
        **desk.reasons(records, "resource"),
        "times": tuple(map(desk.time, served.sessions or (None,))),
        "place": rooms or words.get(served.demand["area"], served.demand["area"]),
        "given": tuple(_given(desk, row) for row in served.rows if row["need"]),
    }
    return Letter("demand_served", values)


def _given(desk: Desk, row: Row) -> str:
    """Say what one row gives, from whom, and for what."""
    view = desk.view
    told = {
        "resource": view.name(row["resource"]) if row["resource"] else view.label("own_money"),
        "giver": view.name(row["giver"]),
        "need": view.name(row["need"]),
    }
    if row["kind"] == "fund":
        told |= {"amount": money_text(int(row["quantity"]), view.currency)}
        told |= {"buys": view.name(row["buys"]), "payee": view.name(row["payee"])}
        return desk.say("given_money" if row["resource"] else "given_own", **told)
    if row["kind"] == "service":
        return desk.say("given_units", quantity=f"{int(row['quantity']):,}", **told)
    return desk.say("given_use", **told)


def _unserved(desk: Desk, demand: Row) -> Letter:
    """Write to whoever asked for a demand that is not served."""
    rows = [row for row in desk.run.unmet if row["demand"] == demand["demand_id"]]
    records = [desk.run.records[row["record"]] for row in rows]
    return Letter("demand_unserved", {**_frame(desk, demand), **desk.reasons(records, "resource")})
