"""datapackage.json, checked: currency, timezone, horizon, language, and what silence means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cogov_opt.checking import cells
from cogov_opt.checking.cells import UnreadableError
from cogov_opt.domain.calendar import Calendar
from cogov_opt.domain.instance import Package
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.errors import Where

if TYPE_CHECKING:
    from cogov_opt.checking.findings import Findings

SILENCE = ("closed", "workdays", "always")
KEYS = (
    "name", "title", "currency", "timezone", "language", "horizon", "start_moment",
    "no_rows_means", "policy", "meta", "format", "units", "cogov_format", "resources",
)  # fmt: skip
LONGEST = 3660
"""Days a horizon may have."""


class _Reader:
    """Reads the keys of one package and notes what is wrong with them."""

    def __init__(self, tables: Tables, findings: Findings) -> None:
        self.package = tables.package
        self.findings = findings
        self.file = str(self.package.get("_file", "datapackage.json"))

    def wrong(self, code: str, key: str, severity: str = "error", **values: Any) -> None:
        """Note an issue of one key."""
        self.findings.add(code, self._place(key), severity, key=key, **values)

    def _place(self, key: str) -> Where:
        """Give the place of a key: its cell, where the facts stand on a sheet."""
        places = self.package.get("_places") or {}
        found: Where | None = places.get(key)
        if found is None and "" in places:
            return Where(self.file, places[""].sheet, column=key)
        return found or Where(self.file, column=key)

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text key; without default it must be there."""
        value = self.package.get(key, default)
        if value is None:
            self.wrong("missing_key", key)
            return ""
        if not isinstance(value, str):
            self.wrong("bad_key", key, read=repr(value), expected="text")
            return ""
        return value


def read_package(tables: Tables, findings: Findings) -> Package | None:
    """Read the package; None (with issues noted) where its horizon cannot be placed."""
    reader = _Reader(tables, findings)
    package = reader.package
    version = package.get("cogov_format", 1)
    if version != 1:
        reader.wrong("unknown_format", "cogov_format", read=repr(version))
    currency = reader.text("currency")
    given = isinstance(package.get("currency"), str)
    if given and not re.fullmatch("[A-Z]{3}", currency):
        reader.wrong("bad_key", "currency", read=currency, expected="CNY, EUR ...")
    language = reader.text("language", "en")
    if language not in ("en", "zh"):
        reader.wrong("bad_key", "language", read=language, expected="en, zh")
    calendar = _calendar(reader)
    silence = _silence(reader)
    policy = package.get("policy")
    if policy is not None and not isinstance(policy, str):
        reader.wrong("bad_key", "policy", read=repr(policy), expected="text")
        policy = None
    for key in package:
        known = key in KEYS or key.startswith("_")
        guess = "-" if known else findings.closest(key, KEYS)
        if guess != "-":
            reader.wrong("unknown_key", key, "warning", closest=guess)
    if calendar is None:
        return None
    name = reader.text("name", "dataset")
    return Package(
        name=name,
        title=reader.text("title", name),
        currency=currency,
        calendar=calendar,
        language=language,
        policy=policy,
        no_rows_means=MappingProxyType(silence),
        format=reader.text("format", "folder"),
        meta=MappingProxyType(_meta(package)),
    )


def _calendar(reader: _Reader) -> Calendar | None:
    """Read timezone and horizon."""
    timezone = reader.text("timezone")
    if timezone and not _is_zone(timezone):
        guess = reader.findings.closest(timezone, sorted(available_timezones()))
        reader.wrong("unknown_timezone", "timezone", read=timezone, closest=guess)
        timezone = ""
    horizon = reader.package.get("horizon")
    if not isinstance(horizon, Mapping):
        reader.wrong("missing_key", "horizon")
        return None
    days = []
    for key in ("start", "end"):
        given = horizon.get(key)
        try:
            number, used = cells.read_date(given if isinstance(given, str) else "")
        except UnreadableError:
            told = given if isinstance(given, str) else repr(given)
            reader.wrong("bad_key", f"horizon.{key}", read=told, expected="2026-09-28")
            continue
        days.append(date.fromordinal(number))
        if used != given:
            reader.wrong("read_as", f"horizon.{key}", "repair", read=given, used=used)
    if len(days) < 2 or not timezone:
        return None
    start, end = days
    if not start < end or (end - start).days > LONGEST or not 1970 <= start.year <= 2900:
        reader.wrong("bad_horizon", "horizon", start=start, end=end, days=LONGEST)
        return None
    return Calendar(start, end, timezone)


def _is_zone(name: str) -> bool:
    """Tell whether there is such a timezone; the list of all is slow to get."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _silence(reader: _Reader) -> dict[str, str]:
    """Read what no availability row means, the default filled in for kinds left out (S4.5)."""
    meant = {kind: "closed" if kind == "volunteer" else "workdays" for kind in RESOURCE_KINDS}
    given = reader.package.get("no_rows_means") or {}
    if not isinstance(given, Mapping):
        reader.wrong("bad_key", "no_rows_means", read=repr(given), expected="{ kind: word }")
        return meant
    for kind, word in given.items():
        if kind not in RESOURCE_KINDS or word not in SILENCE:
            expected = f"{', '.join(RESOURCE_KINDS)}: {', '.join(SILENCE)}"
            told = f"{kind}: {word}"
            reader.wrong("bad_key", "no_rows_means", read=told, expected=expected)
        else:
            meant[kind] = word
    return meant


def _meta(package: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a format or an author put beside the known keys, without floats."""
    kept = {k: v for k, v in package.items() if k not in KEYS and not k.startswith("_")}
    given = package.get("meta")
    if isinstance(given, Mapping):
        kept |= given
    return {str(k): _plain(v) for k, v in kept.items()}


def _plain(value: Any) -> Any:
    """Give a JSON value with floats as text, since nothing canonical holds a float."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value
