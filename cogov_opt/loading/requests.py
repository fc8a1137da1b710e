"""
The table `requests`: one row per activity, expanded at load to demands, options and needs.

Rules (cells are those of data.md 1; a code may be typed by a label wherever the check reads one):

- `demand_id` left blank is `R-` and the number of the row. `actor` and `performer` are ids, or
  names that one actor only has. `remark` and unknown columns are kept with the demand, unused.
- `date` holds dates, days of the year (`9月28日`, within the period) or weekdays (`mon;wed`,
  `一;三`, `周一至周五`): all of them are held, as sessions of option `a`; a weekday is every such
  day of the period. `start` and `end` are the times on each day (`09:00-11:00` may stand in
  `start` alone); without them the whole day. Without date and times the activity has no option
  rows. `alternatives` separated by `;` are options `b`, `c` ...; what one leaves out, days or
  times, is as in option `a`; days joined by `+` are all held.
- `volunteers` `3*tutoring:1;1*first_aid`: a need each; `+` joins what one person must have.
  `service` `60*hot_meal`: a need each. `space` `dining;seats:60`: one booking that meets it all,
  one more for each further line. A quantity left out is 1.
- `money` `food;materials:300`: a fund need each. With an amount it buys so much outside the plan;
  without one it pays for what the plan uses: those needs of the activity of whose kind some
  resource of the dataset has a cost. `venue(space)` says what it pays for. The one item without
  an amount, or else the one item there is, pays for all that is not said; several without an
  amount must say it. A need nobody pays for is left so, and `unpaid_cost` tells (data.md 3).
- `minimum`: `80%` of every volunteer and service need, rounded up; a number of the one service
  (else of the one volunteer need); `service:40;volunteers:2` by kind or code. Blank is all.

A dataset has requests, or demands, options and needs; rows of both are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cogov_opt.domain import labels
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.errors import Issue, Where
from cogov_opt.loading import requests_items as typed
from cogov_opt.loading.requests_actors import make_actors, share, tidy
from cogov_opt.loading.requests_money import place_money
from cogov_opt.loading.requests_places import Rows, place_of
from cogov_opt.loading.requests_times import (
    Span,
    TimeError,
    horizon_of,
    read_alternatives,
    read_clock,
    read_days,
    read_span,
)  # fmt: skip

if TYPE_CHECKING:
    from datetime import date

    from cogov_opt.domain.loaded import Table, Tables

TABLE = "requests"
MADE = ("demands", "options", "needs")
_DEMANDS = {"actor_id": "actor", "performer_id": "performer", "area": "place"}
_SAME = ("title", "group", "people", "purpose", "priority")
_COSTS = {"volunteer": "cost_per_slot", "space": "cost_per_hour", "service": "cost_per_unit"}


def expand(tables: Tables) -> Tables:
    """Expand `requests`, if the dataset has it, and `shared = yes`."""
    notes = list(tables.notes)
    found = dict(tables.tables)
    table = found.get(TABLE)
    if table is not None and len(table):
        table = _named(table)
        if "actors" not in found or not len(found["actors"]):
            found["actors"] = make_actors({**found, TABLE: table}, notes)
        both = [n for n in MADE if n in found and len(found[n])]
        for name in both:
            place = place_of(found[name].source, 0, None)
            notes.append(Issue("requests_and_tables", place, {"table": name}))
        if not both:
            found |= _Expansion(table, tables.package, found, notes).tables()
    elif table is not None and not any(len(found[n]) for n in MADE if n in found):
        place = Where(table.source.file, table.source.sheet)
        notes.append(Issue("no_rows", place, {"table": TABLE}))
    found.pop(TABLE, None)
    agreements = share(tables.package, found, notes)
    if agreements is not None:
        found["agreements"] = agreements
    return replace(tables, tables=found, notes=tuple(notes))


def _named(table: Table) -> Table:
    """Give the columns their ids, whatever a file called them."""
    columns: dict[str, TextColumn] = {}
    unknown: dict[str, TextColumn] = {}
    for title, column in {**table.columns, **table.unknown}.items():
        name = labels.find(TABLE, title)
        (columns if name else unknown)[name or title] = column
    return replace(table, columns=columns, unknown=unknown)


class _Expansion:
    """One table of requests being expanded."""

    def __init__(
        self, table: Table, package: Mapping[str, Any], tables: Mapping[str, Table],
        notes: list[Issue],
    ) -> None:  # fmt: skip
        self.table, self.notes = table, notes
        self.horizon: list[date] = horizon_of(package)
        self.actors = _actors(tables["actors"])
        self.costly = frozenset(k for k in _COSTS if _has_cost(tables, k))
        self.cells = {n: _stripped(c) for n, c in table.columns.items()}
        self.others = {n: c.cells() for n, c in table.unknown.items()}
        self.demands = Rows("demands", _DEMANDS, table.source)
        self.options = Rows("options", None, table.source)
        self.needs = Rows("needs", {"minimum": "minimum", "pays_for": "money"}, table.source)
        self._read: dict[tuple[Any, ...], Any] = {}

    def days(self, text: str) -> tuple[str, ...]:
        """Read dates and weekdays within the period."""
        return read_days(text, self.horizon)

    def once(self, read: Callable[..., Any], *given: Any) -> Any:
        """Read a cell, each text once: the same cells come again and again."""
        key = (read.__name__, *given)
        if key not in self._read:
            self._read[key] = read(*given)
        return self._read[key]

    def tables(self) -> dict[str, Table]:
        """Expand every row."""
        for row in range(len(self.table)):
            _Activity(self, row).expand()
        extra = ("remark", *self.others)
        return {
            "demands": self.demands.table(extra),
            "options": self.options.table(),
            "needs": self.needs.table(),
        }


class _Activity:
    """One row of requests."""

    def __init__(self, whole: _Expansion, row: int) -> None:
        self.whole, self.row = whole, row
        self.source = whole.table.source
        self.id = tidy(self.cell("demand_id")) or f"R-{self.source.row_number(row):03d}"
        self.asked: list[tuple[str, typed.Item, str]] = []

    def cell(self, column: str) -> str:
        """Give the text of a cell, blank where there is none."""
        cells = self.whole.cells.get(column)
        return cells[self.row] if cells is not None else ""

    def tell(
        self, column: str, code: str, values: Mapping[str, Any], severity: str = "error"
    ) -> None:
        """Note an issue of a typed cell."""
        place = place_of(self.source, self.row, column)
        self.whole.notes.append(Issue(code, place, values, severity))

    def expand(self) -> None:
        """Make the demand, its options and its needs."""
        cells = {name: self.cell(name) for name in _SAME}
        others = {n: c[self.row] for n, c in self.whole.others.items()}
        remark = self.cell("remark")
        self.whole.demands.add(
            (self.source, self.row, None), demand_id=self.id, actor_id=self._actor("actor"),
            performer_id=self._actor("performer"), area=self.cell("place"), **cells, **others,
            **({"remark": remark} if remark else {}),
        )  # fmt: skip
        self._make_options()
        self._make_needs()

    def _actor(self, column: str) -> str:
        """Give the id of the actor named."""
        name = self.cell(column)
        found = self.whole.actors.get(tidy(name), name)
        if found != name and tidy(name) != found:
            self.tell(column, "read_as", {"read": name, "used": found}, "repair")
        return found

    def _make_options(self) -> None:
        """Make a row for each session of each option."""
        try:
            usual = self._usual()
        except TimeError as error:
            self.tell(self._failed, error.code, error.values)
            return
        spans = [("a", usual, "date" if not usual.start else None)] if usual.days else []
        try:
            others = read_alternatives(self.cell("alternatives"), usual, self.whole.horizon)
        except TimeError as error:
            self.tell("alternatives", error.code, error.values)
            others = []
        spans += [(_letter(k), s, "alternatives") for k, s in enumerate(others, len(spans))]
        for letter, span, column in spans:
            for start, end in span.sessions():
                origin = (self.source, self.row, column)
                self.whole.options.add(
                    origin, demand_id=self.id, option_id=letter, start=start, end=end
                )

    _failed = "date"

    def _usual(self) -> Span:
        """Read date, start and end."""
        start, end, days = (self.cell(c) for c in ("start", "end", "date"))
        self._failed = "start"
        span = self.whole.once(read_span, start) if start and not end else None
        if span:
            days, start, end = days or span[0], span[1], span[2]
        if bool(start) != bool(end):
            self._failed = "end" if start else "start"
            raise TimeError("request_no_end")
        if start and not span:
            start = self._clock("start", start)
            end = self._clock("end", end)
        self._failed = "date"
        if not days:
            if start and not self.cell("alternatives"):
                raise TimeError("request_no_date")
            return Span((), start, end)
        found: tuple[str, ...] = self.whole.once(self.whole.days, days)
        if "月" in days and "年" not in days:
            self.tell("date", "read_as", {"read": days, "used": ";".join(found)}, "repair")
        return Span(found, start, end)

    def _clock(self, column: str, text: str) -> str:
        """Read a time of day, and say so where it was written in another way."""
        self._failed = column
        used: str = self.whole.once(read_clock, text)
        if used not in (text, f"0{text}"):
            self.tell(column, "read_as", {"read": text, "used": used}, "repair")
        return used

    def _make_needs(self) -> None:
        """Make a row for each volunteer, service, space and fund need."""
        self._ask("volunteers", "volunteer", typed.read_people)
        self._ask("service", "service", typed.read_services)
        self._ask("space", "space", typed.read_spaces)
        least = self._minima()
        kinds = []
        for k, (kind, item, column) in enumerate(self.asked):
            need = f"{self.id}.{k + 1}"
            kinds.append((need, kind))
            self.whole.needs.add(
                (self.source, self.row, column), need_id=need, demand_id=self.id, kind=kind,
                quantity=item.quantity, minimum=least.get(k, ""), requires=item.requires,
                cost_type="", pays_for="",
            )  # fmt: skip
        self._pay(kinds)

    def _ask(self, column: str, kind: str, read: Callable[[str], list[typed.Item]]) -> None:
        """Read the items of one cell."""
        try:
            self.asked += [
                (kind, item, column) for item in self.whole.once(read, self.cell(column))
            ]
        except typed.ItemError as error:
            self.tell(column, error.code, error.values)
            # A need of nothing, so that the activity is not also told to have no needs.
            self.asked.append(("fund", typed.Item("0", "", ""), column))

    def _minima(self) -> dict[int, str]:
        """Read the least the activity can do with."""
        if not self.cell("minimum"):
            return {}
        counted = tuple(
            (kind, int(item.quantity), item.requires)
            for kind, item, _ in self.asked
            if kind in ("volunteer", "service") and len(item.quantity) < 12
        )
        try:
            found: dict[int, str] = self.whole.once(typed.minima, self.cell("minimum"), counted)
        except typed.ItemError as error:
            self.tell("minimum", error.code, error.values)
            return {}
        return found

    def _pay(self, kinds: list[tuple[str, str]]) -> None:
        """Make the fund needs."""
        if not self.cell("money"):
            return
        try:
            items = self.whole.once(typed.read_money, self.cell("money"))
            paid = place_money(items, kinds, self.whole.costly)
        except typed.ItemError as error:
            self.tell("money", error.code, error.values)
            return
        for item, pays in paid:
            if not item.amount and not pays:
                self.tell("money", "request_money_idle", {"read": item.typed}, "warning")
                continue
            self.whole.needs.add(
                (self.source, self.row, "money"), demand_id=self.id, kind="fund",
                need_id=f"{self.id}.{len(kinds) + 1}", quantity=item.amount or "0",
                cost_type=item.cost_type, pays_for=";".join(pays),
            )  # fmt: skip
            kinds.append(("", "fund"))


def _stripped(column: TextColumn) -> list[str]:
    """Give the cells of a column without the spaces around them."""
    return TextColumn(column.codes, tuple(v.strip() for v in column.values)).cells()


def _letter(number: int) -> str:
    """Give the name of an option: a, b ... z, then o27 ..."""
    return chr(ord("a") + number) if number < 26 else f"o{number + 1}"


def _actors(table: Table) -> dict[str, str]:
    """Give the id of each actor by its id and, where only one has it, by its name."""
    ids = table.columns["actor_id"].cells() if "actor_id" in table.columns else []
    names = table.columns["name"].cells() if "name" in table.columns else []
    found: dict[str, str] = {}
    for actor, name in zip(ids, names, strict=False):
        found[tidy(name)] = "" if tidy(name) in found else tidy(actor)
    return {k: v for k, v in found.items() if k and v} | {tidy(i): tidy(i) for i in ids if tidy(i)}


def _has_cost(tables: Mapping[str, Table], kind: str) -> bool:
    """Tell whether some resource of a kind has a cost."""
    table = tables.get(f"{kind}s")
    column = table.columns.get(_COSTS[kind]) if table is not None else None
    return column is not None and any(v.strip(" 0.") for v in column.values)
