"""What stands in the places of letters: office, addressee, times, reasons (S17.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from . import reasons
from .names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..reading import Line
    from .source import Record, Source

Values = dict[str, "str | tuple[str, ...]"]
Moments = tuple[str, str]
ANYTHING = "\x00"
"""Stands for words from contacts, which are no part of a run."""
SAID_TOGETHER = ("at_prices", "tie_draw")


@dataclass(frozen=True)
class Contacts:
    """Names joined when a letter was printed: known ones, or the guess that there were some."""

    known: Mapping[str, tuple[str, str, str]] | None = None
    person: bool = False
    address: bool = False
    office: bool = False

    def of(self, *identifiers: str) -> tuple[str, str]:
        """Give name and address of the first that is known."""
        if self.known is None:
            return ANYTHING * self.person, ANYTHING * self.address
        name, _, address = next((self.known[i] for i in identifiers if i in self.known), ("",) * 3)
        return name, address

    def reach(self, source: Source, office: str) -> str:
        """Say how to reach the office."""
        if self.known is None:
            return ANYTHING * self.office
        return source.join(part for part in self.known.get(office, ("", "", ""))[1:] if part)


@dataclass
class Desk:
    """One run, the names of its things, and the contacts of those it is written to."""

    source: Source
    contacts: Contacts
    names: dict[str, str]

    @classmethod
    def of(cls, source: Source, contacts: Contacts) -> Desk:
        """Make a desk, its names at hand."""
        return cls(source, contacts, names_of(source))

    def name(self, identifier: str) -> str:
        """Give what an id is called."""
        return self.names.get(identifier, identifier)

    def say(self, form: str, /, **values: object) -> str:
        """Fill a phrase of letters."""
        return self.source.say(f"letter.{form}", values)

    @cached_property
    def sessions(self) -> dict[tuple[str, str], list[Moments]]:
        """Give the moments of each option that has times, in order."""
        found: dict[tuple[str, str], list[Moments]] = {}
        for row in self.source.tables["options"]:
            if row["start"]:
                at = (row["demand_id"], row["option_id"])
                found.setdefault(at, []).append((row["start"], row["end"]))
        return {at: sorted(moments) for at, moments in found.items()}

    def moments(self, demand: str) -> list[Moments]:
        """Give when a served demand takes place."""
        return self.sessions.get((demand, self.source.served[demand][0]["option"]), [])

    @cached_property
    def served(self) -> list[str]:
        """Give the served demands by their first session, then id; those without time first."""
        return sorted(self.source.served, key=lambda d: (_first(self.moments(d)), d))

    @property
    def unserved(self) -> list[Line]:
        """Give the demands that are not served."""
        rows = self.source.tables["demands"]
        return [row for row in rows if row["demand_id"] not in self.source.served]

    def times(self, demand: str) -> tuple[str, ...]:
        """Write every session of a served demand."""
        return tuple(self.time(*pair) for pair in self.moments(demand)) or (self.time("", ""),)

    def time(self, start: str, end: str) -> str:
        """Write when a session is, in local time."""
        if not start:
            return self.source.say("label.any_day")
        a, b = (datetime.fromisoformat(moment[:16]) for moment in (start, end))
        return self.say(
            "time", year=a.year, day=a.day, month=self.source.say(f"letter_month.m{a.month}"),
            weekday=self.source.say(f"weekday.d{a.weekday()}"), start=f"{a:%H:%M}",
            end=f"{b:%H:%M}" if a.date() == b.date() else f"{b:%Y-%m-%d %H:%M}",
        )  # fmt: skip

    def frame(self, name: str, *identifiers: str) -> Values:
        """Give what stands in any letter; `identifiers` are those whose contact it goes to."""
        source, card = self.source, self.source.run["card"]
        title = source.opened.card.get("title", {})
        person, address = self.contacts.of(*identifiers)
        office = self._office()
        return {
            "run_id": str(source.run["run_id"]),
            "root": source.root,
            "card_title": title.get(source.language) or next(iter(title.values()), card["id"]),
            "card_version": str(card["version"]),
            "body": self.names["body"] or source.say("label.the_body"),
            "from": source.opened.package["horizon"]["start"],
            "until": source.opened.package["horizon"]["end"],
            "office": self.name(office) if office else self.say("the_office"),
            "office_contact": self.contacts.reach(source, office),
            "addressee": self.say("addressee", name=name, person=person) if person else name,
            "address": address,
        }

    def _office(self) -> str:
        actors = self.source.tables["actors"]
        offices = (row["actor_id"] for row in actors if row["kind"] == "subdistrict_office")
        return str(self.source.run.get("prepared_by") or min(offices, default=""))

    def why(self, records: list[Record], item: str) -> Values:
        """Give the reasons of records, how sure they are, who may change them, and their ids."""
        if not records:
            return self._no_plan()
        own = [r for r in records if r["code"] != "set_incomplete"] or records
        said = [self._together(code, own, item) for code in self._codes(own)]
        said += [reasons.what(self.source, self.names, r) for r in own if not _together(r)]
        who = [reasons.who(self.source, self.names, r) for r in own]
        nobody = self.source.say("who.need_met")
        sure = ("tie" if r["code"] == "tie_draw" else r["proven"] for r in own)
        return {
            "reasons": tuple(dict.fromkeys(said)),
            "who": _fullest(w for w in who if w != nobody),
            "sure": tuple(dict.fromkeys(self.source.say(f"proven.{kind}") for kind in sure)),
            "records": self.source.join(str(r["record"]) for r in records),
        }

    @staticmethod
    def _codes(records: list[Record]) -> list[str]:
        return list(dict.fromkeys(str(r["code"]) for r in records if _together(r)))

    def _together(self, code: str, records: list[Record], item: str) -> str:
        """Say once the reason that several uses share."""
        alike = [r for r in records if _together(r) and r["code"] == code]
        values = reasons.shown(self.source, self.names, alike[0])
        named = dict.fromkeys(self.name(str(r["about"][item])) for r in alike)
        text = self.source.say(f"reason.{code}.text", values)
        return self.say("group", list=self.source.join(named), reason=text)

    def _no_plan(self) -> Values:
        """Say that there is no plan, and what stands in whose way if that is proven."""
        source, run = self.source, self.source.run
        said = [source.say("label.no_plan")]
        detail = (source.opened.certificate or {}).get("detail", {})
        rows = detail.get("farkas", []) if run["termination"] == "infeasible" else []
        if rows:
            clauses = dict.fromkeys(key[0] for key, _ in rows if key[0] in source.clauses)
            told = [self._clause(clause) for clause in clauses]
            listed = source.join(told, "label.list_comma") or source.say("label.conflict_law")
            said.append(source.say("label.conflict_line", list=listed))
        ended = str(run["termination"])
        if ended == "optimal" and not run["all_certified"]:
            cut = run.get("proof") in ("limit", "cancelled")
            ended = f"optimal_{run['proof']}" if cut else "optimal_open"
        return {"reasons": tuple(said), "sure": (source.say(f"termination.{ended}"),),
                "who": (self.say("no_plan_who"),), "records": str(run["run_id"])}  # fmt: skip

    def _clause(self, clause: str) -> str:
        set_by = self.source.clauses[clause].get("owner", "")
        owner = self.names.get(set_by, set_by) or self.source.say("label.no_owner")
        return self.source.say("label.conflict_clause", id=clause, owner=owner)


def _first(moments: list[Moments]) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(a[:16]), datetime.fromisoformat(b[:16])) for a, b in moments[:1]
    ]


def _together(record: Record) -> bool:
    return record["type"] == "assignment" and record["code"] in SAID_TOGETHER


def _fullest(texts: Iterable[str]) -> tuple[str, ...]:
    """Leave out a sentence that another begins with: the longer says it too."""
    found = list(dict.fromkeys(texts))
    return tuple(
        text for text in found
        if not any(other != text and other.startswith(text.rstrip(".。")) for other in found)
    )  # fmt: skip
