"""A policy card, read: what a public body decided (policy.md, convention S8, S9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cogov_opt.domain.clauses import Parameters

TERMS = (
    "served_points", "unmet_points", "units_points", "cost", "distance", "preference",
    "max_min_share",
)  # fmt: skip
MEASURES = ("demands", "assignments", "units", "minutes", "slots", "money", "people", "points")
DEMAND_MEASURES = ("demands", "people", "points")
BASES = ("asked", "available", "given", "standing")
ENTITIES = (
    "demand", "need", "option", "actor", "performer", "giver", "payee", "volunteer", "fund",
    "space", "service", "standing",
)  # fmt: skip
DEMAND_ENTITIES = ("demand", "option", "actor", "performer")
CHANGE_KINDS = (
    "priority", "unit", "skill", "option", "agreement", "earmark", "amount", "clause",
)  # fmt: skip
"""The kinds of changes that could serve an unmet demand (S16.5), as a card prices them."""
OPTION_FIELDS = ("weekday", "date", "day_kind", "start", "end", "id")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of a selector: `entity.field` against values.

    `test` is `any` (equal to one of the values), `all`, `not` (matches none of the values) or
    `range` (values = (low or None, high or None)).
    """

    entity: str
    field: str
    test: Literal["any", "all", "not", "range"]
    values: tuple[str | int | None, ...]


Where = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a stage, with its weight, its selector and, for shares, its groups."""

    term: str
    weight: int = 1
    where: Where = ()
    each: tuple[str, ...] = ()
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """One stage: what is wanted, and what later stages may take back of it."""

    sense: Literal["maximise", "minimise"]
    terms: tuple[Term, ...]
    give_percent: int = 0
    give_points: int | None = None

    def floor(self, value: int) -> int:
        """Give the least (maximised) value later stages must keep: f_k of S9.4."""
        if self.give_points is not None:
            return value - self.give_points
        return value - abs(value) * self.give_percent // 100


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of a policy: what it binds, how firmly, and who set it."""

    id: str
    kind: str
    where: Where
    parameters: Parameters
    firmness: Literal["hard", "soft"] = "hard"
    penalty: int = 0
    stage: int = 1
    owner: str | None = None
    source: str = ""
    because: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False

    @property
    def soft(self) -> bool:
        """Tell whether the clause may be missed at a penalty."""
        return self.firmness == "soft"


@dataclass(frozen=True, slots=True)
class PointsTable:
    """How priority, people and tags become points (S8.1)."""

    priority: Mapping[int, int] = field(default_factory=dict)
    per_person: Mapping[int, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """A card: identity, strategy, points, stages and clauses; `text` is its file, byte for byte."""

    id: str
    version: str
    status: str
    title: Mapping[str, str]
    text: bytes
    authority: str = ""
    adopted_on: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    strategy: str = "optimum"
    options: Mapping[str, Any] = field(default_factory=dict)
    points: PointsTable = field(default_factory=PointsTable)
    objectives: tuple[Objective, ...] = ()
    clauses: tuple[Clause, ...] = ()
    change_costs: Mapping[str, int] = field(default_factory=dict)
    """What a change of a kind is held to cost, against others; 1 where the card says nothing."""

    def softened(self, penalties: Mapping[str, int]) -> Policy:
        """Give the card with some hard clauses soft, each at its penalty in the first stage."""
        clauses = tuple(
            replace(c, firmness="soft", penalty=penalties[c.id], stage=1)
            if c.id in penalties and not c.soft
            else c
            for c in self.clauses
        )
        return replace(self, clauses=clauses)

    def clause(self, clause_id: str) -> Clause:
        """Give a clause by its id; KeyError if there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)
