"""Calendars are exact RFC 5545, complete, and the same whenever they are written."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.reporting.calendars import calendars, escaped, folded
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.filenames import file_names
from tests.reporting import ical
from tests.reporting.payloads import trapped_run

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose texts are traps."""
    return trapped_run(tmp_path_factory.mktemp("traps") / "data")


@given(TEXTS)
def test_any_text_survives(text):
    """Folding and escaping lose nothing but control characters."""
    (line,) = ical.content_lines(folded(f"SUMMARY:{escaped(text)}"))
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c in "\t\n" or (c >= " " and c != "\x7f"))

    assert ical.unescaped(line.removeprefix("SUMMARY:")) == kept


def test_every_session_stands_in_one_calendar(run):
    """Each use of a volunteer or space with a time is one event, at that very moment."""
    found = {name: ical.read(data)[1] for name, data in calendars(run, "zh").items()}
    uses = [r for r in run.allocation if r["kind"] in ("volunteer", "space") and r["start"]]
    starts = [ical.moment(e["DTSTART"]) for events in found.values() for e in events]

    assert sorted(starts) == sorted(datetime.fromisoformat(r["start"]) for r in uses)
    assert uses


def test_events_name_run_and_root_and_stay_the_same(run):
    """UIDs come from run and record, no two are the same, and no clock is asked."""
    once, again = calendars(run, "en"), calendars(run, "en")
    events = [e for data in once.values() for e in ical.read(data)[1]]
    uids = [event["UID"] for event in events]

    assert once == again
    assert len(set(uids)) == len(uids)
    assert all(uid.startswith(f"{run.run_id}-A-") for uid in uids)
    assert all(run.root in ical.unescaped(e["DESCRIPTION"]) for e in events)
    assert {e["SEQUENCE"] for e in events} == {"0"}
    assert {e["DTSTAMP"] for e in events} == {"20260927T160000Z"}


def test_names_come_from_contacts_only(run):
    """A calendar bears a person's name, and a place its address, only where contacts are given."""
    used = next(r["resource"] for r in run.allocation if r["kind"] == "volunteer")
    room = next(r["resource"] for r in run.allocation if r["kind"] == "space")
    contacts = {used: Contact(used, "李小满"), room: Contact(room, address="北社区1号, 2室")}
    named = b"".join(calendars(run, "zh", contacts).values()).replace(b"\r\n ", b"").decode()
    plain = b"".join(calendars(run, "zh").values()).decode()

    assert "李小满" in named
    assert "北社区1号\\, 2室" in named
    assert "李小满" not in plain


def test_file_names_are_safe_everywhere():
    """No id leads out of the folder, clashes by case, or is refused by some system."""
    ids = [
        "V-1",
        "v-1",
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "CON",
        "x:y",
        "志愿者一",
        ".",
        "e ",
        "x" * 99,
    ]
    found = file_names(ids, "volunteer-", ".ics")

    assert len({n.casefold() for n in found.values()}) == len(ids)
    assert all(len(n.encode()) < 255 for n in found.values())
    assert not [n for n in found.values() if set('<>:"/\\|?*\0') & set(n) or ".." in n]
    assert found["志愿者一"] == "volunteer-志愿者一.ics"
