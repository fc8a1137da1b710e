"""When each volunteer, space and service is used, and for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.explaining.names import one_language
from cogov_opt.reporting.overview.parts import Booking, DemandAccount, Named, Timetable
from cogov_opt.reporting.overview.reasons import Reasons
from cogov_opt.reporting.view import View

Row = Mapping[str, str]
NOTED = ("space",)
"""Kinds whose reference is a name people know them by."""


def timetables(
    view: View, demands: Mapping[str, DemandAccount], reasons: Reasons
) -> tuple[Timetable, ...]:
    """Give the timetable of each resource in use but funds, by kind and id."""
    used: dict[str, list[Row]] = {}
    for row in view.run.allocation:
        if row["kind"] and row["kind"] != "fund":
            used.setdefault(row["resource"], []).append(row)
    found = []
    for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True):
        for identifier, row in view.run.by_id(table).items():
            if kind != "fund" and identifier in used:
                bookings = [
                    b for use in used[identifier] for b in _bookings(view, demands, reasons, use)
                ]
                found.append(_timetable(view, kind, row, bookings))
    return tuple(found)


def _timetable(view: View, kind: str, row: Row, bookings: list[Booking]) -> Timetable:
    identifier = row[f"{kind}_id"]
    note = row.get("reference", "") if kind in NOTED else ""
    return Timetable(
        resource=Named(identifier, view.name(identifier)),
        kind=kind,
        giver=Named(row["actor_id"], view.name(row["actor_id"])),
        note=one_language(note, view.language),
        capacity=int(row.get("capacity") or 0),
        bookings=tuple(sorted(bookings, key=_by_time)),
    )


def _bookings(
    view: View, demands: Mapping[str, DemandAccount], reasons: Reasons, row: Row
) -> Iterator[Booking]:
    """Give one booking for each session of a use; one without a time where there is none."""
    demand = demands[row["demand"]]
    for session in demand.sessions or (None,):
        yield Booking(
            demand=demand,
            need=Named(row["need"], view.name(row["need"])),
            session=session,
            quantity=int(row["quantity"]),
            reason=reasons.of(row["record"]),
        )


def _by_time(booking: Booking) -> tuple[bool, str, str, str]:
    start = booking.session.start if booking.session else ""
    return (not start, start, booking.demand.demand.id, booking.need.id)
