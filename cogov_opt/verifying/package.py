"""Whether datapackage.json says what it has to, in words that have a meaning (convention S2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .canonical_tables import is_date, is_moment
from .facts import KINDS

if TYPE_CHECKING:
    from .findings import Findings
    from .reading import RunFolder

FILE = "inputs/datapackage.json"
TEXTS = ("name", "title", "currency", "timezone", "language", "format", "start_moment")
FIELDS = {*TEXTS, "horizon", "no_rows_means", "policy", "meta", "units", "cogov_format"}
SILENCE = ("closed", "workdays", "always")
MIDNIGHTS = ("00:00", "01:00")
"""The first minute of a day; the later one where the clocks are put forward at midnight."""


def check(opened: RunFolder, findings: Findings) -> None:
    """Tell fields that are missing or unknown, and a first minute that is not the horizon's."""
    package = opened.package
    if not package:
        return  # told where it was read, or as a file that is missing
    for name in sorted(package.keys() - FIELDS):
        findings.add("unknown", FILE, name)
    for kind, word in package["no_rows_means"].items():
        if kind not in KINDS or word not in SILENCE:
            findings.add("unknown", FILE, f"no_rows_means {kind} {word}")
    for name in _faults(package):
        findings.add("input", FILE, name)


def _faults(package: dict[str, Any]) -> list[str]:
    """Name what is not as S2.4 writes it."""
    horizon, start = package["horizon"], package["start_moment"]
    faults = sorted(FIELDS - package.keys())
    faults += [name for name in TEXTS if not isinstance(package.get(name), str)]
    if not isinstance(package.get("policy"), str | None) or not isinstance(
        package.get("meta"), dict
    ):
        faults.append("policy")
    if horizon.keys() != {"start", "end"} or not all(map(is_date, horizon.values())):
        faults.append("horizon")
    if not is_moment(start) or start[:10] != horizon["start"] or start[11:16] not in MIDNIGHTS:
        faults.append("start_moment")
    return faults
