"""
The tables people give in: one row contract a table, and `Tables`, their text as loaded.

The contracts are documentation, JSON Schema and wording; the vectorised checks are derived from
their field metadata (convention S2, data.md 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from cogov_opt.domain.fields import (
    Choice,
    Code,
    Codes,
    Date,
    Degrees,
    Field,
    Identifier,
    Integer,
    Minutes,
    Moment,
    Money,
    Quantity,
    Reference,
    References,
    Requirement,
    Stamp,
    Text,
)  # fmt: skip

RESOURCE_KINDS = ("volunteer", "fund", "space", "service")
RESOURCE_TABLES = ("volunteers", "funds", "spaces", "services")
VOCABULARIES = (
    "skill", "credential", "language", "tag", "feature", "space_kind", "service_type", "unit",
    "area", "group", "purpose", "cost_type",
)  # fmt: skip
ACTOR_KINDS = (
    "subdistrict_office", "party_organisation", "residents_committee", "owners_committee",
    "property_manager", "public_institution", "ngo", "foundation", "firm", "volunteer_group",
    "other",
)  # fmt: skip

HOME = 1000
"""Homes are known to a thousandth of a degree, about 100 m: near enough to weigh a way (S2.5)."""

Id = Annotated[str, Identifier(visibility="public")]
ActorRef = Annotated[str, Reference(tables=("actors",), visibility="public")]
Area = Annotated[str | None, Code(vocabulary="area", visibility="public")]
Latitude = Annotated[int | None, Degrees(limit=90)]
Longitude = Annotated[int | None, Degrees(limit=180)]
Note = Annotated[str | None, Text()]
Day = Annotated[str | None, Date()]
PrivateNote = Annotated[str | None, Text(visibility="private")]
PrivateDay = Annotated[str | None, Date(visibility="private")]


class Row(BaseModel):
    """A row of a table, as checked: integers, ids and ISO text."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(Row):
    """An organisation or group that gives, asks, decides or carries out."""

    actor_id: Id
    name: Annotated[str, Text(visibility="public")]
    kind: Annotated[str, Choice(words=ACTOR_KINDS, visibility="public")]
    area: Area = None
    parent_id: Annotated[str | None, Reference(tables=("actors",), visibility="public")] = None
    registration: Note = None


class CodeRow(Row):
    """A word of a vocabulary, with its parent and its two labels."""

    vocabulary: Annotated[str, Choice(words=VOCABULARIES, visibility="public")]
    code: Id
    parent: Annotated[str | None, Text(visibility="public")] = None
    en: Annotated[str | None, Text(visibility="public")] = None
    zh: Annotated[str | None, Text(visibility="public")] = None
    sensitive: Annotated[str | None, Choice(words=("yes", "no"))] = None


class Volunteer(Row):
    """A person's time, under a pseudonym."""

    volunteer_id: Id
    actor_id: ActorRef
    area: Area = None
    lat: Annotated[int | None, Degrees(limit=90, grain=HOME, visibility="private")] = None
    lon: Annotated[int | None, Degrees(limit=180, grain=HOME, visibility="private")] = None
    skills: Annotated[
        tuple[str, ...], Codes(vocabulary="skill", levels=True, visibility="private")
    ] = ()
    tags: Annotated[tuple[str, ...], Codes(vocabulary="tag", visibility="private")] = ()
    languages: Annotated[tuple[str, ...], Codes(vocabulary="language", visibility="private")] = ()
    max_minutes: Annotated[int | None, Minutes()] = None
    min_minutes: Annotated[int | None, Minutes()] = None
    max_slots: Annotated[int | None, Integer(high=10_000)] = None
    buffer_minutes: Annotated[int | None, Minutes(high=10_080)] = None
    cost_per_slot: Annotated[int | None, Money()] = None
    consent_until: PrivateDay = None
    submitted_at: Annotated[str | None, Stamp()] = None


class Credential(Row):
    """A volunteer's certificate and the days it is valid on: nobody's business but theirs."""

    volunteer_id: Annotated[str, Reference(tables=("volunteers",), visibility="private")]
    credential: Annotated[str, Code(vocabulary="credential", visibility="private")]
    valid_from: PrivateDay = None
    valid_until: PrivateDay = None
    reference: PrivateNote = None
    checked_by: PrivateNote = None


class Fund(Row):
    """A purse, and what its giver allows it to pay for."""

    fund_id: Id
    actor_id: ActorRef
    amount: Annotated[int, Money(visibility="public")]
    as_of: Day = None
    committed: Annotated[int | None, Money()] = None
    purposes: Annotated[tuple[str, ...], Codes(vocabulary="purpose", visibility="public")] = ()
    cost_types: Annotated[tuple[str, ...], Codes(vocabulary="cost_type", visibility="public")] = ()
    groups: Annotated[tuple[str, ...], Codes(vocabulary="group", visibility="public")] = ()
    areas: Annotated[tuple[str, ...], Codes(vocabulary="area", visibility="public")] = ()
    spend_from: Day = None
    spend_until: Day = None
    min_award: Annotated[int | None, Money()] = None
    max_per_demand: Annotated[int | None, Money()] = None
    step: Annotated[int | None, Money()] = None
    unspent: Annotated[str | None, Choice(words=("return", "carry", "repurpose"))] = None
    reference: Note = None


class Space(Row):
    """A room, kitchen, ground, vehicle or piece of equipment, booked for a time."""

    space_id: Id
    actor_id: ActorRef
    space_kind: Annotated[str | None, Code(vocabulary="space_kind", visibility="public")] = None
    part_of: Annotated[str | None, Reference(tables=("spaces",), visibility="public")] = None
    area: Area = None
    lat: Latitude = None
    lon: Longitude = None
    seats: Annotated[int | None, Integer(high=10**6, visibility="public")] = None
    features: Annotated[tuple[str, ...], Codes(vocabulary="feature", visibility="public")] = ()
    buffer_minutes: Annotated[int | None, Minutes(high=10_080)] = None
    cost_per_hour: Annotated[int | None, Money(visibility="public")] = None
    reference: Note = None


class Service(Row):
    """A provider's units of one type of service."""

    service_id: Id
    actor_id: ActorRef
    service_type: Annotated[str, Code(vocabulary="service_type", visibility="public")]
    unit: Annotated[str, Code(vocabulary="unit", visibility="public")]
    capacity: Annotated[int, Integer(visibility="public")]
    area: Area = None
    serves_areas: Annotated[tuple[str, ...], Codes(vocabulary="area", visibility="public")] = ()
    groups: Annotated[tuple[str, ...], Codes(vocabulary="group", visibility="public")] = ()
    languages: Annotated[tuple[str, ...], Codes(vocabulary="language", visibility="public")] = ()
    cost_per_unit: Annotated[int | None, Money(visibility="public")] = None
    reference: Note = None


class Availability(Row):
    """A time when a resource may be used."""

    resource_id: Annotated[str, Reference(tables=RESOURCE_TABLES)]
    start: Annotated[str, Moment()]
    end: Annotated[str, Moment(closing=True)]


class Demand(Row):
    """An activity or request; served when all its needs reach their minimum."""

    demand_id: Id
    actor_id: ActorRef
    performer_id: Annotated[str | None, Reference(tables=("actors",), visibility="public")] = None
    title: Annotated[str | None, Text(visibility="public")] = None
    area: Area = None
    lat: Latitude = None
    lon: Longitude = None
    group: Annotated[str | None, Code(vocabulary="group", visibility="public")] = None
    people: Annotated[int | None, Integer(high=10**7, visibility="public")] = None
    priority: Annotated[int | None, Integer(low=1, high=5)] = None
    points: Annotated[int | None, Integer()] = None
    tags: Annotated[tuple[str, ...], Codes(vocabulary="tag")] = ()
    purpose: Annotated[str | None, Code(vocabulary="purpose", visibility="public")] = None
    submitted_at: Annotated[str | None, Stamp()] = None
    position: Annotated[int | None, Integer()] = None


class Option(Row):
    """One session of one possible time of a demand."""

    demand_id: Annotated[str, Reference(tables=("demands",), visibility="public")]
    option_id: Id
    start: Annotated[str | None, Moment(visibility="public")] = None
    end: Annotated[str | None, Moment(closing=True, visibility="public")] = None


class Need(Row):
    """One line of a demand: so much of one kind of resource."""

    need_id: Id
    demand_id: Annotated[str, Reference(tables=("demands",), visibility="public")]
    kind: Annotated[str, Choice(words=RESOURCE_KINDS, visibility="public")]
    quantity: Annotated[int, Quantity(visibility="public")]
    minimum: Annotated[int | None, Quantity(visibility="public")] = None
    requires: Annotated[tuple[str, ...], Requirement()] = ()
    cost_type: Annotated[str | None, Code(vocabulary="cost_type", visibility="public")] = None
    pays_for: Annotated[tuple[str, ...], References(table="needs", word="none")] = ()
    own_limit: Annotated[int | None, Money()] = None
    points_per_unit: Annotated[int | None, Integer()] = None


class Affinity(Row):
    """What one resource is worth, takes, or how far it is, for one demand."""

    resource_id: Annotated[str, Reference(tables=RESOURCE_TABLES)]
    demand_id: Annotated[str, Reference(tables=("demands",))]
    points: Annotated[int | None, Integer()] = None
    use_units: Annotated[int | None, Integer(low=1)] = None
    distance: Annotated[int | None, Integer()] = None


class Agreement(Row):
    """One actor lets another use its resource, within limits."""

    agreement_id: Id
    giver_id: ActorRef
    taker_id: Annotated[str, Reference(tables=("actors",), wildcard="*", visibility="public")]
    kind: Annotated[str | None, Choice(words=("volunteer", "space", "service"))] = None
    resource_id: Annotated[str | None, Reference(tables=RESOURCE_TABLES)] = None
    share_percent: Annotated[int | None, Integer(high=100)] = None
    quantity: Annotated[int | None, Integer()] = None
    per: Annotated[str | None, Choice(words=("day", "week", "month", "year", "horizon"))] = None
    valid_from: Day = None
    valid_until: Day = None
    reference: Annotated[str, Text(visibility="public")]


class Standing(Row):
    """What was given before: informs, and binds where a pin clause says so."""

    demand_id: Annotated[str, Reference(tables=("demands",))]
    option_id: Annotated[str | None, Text()] = None
    need_id: Annotated[str, Reference(tables=("needs",))]
    resource_id: Annotated[str, Reference(tables=RESOURCE_TABLES)]
    quantity: Annotated[int, Integer()]
    status: Annotated[str, Choice(words=("draft", "published", "pinned"))]


class Ballot(Row):
    """One voter's points for one demand."""

    voter_id: Annotated[str, Identifier(visibility="private")]
    demand_id: Annotated[str, Reference(tables=("demands",))]
    points: Annotated[int, Integer()]


class Provenance(Row):
    """Where a value came from, and who entered it."""

    table: Annotated[str, Text()]
    id: Annotated[str, Text()]
    field: Note = None
    source: Note = None
    entered_by: Note = None
    as_of: Day = None
    evidence: Note = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A table's name, its row contract, its sort key, and its columns in canonical order."""

    name: str
    row: type[Row]
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    required: frozenset[str]

    @property
    def id_column(self) -> str | None:
        """The column that alone identifies a row, or None."""
        return self.key[0] if len(self.key) == 1 else None


_KEYS: dict[str, tuple[type[Row], tuple[str, ...]]] = {
    "actors": (Actor, ("actor_id",)),
    "codes": (CodeRow, ("vocabulary", "code")),
    "volunteers": (Volunteer, ("volunteer_id",)),
    "credentials": (Credential, ("volunteer_id", "credential", "valid_from", "valid_until")),
    "funds": (Fund, ("fund_id",)),
    "spaces": (Space, ("space_id",)),
    "services": (Service, ("service_id",)),
    "availability": (Availability, ("resource_id", "start", "end")),
    "demands": (Demand, ("demand_id",)),
    "options": (Option, ("demand_id", "option_id", "start", "end")),
    "needs": (Need, ("need_id",)),
    "affinities": (Affinity, ("resource_id", "demand_id")),
    "agreements": (Agreement, ("agreement_id",)),
    "standing": (Standing, ("demand_id", "option_id", "need_id", "resource_id")),
    "ballots": (Ballot, ("voter_id", "demand_id")),
    "provenance": (Provenance, ("table", "id", "field")),
}

LATER_TABLES = (
    "weekly", "calendar", "beneficiaries", "preferences", "history", "mandates",
    "duties", "decisions", "actuals", "changes", "relations",
)  # fmt: skip
"""Tables whose meaning this version does not know: refused, never ignored."""

LATER_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "volunteers": ("also_with", "headcount"),
        "spaces": ("simultaneous",),
        "availability": ("amount",),
        "demands": ("series",),
        "options": ("duration", "step"),
        "needs": ("ratio", "within", "offset_start", "offset_end"),
        "standing": ("series",),
    }
)
"""Columns whose meaning this version does not know: refused where a cell is filled."""

PRIVATE_TABLES = ("contacts",)
"""Tables that are never read into an instance; only reports join them."""


@cache
def contracts() -> Mapping[str, Contract]:
    """All table contracts by name, in canonical order."""
    found = {}
    for name, (row, key) in _KEYS.items():
        fields = {
            column: next(m for m in info.metadata if isinstance(m, Field))
            for column, info in row.model_fields.items()
        }
        required = frozenset(c for c, info in row.model_fields.items() if info.is_required())
        found[name] = Contract(name, row, key, MappingProxyType(fields), required)
    return MappingProxyType(found)
