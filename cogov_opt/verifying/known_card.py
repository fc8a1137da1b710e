"""Whatever a card says that this verifier has no meaning for (policy.md, convention S8, S9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .case import OPTIONS
from .policy import CLAUSE_KINDS, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .findings import Findings

FILE = "policy.toml"
CARD = frozenset([
    "id", "version", "status", "title", "authority", "adopted_on", "from", "until", "strategy",
    "points", "objective", "clause", "change_costs",
])  # fmt: skip
POINTS = frozenset({"priority", "per_person", "tags"})
OBJECTIVE = frozenset({"sense", "terms", "give"})
TERM = frozenset({"term", "weight", "where", "each", "measure"})
CLAUSE = frozenset([
    "id", "kind", "where", "firmness", "penalty", "stage", "owner", "source", "because",
    "may_be_empty",
])  # fmt: skip
COUNTED = frozenset({"each", "per", "measure", "of"})
KIND: Mapping[str, frozenset[str]] = {
    "award": frozenset({"min", "max", "step"}), "earmark": frozenset({"only"}),
    "forbid": frozenset(), "pin": frozenset(), "require": frozenset({"must"}),
    "limit": COUNTED | {"at_most", "at_most_percent"},
    "guarantee": COUNTED | {"at_least", "at_least_percent"},
}  # fmt: skip
PERIODS = ("day", "week", "month", "year", "horizon")
LONGEST = 366
"""Days of a rolling window, at most."""
NUMBERS = ("penalty", "stage", "weight", "at_most_percent", "at_least_percent")
_GIVE = re.compile("[0-9]{1,15} points?", re.ASCII)


def check(raw: Mapping[str, Any], findings: Findings) -> None:
    """Tell every kind, term, key and word nobody knows, one by one: the verdict is incomplete."""
    for about in _unknown(raw):
        findings.add("unknown", FILE, about)


def _unknown(raw: Mapping[str, Any]) -> Iterable[str]:
    yield from _keys("", raw, CARD)
    strategy = raw.get("strategy", {})
    named = OPTIONS.get(strategy.get("name", "optimum"), frozenset(strategy))
    yield from _keys("strategy ", strategy, named | {"name"})
    yield from _keys("points ", raw.get("points", {}), POINTS)
    for clause in raw.get("clause", []):
        yield from _of_clause(clause)
    for stage in raw.get("objective", []):
        yield from _keys("objective ", stage, OBJECTIVE)
        give = stage.get("give", 0)
        if not (_GIVE.fullmatch(give) if isinstance(give, str) else _is_whole(give)):
            yield f"give {give}"
        for term in stage["terms"]:
            if term["term"] not in TERMS:
                yield f"term {term['term']}"
            yield from _keys("term ", term, TERM)
            yield from _numbers("term ", term)


def _of_clause(clause: Mapping[str, Any]) -> Iterable[str]:
    name = f"clause {clause['id']} "
    if clause["kind"] not in CLAUSE_KINDS:
        yield f"{name}{clause['kind']}"
        return
    yield from _keys(name, clause, CLAUSE | KIND[clause["kind"]])
    if clause.get("firmness", "hard") not in ("hard", "soft"):
        yield f"{name}firmness {clause['firmness']}"
    per = clause.get("per", "horizon")
    days = per.get("days") if isinstance(per, dict) and len(per) == 1 else None
    if per not in PERIODS and not (type(days) is int and 1 <= days <= LONGEST):
        yield f"{name}per {per}"
    bounds = [key for key in clause if key.startswith(("at_least", "at_most"))]
    if len(bounds) > 1:
        yield f"{name}{' and '.join(bounds)}"
    yield from _numbers(name, clause)


def _keys(place: str, found: Mapping[str, Any], known: Iterable[str]) -> Iterable[str]:
    yield from (f"{place}{name}" for name in sorted(set(found) - set(known)))


def _numbers(place: str, found: Mapping[str, Any]) -> Iterable[str]:
    """Name what should be a whole number and is none."""
    for name in NUMBERS:
        if name in found and not _is_whole(found[name]):
            yield f"{place}{name} {found[name]}"


def _is_whole(value: Any) -> bool:
    """Tell a whole number; decimals are refused where the card is read."""
    return type(value) in (int, float)
