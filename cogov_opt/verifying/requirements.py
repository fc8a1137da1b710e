"""What a need requires of a resource (convention S4.3, S4.4)."""

from __future__ import annotations

from typing import NamedTuple

from .facts import Facts, FactsError, Resource

VOCABULARIES = {
    "volunteer": ("skill", "credential", "language", "tag"),
    "space": ("space_kind", "feature"),
    "service": ("service_type", "language"),
    "fund": (),
}
TEST_OF = {"tag": "feature"}


class Atom(NamedTuple):
    """One alternative of an item: `code`, `code:N`, `not:code` or `seats:N`."""

    negated: bool
    vocabulary: str
    code: str
    level: int


Items = tuple[tuple[Atom, ...], ...]


def read_items(facts: Facts, kind: str, requires: tuple[tuple[str, ...], ...]) -> Items:
    """Give the items of a need as atoms."""
    return tuple(tuple(read_atom(facts, kind, text) for text in item) for item in requires)


def read_atom(facts: Facts, kind: str, text: str) -> Atom:
    """Give one atom; its code's vocabulary must be one of the kind's."""
    negated = text.startswith("not:")
    body = text[4:] if negated else text
    code, _, level = body.partition(":")
    if code == "seats" and kind == "space" and level:
        return Atom(negated, "seats", code, int(level))
    for vocabulary in VOCABULARIES[kind]:
        if code in facts.codes.get(vocabulary, {}):
            return Atom(negated, vocabulary, code, int(level or 1))
    raise FactsError(f"{text} is not a requirement of a {kind}")


def failures(items: Items, resource: Resource, days: tuple[int, ...]) -> list[str]:
    """Give the test of each item that fails: that of its first atom."""
    failing = []
    for item in items:
        for atom in item:
            if holds(atom, resource, days) != atom.negated:
                break
        else:
            failing.append(_test(item[0], resource))
    return failing


def holds(atom: Atom, resource: Resource, days: tuple[int, ...]) -> bool:
    """Tell whether a resource has what an atom names, its `not:` left aside."""
    vocabulary = atom.vocabulary
    if vocabulary == "skill":
        return resource.skills.get(atom.code, 0) >= atom.level
    if vocabulary == "credential":
        rows = resource.credentials.get(atom.code, ())
        return all(any(first <= day <= last for first, last in rows) for day in days)
    if vocabulary == "seats":
        return int(resource.row["seats"] or 0) >= atom.level
    return atom.code in resource.codes[vocabulary]


def _test(atom: Atom, resource: Resource) -> str:
    if atom.vocabulary == "skill" and not atom.negated and atom.code in resource.skills:
        return "level"
    if atom.vocabulary == "credential" and not atom.negated and atom.code in resource.credentials:
        return "credential_expired"
    return TEST_OF.get(atom.vocabulary, atom.vocabulary)
