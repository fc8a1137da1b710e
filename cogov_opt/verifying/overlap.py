"""No volunteer and no space is in two places at once (convention S7.3, S7.4)."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from .priced import Key, Terms

if TYPE_CHECKING:
    from .draft import Draft
    from .facts import Facts, Option, Resource

Interval = tuple[int, int]
"""A time that uses occupy: [start, end + buffer), in minutes."""
Member = tuple[int, Terms, "list[Option]"]
"""A resource of a ring: its buffer, its x terms, and their options in the same order."""


def add(draft: Draft) -> None:
    """Add the rows of every ring."""
    for ring in rings(draft.facts):
        members: list[Member] = [
            (member.buffer, draft.uses[member.id], draft.times[member.id])
            for member in ring
            if member.id in draft.uses
        ]
        _add_cliques(draft, ring, occupied(members))
        if len({buffer for buffer, _, _ in members}) > 1:
            _add_pairs(draft, ring[0].id, members)


def rings(facts: Facts) -> list[list[Resource]]:
    """Give each volunteer, and each space without parts with the spaces it is part of."""
    spaces = {r.id: r for r in facts.of_kind("space")}
    whole = {r.row.get("part_of") for r in spaces.values()}
    found = [[r] for r in facts.of_kind("volunteer")]
    for space in spaces.values():
        if space.id in whole:
            continue
        ring, at = [space], space.row.get("part_of")
        while at is not None and spaces[at] not in ring:
            ring.append(spaces[at])
            at = spaces[at].row.get("part_of")
        found.append(ring)
    return found


def occupied(members: list[Member]) -> dict[Interval, Terms]:
    """Give the columns that occupy each interval of the members of a ring."""
    found: dict[Interval, Terms] = defaultdict(list)
    for buffer, terms, options in members:
        for term, option in zip(terms, options, strict=True):
            for session in option.sessions:
                held = found[session.start, session.end + buffer]
                if not held or held[-1] is not term:  # A column with two sessions here counts once.
                    held.append(term)
    return found


def _add_cliques(draft: Draft, ring: list[Resource], found: dict[Interval, Terms]) -> None:
    """S7.3: sweep over the starts; a row where the covering set cannot grow any more."""
    name, of = ring[0].id, ring[0].id if len(ring) == 1 else ""
    times = sorted(found)
    active: list[Interval] = []
    for at, time in enumerate(times):
        active.append(time)
        start = time[0]
        following = times[at + 1][0] if at + 1 < len(times) else None
        if following == start:
            continue
        active = [entry for entry in active if entry[1] > start]
        if following is None or any(end <= following for _, end in active):
            covering = _covering([found[entry] for entry in active])
            if len(covering) > 1:
                draft.row(("law.no_overlap", name, str(start)), None, 1, covering, of)


def _covering(lists: list[Terms]) -> Terms:
    """Give the terms of all lists, each once; the term of a column is one object."""
    if len(lists) == 1:
        return lists[0]
    return list({id(term): term for terms in lists for term in terms}.values())


def _add_pairs(draft: Draft, ring: str, members: list[Member]) -> None:
    """S7.4: pairs that only the larger of their buffers keeps apart, one row each."""
    pairs: set[tuple[Key, Key]] = set()
    for one, two in combinations(members, 2):
        if one[0] != two[0]:
            larger = max(one[0], two[0])
            wide = _crossing(_intervals(one, larger), _intervals(two, larger))
            pairs |= wide - _crossing(_intervals(one, one[0]), _intervals(two, two[0]))
    for first, second in sorted(pairs, key=lambda pair: (name_of(pair[0]), name_of(pair[1]))):
        name = ("law.no_overlap", "pair", ring, name_of(first), name_of(second))
        draft.row(name, None, 1, [(first, 1), (second, 1)])


def _intervals(member: Member, buffer: int) -> list[tuple[int, int, Key]]:
    """Give every interval of every column of a resource under some buffer, by start."""
    _, terms, options = member
    return sorted(
        (session.start, session.end + buffer, key)
        for (key, _), option in zip(terms, options, strict=True)
        for session in option.sessions
    )


def _crossing(
    first: list[tuple[int, int, Key]], second: list[tuple[int, int, Key]]
) -> set[tuple[Key, Key]]:
    """Give the pairs whose intervals meet, the smaller text first, each once."""
    pairs = set()
    for start, end, key in first:
        for other_start, other_end, other in second:
            if other_start >= end:
                break
            if start < other_end:
                one, two = sorted((key, other), key=name_of)
                pairs.add((one, two))
    return pairs


def name_of(key: Key) -> str:
    """Give the text `n|r|o|g` of an x column."""
    return "|".join(key[1:])
