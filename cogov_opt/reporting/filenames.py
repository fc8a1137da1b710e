"""File names made of ids: the same on every system, and never two ids under one name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

LONGEST = 60
"""Characters; with the parts around it a name stays below 255 bytes in UTF-8."""
PLAIN = "-_."


def file_names(identifiers: Iterable[str], before: str, ending: str) -> Mapping[str, str]:
    """
    Give each id a file name `before` + id + `ending`.

    Letters and digits of any script, `-`, `_` and `.` inside stay; all else becomes `_`. An id
    that was changed, or that differs from another by case alone, carries 8 digits of its digest.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in sorted(identifiers):
        safe = _safe(identifier)
        if safe != identifier or safe.casefold() in taken:
            safe = f"{safe}~{sha256(identifier.encode()).hexdigest()[:8]}"
        taken.add(safe.casefold())
        found[identifier] = f"{before}{safe}{ending}"
    return found


def _safe(identifier: str) -> str:
    """Replace what some system does not allow in a name."""
    text = unicodedata.normalize("NFC", identifier)
    kept = "".join(c if c.isalnum() or c in PLAIN else "_" for c in text)[:LONGEST]
    return kept.replace("..", "__").strip(".") or "_"
