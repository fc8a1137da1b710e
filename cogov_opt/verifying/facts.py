"""
What the inputs say, as plain objects (convention S1-S3).

`Facts` is read from the canonical tables of a run folder by `reading_tables`; every other module
asks it. Blank cells are None in rows; the defaults of S1.2 stand in the typed fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from . import calendar_days, collecting

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
"""A row of a table: text, int, tuple of text for lists, None for a blank cell."""

Place = tuple[int, int] | None
"""Latitude and longitude in microdegrees, where both are known."""

KINDS = ("volunteer", "fund", "space", "service")


class FactsError(ValueError):
    """The inputs say something the convention gives no meaning to."""


class Session(NamedTuple):
    """One interval of an option: minutes [start, end), its day, last date, its clock."""

    start: int
    end: int
    day: int
    last_day: int
    start_clock: str
    end_clock: str


@dataclass(slots=True)
class Option:
    """One possible time of a demand; `days` is the day of each session, or the first day (S3.2)."""

    demand: str
    id: str
    sessions: tuple[Session, ...]
    days: tuple[int, ...]
    slots: int
    minutes: int
    start: str = ""
    end: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The demand and the option together."""
        return (self.demand, self.id)


@dataclass(slots=True)
class Demand:
    """An activity or request, with its options and needs in order of id."""

    id: str
    performer: str
    people: int
    row: Row
    place: Place = None
    options: dict[str, Option] = field(default_factory=dict)
    needs: list[Need] = field(default_factory=list)


@dataclass(slots=True)
class Need:
    """One line of a demand; `requires` holds items of alternatives, `items` their atoms (S4.3)."""

    id: str
    demand: str
    kind: str
    quantity: int
    minimum: int
    requires: tuple[tuple[str, ...], ...]
    pays_for: tuple[str, ...]
    own_limit: int
    points_per_unit: int
    row: Row
    items: tuple[tuple[Any, ...], ...] = ()


@dataclass(slots=True)
class Resource:
    """
    A volunteer, fund, space or service.

    `capacity` of a fund is amount - committed; `price` is the cost of a slot, an hour or a unit.
    """

    id: str
    kind: str
    actor: str
    row: Row
    place: Place = None
    capacity: int = 0
    price: int = 0
    buffer: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    credentials: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    available: list[tuple[int, int]] = field(default_factory=list)
    open_from: int = 0
    open_until: int = 10**7
    restricted: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Agreement:
    """One actor lets another use its resources; limited by a share or a quantity (S4.9)."""

    id: str
    giver: str
    taker: str
    kind: str | None
    resource: str | None
    share_percent: int | None
    quantity: int | None
    per: str
    valid_from: int
    valid_until: int

    @property
    def limited(self) -> bool:
        """Whether S7.5 limits it."""
        return self.share_percent is not None or self.quantity is not None


class Affinity(NamedTuple):
    """What one resource is worth, takes, or how far it is, for one demand (S1.2)."""

    points: int = 0
    use_units: int = 1
    distance: int | None = None


@dataclass(slots=True)
class Facts:
    """
    All tables of one run.

    `tables` keeps the rows, `named` the resources an agreement names, `cache` what other modules
    derived once.
    """

    package: dict[str, Any]
    first_day: int
    after_day: int
    tables: dict[str, list[Row]]
    actors: dict[str, Row] = field(default_factory=dict)
    ancestors: dict[str, frozenset[str]] = field(default_factory=dict)
    codes: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    demands: dict[str, Demand] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    given: dict[str, list[Agreement]] = field(default_factory=dict)
    """The agreements of each giver."""
    affinities: dict[tuple[str, str], Affinity] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Resource]:
        """Give the resources of a kind in order of id."""
        return [r for r in self.resources.values() if r.kind == kind]

    def option(self, demand: str, option: str) -> Option:
        """Give an option by its ids."""
        return self.demands[demand].options[option]

    def affinity(self, resource: str, demand: str) -> Affinity:
        """Give the affinity of a pair, the defaults of S1.2 when there is no row."""
        return self.affinities.get((resource, demand), _NO_AFFINITY)

    def in_or_below(self, vocabulary: str, code: str, top: str) -> bool:
        """Tell whether a code is `top` or has it among its ancestors (S4.2)."""
        return code == top or top in self.codes.get(vocabulary, {}).get(code, frozenset())

    def no_rows_means(self, kind: str) -> str:
        """Tell what silence means for a kind (S4.5)."""
        word = (self.package.get("no_rows_means") or {}).get(kind)
        return str(word or ("closed" if kind == "volunteer" else "workdays"))

    def periods(self, per: str | int) -> list[calendar_days.Span]:
        """List the periods of the horizon (S3.4)."""
        return list(calendar_days.periods(self.first_day, self.after_day, per))


_NO_AFFINITY = Affinity()


def read_facts(folder: Path) -> Facts:
    """
    Read the canonical tables of a run folder.

    Parameters
    ----------
    folder
        The run folder, or its `inputs/`.
    """
    from .reading_tables import read_tables  # the reader knows these classes

    inputs = folder / "inputs"
    with collecting.paused():
        return read_tables(inputs if inputs.is_dir() else folder)
