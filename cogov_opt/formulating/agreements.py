"""Who may use whose resource, and the limits of agreements (convention S4.9, S7.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IndexArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.facts import BoolArray, Facts

FREE_USE = -1
FORBIDDEN = -2
LIMITED = -3

AGREEMENT_KINDS = ("volunteer", "space", "service")
"""The words of the column `kind` of agreements, as the check indexes them."""


@dataclass(frozen=True, slots=True)
class Access:
    """
    For each resource of a kind: its agreement, or FREE_USE, FORBIDDEN or LIMITED.

    A LIMITED resource may be used under each of `limited` = (resource, agreement) pairs, sorted.
    """

    agreement: IndexArray
    limited: tuple[IndexArray, IndexArray]


def access_of(facts: Facts, kind: int, performer: int, days: tuple[int, ...]) -> Access:
    """Say under which agreement a performer may use each resource of a kind on these days."""
    owner = facts.instance.resources.actor[facts.span(kind)]
    found = np.where(facts.related[owner, performer], FREE_USE, FORBIDDEN).astype(np.int32)
    pairs: list[tuple[int, int]] = []
    for agreement in _in_force(facts, kind, performer, days):
        covered = np.flatnonzero(_covered(facts, kind, agreement) & (found != FREE_USE))
        if is_limited(facts, agreement):
            pairs += [(int(r), agreement) for r in covered]
        else:
            free = covered[found[covered] == FORBIDDEN]
            found[free] = agreement
    pairs = sorted(p for p in pairs if found[p[0]] == FORBIDDEN)
    resources = np.array([p[0] for p in pairs], dtype=np.int32)
    found[resources] = LIMITED
    return Access(found, (resources, np.array([p[1] for p in pairs], dtype=np.int32)))


def is_limited(facts: Facts, agreement: int) -> bool:
    """Tell whether an agreement states a share or a quantity."""
    table = facts.instance.agreements
    return bool(
        table.ints("share_percent")[agreement] != BLANK
        or table.ints("quantity")[agreement] != BLANK
    )


def _in_force(facts: Facts, kind: int, performer: int, days: tuple[int, ...]) -> list[int]:
    """List the agreements, by id, that let a performer use resources of a kind on these days."""
    table = facts.instance.agreements
    if not len(table):
        return []
    word = RESOURCE_KINDS[kind]
    taker = table.ints("taker_id")
    good = (taker == -2) | np.isin(taker, facts.actor_above[performer])
    stated = table.ints("kind")
    place = AGREEMENT_KINDS.index(word) if word in AGREEMENT_KINDS else -9
    good &= (stated == -1) | (stated == place)
    first, last = table.ints("valid_from"), table.ints("valid_until", 2**60)
    good &= (first <= min(days)) & (last >= max(days))
    return np.flatnonzero(good).tolist()


def _covered(facts: Facts, kind: int, agreement: int) -> BoolArray:
    """Tell which resources of a kind an agreement covers: its giver's own, or the one it names."""
    table = facts.instance.agreements
    span = facts.span(kind)
    covered = facts.instance.resources.actor[span] == table.ints("giver_id")[agreement]
    named = int(table.ints("resource_id")[agreement])
    if named >= 0:
        covered &= np.arange(span.start, span.stop) == named
    return np.asarray(covered)
