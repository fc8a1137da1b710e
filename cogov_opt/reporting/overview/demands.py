"""Every demand of a run: what it asked, whether it is served, what each need gets and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.errors import RecordError
from cogov_opt.explaining.answers import line_text
from cogov_opt.explaining.names import code_words, one_language
from cogov_opt.explaining.subjects import row_line
from cogov_opt.measuring import people_reached
from cogov_opt.reporting.decided import gets
from cogov_opt.reporting.overview.parts import (
    DemandAccount,
    Named,
    NeedAccount,
    Reason,
    Session,
    Use,
)  # fmt: skip
from cogov_opt.reporting.overview.reasons import Reasons
from cogov_opt.reporting.refused import main_reason
from cogov_opt.reporting.view import View
from cogov_opt.reporting.worth import UNSTATED_PRIORITY, points

Row = Mapping[str, str]


@dataclass(frozen=True)
class _Rows:
    """The rows of a run by demand."""

    options: Mapping[str, Sequence[Row]]
    needs: Mapping[str, Sequence[Row]]
    given: Mapping[str, Sequence[Row]]
    unmet: Mapping[str, Row]
    """By need."""
    words: Mapping[str, str]
    worth: Mapping[str, int]
    reached: Mapping[str, int]
    called: Mapping[str, str]
    """What resources that are no persons are called where people look for them."""


def accounts(view: View, reasons: Reasons) -> dict[str, DemandAccount]:
    """
    Give the account of every demand by its id.

    Raises
    ------
    RecordError
        The plan decides about a demand that the inputs do not have.
    """
    run = view.run
    strange = {r["demand"] for r in (*run.allocation, *run.unmet)} - run.by_id("demands").keys()
    if strange:
        raise RecordError(
            f"{run.path or 'the run'}: {min(strange)} stands in the plan, not in inputs/demands.csv"
        )
    rows = _Rows(
        options=_by_demand(run.table("options"), "demand_id"),
        needs=_by_demand(run.table("needs"), "demand_id"),
        given=_by_demand(run.allocation, "demand"),
        unmet={row["need"]: row for row in run.unmet},
        words=code_words(run, view.language),
        worth=points(run, view.card),
        reached=reached(view),
        called=_called(view),
    )
    return {r["demand_id"]: _account(view, reasons, rows, r) for r in run.table("demands")}


def by_time(demand: DemandAccount) -> tuple[bool, str, str]:
    """Give the key that puts demands in order of time."""
    start = demand.sessions[0].start if demand.sessions else ""
    return (not start, start, demand.demand.id)


def reached(view: View) -> dict[str, int]:
    """Give the people that each demand reaches (S8.3)."""
    run = view.run
    ids = [row["demand_id"] for row in run.table("demands")]
    place = {identifier: i for i, identifier in enumerate(ids)}
    services = [row for row in run.table("needs") if row["kind"] == "service"]
    short = {row["need"]: int(row["short"]) for row in run.unmet}
    asked = [int(row["quantity"]) for row in services]
    given = [a - short.get(r["need_id"], 0) for a, r in zip(asked, services, strict=True)]
    found = people_reached(
        np.array([int(row["people"] or 0) for row in run.table("demands")], dtype=np.int64),
        np.array([identifier in view.served for identifier in ids], dtype=np.bool_),
        np.array([place[row["demand_id"]] for row in services], dtype=np.int64),
        np.array(given, dtype=np.int64),
        np.array(asked, dtype=np.int64),
    )
    return dict(zip(ids, found.tolist(), strict=True))


def _called(view: View) -> dict[str, str]:
    """Call a space by the name people know it by, where it has one; a service by its type."""
    found = {i: view.name(i) for i in view.run.by_id("services")}
    for identifier, row in view.run.by_id("spaces").items():
        note = one_language(row["reference"], view.language)
        named = view.label("with_id", text=note, id=identifier)
        found[identifier] = named if note else view.name(identifier)
    return found


def _by_demand(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _account(view: View, reasons: Reasons, rows: _Rows, row: Row) -> DemandAccount:
    """Give the account of one demand."""
    identifier = row["demand_id"]
    given = rows.given.get(identifier, ())
    options = rows.options.get(identifier, ())
    return DemandAccount(
        demand=Named(identifier, view.name(identifier)),
        title=view.title(identifier) or identifier,
        actor=_named(view, row["actor_id"]),
        performer=_named(view, row["performer_id"] or row["actor_id"]),
        group=_coded(rows, row["group"]),
        area=_coded(rows, row["area"]),
        priority=int(row["priority"] or UNSTATED_PRIORITY),
        points=rows.worth[identifier],
        people=int(row["people"] or 0),
        reached=rows.reached[identifier],
        served=bool(given),
        sessions=_sessions(options, given[0]["option"]) if given else (),
        times=_times(view, identifier, options),
        gets=tuple(gets(view, given, rows.called)),
        needs=tuple(_need(view, reasons, rows, n) for n in rows.needs.get(identifier, ())),
        reason=_main(view, reasons, rows, identifier) if not given else None,
    )


def _named(view: View, identifier: str) -> Named:
    return Named(identifier, view.name(identifier))


def _coded(rows: _Rows, code: str) -> Named:
    return Named(code, rows.words.get(code, code))


def _sessions(options: Sequence[Row], option: str) -> tuple[Session, ...]:
    """Give the sessions of the option chosen, in order."""
    chosen = (r for r in options if r["option_id"] == option and r["start"])
    return tuple(sorted((Session(r["start"], r["end"]) for r in chosen), key=lambda s: s.start))


def _times(view: View, demand: str, options: Sequence[Row]) -> tuple[str, ...]:
    """Say when a demand could take place, one text an option."""
    ids = dict.fromkeys(row["option_id"] for row in options)
    return tuple(view.name(f"time {demand} {option}") for option in ids)


def _main(view: View, reasons: Reasons, rows: _Rows, demand: str) -> Reason | None:
    """Give the main reason why a demand is not served."""
    needs = (row["need_id"] for row in rows.needs.get(demand, ()))
    unmet = [rows.unmet[need] for need in needs if need in rows.unmet]
    records = [view.run.records[row["record"]] for row in unmet]
    return reasons.of(main_reason(records)["record"]) if records else None


def _need(view: View, reasons: Reasons, rows: _Rows, need: Row) -> NeedAccount:
    """Give what one need asks and gets."""
    identifier, asked = need["need_id"], int(need["quantity"])
    given = rows.given.get(need["demand_id"], ())
    short = rows.unmet.get(identifier)
    return NeedAccount(
        need=_named(view, identifier),
        kind=need["kind"],
        asked=asked,
        given=asked - int(short["short"]) if short else asked if given else 0,
        uses=tuple(_use(view, reasons, row) for row in given if row["need"] == identifier),
        reason=reasons.of(short["record"]) if short else None,
    )


def _use(view: View, reasons: Reasons, row: Row) -> Use:
    """Give one row of the allocation in words."""
    return Use(
        resource=_named(view, row["resource"]),
        giver=_named(view, row["giver"]),
        kind=row["kind"],
        quantity=int(row["quantity"]),
        text=line_text(row_line(row, 0), view.run, view.names, view.language),
        reason=reasons.of(row["record"]),
        buys=view.name(row["buys"]) if row["buys"] else "",
    )
