"""The letter about a demand, to a volunteer and to an actor: its form and values (S17.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import reasons
from .source import money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading import Line
    from .values import Desk, Values

Letter = tuple[str, "Values"]


def letter_of(desk: Desk, form: str, subject: str) -> Letter | None:
    """Give form and values of the letter of a kind that a subject gets; None if it gets none."""
    kind = form.partition("_")[0]
    rows = desk.source.by_id[{"demand": "demands", "volunteer": "volunteers"}.get(kind, "actors")]
    if subject not in rows:
        return None
    tellers = {"demand": _demand, "volunteer": _volunteer}
    return tellers.get(kind, _actor)(desk, rows[subject])


def _demand(desk: Desk, row: Line) -> Letter:
    source, demand = desk.source, row["demand_id"]
    title = source.half(row["title"]) if row["title"] != demand else ""
    short = [r for r in source.unmet if r["demand"] == demand]
    values: Values = {
        **desk.frame(desk.name(row["actor_id"]), demand, row["actor_id"]),
        "demand_id": demand,
        "title": title or demand,
        "people": row["people"] or desk.say("not_stated"),
        "performer": desk.name(row["performer_id"] or row["actor_id"]),
        "short": tuple(_short(desk, r) for r in (short if source.has_plan else _asked(desk, row))),
    }
    given = source.served.get(demand)
    told = [source.records[r["record"]] for r in (*(given or ()), *short) if r["record"]]
    values |= desk.why(told, "resource")
    if given is None:
        return "demand_unserved", values
    values["times"] = desk.times(demand)
    values["place"] = _place(desk, row)
    values["given"] = tuple(_given(desk, r) for r in given if r["need"])
    return "demand_served", values


def _asked(desk: Desk, row: Line) -> list[Line]:
    """Give all a demand asks for, where nothing was decided."""
    needs = (n for n in desk.source.tables["needs"] if n["demand_id"] == row["demand_id"])
    return [{"need": n["need_id"], "asked": n["quantity"], "given": "0", "short": n["quantity"]}
            for n in needs]  # fmt: skip


def _short(desk: Desk, row: Line) -> str:
    """Say how much of what it asks a need gets."""
    as_money = desk.source.by_id["needs"][row["need"]]["kind"] == "fund"
    told = {
        name: money(int(row[name]), desk.source.currency) if as_money else f"{int(row[name]):,}"
        for name in ("asked", "given", "short")
    }
    form = "cost" if row["asked"] == "0" else "some" if int(row["given"]) else "none"
    return desk.say(f"short_{form}", need=desk.name(row["need"]), **told)


def _place(desk: Desk, row: Line) -> str:
    """Name the spaces a served demand uses, else its area."""
    used = [r for r in desk.source.served[row["demand_id"]] if r["kind"] == "space"]
    rooms = desk.source.join(desk.name(r["resource"]) for r in used)
    return rooms or desk.source.words.get(row["area"], row["area"])


def _given(desk: Desk, row: Line) -> str:
    """Say what a row of the plan gives, from whom, and what for."""
    own = not row["resource"]
    told = {
        "resource": desk.source.say("label.own_money") if own else desk.name(row["resource"]),
        "giver": desk.name(row["giver"]), "need": desk.name(row["need"]),
        "buys": desk.name(row["buys"]), "payee": desk.name(row["payee"]),
    }  # fmt: skip
    if row["kind"] == "fund":
        amount = money(int(row["quantity"]), desk.source.currency)
        return desk.say("given_own" if own else "given_money", amount=amount, **told)
    if row["kind"] == "service":
        return desk.say("given_units", quantity=f"{int(row['quantity']):,}", **told)
    return desk.say("given_use", **told)


def _volunteer(desk: Desk, row: Line) -> Letter | None:
    source, volunteer = desk.source, row["volunteer_id"]
    values: Values = {
        **desk.frame(desk.name(volunteer), volunteer),
        "volunteer_id": volunteer,
        "own_actor": desk.name(row["actor_id"]),
    }
    uses = [r for demand in desk.served for r in source.served[demand]
            if r["kind"] == "volunteer" and r["resource"] == volunteer]  # fmt: skip
    if uses:
        told = [source.records[r["record"]] for r in uses if r["record"]]
        given = tuple(text for r in uses for text in _tasks(desk, r))
        return "volunteer_used", {**values, **desk.why(told, "demand"), "given": given}
    idle = [r for r in source.records.values()
            if r["type"] == "unused" and r["about"]["resource"] == volunteer]  # fmt: skip
    return ("volunteer_unused", {**values, **desk.why(idle, "resource")}) if idle else None


def _tasks(desk: Desk, use: Line) -> Iterator[str]:
    """Say for each session when, what for, with which task, where, and for whom."""
    row = desk.source.by_id["demands"][use["demand"]]
    place = _place(desk, row)
    told = {
        "demand": desk.name(use["demand"]), "need": desk.name(use["need"]), "place": place,
        "performer": desk.name(row["performer_id"] or row["actor_id"]),
    }  # fmt: skip
    for time in desk.times(use["demand"]):
        yield desk.say("task_at" if place else "task", time=time, **told)


def _actor(desk: Desk, row: Line) -> Letter | None:
    actor = row["actor_id"]
    rows = desk.source.by_id["demands"]
    performer = {d: rows[d]["performer_id"] or rows[d]["actor_id"] for d in desk.served}
    told = {
        "served": [_activity(desk, d, performer[d]) for d in desk.served
                   if rows[d]["actor_id"] == actor],
        "unserved": [_refusal(desk, d) for d in desk.unserved if d["actor_id"] == actor],
        "performs": [_performed(desk, d) for d in desk.served if performer[d] == actor],
        "gives": [_gives(desk, r) for d in desk.served for r in desk.source.served[d]
                  if r["giver"] == actor and r["resource"]],
    }  # fmt: skip
    if not any(told.values()):
        return None
    lists = {name: tuple(lines) or (desk.say("nothing"),) for name, lines in told.items()}
    return "actor", {**desk.frame(desk.name(actor), actor), "actor_id": actor, **lists}


def _all_times(desk: Desk, demand: str) -> str:
    return desk.source.join(desk.times(demand))


def _activity(desk: Desk, demand: str, performer: str) -> str:
    partly = any(row["demand"] == demand for row in desk.source.unmet)
    told = {"demand": desk.name(demand), "performer": desk.name(performer)}
    form = "activity_partly" if partly else "activity"
    return desk.say(form, time=_all_times(desk, demand), **told)


def _refusal(desk: Desk, row: Line) -> str:
    """Say why a demand is not served: by the first record that does not merely go with another."""
    short = [r for r in desk.source.unmet if r["demand"] == row["demand_id"]]
    told = [desk.source.records[r["record"]] for r in short]
    own = [r for r in told if r["code"] != "set_incomplete"] or told
    reason = reasons.short(desk.source, desk.names, own[0]) if own else ""
    return desk.say("refusal", demand=desk.name(row["demand_id"]), reason=reason)


def _performed(desk: Desk, demand: str) -> str:
    """Say what is carried out, when, and with what."""
    rows = desk.source.served[demand]
    used = dict.fromkeys(desk.name(r["resource"]) for r in rows if r["kind"] not in ("fund", ""))
    listed = desk.source.join(used) or desk.source.say("label.none")
    paid = sum(int(r["quantity"]) for r in rows if r["kind"] == "fund")
    told = {"demand": desk.name(demand), "time": _all_times(desk, demand), "list": listed}
    amount = money(paid, desk.source.currency)
    return desk.say("performed_money" if paid else "performed", money=amount, **told)


def _gives(desk: Desk, row: Line) -> str:
    """Say what is to be provided, to whom and when."""
    form = {"fund": "money", "service": "units", "volunteer": "help"}.get(row["kind"], "use")
    quantity = int(row["quantity"])
    return desk.say(
        f"gives_{form}", resource=desk.name(row["resource"]), demand=desk.name(row["demand"]),
        taker=desk.name(row["taker"]), time=_all_times(desk, row["demand"]),
        amount=money(quantity, desk.source.currency), quantity=f"{quantity:,}",
        payee=desk.name(row["payee"]),
    )  # fmt: skip
