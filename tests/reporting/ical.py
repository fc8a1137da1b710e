"""A strict reader of calendars, written from RFC 5545 for the tests."""

import re
from datetime import UTC, datetime

NAME = re.compile(r"[A-Z0-9-]+")
STAMP = re.compile(r"\d{8}T\d{6}Z")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "DESCRIPTION"}


def content_lines(data):
    """Unfold: every line ends with CRLF, has at most 75 octets and is whole UTF-8."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    lines = []
    for line in physical:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        text = line.decode("utf-8")
        if text.startswith(" "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def unescaped(value):
    """Read a TEXT value; a bare comma or semicolon, or an unknown escape, is an error."""
    found, rest = "", value
    while rest:
        if rest[0] == "\\":
            found += {"n": "\n", "N": "\n", "\\": "\\", ";": ";", ",": ","}[rest[1]]
            rest = rest[2:]
        else:
            assert rest[0] not in ";,"
            assert rest[0] == "\t" or rest[0] >= " "
            found, rest = found + rest[0], rest[1:]
    return found


def moment(value):
    """Read a time in UTC."""
    assert STAMP.fullmatch(value)
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read(data):
    """Give the properties of the calendar, and those of each event."""
    lines = content_lines(data)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    calendar, events, inside = {}, [], None
    for line in lines[1:-1]:
        name, colon, value = line.partition(":")
        assert colon
        assert NAME.fullmatch(name)
        if name == "BEGIN":
            assert (value, inside) == ("VEVENT", None)
            inside = {}
        elif name == "END":
            assert value == "VEVENT"
            assert set(inside) >= ONCE
            events.append(inside)
            inside = None
        else:
            target = calendar if inside is None else inside
            assert name not in target
            target[name] = value
    assert inside is None
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    return calendar, events
