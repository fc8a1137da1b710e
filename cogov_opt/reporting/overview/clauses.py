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
from cogov_opt.reporting.overview.effects import effects_of
from cogov_opt.reporting.overview.parts import ClauseAccount
from cogov_opt.reporting.view import View

BOUND = "answer.clause_bound"
"""The line of an answer that only counts; an account says what is bound, too."""
SHOWN_APART = ("account.gain", "account.name_", "account.group_", "account.owner_gains")
"""Lines whose figures stand in tables of their own."""


def accounts(view: View) -> tuple[ClauseAccount, ...]:
    """Give the account of each clause, in the order of the card."""
    known = _read(view)
    words = CardWords(view.language, code_words(view.run, view.language))
    priced, cited, broken = _priced(view), _cited(view), _broken(view)
    return tuple(
        ClauseAccount(
            id=identifier,
            kind=view.word(f"clause_kind.{clause['kind']}", clause["kind"]),
            firmness=view.say(f"answer.{clause.get('firmness', 'hard')}"),
            owner=view.name(clause.get("owner", "")) or view.label("the_body"),
            sentence=words.sentence(known[identifier]) if identifier in known else "",
            because=_one(view, clause.get("because") or {}),
            source=str(clause.get("source", "")),
            priced=tuple(priced.get(identifier, ())),
            cited=tuple(cited.get(identifier, ())),
            broken=identifier in broken,
            sentences=tuple(
                line_text(line, view.run, view.names, view.language).strip()
                for line in about(view.run, identifier).lines[1:]
                if line.code != BOUND and not line.code.startswith(SHOWN_APART)
            ),
            effects=effects_of(view, identifier),
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


def _one(view: View, texts: dict[str, str]) -> str:
    return texts.get(view.language) or next(iter(texts.values()), "")


def _priced(view: View) -> dict[str, list[tuple[str, int, str]]]:
    """Give by clause, for each goal, how many limits carry a price and what they are about."""
    stages: list[dict[str, Any]] = []
    if view.run.header["stages"]:
        stages = view.run.certificate["stages"]
    words = code_words(view.run, view.language)
    found: dict[str, list[tuple[str, int, str]]] = {}
    for stage in stages:
        limits: dict[str, dict[str, int]] = {}
        for key, _ in stage["prices"]:
            if key[0] in view.clauses:
                counts = limits.setdefault(key[0], {})
                limit = _limit(view, words, key)
                counts[limit] = counts.get(limit, 0) + 1
        goal = view.name(f"stage {stage['index']}")
        for clause, counts in limits.items():
            told = view.label("list").join(
                text if n == 1 else view.say("report.times", text=text, count=f"{n:,}")
                for text, n in counts.items()
            )
            found.setdefault(clause, []).append((goal, sum(counts.values()), told))
    return found


def _limit(view: View, words: Mapping[str, str], key: list[str]) -> str:
    """
    Say what a limit is about: the first part of its key, a need by its demand.

    A volunteer is never named beside a clause: that may tell what the person lacks.
    """
    first = key[1] if len(key) > 1 else ""
    if first == "horizon":
        return view.say("word.horizon")
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
