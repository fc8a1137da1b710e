"""Every clause of the card: what it says, who set it, and what it bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogov_opt.domain.policy import Clause
from cogov_opt.errors import PolicyError
from cogov_opt.explaining.answers import about, line_text
from cogov_opt.explaining.names import code_words
from cogov_opt.loading import load_policy_text
from cogov_opt.reporting.cards import CardWords
from cogov_opt.reporting.overview.parts import ClauseAccount
from cogov_opt.reporting.view import View


def accounts(view: View) -> tuple[ClauseAccount, ...]:
    """Give the account of each clause, in the order of the card."""
    known = _read(view)
    priced, cited, broken = _priced(view), _cited(view), _broken(view)
    return tuple(
        ClauseAccount(
            id=identifier,
            kind=view.word(f"clause_kind.{clause['kind']}", clause["kind"]),
            firmness=view.say(f"answer.{clause.get('firmness', 'hard')}"),
            owner=view.name(clause.get("owner", "")) or view.label("the_body"),
            sentence=_sentence(view, known.get(identifier)),
            because=_one(view, clause.get("because") or {}),
            source=str(clause.get("source", "")),
            priced=tuple((g, limit, n) for (g, limit), n in priced.get(identifier, {}).items()),
            cited=tuple(cited.get(identifier, ())),
            broken=identifier in broken,
            sentences=tuple(
                line_text(line, view.run, view.names, view.language).strip()
                for line in about(view.run, identifier).lines[1:]
            ),
        )
        for identifier, clause in view.clauses.items()
    )


def _read(view: View) -> dict[str, Clause]:
    """Read the card's clauses; none where this version does not know one of them."""
    try:
        card = load_policy_text(view.run.files["policy.toml"].decode("utf-8"))
    except PolicyError:
        return {}
    return {clause.id: clause for clause in card.clauses}


def _sentence(view: View, clause: Clause | None) -> str:
    return CardWords(view.language).sentence(clause) if clause else ""


def _one(view: View, texts: dict[str, str]) -> str:
    return texts.get(view.language) or next(iter(texts.values()), "")


def _priced(view: View) -> dict[str, dict[tuple[int, str], int]]:
    """Count by clause, goal and what it is about the limits that carry a price."""
    found: dict[str, dict[tuple[int, str], int]] = {}
    stages: list[dict[str, Any]] = []
    if view.run.header["stages"]:
        stages = view.run.certificate["stages"]
    words = code_words(view.run, view.language)
    for stage in stages:
        for key, _ in stage["prices"]:
            if key[0] in view.clauses:
                limit = (int(stage["index"]), _limit(view, words, key))
                limits = found.setdefault(key[0], {})
                limits[limit] = limits.get(limit, 0) + 1
    return found


def _limit(view: View, words: Mapping[str, str], key: list[str]) -> str:
    """
    Say what a limit is about: the first part of its key, a need by its demand.

    A volunteer is never named beside a clause: that may tell what the person lacks.
    """
    first = key[1] if len(key) > 1 else ""
    if view.names.get(f"kind {first}") == "volunteer" and first in view.run.by_id("volunteers"):
        return view.say("kinds.volunteer")
    first = view.names.get(f"demand {first}", first)
    return view.names.get(first, words.get(first, first))


def _cited(view: View) -> dict[str, list[str]]:
    """Give by clause the records it is the reason of."""
    found: dict[str, list[str]] = {}
    for record in view.run.records.values():
        clause = record["values"].get("clause")
        if clause:
            found.setdefault(clause, []).append(record["record"])
    return found


def _broken(view: View) -> set[str]:
    return {clause for clause, _ in view.run.header["breaks"]}
