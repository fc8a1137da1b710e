"""Policy cards: TOML becomes a Policy, or every fault is told at once (policy.md)."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Literal

from cogov_opt.domain.policy import (
    CHANGE_KINDS,
    DEMAND_ENTITIES,
    DEMAND_MEASURES,
    MEASURES,
    TERMS,
    Clause,
    Objective,
    PointsTable,
    Policy,
    Term,
)  # fmt: skip
from cogov_opt.errors import PolicyError
from cogov_opt.loading.clauses import read_clause
from cogov_opt.loading.reading import Decimal, Notes, Section, closest, is_int
from cogov_opt.loading.selectors import CANDIDATES, read_each, read_where

STATUSES = ("draft", "adopted", "withdrawn")
LONGEST, MOST_GOALS = 2**16, 20
"""Bytes and goals of a card, at most (S8.15)."""
_GIVE = re.compile(r"([0-9]{1,15}) points?")
_ONLY_MINIMISED = ("cost", "distance")
_OF_DEMANDS = {"served_points": DEMAND_ENTITIES, "unmet_points": ("demand",)}


def read_card(data: bytes, file: str) -> Policy:
    """
    Read a card.

    Raises
    ------
    PolicyError
        With every issue: decimals anywhere, unknown keys, words and fields, contradictions.
    """
    notes = Notes(file)
    raw = _document(data, notes)
    notes.decimals(raw)
    policy = _policy(Section(raw, "", notes), data)
    if notes.issues:
        raise PolicyError(notes.issues)
    return policy


def _document(data: bytes, notes: Notes) -> dict[str, Any]:
    """Parse TOML, keeping decimal numbers apart so that each can be named."""
    if len(data) > LONGEST:
        notes.add("bad_toml", "", reason=f"longer than {LONGEST} bytes")
        raise PolicyError(notes.issues)
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:  # its own errors, and numbers without end
        notes.add("bad_toml", "", reason=str(error))
        raise PolicyError(notes.issues) from error


def _policy(card: Section, data: bytes) -> Policy:
    """Read the whole card."""
    strategy, options = _strategy(card.section("strategy"))
    objectives = tuple(_objective(o) for o in card.sections("objective"))
    clauses = [read_clause(c, len(objectives)) for c in card.sections("clause")]
    if len(objectives) > MOST_GOALS:
        card.notes.bad("objective", len(objectives), f"at most {MOST_GOALS}")
    if strategy == "optimum" and not objectives:
        card.notes.add("no_objective", "objective")
    _refuse_twins([c for c in clauses if c], card.notes)
    policy = Policy(
        id=card.text("id", needed=True),
        version=card.text("version", needed=True),
        status=card.word("status", STATUSES, "draft", needed=True),
        title=card.texts("title"),
        text=data,
        authority=card.text("authority"),
        adopted_on=card.day("adopted_on"),
        valid_from=card.day("from"),
        valid_until=card.day("until"),
        strategy=strategy,
        options=options,
        points=_points(card.section("points")),
        objectives=objectives,
        clauses=tuple(c for c in clauses if c),
        change_costs=_change_costs(card.section("change_costs")),
    )
    card.finish()
    return policy


def _refuse_twins(clauses: list[Clause], notes: Notes) -> None:
    """Note clause ids that stand twice, and those that rows of the law begin with (S8.14)."""
    seen = set()
    for clause in clauses:
        if clause.id in ("stage", "ask") or clause.id.startswith(("law.", "term.")):
            wanted = "an id that is not stage or ask and does not begin with law. or term."
            notes.bad(f"clause[{clause.id}].id", clause.id, wanted)
        if clause.id in seen:
            notes.add("duplicate_clause", f"clause[{clause.id}].id", read=clause.id)
        seen.add(clause.id)


def _strategy(section: Section) -> tuple[str, dict[str, Any]]:
    """Read the strategy's name; its other keys are its own to read."""
    name = section.text("name", "optimum")
    return name, {k: _plain(v) for k, v in section.values.items()}


def _plain(value: Any) -> Any:
    """Freeze lists of options."""
    return tuple(value) if isinstance(value, list) else value


def _points(section: Section) -> PointsTable:
    """Read how priority, people and tags become points (S8.1)."""
    priority = _numbered(section, "priority")
    per_person = _numbered(section, "per_person")
    tags = section.section("tags")
    worth = {}
    for tag in list(tags.values):
        worth[tag] = tags.whole(tag, 0, 0, 10**9)
    section.finish()
    return PointsTable(priority, per_person, worth)


def _change_costs(section: Section) -> dict[str, int]:
    """Read what a change of each kind is held to cost (S16.5); kinds left out cost 1."""
    found = {k: section.whole(k, 1, 0, 10**9) for k in CHANGE_KINDS if k in section.values}
    section.finish()
    return found


def _numbered(section: Section, name: str) -> dict[int, int]:
    """Read points by priority."""
    lines, found = section.section(name), {}
    for key in list(lines.values):
        if key not in ("1", "2", "3", "4", "5"):
            section.notes.bad(lines.at(key), key, "a priority from 1 to 5")
            lines.take(key)
        else:
            found[int(key)] = lines.whole(key, 0, 0, 10**9)
    return found


def _objective(section: Section) -> Objective:
    """Read one stage."""
    sense: Literal["maximise", "minimise"] = (
        "minimise"
        if section.word("sense", ("maximise", "minimise"), "maximise", needed=True) == "minimise"
        else "maximise"
    )
    terms = section.sections("terms")
    if not terms:
        section.notes.bad(section.at("terms"), [], "at least one term")
    percent, points = _give(section)
    read = tuple(_term(t, sense) for t in terms)
    section.finish()
    return Objective(sense, tuple(t for t in read if t), percent, points)


def _give(section: Section) -> tuple[int, int | None]:
    """Read what later stages may take back: percent, or `50 points`."""
    value = section.take("give", 0)
    if is_int(value) and 0 <= value <= 100:
        return value, None
    found = _GIVE.fullmatch(value) if isinstance(value, str) else None
    if found:
        return 0, int(found[1])
    section.notes.bad(section.at("give"), value, 'a percentage from 0 to 100, or "50 points"')
    return 0, None


def _term(section: Section, sense: str) -> Term | None:
    """Read one term of a stage."""
    name = section.take("term", needed=True)
    if name not in TERMS:
        if name is not None:
            guess = closest(str(name), TERMS)
            section.notes.bad(section.at("term"), name, f"{', '.join(TERMS)} ({guess}?)")
        return None
    if name in _ONLY_MINIMISED and sense != "minimise":
        section.notes.add("only_minimised", section.at("term"), read=name)
    each, measure = _share(section) if name == "max_min_share" else ((), None)
    entities = DEMAND_ENTITIES if measure in DEMAND_MEASURES else CANDIDATES
    entities = _OF_DEMANDS.get(name, entities)
    where = read_where(section.take("where", {}), section.at("where"), section.notes, entities)
    weight = section.whole("weight", 1, 1, 10**9)
    section.finish()
    return Term(name, weight, where, each, measure)


def _share(section: Section) -> tuple[tuple[str, ...], str]:
    """Read the groups and the measure of a share."""
    measure = section.word("measure", MEASURES, "demands", needed=True)
    entities = DEMAND_ENTITIES if measure in DEMAND_MEASURES else (*DEMAND_ENTITIES, "need")
    raw = section.take("each", [], needed=True)
    return read_each(raw, section.at("each"), section.notes, entities), measure
