"""
One calendar a volunteer and one a space, as RFC 5545 has it.

Times are written in UTC: every session is one moment, recorded with its offset, so that no
calendar program has to know, or be told, the rules of a timezone. Nothing is taken from a clock:
the stamp is the first midnight of the horizon, a UID is made of the run id and the record, and the
sequence counts the attempts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cogov_opt.explaining.names import code_words
from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.recording.writing import write_folder
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.filenames import file_names
from cogov_opt.reporting.served import Row, Served, served_demands
from cogov_opt.reporting.view import View

FOLD = 75
"""Octets that a line may have, its end left out (RFC 5545, 3.1)."""
PRODUCT = "-//cogov_opt//allocation//EN"
KINDS = ("volunteer", "space")

Event = tuple[Served, Row, int]
"""A demand, the row by which the resource serves it, and the number of the session."""
Contacts = Mapping[str, Contact]


def write_calendars(
    run: Run, place: Path, language: Language = "en", contacts: Contacts | None = None
) -> None:
    """
    Write the calendars of a run into a new folder.

    Raises
    ------
    UnsupportedError
        The folder exists.
    """
    write_folder(place, calendars(run, language, contacts))


def calendars(
    run: Run, language: Language = "en", contacts: Contacts | None = None
) -> dict[str, bytes]:
    """Give every calendar by its file name; those without a session have none."""
    view = View(run, language)
    events = {kind: _events(run, kind) for kind in KINDS}
    found = {}
    for kind in KINDS:
        names = file_names(events[kind], f"{kind}-", ".ics")
        for resource, own in events[kind].items():
            lines = _calendar(view, kind, resource, own, contacts or {})
            found[names[resource]] = b"".join(map(folded, lines))
    return found


def _events(run: Run, kind: str) -> dict[str, list[Event]]:
    """Give the sessions of each resource of a kind, in order."""
    found: dict[str, list[Event]] = {}
    for served in served_demands(run):
        for row in served.used(kind):
            for number in range(len(served.moments)):
                found.setdefault(row["resource"], []).append((served, row, number))
    return dict(sorted(found.items()))


def _calendar(
    view: View, kind: str, resource: str, events: list[Event], contacts: Contacts
) -> Iterator[str]:
    """Give the lines of one calendar."""
    person = contacts.get(resource)
    title = f"{person.name} {resource}" if person and person.name else view.name(resource)
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{escaped(f'{title} - {view.heading}')}"
    yield f"X-WR-TIMEZONE:{escaped(view.run.package['timezone'])}"
    for event in events:
        yield from _event(view, kind, event, contacts)
    yield "END:VCALENDAR"


def _event(view: View, kind: str, event: Event, contacts: Contacts) -> Iterator[str]:
    """Give the lines of one session."""
    served, row, number = event
    run = view.run
    start, end = served.moments[number]
    title = view.title(served.id) or served.id
    adopted = run.header["card"]["status"] == "adopted"
    yield "BEGIN:VEVENT"
    yield f"UID:{run.run_id}-{row['record']}-{number + 1}@cogov_opt.invalid"
    yield f"DTSTAMP:{utc(run.package['start_moment'])}"
    yield f"DTSTART:{utc(start)}"
    yield f"DTEND:{utc(end)}"
    yield f"SEQUENCE:{int(run.header['attempt']) - 1}"
    yield f"STATUS:{'CONFIRMED' if adopted else 'TENTATIVE'}"
    yield f"SUMMARY:{escaped(f'{title} ({served.id})')}"
    where = _where(view, served, contacts)
    if where:
        yield f"LOCATION:{escaped(where)}"
    yield f"DESCRIPTION:{escaped(_description(view, kind, served, row))}"
    yield "END:VEVENT"


def _where(view: View, served: Served, contacts: Contacts) -> str:
    """Say where a demand takes place: its spaces, with their addresses if known; else its area."""
    words = code_words(view.run, view.language)
    area = served.demand["area"]
    found = []
    for row in served.used("space"):
        known = contacts.get(row["resource"])
        address = f" {known.address}" if known and known.address else ""
        found.append(view.name(row["resource"]) + address)
    return view.label("list").join(found) or words.get(area, area)


def _description(view: View, kind: str, served: Served, row: Row) -> str:
    """Say what is to be done for whom, and which run says so."""
    told = {"performer": view.name(served.performer), "need": view.name(row["need"])}
    lines = [view.say(f"calendar.{kind}", **told)]
    lines.append(view.say("calendar.record", record=row["record"], run=view.run.run_id))
    lines.append(view.say("calendar.root", root=view.run.root))
    return "\n".join(lines)


def utc(moment: str) -> str:
    """Write a canonical moment in UTC, as `20260928T003000Z`."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Write a value of type TEXT (RFC 5545, 3.3.11); control characters are left out."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c for c in text if c == "\t" or (c >= " " and c != "\x7f"))


def folded(line: str) -> bytes:
    """Fold a line to at most 75 octets a piece, never inside a character, and end it with CRLF."""
    pieces, piece, room = [], b"", FOLD
    for character in line:
        data = character.encode("utf-8")
        if len(piece) + len(data) > room:
            pieces.append(piece)
            piece, room = b"", FOLD - 1
        piece += data
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
