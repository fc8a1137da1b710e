"""The public edition: what was decided, for whom in numbers that name nobody, how to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cogov_opt.explaining.goals import terms_text
from cogov_opt.explaining.names import code_words, time_text
from cogov_opt.phrases.reasons import reason_name
from cogov_opt.reporting.editions.counting import at_least, cells, is_listed, total
from cogov_opt.reporting.served import Served, main_reason, served_demands, unserved_demands
from cogov_opt.units import money_text

if TYPE_CHECKING:
    from cogov_opt.reporting.served import Row
    from cogov_opt.reporting.view import View

Part = tuple[str, Sequence[str], Sequence[Sequence[str]]]
"""A heading, the heads of a table (none: the rows are lines of text), and its rows."""


def public_parts(view: View) -> Iterator[Part]:
    """Give the parts of the public edition, in order."""
    yield view.say("edition.decided"), (), [[text] for text in _decided(view)]
    yield view.say("edition.how_sure"), (), [[text] for text in _sure(view)]
    heads = [view.say(f"edition_head.{n}") for n in ("area", "group", "asked", "served")]
    yield view.say("edition.whom"), heads, _whom(view)
    heads = [view.say(f"edition_head.{n}", currency=view.currency)
             for n in ("fund", "giver", "available", "spent", "left", "activities")]  # fmt: skip
    yield view.say("edition.money"), heads, _money(view)
    heads = [view.say(f"edition_head.{n}") for n in ("time", "title", "area", "performer")]
    yield view.say("edition.taking_place"), heads, _taking_place(view)
    heads = [view.say(f"edition_head.{n}") for n in ("title", "area", "applicant", "reason")]
    yield view.say("edition.refused"), heads, _refused(view)
    yield view.say("edition.check"), (), [[text] for text in _check(view)]


def _decided(view: View) -> Iterator[str]:
    """Say under which policy, how many activities take place, and for at least how many people."""
    run, card = view.run, view.run.header["card"]
    title = view.card.get("title", {})
    named = title.get(view.language) or next(iter(title.values()), card["id"])
    body = view.names.get("body") or view.label("the_body")
    yield view.say("edition.card", title=named, version=card["version"], body=body)
    found = cells(run.table("demands"), view.served)
    asked, served = (total(getattr(c, name) for c in found) for name in ("asked", "served"))
    totals = {"demands": len(run.by_id("demands")), "served": len(view.served)}
    yield view.say("edition.activities", **{k: f"{v:,}" for k, v in totals.items()})
    yield view.say("edition.people", asked=f"{asked:,}", served=f"{served:,}")
    yield view.say("edition.volunteers", count=f"{_volunteers(view):,}")


def _volunteers(view: View) -> int:
    """Give at least how many volunteers help: by actor, then added up."""
    found: dict[str, set[str]] = {}
    for row in view.run.allocation:
        if row["kind"] == "volunteer":
            found.setdefault(row["giver"], set()).add(row["resource"])
    return total(at_least(len(persons)) for persons in found.values())


def _sure(view: View) -> Iterator[str]:
    """Say of each goal whether it is proven best; values would tell how many people it is for."""
    stages = view.run.header["stages"]
    for stage in stages:
        goal = {"n": stage["index"], "terms": terms_text(stage, view.run, view.language)}
        if stage["optimal"]:
            yield view.say("edition.goal_proven", **goal)
        else:
            yield view.say("edition.goal_open", percent=_percent(stage), **goal)
    if not stages:
        yield view.label("by_procedure" if view.run.has_plan else "no_plan")


def _percent(stage: dict[str, Any]) -> int:
    """Give the distance to the bound as a share of the value, in percent, rounded up to fives."""
    value, gap = abs(int(stage["value"])), int(stage["gap"])
    share = -(-100 * gap // value) if value else 100
    return -(-share // 5) * 5


def _whom(view: View) -> list[list[str]]:
    """Give by area and group at least how many people are served, with sums of what is shown."""
    words, none = code_words(view.run, view.language), view.say("edition.not_stated")
    found = cells(view.run.table("demands"), view.served)
    rows = []
    for cell in found:
        place = [words.get(code, code) or none for code in (cell.area, cell.group)]
        rows.append([*place, _persons(view, cell.asked), _persons(view, cell.served)])
    sums = [total(getattr(c, name) for c in found) for name in ("asked", "served")]
    return [*rows, [view.label("in_all"), "", *(_persons(view, n) for n in sums)]]


def _persons(view: View, number: int) -> str:
    return view.say("edition.at_least", number=f"{number:,}") if number else view.say("edition.few")


def _money(view: View) -> list[list[str]]:
    """Give by fund what it had, gave and keeps, and how many activities it supports."""
    rows = []
    for fund in view.run.table("funds"):
        own = [r for r in view.run.allocation if r["resource"] == fund["fund_id"]]
        spent = sum(int(row["quantity"]) for row in own)
        free = max(int(fund["amount"]) - int(fund["committed"] or 0), 0)
        amounts = [money_text(n, "").strip() for n in (free, spent, free - spent)]
        count = len({row["demand"] for row in own})
        rows.append([fund["fund_id"], view.name(fund["actor_id"]), *amounts, str(count)])
    return rows


def _taking_place(view: View) -> list[list[str]]:
    """List the activities that take place, by time; those for few people by their number alone."""
    found = served_demands(view.run)
    rows = [_activity(view, served) for served in found if is_listed(served.demand)]
    return rows + _others(view, len(found) - len(rows))


def _activity(view: View, served: Served) -> list[str]:
    words = code_words(view.run, view.language)
    times = (time_text(a, b, view.language) for a, b in served.moments or (("", ""),))
    area = served.demand["area"]
    title = view.title(served.id) or served.id
    return [view.label("list").join(times), title, words.get(area, area),
            view.name(served.performer)]  # fmt: skip


def _refused(view: View) -> list[list[str]]:
    """List the activities that do not take place, with the reason in a word."""
    found = unserved_demands(view.run)
    rows = [_refusal(view, demand) for demand in found if is_listed(demand)]
    return rows + _others(view, len(found) - len(rows))


def _refusal(view: View, demand: Row) -> list[str]:
    record = main_reason(view.run, demand["demand_id"])
    reason = view.say(f"edition_reason.{reason_name(record)}") if record else ""
    words = code_words(view.run, view.language)
    title = view.title(demand["demand_id"]) or demand["demand_id"]
    area = words.get(demand["area"], demand["area"])
    return [title, area, view.name(demand["actor_id"]), reason]


def _others(view: View, count: int) -> list[list[str]]:
    return [[view.say("edition.others", count=count), "", "", ""]] if count else []


def _check(view: View) -> Iterator[str]:
    yield view.say("edition.rounding")
    yield view.say("edition.own_record")
    yield view.say("edition.run", run=view.run.run_id, root=view.run.root)
