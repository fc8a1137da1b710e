"""What was decided for each demand, as every handout reads it: when, with what, paid by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cogov_opt.recording import Run

Row = Mapping[str, str]
Session = tuple[datetime, datetime]


@dataclass(frozen=True)
class Served:
    """One demand that is served: its own row, its sessions in local time, and its rows."""

    demand: Row
    option: str
    sessions: tuple[Session, ...]
    """Start and end of each session, without offset; none where the demand has no time."""
    moments: tuple[tuple[str, str], ...]
    """The same as canonical moments, with their offset."""
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """Give the id of the demand."""
        return self.demand["demand_id"]

    @property
    def performer(self) -> str:
        """Give who carries it out."""
        return self.demand["performer_id"] or self.demand["actor_id"]

    def used(self, kind: str) -> list[Row]:
        """Give the rows of one kind of resource."""
        return [row for row in self.rows if row["kind"] == kind]

    @property
    def money(self) -> int:
        """Give all money it gets, own money included, in minor units."""
        return sum(int(row["quantity"]) for row in self.used("fund"))


def local(moment: str) -> datetime:
    """Read a canonical moment as local time, without its offset."""
    return datetime.fromisoformat(moment[:16])


def served_demands(run: Run) -> list[Served]:
    """Give the demands that are served, by the start of their first session, then id."""
    rows: dict[str, list[Row]] = {}
    for row in run.allocation:
        rows.setdefault(row["demand"], []).append(row)
    sessions: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in run.table("options"):
        if row["start"]:
            at = (row["demand_id"], row["option_id"])
            sessions.setdefault(at, []).append((row["start"], row["end"]))
    found = []
    for identifier, own in rows.items():
        option = own[0]["option"]
        moments = tuple(sorted(sessions.get((identifier, option), ())))
        times = tuple((local(a), local(b)) for a, b in moments)
        demand = run.by_id("demands")[identifier]
        found.append(Served(demand, option, times, moments, tuple(own)))
    return sorted(found, key=lambda s: (s.sessions[:1], s.id))


def unserved_demands(run: Run) -> list[Row]:
    """Give the demands that are not served, in the order of their ids."""
    taken = {row["demand"] for row in run.allocation}
    return [row for row in run.table("demands") if row["demand_id"] not in taken]


def main_reason(run: Run, demand: str) -> dict[str, Any] | None:
    """Give the record that says why a demand is not served: no need that merely goes with it."""
    rows = [row for row in run.unmet if row["demand"] == demand]
    records = [run.records[row["record"]] for row in rows]
    own = [record for record in records if record["code"] != "set_incomplete"]
    return next(iter(own or records), None)
