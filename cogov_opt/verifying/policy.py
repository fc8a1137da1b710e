"""The policy card, read from policy.toml (convention S8, S9; policy.md)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CLAUSE_KINDS = ("require", "forbid", "earmark", "limit", "guarantee", "award", "pin")
TERMS = (
    "served_points", "unmet_points", "units_points", "preference", "cost", "distance",
    "max_min_share",
)  # fmt: skip


class CardError(ValueError):
    """The card says something this verifier does not know, or that contradicts the convention."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a selector: every test of `tests` must hold of `entity.field` (S8.2)."""

    entity: str
    field: str
    tests: tuple[tuple[str, tuple[Any, ...]], ...]


Where = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """How priority, people and tags become points (S8.1)."""

    priority: dict[int, int]
    per_person: dict[int, int]
    tags: dict[str, int]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an objective."""

    name: str
    weight: int
    where: Where
    each: tuple[str, ...]
    measure: str


@dataclass(frozen=True, slots=True)
class Objective:
    """One stage: its sense, its terms and what later stages may take back (S9.4)."""

    sense: str
    terms: tuple[Term, ...]
    give_percent: int
    give_points: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause; `values` holds the parameters of its kind, selectors already read."""

    id: str
    kind: str
    where: Where
    each: tuple[str, ...]
    per: str | int
    measure: str
    soft: bool
    penalty: int
    stage: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What a public body decided."""

    raw: dict[str, Any]
    points: Points
    objectives: tuple[Objective, ...]
    clauses: tuple[Clause, ...]
    strategy: dict[str, Any]


def read_card(path: Path) -> Card:
    """Read a card; a float anywhere is refused."""
    return card_of(tomllib.loads(path.read_text("utf-8"), parse_float=_refuse_float))


def softened(card: Card, penalties: dict[str, Any]) -> Card:
    """Give the card with the clauses a run made soft, each at its penalty in stage 1 (S8.13)."""
    hard = {c.id for c in card.clauses if not c.soft}
    for name, penalty in penalties.items():
        if name not in hard or type(penalty) is not int or penalty < 1:
            raise CardError(f"soften {name}")
    clauses = tuple(
        replace(c, soft=True, penalty=penalties[c.id], stage=1) if c.id in penalties else c
        for c in card.clauses
    )
    return replace(card, clauses=clauses)


def card_of(raw: dict[str, Any]) -> Card:
    """Give the card of a parsed TOML document."""
    return Card(
        raw,
        _points(raw.get("points", {})),
        tuple(_objective(o) for o in raw.get("objective", [])),
        tuple(_clause(c) for c in raw.get("clause", [])),
        dict(raw.get("strategy", {})),
    )


def minor(value: int | str) -> int:
    """Give the minor units of a card's amount: an integer or a decimal string in major units."""
    whole, _, cents = str(value).strip().partition(".")
    if len(cents) > 2 or not (whole.lstrip("-") + cents).isdigit():
        raise CardError(f"not an amount of money: {value}")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole or "0")) * 100 + int((cents + "00")[:2]))


def read_where(raw: dict[str, Any]) -> Where:
    """Give the lines of a selector; `demand.priority` may stand quoted or as a nested table."""
    lines = []
    for name, inner in raw.items():
        entity, _, rest = name.partition(".")
        for field, spec in [(rest, inner)] if rest else inner.items():
            lines.append(Line(entity, field, _tests(spec)))
    return tuple(lines)


def _tests(spec: Any) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    if not isinstance(spec, dict):
        return (("any", _values(spec)),)
    unknown = set(spec) - {"all", "not", "at_least", "at_most"}
    if unknown or not spec:
        raise CardError(f"unknown test in a selector: {sorted(unknown)}")
    return tuple((word, _values(value)) for word, value in spec.items())


def _values(spec: Any) -> tuple[Any, ...]:
    values = spec if isinstance(spec, list) else [spec]
    return tuple(v.isoformat() if isinstance(v, date) else v for v in values)


def _refuse_float(text: str) -> float:
    raise CardError(f"a float in the card: {text}")


def _points(raw: dict[str, Any]) -> Points:
    return Points(
        {int(k): int(v) for k, v in raw.get("priority", {}).items()},
        {int(k): int(v) for k, v in raw.get("per_person", {}).items()},
        {str(k): int(v) for k, v in raw.get("tags", {}).items()},
    )


def _objective(raw: dict[str, Any]) -> Objective:
    give = raw.get("give", 0)
    points = isinstance(give, str)
    amount = int(str(give).split()[0])
    if raw["sense"] not in {"maximise", "minimise"}:
        raise CardError(f"unknown sense {raw['sense']}")
    terms = tuple(_term(t) for t in raw["terms"])
    return Objective(raw["sense"], terms, 0 if points else amount, amount if points else 0)


def _term(raw: dict[str, Any]) -> Term:
    if raw["term"] not in TERMS:
        raise CardError(f"unknown term {raw['term']}")
    where = read_where(raw.get("where", {}))
    measure = str(raw.get("measure", "units"))
    return Term(raw["term"], int(raw.get("weight", 1)), where, tuple(raw.get("each", ())), measure)


def _clause(raw: dict[str, Any]) -> Clause:
    if raw["kind"] not in CLAUSE_KINDS:
        raise CardError(f"unknown clause kind {raw['kind']}")
    values = dict(raw)
    for word in ("must", "only"):
        if word in raw:
            values[word] = read_where(raw[word])
    per = raw.get("per", "horizon")
    return Clause(
        str(raw["id"]), str(raw["kind"]), read_where(raw.get("where", {})),
        tuple(raw.get("each", ())), int(per["days"]) if isinstance(per, dict) else str(per),
        str(raw.get("measure", "assignments")), raw.get("firmness", "hard") == "soft",
        int(raw.get("penalty", 0)), int(raw.get("stage", 1)), values,
    )  # fmt: skip
