"""What stands in the places of letters: the run, the office, the reasons of a few records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from cogov_opt.phrases import Language
from cogov_opt.phrases.reasons import reason_what, reason_who, shown_values
from cogov_opt.recording import Run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.letters.templates import Value
from cogov_opt.reporting.outcome import result_facts
from cogov_opt.reporting.served import Served, served_demands
from cogov_opt.reporting.view import View

Record = Mapping[str, Any]
GROUPED = ("at_prices", "tie_draw")
"""Codes whose reason is the same for many uses, and is said once for all of them."""


@dataclass(frozen=True)
class Letter:
    """The form a letter has, and what stands in its places."""

    form: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Desk:
    """The run all letters are about, in one language, with the contacts of those they are for."""

    run: Run
    language: Language
    contacts: Mapping[str, Contact]

    @cached_property
    def view(self) -> View:
        """Give names and phrases."""
        return View(self.run, self.language)

    @cached_property
    def served(self) -> list[Served]:
        """Give the demands that are served."""
        return served_demands(self.run)

    def say(self, form: str, /, **values: object) -> str:
        """Give a phrase of letters."""
        return self.view.say(f"letter.{form}", **values)

    @cached_property
    def office(self) -> str:
        """Give the id of the office that writes: who prepared the run, else a street office."""
        kinds = ((row["actor_id"], row["kind"]) for row in self.run.table("actors"))
        offices = sorted(a for a, kind in kinds if kind == "subdistrict_office")
        return str(self.run.header.get("prepared_by") or next(iter(offices), ""))

    @cached_property
    def frame(self) -> dict[str, Value]:
        """Give what is the same in all letters of a run."""
        view, card = self.view, self.run.header["card"]
        title = view.card.get("title", {})
        horizon = self.run.package["horizon"]
        known = self.contacts.get(self.office)
        reach = (known.phone, known.address) if known else ()
        return {
            "run_id": self.run.run_id,
            "root": self.run.root,
            "card_title": title.get(self.language) or next(iter(title.values()), card["id"]),
            "card_version": str(card["version"]),
            "body": view.names.get("body") or view.label("the_body"),
            "from": horizon["start"],
            "until": horizon["end"],
            "office": view.name(self.office) if self.office else self.say("the_office"),
            "office_contact": view.label("list").join(filter(None, reach)),
        }

    def to(self, identifier: str, name: str) -> dict[str, Value]:
        """Give whom a letter is for; by name where the contacts have one."""
        known = self.contacts.get(identifier)
        person = known.name if known else ""
        told = self.say("addressee", name=name, person=person) if person else name
        return {"addressee": told, "address": known.address if known else ""}

    def time(self, session: tuple[datetime, datetime] | None) -> str:
        """Write when a session is."""
        if session is None:
            return self.view.label("any_day")
        start, end = session
        until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
        weekday = self.view.say(f"weekday.d{start.weekday()}")
        month = self.view.say(f"letter_month.m{start.month}")
        parts = {"year": start.year, "month": month, "day": start.day, "weekday": weekday}
        return self.say("time", **parts, start=f"{start:%H:%M}", end=until)

    def reasons(self, records: Sequence[Record], item: str) -> dict[str, Value]:
        """
        Give why, how sure, who may change it, and the numbers of some records.

        `item` is what uses with one reason are listed by: `resource` or `demand`. Needs that
        merely go with one that fails are left out, and each sentence stands once.
        """
        if not records:
            return self._without_plan()
        own = [r for r in records if r["code"] != "set_incomplete"] or list(records)
        names = dict(self.view.names)
        currency = str(self.run.package["currency"])
        why = [self._grouped(group, item) for group in self._alike(own)]
        why += [reason_what(r, names, currency, self.language) for r in own if not _is_grouped(r)]
        who = (reason_who(r, names, currency, self.language) for r in own)
        kinds = ("tie" if r["code"] == "tie_draw" else r["proven"] for r in own)
        return {
            "reasons": _once(why),
            "who": _longest(w for w in who if w != self.view.say("who.need_met")),
            "sure": _once(self.view.say(f"proven.{kind}") for kind in kinds),
            "records": self.view.label("list").join(str(r["record"]) for r in records),
        }

    def _without_plan(self) -> dict[str, Value]:
        """Give why nothing was decided: what stands in each other's way, if it is known."""
        found = dict(result_facts(self.view))
        conflict = found.get(self.view.label("conflict"))
        ended = found[self.view.label("ended")]
        why = (self.view.label("no_plan"), conflict) if conflict else (self.view.label("no_plan"),)
        told = self.say("no_plan_who")
        return {"reasons": why, "sure": (ended,), "who": (told,), "records": self.run.run_id}

    def _alike(self, records: Iterable[Record]) -> list[list[Record]]:
        """Put uses with the same reason together."""
        found: dict[str, list[Record]] = {}
        for record in records:
            if _is_grouped(record):
                found.setdefault(str(record["code"]), []).append(record)
        return list(found.values())

    def _grouped(self, records: list[Record], item: str) -> str:
        """Say the reason that several uses share, once."""
        first = records[0]
        values = shown_values(first, self.view.names, self.view.currency, self.language)
        text = self.view.say(f"reason.{first['code']}.text", **values)
        listed = dict.fromkeys(self.view.name(str(r["about"][item])) for r in records)
        return self.say("group", list=self.view.label("list").join(listed), reason=text)


def _is_grouped(record: Record) -> bool:
    return record["type"] == "assignment" and record["code"] in GROUPED


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _longest(texts: Iterable[str]) -> tuple[str, ...]:
    """Leave out sentences that another one begins with: it says the same and more."""
    found = _once(texts)
    starts = {text: text.rstrip(".。") for text in found}
    return tuple(t for t in found if not any(o != t and o.startswith(starts[t]) for o in found))
