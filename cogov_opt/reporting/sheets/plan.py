"""What was decided, as tables: by day, actor, fund, space, service and volunteer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cogov_opt.explaining.names import code_words
from cogov_opt.reporting.served import Served, served_demands, unserved_demands
from cogov_opt.reporting.sheets.page import WHEN, Cell, Column, Page, when

if TYPE_CHECKING:
    from datetime import datetime

    from cogov_opt.reporting.contacts import Contact
    from cogov_opt.reporting.served import Row
    from cogov_opt.reporting.view import View

Tell = Callable[["View", Served, "Row"], list[Cell]]
DEMAND = (Column("demand"), Column("title", "long"))


def by_day(view: View) -> Page:
    """List every session of the plan by time, with all that is used in it."""
    columns = (
        *WHEN, *DEMAND, Column("area"), Column("applicant", "long"), Column("performer", "long"),
        Column("people", "count"), Column("volunteers", "long"), Column("spaces", "long"),
        Column("services", "long"), Column("money", "money"),
    )  # fmt: skip
    words = code_words(view.run, view.language)
    comma = view.label("list")
    rows: list[tuple[tuple[datetime, ...], list[Cell]]] = []
    for found in served_demands(view.run):
        people = found.demand["people"]
        used = [comma.join(_amounts(view, found.used(k))) for k in ("volunteer", "space")]
        rest: list[Cell] = [
            *_demand(view, found.demand), words.get(found.demand["area"], found.demand["area"]),
            view.name(found.demand["actor_id"]), view.name(found.performer),
            int(people) if people else None, *used,
            comma.join(_amounts(view, found.used("service"))), found.money or None,
        ]  # fmt: skip
        times = found.sessions or (None,)
        rows.extend((session or (), [*_when(view, session), *rest]) for session in times)
    rows.sort(key=lambda row: (row[0], str(row[1][len(WHEN)])))
    return Page("days", columns, [row for _, row in rows])


def _amounts(view: View, rows: list[Row]) -> list[str]:
    """Name resources, with the number of units where it is more than one."""
    found = []
    for row in rows:
        units = int(row["quantity"])
        name = row["resource"] if row["kind"] == "volunteer" else view.name(row["resource"])
        found.append(f"{name} x{units:,}" if units > 1 else name)
    return found


def _demand(view: View, demand: Row) -> list[Cell]:
    return [demand["demand_id"], view.title(demand["demand_id"])]


def _when(view: View, session: tuple[datetime, datetime] | None) -> list[Cell]:
    weekday = view.say(f"weekday.d{session[0].weekday()}") if session else ""
    return when(session, weekday, view.label("any_day"))


def by_actor(view: View) -> Page:
    """List by actor what it asked for, carries out and gives, to whom, under which agreement."""
    columns = (
        Column("actor", "long"), Column("role"), *DEMAND, *WHEN, Column("what", "long"),
        Column("quantity", "count"), Column("unit"), Column("amount", "money"),
        Column("other", "long"), Column("agreement"),
    )  # fmt: skip
    parts: dict[str, list[list[Cell]]] = {row["actor_id"]: [] for row in view.run.table("actors")}
    for found in served_demands(view.run):
        frame = [*_demand(view, found.demand), *_when(view, (*found.sessions, None)[0])]
        asker, performer = found.demand["actor_id"], found.performer
        state: list[Cell] = [view.say("sheet.is_served"), None, None, None]
        parts[asker].append([_role(view, "asks"), *frame, *state, view.name(performer), ""])
        if performer != asker:
            parts[performer].append([_role(view, "performs"), *frame, *state, view.name(asker), ""])
        for row in found.rows:
            if row["need"] and row["giver"] in parts:
                given = [*_given(view, row), view.name(row["taker"]), row["agreement"]]
                parts[row["giver"]].append([_role(view, "gives"), *frame, *given])
    for demand in unserved_demands(view.run):
        blank: list[Cell] = [None, "", None, None]
        state = [view.say("sheet.is_unserved"), None, None, None, "", ""]
        told = [_role(view, "asks"), *_demand(view, demand), *blank, *state]
        parts[demand["actor_id"]].append(told)
    rows = [[view.name(actor), *row] for actor, found in parts.items() for row in _sorted(found)]
    return Page("actors", columns, rows)


def _role(view: View, name: str) -> str:
    return view.say(f"sheet.role_{name}")


def _sorted(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Keep rows of one role together, those without a time last, in the order they came in."""
    roles = list(dict.fromkeys(row[0] for row in rows))
    return sorted(rows, key=lambda row: (roles.index(row[0]), row[3] is None))


def _given(view: View, row: Row) -> list[Cell]:
    """Give what, how much, in which unit, and the amount of money."""
    if row["kind"] == "fund":
        name = view.name(row["resource"]) if row["resource"] else view.label("own_money")
        return [name, None, "", int(row["quantity"])]
    words = code_words(view.run, view.language)
    unit = words.get(row["unit"], row["unit"])
    if row["unit"] in ("person", "booking"):
        unit = view.say(f"sheet.unit_{row['unit']}")
    return [view.name(row["resource"]), int(row["quantity"]), unit, int(row["cost"]) or None]


def by_fund(view: View) -> Page:
    """List by fund what it bought for whom; first what it had, gave, and has left."""
    columns = (
        Column("fund"), Column("giver", "long"), *DEMAND, Column("bought", "long"),
        Column("cost_type"), Column("payee", "long"), Column("amount", "money"),
        Column("available", "money"), Column("left", "money"), Column("reason", "long"),
        Column("record"),
    )  # fmt: skip
    spent: dict[str, list[Row]] = {row["fund_id"]: [] for row in view.run.table("funds")}
    for row in view.run.allocation:
        if row["kind"] == "fund":
            spent.setdefault(row["resource"], []).append(row)
    page = Page("funds", columns)
    for fund, rows in spent.items():
        page.strong.add(len(page.rows))
        page.rows.append(_fund(view, fund, sum(int(row["quantity"]) for row in rows)))
        page.rows.extend(_bought(view, row) for row in rows)
    return page


def _fund(view: View, fund: str, spent: int) -> list[Cell]:
    """Give the line that sums up a fund; own money of performers has no limit to tell."""
    blank: list[Cell] = [""] * 5
    row = view.run.by_id("funds").get(fund)
    if row is None:
        return [view.label("own_money"), "", *blank, spent, None, None, "", ""]
    free = max(int(row["amount"]) - int(row["committed"] or 0), 0)
    return [fund, view.name(row["actor_id"]), *blank, spent, free, free - spent, "", ""]


def _bought(view: View, row: Row) -> list[Cell]:
    """Give one line of what a fund bought."""
    words = code_words(view.run, view.language)
    record = view.run.records.get(row["record"])
    reason = view.short(record) if record else ""
    bought = view.name(row["buys"]) if row["buys"] else ""
    demand = view.run.by_id("demands")[row["demand"]]
    cost_type = words.get(row["cost_type"], row["cost_type"])
    told: list[Cell] = [bought, cost_type, view.name(row["payee"]), int(row["quantity"])]
    return ["", "", *_demand(view, demand), *told, None, None, reason, row["record"]]


def by_space(view: View) -> Page:
    """List by space when it is used, for what and by whom."""
    columns = (
        Column("space", "long"), Column("giver", "long"), *WHEN, *DEMAND,
        Column("performer", "long"), Column("people", "count"), Column("cost", "money"),
        Column("agreement"), Column("record"),
    )  # fmt: skip
    return Page("spaces", columns, _uses(view, "space", _space))


def _space(view: View, found: Served, row: Row) -> list[Cell]:
    people = found.demand["people"]
    cost = int(row["cost"]) or None
    return [view.name(found.performer), int(people) if people else None, cost]


def by_service(view: View) -> Page:
    """List by service how many units go where and when, with their sum."""
    columns = (
        Column("service", "long"), Column("giver", "long"), *WHEN, *DEMAND,
        Column("performer", "long"), Column("quantity", "count"), Column("cost", "money"),
        Column("agreement"), Column("record"),
    )  # fmt: skip
    return Page("services", columns, _uses(view, "service", _service, every_session=False))


def _service(view: View, found: Served, row: Row) -> list[Cell]:
    return [view.name(found.performer), int(row["quantity"]), int(row["cost"]) or None]


def by_volunteer(view: View, contacts: Mapping[str, Contact]) -> Page:
    """List by volunteer when and where help is given; by name too where contacts are given."""
    named = (Column("name"), Column("phone")) if contacts else ()
    columns = (
        Column("volunteer"), *named, Column("actor", "long"), *WHEN, *DEMAND,
        Column("task", "long"), Column("performer", "long"), Column("amount", "money"),
        Column("agreement"), Column("record"),
    )  # fmt: skip
    rows = _uses(view, "volunteer", _volunteer)
    if named:
        rows = [[row[0], *_person(contacts, str(row[0])), *row[1:]] for row in rows]
    return Page("volunteers", columns, rows)


def _person(contacts: Mapping[str, Contact], identifier: str) -> list[Cell]:
    person = contacts.get(identifier)
    return [person.name, person.phone] if person else ["", ""]


def _volunteer(view: View, found: Served, row: Row) -> list[Cell]:
    task, performer = view.name(row["need"]), view.name(found.performer)
    return [task, performer, int(row["cost"]) or None]


def _uses(view: View, kind: str, tell: Tell, *, every_session: bool = True) -> list[list[Cell]]:
    """Give the uses of one kind of resource by its id and time."""
    rows: list[tuple[tuple[str, tuple[datetime, ...], str], list[Cell]]] = []
    for found in served_demands(view.run):
        for row in found.used(kind):
            name = row["resource"] if kind == "volunteer" else view.name(row["resource"])
            sessions = found.sessions if every_session else found.sessions[:1]
            for session in sessions or (None,):
                cells: list[Cell] = [name, view.name(row["giver"]), *_when(view, session)]
                cells += [*_demand(view, found.demand), *tell(view, found, row)]
                key = (row["resource"], session or (), found.id)
                rows.append((key, [*cells, row["agreement"], row["record"]]))
    return [row for _, row in sorted(rows, key=lambda entry: entry[0])]
