"""What a template is given: words, numbers and anchors of one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from shlex import quote

from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.measuring import Share
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.outcome import CUT_SHORT, procedure_texts, result_facts
from cogov_opt.reporting.overview.parts import (
    ClauseAccount,
    DemandAccount,
    NeedAccount,
    ShareRow,
    Timetable,
    Unused,
)  # fmt: skip
from cogov_opt.reporting.page.noting import notes
from cogov_opt.reporting.page.weeks import Week, weeks
from cogov_opt.reporting.page.words import Words

SHOWN = 16
"""Digits of the root on every page."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures at the head of a page; money in minor units, own money left out."""

    people: Share
    attendances: int
    free: int
    given: int
    volunteers: int
    called: int


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What takes place on one day, or on the day with the most of each."""

    day: str
    demands: int
    people: int
    volunteers: int
    most: DayTotals | None = None


SECTIONS = (
    "short", "conflict", "sure", "shares", "days", "refused", "money", "spaces", "volunteers",
    "services", "clauses", "unused", "check",
)  # fmt: skip


@dataclass(frozen=True)
class Writer(Words):
    """The overview of a run, with what a template needs to write it."""

    contacts: Mapping[str, Contact]

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Give what came out and how, as names and values."""
        return result_facts(self.overview.view)

    @cached_property
    def procedure(self) -> list[str]:
        """Say what a procedure claims; nothing of an optimised run."""
        return [] if self.overview.goals else procedure_texts(self.overview.view)

    @cached_property
    def notes(self) -> list[tuple[str, str]]:
        """Give what whoever signs a plan should look at, with the section that says more."""
        if not self.overview.view.run.has_plan:
            return []
        return [note for note in notes(self) if note[0] in self.sections]

    @property
    def seal(self) -> str:
        """Name the run and the first digits of its root."""
        run = self.overview.view.run
        return self.say("report.seal", run=run.run_id, root=run.root[:SHOWN])

    @property
    def period(self) -> str:
        """Say for which days the plan is made; nothing where the data names none."""
        horizon = self.overview.view.run.package.get("horizon") or {}
        if not horizon.get("start") or not horizon.get("end"):
            return ""
        last = date.fromisoformat(horizon["end"]).toordinal() - 1
        end = date.fromordinal(last).isoformat()
        return self.say("report.period", start=self.date(horizon["start"]), end=self.date(end))

    @property
    def sure(self) -> str:
        """Say in a sentence how far the goals are proven."""
        goals, header = self.overview.goals, self.overview.view.run.header
        proven = sum(1 for goal in goals if goal.optimal)
        if not goals:
            return ""
        if proven == len(goals):
            return self.text("sure_all")
        if header["termination"] != "optimal":
            return self.text("sure_stopped")
        name = "sure_some" if proven else "sure_none"
        told = self.text(name, proven=proven, goals=len(goals))
        proof = header.get("proof", "")
        return self.joint(told, self.text(f"proof_{proof}")) if proof in CUT_SHORT else told

    @cached_property
    def totals(self) -> Totals:
        """Add up the whole plan."""
        found, demands = self.overview, self.overview.demands.values()
        funds = [f for f in found.funds if f.fund.id]
        return Totals(
            people=Share(sum(d.people for d in demands), sum(d.reached for d in demands)),
            attendances=sum(d.attendances for d in demands),
            free=sum(f.free for f in funds),
            given=sum(f.given for f in funds),
            volunteers=len(found.view.run.table("volunteers")),
            called=len(self.of("volunteer")),
        )

    def title(self, section: str) -> str:
        """Give the heading of a section; without days, none is day by day."""
        timeless = section == "days" and not any(day for day, _ in self.by_day)
        return self.say(f"report_heading.{'untimed' if timeless else section}")

    @property
    def repeated(self) -> bool:
        """Tell whether people are reached more than once: attendances are then another figure."""
        return self.totals.attendances != self.totals.people.given

    @property
    def share_tables(self) -> list[tuple[str, str, tuple[ShareRow, ...]]]:
        """Give the tables of who got what: those by which demands differ at all."""
        found = self.overview
        tables = (
            ("groups", "group", found.groups),
            ("areas", "area", found.areas),
            ("applicants", "applicant", found.applicants),
        )
        return [table for table in tables if len(table[2]) > 1 or table[0] == "applicants"]

    @property
    def partly(self) -> list[tuple[DemandAccount, NeedAccount]]:
        """Give the needs of served demands that get less than they ask."""
        return [(d, n) for d in self.overview.served for n in d.needs if n.reason]

    @property
    def clause_groups(self) -> list[tuple[str, list[ClauseAccount]]]:
        """Give the clauses that counted, then those that did not."""
        clauses = self.overview.clauses
        parts = (
            ("counted", [c for c in clauses if c.counted]),
            ("others", [c for c in clauses if not c.counted]),
        )
        return [part for part in parts if part[1]]

    @property
    def unused(self) -> list[tuple[str, list[tuple[str, list[Unused]]]]]:
        """Give the resources nobody uses, by kind, and in each by reason, the most first."""
        found: dict[str, dict[str, list[Unused]]] = {}
        for one in self.overview.unused:
            found.setdefault(one.kind, {}).setdefault(one.reason.code, []).append(one)
        told = {
            kind: [
                (self.say(f"group_unused.{code}", count=self.number(len(of))), of)
                for code, of in sorted(codes.items(), key=lambda item: -len(item[1]))
            ]
            for kind, codes in found.items()
        }
        return [(kind, told[kind]) for kind in RESOURCE_KINDS if kind in told]

    @cached_property
    def by_day(self) -> list[tuple[str, list[DemandAccount]]]:
        """Give the served demands by the day of their first session; the last may have none."""
        grouped = groupby(
            self.overview.served, key=lambda d: d.sessions[0].day if d.sessions else ""
        )
        return [(day, list(found)) for day, found in grouped]

    @cached_property
    def glance(self) -> list[DayTotals]:
        """Add up each day: activities that begin on it, people reached, volunteers called on."""
        called: dict[str, set[str]] = {}
        for table in self.of("volunteer"):
            for booking in table.bookings:
                day = booking.session.day if booking.session else ""
                called.setdefault(day, set()).add(table.resource.id)
        found = [
            DayTotals(day, len(of), sum(d.reached for d in of), len(called.get(day, ())))
            for day, of in self.by_day
        ]
        numbers = [(d.demands, d.people, d.volunteers) for d in found]
        most = DayTotals("", *map(max, zip(*numbers, strict=True))) if found else None
        return [replace(day, most=most) for day in found]

    def of(self, kind: str) -> list[Timetable]:
        """Give the timetables of one kind of resource."""
        return [t for t in self.overview.timetables if t.kind == kind]

    def weeks(self, kind: str) -> tuple[Week, ...]:
        """Lay the timetables of one kind out by week."""
        horizon = self.overview.view.run.package.get("horizon") or {}
        return weeks(self.of(kind), horizon.get("start", ""), horizon.get("end", ""))

    @property
    def checking(self) -> list[tuple[str, str]]:
        """Give what an auditor compares: digests, dates, what was replaced and repaired."""
        run = self.overview.view.run
        header, made = run.header, run.provenance
        lines = run.files["checkpoint"].decode("utf-8", "replace").splitlines()
        repairs = run.files["inputs/repairs.jsonl"].count(b"\n")
        outside = self.text("check_outside")
        told = f"cogov_opt {made.get('cogov_opt', '?')}, {made.get('recorded_at', '?')} {outside}"
        found = [
            ("id", run.run_id),
            ("root_name", run.root),
            ("signed", self.text("check_signed_yes" if len(lines) > 3 else "check_signed_no")),
            ("card", header["card"]["digest"]),
            ("replaces", header["supersedes"]),
            ("data", header["data_as_of"]),
            ("by", header["prepared_by"]),
            ("repairs", self.text("check_repaired", count=self.number(repairs))),
            ("made", told if made else ""),
        ]
        return [(self.text(f"check_{name}"), str(value)) for name, value in found if value]

    @property
    def command(self) -> str:
        """Write the command that checks the run against the root of the page."""
        run = self.overview.view.run
        return f"cogov verify {quote(run.path.name) if run.path else 'RUN'} --root {run.root}"

    @property
    def sections(self) -> list[str]:
        """Give the sections that have something to say, in order."""
        found = self.overview
        full = {
            "conflict": bool(found.conflict),
            "sure": bool(found.goals) and found.view.run.has_plan,
            "shares": bool(found.served),
            "days": bool(found.served),
            "money": bool(found.funds and found.served),
            "spaces": bool(self.of("space")),
            "volunteers": bool(self.of("volunteer")),
            "services": bool(self.of("service")),
            "unused": bool(found.unused),
        }
        return [name for name in SECTIONS if full.get(name, True)]

    @cached_property
    def _anchors(self) -> dict[str, str]:
        return {d: f"d{i}" for i, d in enumerate(self.overview.demands, start=1)}

    def anchor(self, demand: str) -> str:
        """Give the anchor of a demand: ids are typed by people, anchors are not."""
        return self._anchors[demand]
