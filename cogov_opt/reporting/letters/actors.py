"""A letter for each actor: what it asked for, carries out and is to provide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.reporting.letters.values import Desk, Letter
from cogov_opt.reporting.served import main_reason, unserved_demands
from cogov_opt.units import money_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cogov_opt.reporting.letters.templates import Value
    from cogov_opt.reporting.served import Row, Served


def actor_letters(desk: Desk) -> dict[str, Letter]:
    """Give the letter of each actor that the plan concerns."""
    found = {}
    for actor in desk.run.table("actors"):
        values = _concerns(desk, actor["actor_id"])
        if any(values.values()):
            found[actor["actor_id"]] = _letter(desk, actor, values)
    return found


def _letter(desk: Desk, actor: Row, values: dict[str, tuple[str, ...]]) -> Letter:
    identifier = actor["actor_id"]
    told: dict[str, Value] = {k: v or (desk.say("nothing"),) for k, v in values.items()}
    own = desk.to(identifier, desk.view.name(identifier))
    return Letter("actor", {**desk.frame, **own, "actor_id": identifier, **told})


def _concerns(desk: Desk, actor: str) -> dict[str, tuple[str, ...]]:
    """Give what concerns an actor, as lists of lines."""
    asked = [s for s in desk.served if s.demand["actor_id"] == actor]
    performs = [s for s in desk.served if s.performer == actor]
    refused = [d for d in unserved_demands(desk.run) if d["actor_id"] == actor]
    return {
        "served": tuple(_activity(desk, served) for served in asked),
        "unserved": tuple(_refusal(desk, demand) for demand in refused),
        "performs": tuple(_performed(desk, served) for served in performs),
        "gives": tuple(_gives(desk, actor)),
    }


def _times(desk: Desk, served: Served) -> str:
    return desk.view.label("list").join(map(desk.time, served.sessions or (None,)))


def _activity(desk: Desk, served: Served) -> str:
    short = [row for row in desk.run.unmet if row["demand"] == served.id]
    form = "activity_partly" if short else "activity"
    told = {"demand": desk.view.name(served.id), "performer": desk.view.name(served.performer)}
    return desk.say(form, time=_times(desk, served), **told)


def _refusal(desk: Desk, demand: Row) -> str:
    record = main_reason(desk.run, demand["demand_id"])
    reason = desk.view.short(record) if record else ""
    return desk.say("refusal", demand=desk.view.name(demand["demand_id"]), reason=reason)


def _performed(desk: Desk, served: Served) -> str:
    """Say what is carried out, when, and with what."""
    used = [row for row in served.rows if row["kind"] not in ("fund", "")]
    names = dict.fromkeys(desk.view.name(row["resource"]) for row in used)
    told = {"demand": desk.view.name(served.id), "time": _times(desk, served)}
    told["list"] = desk.view.label("list").join(names) or desk.view.label("none")
    money = money_text(served.money, desk.view.currency)
    return desk.say("performed_money" if served.money else "performed", money=money, **told)


def _gives(desk: Desk, actor: str) -> Iterable[str]:
    """Say what is to be provided, to whom and when; money to whom it is paid."""
    for served in desk.served:
        for row in served.rows:
            if row["giver"] != actor or not row["resource"]:
                continue
            told = {
                "resource": desk.view.name(row["resource"]),
                "demand": desk.view.name(served.id),
                "taker": desk.view.name(row["taker"]),
                "time": _times(desk, served),
            }
            if row["kind"] == "fund":
                told["amount"] = money_text(int(row["quantity"]), desk.view.currency)
                told["payee"] = desk.view.name(row["payee"])
                yield desk.say("gives_money", **told)
            elif row["kind"] == "service":
                yield desk.say("gives_units", quantity=f"{int(row['quantity']):,}", **told)
            else:
                yield desk.say("gives_help" if row["kind"] == "volunteer" else "gives_use", **told)
