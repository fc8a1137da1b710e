"""Selectors of a card: `where`, `must`, `only` and `each` (convention S8.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from cogov_opt.domain.fields import (
    Choice,
    Date,
    Degrees,
    Field,
    Identifier,
    Integer,
    Minutes,
    Moment,
    Money,
    Quantity,
    Stamp,
)  # fmt: skip
from cogov_opt.domain.policy import ENTITIES, OPTION_FIELDS, WEEKDAYS, Line, Where
from cogov_opt.domain.tables import contracts
from cogov_opt.loading.reading import Notes, clock_text, closest, day_text, is_int

TABLE_OF = {
    "demand": "demands", "need": "needs", "option": "options", "actor": "actors",
    "performer": "actors", "giver": "actors", "payee": "actors", "volunteer": "volunteers",
    "fund": "funds", "space": "spaces", "service": "services", "standing": "standing",
}  # fmt: skip
DAY_KINDS = ("workday", "rest_day", "public_holiday", "moved_workday")
CANDIDATES = tuple(e for e in ENTITIES if e != "standing")
_NUMBERS = (Integer, Quantity, Money, Minutes)
_TESTS = ("all", "not", "at_least", "at_most")


def fields_of(entity: str) -> tuple[str, ...]:
    """Give the fields a selector may name of an entity."""
    if entity == "option":
        return (*OPTION_FIELDS, "option_id")
    contract = contracts()[TABLE_OF[entity]]
    usable = (c for c, f in contract.fields.items() if not isinstance(f, Moment | Stamp | Degrees))
    return (*usable, "id") if contract.id_column else tuple(usable)


def read_where(raw: Any, key: str, notes: Notes, entities: tuple[str, ...] = CANDIDATES) -> Where:
    """Read a selector whose lines may be on some entities only."""
    if not isinstance(raw, Mapping):
        notes.bad(key, raw, "{ entity.field = value }")
        return ()
    lines: list[Line] = []
    for name, inner in raw.items():
        entity, _, rest = str(name).partition(".")
        specs = {rest: inner} if rest else inner
        if not isinstance(specs, Mapping):
            notes.add("unknown_field", key, read=name, closest=closest(name, ENTITIES))
            continue
        for field, spec in specs.items():
            if known_field(entity, str(field), key, notes, entities):
                lines += _lines(entity, str(field), spec, f"{key}.{entity}.{field}", notes)
    return tuple(lines)


def known_field(entity: str, field: str, key: str, notes: Notes, entities: tuple[str, ...]) -> bool:
    """Tell whether a field exists and may be used here, noting it if not."""
    read = f"{entity}.{field}"
    if entity not in ENTITIES or field not in fields_of(entity):
        every = [f"{e}.{f}" for e in ENTITIES for f in fields_of(e)]
        notes.add("unknown_field", key, read=read, closest=closest(read, every))
        return False
    if entity not in entities:
        notes.add("wrong_entity", key, read=read, expected=", ".join(entities))
        return False
    return True


def read_each(
    raw: Any, key: str, notes: Notes, entities: tuple[str, ...] = CANDIDATES
) -> tuple[str, ...]:
    """Read the fields that make the groups of a clause."""
    if not isinstance(raw, list) or not all(isinstance(f, str) for f in raw):
        notes.bad(key, raw, '["demand.area"]')
        return ()
    return tuple(f for f in raw if known_field(*_split(f), key, notes, entities))


def _split(name: str) -> tuple[str, str]:
    """Split `entity.field`."""
    entity, _, field = name.partition(".")
    return entity, field


def _lines(entity: str, field: str, spec: Any, key: str, notes: Notes) -> list[Line]:
    """Read what one field is held against; `{ all, not, range }` together are several lines."""
    if not isinstance(spec, Mapping):
        values = _values(entity, field, spec, key, notes)
        return [Line(entity, field, "any", values)] if values else []
    unknown = [w for w in spec if w not in _TESTS]
    if unknown or not spec:
        notes.bad(key, dict(spec), "a value, [values], or { all | not | at_least | at_most }")
        return []
    lines = []
    if "all" in spec:
        lines.append(Line(entity, field, "all", _values(entity, field, spec["all"], key, notes)))
    if "not" in spec:
        lines.append(Line(entity, field, "not", _values(entity, field, spec["not"], key, notes)))
    if "at_least" in spec or "at_most" in spec:
        lines.append(_range(entity, field, spec, key, notes))
    return lines


def _range(entity: str, field: str, spec: Mapping[str, Any], key: str, notes: Notes) -> Line:
    """Read bounds, which numbers, dates and times have."""
    found = _field(entity, field)
    if not isinstance(found, (*_NUMBERS, Date)) and (entity, field) not in _ORDERED:
        notes.bad(key, dict(spec), "a value; only numbers, dates and times have bounds")
        return Line(entity, field, "range", (None, None))
    bounds = []
    for word in ("at_least", "at_most"):
        value = spec.get(word)
        bounds.append(None if value is None else _value(entity, field, value, key, notes))
    return Line(entity, field, "range", tuple(bounds))


_ORDERED = (("option", "date"), ("option", "start"), ("option", "end"))


def _values(
    entity: str, field: str, spec: Any, key: str, notes: Notes
) -> tuple[str | int | None, ...]:
    """Read one value, or a list of them that is not empty."""
    listed = spec if isinstance(spec, list) else [spec]
    if not listed:
        notes.bad(key, spec, "at least one value")
    read = [_value(entity, field, v, key, notes) for v in listed]
    return tuple(v for v in read if v is not None)


def _field(entity: str, field: str) -> Field | None:
    """Give the metadata of a field; None for fields of options that no column has."""
    if entity == "option":
        return None
    contract = contracts()[TABLE_OF[entity]]
    name = contract.key[0] if field == "id" and "id" not in contract.fields else field
    return contract.fields[name]


def _value(entity: str, field: str, value: Any, key: str, notes: Notes) -> str | int | None:
    """Read one value as its field has it; amounts stay in whole major units (S8.2)."""
    if entity == "option":
        return _option_value(field, value, key, notes)
    found = _field(entity, field)
    if isinstance(found, _NUMBERS):
        if is_int(value):
            return int(value)
        notes.bad(key, value, "a whole number")
        return None
    if isinstance(found, Date):
        return day_text(value, key, notes)
    if isinstance(found, Choice) and value not in found.words:
        notes.bad(key, value, ", ".join(found.words))
        return None
    if not isinstance(value, str) or not value:
        expected = "an id in quotes" if isinstance(found, Identifier) else "text"
        notes.bad(key, value, expected)
        return None
    return value


def _option_value(field: str, value: Any, key: str, notes: Notes) -> str | None:
    """Read a value of a field of options."""
    if field == "date":
        return day_text(value, key, notes)
    if field in ("start", "end"):
        text = clock_text(value) if isinstance(value, str | time) else None
        if text is None:
            notes.bad(key, value, '"HH:MM"')
        return text
    words = {"weekday": WEEKDAYS, "day_kind": DAY_KINDS}.get(field)
    if words is not None and value not in words:
        notes.bad(key, value, ", ".join(words))
        return None
    if words is None and (not isinstance(value, str) or not value):
        notes.bad(key, value, "an option id in quotes")
        return None
    return str(value)
