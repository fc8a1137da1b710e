"""Reads the canonical tables of `inputs/` (convention S2)."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from . import calendar_days, requirements
from .facts import (
    Affinity,
    Agreement,
    Demand,
    Facts,
    FactsError,
    Need,
    Option,
    Resource,
    Row,
    Session,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLES = (
    "actors", "codes", "volunteers", "credentials", "funds", "spaces", "services", "availability",
    "demands", "options", "needs", "affinities", "agreements", "standing", "ballots", "provenance",
)  # fmt: skip
_INTEGER_COLUMNS = """
lat lon max_minutes min_minutes max_slots buffer_minutes cost_per_slot amount committed min_award
max_per_demand step seats cost_per_hour capacity cost_per_unit people priority points position
quantity minimum own_limit points_per_unit use_units distance share_percent
"""
_LIST_COLUMNS = """
skills tags languages purposes cost_types groups areas features serves_areas requires pays_for
"""
INTEGERS = frozenset(_INTEGER_COLUMNS.split())
LISTS = frozenset(_LIST_COLUMNS.split())
RESOURCE_TABLES = (
    ("volunteers", "volunteer"), ("funds", "fund"), ("spaces", "space"), ("services", "service")
)  # fmt: skip
PRICES = {
    "volunteer": "cost_per_slot", "fund": "", "space": "cost_per_hour", "service": "cost_per_unit"
}  # fmt: skip
ALWAYS, NEVER_ENDING = 0, 10**7
DIGITS, LEVELS = 12, 50
LONGEST, YEARS = 3660, range(1970, 2901)
"""How long a number, a chain of parents and a horizon may be (S2.7)."""


def read_tables(
    folder: Path, change: Callable[[dict[str, list[Row]]], None] | None = None
) -> Facts:
    """Give the facts of a folder of canonical tables, their rows changed first if asked."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    horizon = package["horizon"]
    tables = {name: read_rows(folder / f"{name}.csv") for name in TABLES}
    if change is not None:
        change(tables)
    first, after = calendar_days.day_of(horizon["start"]), calendar_days.day_of(horizon["end"])
    if not first < after <= first + LONGEST or int(horizon["start"][:4]) not in YEARS:
        raise FactsError("a horizon that is none, or too long")
    facts = Facts(package, first, after, tables)
    _read_actors(facts)
    _read_codes(facts)
    _read_resources(facts)
    _read_holdings(facts, _Clock(package["start_moment"]))
    _read_demands(facts, _Clock(package["start_moment"]))
    _read_relations(facts)
    return facts


def read_rows(path: Path) -> list[Row]:
    """Give the rows of one table, [] if it does not exist; cells typed by their column."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header, rows = next(lines, []), list(lines)
    if not rows:
        return []
    columns = [
        _typed(column, cells) for column, cells in zip(header, zip(*rows, strict=True), strict=True)
    ]
    return [dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True)]


def _typed(column: str, cells: tuple[str, ...]) -> list[Any]:
    """Read the cells of a column, each text once."""
    read = reader_of(column)
    values = {cell: read(cell) for cell in dict.fromkeys(cells)}
    return [values[cell] for cell in cells]


class _Clock:
    """Turns canonical moments into minutes since the start moment (S3.1), each text once."""

    def __init__(self, start_moment: str) -> None:
        self._zero = calendar_days.epoch_minute(start_moment)
        self._seen: dict[str, int] = {}

    def minute(self, text: str) -> int:
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = calendar_days.epoch_minute(text) - self._zero
        return found


def reader_of(column: str) -> Any:
    """Give what reads a cell of a column: integers, lists, else text; blank is None or ()."""
    if column in INTEGERS:
        return _whole
    if column in LISTS:
        return lambda cell: tuple(cell.split(";")) if cell else ()
    return lambda cell: cell or None


def _whole(cell: str) -> int | None:
    """Read a whole number, no longer than tables may hold (S2.7)."""
    if len(cell) - cell.startswith("-") > DIGITS:
        raise FactsError(f"a number of more than {DIGITS} digits")
    return int(cell) if cell else None


def _read_actors(facts: Facts) -> None:
    parts = {row["space_id"]: row["part_of"] for row in facts.tables["spaces"]}
    for space in parts:
        _climb(space, parts)
    facts.actors = {row["actor_id"]: row for row in facts.tables["actors"]}
    parents = {actor: row.get("parent_id") for actor, row in facts.actors.items()}
    for actor in facts.actors:
        facts.ancestors[actor] = _climb(actor, parents)


def _read_codes(facts: Facts) -> None:
    parents: dict[str, dict[str, str | None]] = {}
    for row in facts.tables["codes"]:
        parents.setdefault(row["vocabulary"], {})[row["code"]] = row.get("parent")
    for vocabulary, tree in parents.items():
        facts.codes[vocabulary] = {code: _climb(code, tree) for code in tree}


def _climb(start: str, parents: dict[str, Any]) -> frozenset[str]:
    """Give all that stands above `start`; a circle ends it."""
    above: set[str] = set()
    at = parents.get(start)
    while at is not None and at not in above:
        above.add(at)
        at = parents.get(at)
        if len(above) > LEVELS:
            raise FactsError(f"{start} stands below more than {LEVELS} others")
    return frozenset(above)


def _read_resources(facts: Facts) -> None:
    for table, kind in RESOURCE_TABLES:
        for row in facts.tables[table]:
            resource = Resource(row[f"{kind}_id"], kind, row["actor_id"], row, _place(row))
            resource.buffer = row.get("buffer_minutes") or 0
            resource.price = row.get(PRICES[kind]) or 0
            _FILL[kind](resource)
            if resource.id in facts.resources:
                raise FactsError(f"two resources are called {resource.id}")
            facts.resources[resource.id] = resource


def _place(row: Row) -> tuple[int, int] | None:
    lat, lon = row.get("lat"), row.get("lon")
    return None if lat is None or lon is None else (lat, lon)


def _fill_volunteer(resource: Resource) -> None:
    row = resource.row
    for text in row.get("skills") or ():
        code, _, level = text.partition(":")
        resource.skills[code] = int(level or 1)
    resource.codes = {"language": frozenset(row["languages"]), "tag": frozenset(row["tags"])}
    resource.open_until = _last(row.get("consent_until"))


def _fill_fund(resource: Resource) -> None:
    row = resource.row
    resource.capacity = row["amount"] - (row.get("committed") or 0)
    resource.restricted = {
        "purpose": row["purposes"], "cost_type": row["cost_types"], "group": row["groups"],
        "area": row["areas"],
    }  # fmt: skip
    resource.open_from, resource.open_until = (
        _first(row.get("spend_from")),
        _last(row.get("spend_until")),
    )


def _fill_space(resource: Resource) -> None:
    kind = resource.row.get("space_kind")
    resource.codes = {
        "space_kind": frozenset([kind] if kind else []),
        "feature": frozenset(resource.row["features"]),
    }


def _fill_service(resource: Resource) -> None:
    row = resource.row
    resource.capacity = row["capacity"]
    resource.codes = {
        "service_type": frozenset([row["service_type"]]), "language": frozenset(row["languages"])
    }  # fmt: skip
    resource.restricted = {"area": row["serves_areas"], "group": row["groups"]}


_FILL = {
    "volunteer": _fill_volunteer, "fund": _fill_fund, "space": _fill_space, "service": _fill_service
}  # fmt: skip


def _first(text: str | None) -> int:
    return calendar_days.day_of(text) if text else ALWAYS


def _last(text: str | None) -> int:
    return calendar_days.day_of(text) if text else NEVER_ENDING


def _read_holdings(facts: Facts, clock: _Clock) -> None:
    """Read credentials and availability into their resources."""
    for row in facts.tables["credentials"]:
        valid = (_first(row["valid_from"]), _last(row["valid_until"]))
        facts.resources[row["volunteer_id"]].credentials.setdefault(row["credential"], []).append(
            valid
        )
    for row in facts.tables.pop("availability"):  # by far the longest table, asked no more
        interval = (clock.minute(row["start"]), clock.minute(row["end"]))
        if interval[0] >= interval[1]:
            raise FactsError(f"{row['resource_id']} is open until before it opens")
        facts.resources[row["resource_id"]].available.append(interval)


def _read_demands(facts: Facts, clock: _Clock) -> None:
    for row in facts.tables["demands"]:
        performer = row.get("performer_id") or row["actor_id"]
        facts.demands[row["demand_id"]] = Demand(
            row["demand_id"], performer, row["people"] or 0, row, _place(row)
        )
    sessions: dict[tuple[str, str], list[Row]] = {}
    for row in facts.tables["options"]:
        sessions.setdefault((row["demand_id"], row["option_id"]), []).append(row)
    for (demand, option), rows in sorted(sessions.items()):
        facts.demands[demand].options[option] = _option(facts, demand, option, rows, clock)
    for item in facts.demands.values():
        if not item.options:
            item.options[""] = _option(facts, item.id, "", [], clock)
    for row in facts.tables["needs"]:
        need = _need(facts, row)
        facts.needs[need.id] = need
        facts.demands[need.demand].needs.append(need)


def _option(facts: Facts, demand: str, option: str, rows: list[Row], clock: _Clock) -> Option:
    """Give an option; without times it counts as one slot on the first day (S3.2, S3.3)."""
    timed = sorted(
        (r for r in rows if r["start"]), key=lambda r: (clock.minute(r["start"]), r["end"])
    )
    sessions = tuple(_session(row["start"], row["end"], clock) for row in timed)
    if any(one.start >= one.end for one in sessions) or any(
        r["end"] for r in rows if not r["start"]
    ):
        raise FactsError(f"option {option} of {demand} ends before it begins")
    if not sessions:
        return Option(demand, option, (), (facts.first_day,), 1, 0)
    last = max(timed, key=lambda r: clock.minute(r["end"]))
    days = tuple(s.day for s in sessions)
    minutes = sum(s.end - s.start for s in sessions)
    return Option(
        demand, option, sessions, days, len(sessions), minutes, timed[0]["start"], last["end"]
    )


def _session(start: str, end: str, clock: _Clock) -> Session:
    last_day = (calendar_days.wall_minute(end) - 1) // calendar_days.DAY_MINUTES
    day = calendar_days.day_of(start)
    return Session(clock.minute(start), clock.minute(end), day, last_day, start[11:16], end[11:16])


def _need(facts: Facts, row: Row) -> Need:
    minimum = row["quantity"] if row.get("minimum") is None else row["minimum"]
    requires = tuple(tuple(item.split("|")) for item in row["requires"])
    return Need(
        row["need_id"], row["demand_id"], row["kind"], row["quantity"], minimum, requires,
        tuple(n for n in row["pays_for"] if n != "none"), row.get("own_limit") or 0,
        row.get("points_per_unit") or 0, row,
        requirements.read_items(facts, row["kind"], requires),
    )  # fmt: skip


def _read_relations(facts: Facts) -> None:
    for row in facts.tables["affinities"]:
        use = row.get("use_units")
        affinity = Affinity(row.get("points") or 0, 1 if use is None else use, row.get("distance"))
        facts.affinities[row["resource_id"], row["demand_id"]] = affinity
    for row in facts.tables["agreements"]:
        facts.agreements[row["agreement_id"]] = Agreement(
            row["agreement_id"], row["giver_id"], row["taker_id"], row.get("kind"),
            row.get("resource_id"), row.get("share_percent"), row.get("quantity"),
            row.get("per") or "horizon", _first(row.get("valid_from")),
            _last(row.get("valid_until")),
        )  # fmt: skip
    for agreement in facts.agreements.values():
        facts.given.setdefault(agreement.giver, []).append(agreement)
    facts.named = frozenset(a.resource for a in facts.agreements.values() if a.resource)
