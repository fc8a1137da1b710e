"""
What a short workbook leaves out: its actors, and the word that its resources are shared.

- Without a table `actors`, every actor that is named anywhere becomes one, of kind `other`, its
  id and name as typed; a repair lists them all.
- `shared = yes` among the facts of the package makes one agreement for each actor that owns
  volunteers, spaces or services: anyone may use them. A repair lists them. Nothing is shared
  that the book does not say is shared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cogov_opt.errors import Issue, Where
from cogov_opt.loading.requests_places import Origin, Rows, place_of

if TYPE_CHECKING:
    from cogov_opt.domain.loaded import Table

PREFIX = "SHARED-"
_OWNERS = ("volunteers", "spaces", "services")
_NAMED = (
    ("requests", "actor"), ("requests", "performer"), ("demands", "actor_id"),
    ("volunteers", "actor_id"), ("spaces", "actor_id"), ("services", "actor_id"),
    ("funds", "actor_id"),
)  # fmt: skip
_YES, _NO = ("yes", "true", "是", "y"), ("no", "false", "否", "n", "")
_SHOWN = 12


def tidy(text: str) -> str:
    """Bring a name to the form ids have."""
    return unicodedata.normalize("NFKC", text).strip()


def make_actors(tables: Mapping[str, Table], notes: list[Issue]) -> Table:
    """Make the actors of a book that has none."""
    first: dict[str, Origin] = {}
    for name, column in _NAMED:
        table = tables.get(name)
        cells = table.columns.get(column) if table is not None else None
        if table is None or cells is None:
            continue
        for row, text in enumerate(cells.cells()):
            if tidy(text):
                first.setdefault(tidy(text), (table.source, row, column))
    rows = Rows("actors")
    for actor, origin in first.items():
        rows.add(origin, actor_id=actor, name=actor, kind="other")
    if first:
        source, row, typed = next(iter(first.values()))
        told = {"count": len(first), "read": "-", "used": _shown(list(first))}
        notes.append(Issue("actors_made", place_of(source, row, typed), told, "repair"))
    return rows.table()


def share(
    package: Mapping[str, object], tables: Mapping[str, Table], notes: list[Issue]
) -> Table | None:
    """Give the agreements with those that `shared = yes` stands for; None if it makes none."""
    word = package.get("shared", "")
    said = tidy(str(word)).lower()
    places = package.get("_places")
    place = Where(str(package.get("_file", "datapackage.json")), column="shared")
    place = places.get("shared", place) if isinstance(places, Mapping) else place
    if said not in _YES:
        if said not in _NO:
            notes.append(Issue("request_shared", place, {"read": word}))
        return None
    present = tables.get("agreements")
    rows = Rows("agreements")
    if present is not None:
        rows.keep(present)
    held = set(rows.texts.get("agreement_id", []))
    made = []
    for name in _OWNERS:
        table = tables.get(name)
        owners = table.columns.get("actor_id") if table is not None else None
        for row, text in enumerate(owners.cells() if owners is not None else ()):
            actor = tidy(text)
            if table is None or not actor or f"{PREFIX}{actor}" in held:
                continue
            held.add(f"{PREFIX}{actor}")
            made.append(actor)
            rows.add(
                (table.source, row, "actor_id"), agreement_id=f"{PREFIX}{actor}",
                giver_id=actor, taker_id="*", reference=f"shared = {word}",
            )  # fmt: skip
    if not made:
        return None
    told = {"read": word, "count": len(made), "used": _shown(made)}
    notes.append(Issue("shared_made", place, told, "repair"))
    return rows.table()


def _shown(names: list[str]) -> str:
    """List names, counting those beyond the first few."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" ... +{more}" if more > 0 else "")
