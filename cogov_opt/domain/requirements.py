"""What a need requires, parsed from its canonical text (convention S4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

VOCABULARIES_OF = {
    "volunteer": ("skill", "credential", "language", "tag"),
    "space": ("space_kind", "feature"),
    "service": ("service_type", "language"),
    "fund": (),
}
"""The vocabularies a need of each kind may ask for."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing asked: a code, at a level, or its absence; or a number of seats."""

    code: str
    level: int = 1
    negated: bool = False

    @property
    def is_seats(self) -> bool:
        """Tell whether the atom asks for seats; `level` is their number."""
        return self.code == "seats"


@lru_cache(maxsize=4096)
def parse_requirement(text: str) -> tuple[tuple[Atom, ...], ...]:
    """
    Read a requirement: items that all hold, each a choice of atoms.

    Raises
    ------
    ValueError
        An item is empty, or a level is not a positive whole number.
    """
    if not text:
        return ()
    return tuple(tuple(parse_atom(a) for a in item.split("|")) for item in text.split(";"))


def parse_atom(text: str) -> Atom:
    """
    Read `code`, `code:2`, `not:code` or `seats:20`.

    Raises
    ------
    ValueError
        The text is none of these.
    """
    head, colon, tail = text.strip().partition(":")
    if head == "not" and colon and tail and ":" not in tail:
        return Atom(tail.strip(), negated=True)
    if not head or (colon and not (tail.isascii() and tail.isdigit() and int(tail) > 0)):
        raise ValueError(text)
    if head == "seats" and not colon:
        raise ValueError(text)
    return Atom(head, int(tail) if colon else 1)
