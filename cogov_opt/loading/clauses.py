"""One clause of a card: what every clause has, and the parameters of its kind."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from cogov_opt.domain.clauses import KINDS, NEVER_SOFT, Parameters, contract
from cogov_opt.domain.policy import DEMAND_ENTITIES, DEMAND_MEASURES, Clause
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.loading.reading import Section, closest, is_int, minor_units
from cogov_opt.loading.selectors import CANDIDATES, read_each, read_where

PERIODS = ("day", "week", "month", "year", "horizon")
_WHERE_OF = {
    "earmark": ("fund", "giver"),
    "pin": ("demand", "need", "option", "standing", *RESOURCE_KINDS),
}
_AMOUNTS = {"award": ("min", "max", "step")}
_TOLD = ("one_bound", "percent_needs_of", "available_of_demands", "no_bound")


def read_clause(section: Section, stages: int) -> Clause | None:
    """Read one clause; None, with issues, if its kind is unknown or its parameters are wrong."""
    notes = section.notes
    clause_id = section.text("id", needed=True)
    kind = section.take("kind", needed=True)
    if kind not in KINDS:
        if kind is not None:
            guess = closest(str(kind), KINDS)
            notes.bad(section.at("kind"), kind, f"{', '.join(KINDS)} ({guess}?)")
        return None
    entities = _entities(kind, section.values.get("measure"))
    where = read_where(section.take("where", {}), section.at("where"), notes, entities)
    soft = section.word("firmness", ("hard", "soft"), "hard") == "soft"
    penalty = section.whole("penalty", 0, 1, 10**9)
    stage = section.whole("stage", 1, 1)
    _check_softness(section, kind, stages, soft=soft, penalty=penalty, stage=stage)
    common: dict[str, Any] = {
        "owner": section.text("owner") or None,
        "source": section.text("source"),
        "because": section.texts("because"),
        "may_be_empty": section.flag("may_be_empty"),
    }
    parameters = _parameters(section, kind)
    if parameters is None:
        return None
    return Clause(
        id=clause_id, kind=kind, where=where, parameters=parameters,
        firmness="soft" if soft else "hard", penalty=penalty, stage=stage, **common,
    )  # fmt: skip


def _entities(kind: str, measure: Any) -> tuple[str, ...]:
    """Give the entities a clause's selector may name (S8.3, S8.8, S8.10)."""
    return DEMAND_ENTITIES if measure in DEMAND_MEASURES else _WHERE_OF.get(kind, CANDIDATES)


def _check_softness(
    section: Section, kind: str, stages: int, *, soft: bool, penalty: int, stage: int
) -> None:
    """Hold soft clauses to having a penalty in a stage there is."""
    notes = section.notes
    if soft and kind in NEVER_SOFT:
        notes.add("never_soft", section.at("firmness"), read=kind)
    elif soft and not penalty:
        notes.add("soft_without_penalty", section.at("penalty"))
    if soft and stage > stages:
        notes.add("no_such_stage", section.at("stage"), read=stage, count=stages)


def _parameters(section: Section, kind: str) -> Parameters | None:
    """Read the parameters of a kind by its contract."""
    model, notes = contract(kind), section.notes
    before = len(notes.issues)
    measure = section.values.get("measure")
    entities = _entities(kind, measure)
    values = {}
    for name, value in section.values.items():
        if name in model.model_fields:
            values[name] = _parameter(section, kind, name, value, entities)
        else:
            known = [*section.known, *model.model_fields]
            notes.add("unknown_key", section.at(name), closest=closest(name, known))
    if kind == "award" and not values:
        notes.add("no_bound", section.key)
    try:
        found = model(**values)
    except ValidationError as error:
        _tell(error, section, already=len(notes.issues) > before)
        return None
    return found if len(notes.issues) == before else None


def _parameter(
    section: Section, kind: str, name: str, value: Any, entities: tuple[str, ...]
) -> Any:
    """Bring one parameter to the form its contract has: lines, tuples, days, minor units."""
    key, notes = section.at(name), section.notes
    if name in ("must", "only"):
        return read_where(value, key, notes)
    if name == "each":
        return read_each(value, key, notes, entities)
    if name == "per":
        return _period(value, key, section)
    money = section.values.get("measure") == "money" and name in ("at_most", "at_least")
    if money or name in _AMOUNTS.get(kind, ()):
        return minor_units(value, key, notes)
    return value


def _period(value: Any, key: str, section: Section) -> Any:
    """Read a calendar period, or the days of a rolling window."""
    if value in PERIODS:
        return value
    days = value.get("days") if isinstance(value, dict) and len(value) == 1 else None
    if isinstance(days, int) and is_int(days) and 1 <= days <= 366:
        return days
    section.notes.bad(key, value, f"{', '.join(PERIODS)}, or {{ days = 7 }}")
    return "horizon"


def _tell(error: ValidationError, section: Section, *, already: bool) -> None:
    """Say in our own words what a contract refused."""
    for fault in error.errors():
        name = ".".join(str(p) for p in fault["loc"] if not str(p).startswith("function"))
        told = next((w for w in _TOLD if w in fault["msg"]), None)
        if told:
            section.notes.add(told, section.key)
        elif fault["type"] == "missing":
            section.notes.add("missing_key", section.at(name))
        elif not already:
            section.notes.bad(section.at(name), fault.get("input"), fault["msg"])
