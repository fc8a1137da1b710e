"""The priced formulation: columns, rows and stages under their keys (convention S5-S9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .facts import Facts
    from .policy import Card

Key = tuple[str, ...]
Terms = list[tuple[Key, int]]


class Candidate(NamedTuple):
    """A resource that may serve a need at an option (S4): its agreement, cap and unit cost."""

    resource: str
    agreement: str
    cap: int
    cost: int


class Row(NamedTuple):
    """
    A row: lower <= sum of coefficient x column <= upper; None does not limit.

    `of` names a resource if nothing but x columns of it stand in the row.
    """

    key: Key
    lower: int | None
    upper: int | None
    terms: Terms
    of: str = ""


@dataclass(slots=True)
class Stage:
    """
    A stage as maximise `costs` x + `constant` (S9.3).

    For sense `minimise` both are negated already: the written value is minus their sum.
    """

    index: int
    sense: str
    terms: tuple[str, ...]
    give_percent: int
    give_points: int
    costs: dict[Key, int] = field(default_factory=dict)
    constant: int = 0


class Definition(NamedTuple):
    """
    How the value of an auxiliary column follows from the plan.

    `rule` is `any` (1 if the sum is above 0), `floor` (times * sum // over), `slack` (the least
    that keeps sum <= bound, `times` per unit; `over` is +1 for <= and -1 for >=) or `level`.
    """

    rule: str
    terms: Terms
    times: int = 1
    over: int = 1
    bound: int = 0
    groups: tuple[tuple[int, Terms], ...] = ()


@dataclass(slots=True)
class Priced:
    """The whole formulation; keys are tuples of text, bounds are (lower, upper)."""

    facts: Facts
    card: Card
    candidates: dict[str, dict[str, list[Candidate]]]
    columns: dict[Key, tuple[int, int]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    definitions: dict[Key, Definition] = field(default_factory=dict)
    uses: dict[str, Terms] = field(default_factory=lambda: defaultdict(list))
    """The x terms of each resource that is a candidate."""
