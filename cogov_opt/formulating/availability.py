"""When resources are open: interval containment, joined without a loop over pairs (S4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.instance import IndexArray, Instance, IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.facts import BoolArray, Facts


@dataclass(frozen=True)
class Rows:
    """Availability rows of one kind, by resource: `first[r]:first[r + 1]` are those of r."""

    first: IntArray
    start: IntArray
    end: IntArray

    @cached_property
    def count(self) -> IntArray:
        """Give the number of rows of each resource."""
        return np.diff(self.first)

    @cached_property
    def silent(self) -> BoolArray:
        """Tell which resources have no row."""
        return np.asarray(self.count == 0)


def rows_of(instance: Instance, span: slice) -> Rows:
    """Collect the rows of the resources of one kind."""
    table = instance.availability
    size = span.stop - span.start
    if not len(table):
        return Rows(np.zeros(size + 1, dtype=np.int64), *2 * (np.zeros(0, dtype=np.int64),))
    resource = table.ints("resource_id")
    mine = np.flatnonzero((resource >= span.start) & (resource < span.stop))
    mine = mine[np.argsort(resource[mine], kind="stable")]
    counts = np.bincount(resource[mine] - span.start, minlength=size)
    first = np.concatenate(([0], np.cumsum(counts)))
    return Rows(first, table.ints("start")[mine], table.ints("end")[mine])


def expand(first: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """List, for each i, the numbers first[i] .. first[i] + count[i] - 1, with i beside each."""
    if (count == 1).all():
        return np.arange(len(first)), first.astype(np.int64)
    owner = np.repeat(np.arange(len(first)), count)
    shift = first - (np.cumsum(count) - count)
    return owner, np.arange(len(owner)) + np.repeat(shift, count)


def distinct(values: IntArray) -> IntArray:
    """Give the distinct numbers, rising: sorted, which is faster here than numpy's hashing."""
    found = np.sort(values)
    return found[np.concatenate(([True], found[1:] != found[:-1]))] if len(found) else found


def open_pairs(
    rows: Rows, members: IndexArray, starts: IntArray, ends: IntArray
) -> tuple[IntArray, IntArray]:
    """
    Find every (session, member) where one row of the member holds the whole session.

    Returns indices into the sessions and into `members`, each pair once.
    """
    if not len(starts):
        return starts, starts
    owner, row = expand(rows.first[members], rows.count[members])
    opened, closed = rows.start[row], rows.end[row]
    order = np.argsort(starts, kind="stable")
    rising = starts[order]
    left = np.searchsorted(rising, opened, side="left")
    count = np.searchsorted(rising, closed, side="right") - left
    at, place = expand(left, np.maximum(count, 0))
    session = order[place]
    fits = closed[at] >= ends[session]
    pair = distinct(session[fits] * len(members) + owner[at[fits]])
    return pair // max(len(members), 1), pair % max(len(members), 1)


def open_options(
    facts: Facts, kind: int, rows: Rows, members: IndexArray, options: IndexArray
) -> tuple[IntArray, IntArray]:
    """
    Find every (option, member) where the member is open at every session of the option.

    Returns indices into `options` and into `members`; options without time are open to all.
    """
    o = facts.options
    sessions = o.sessions[options]
    owner, session = expand(o.first[options], sessions)
    asked, found = open_pairs(rows, members, o.starts[session], o.ends[session])
    pair = owner[asked] * len(members) + found
    if sessions.max(initial=0) > 1:
        pair, held = np.unique(pair, return_counts=True)
        pair = pair[held == sessions[pair // max(len(members), 1)]]
    silent = rows.silent[members]
    free = np.flatnonzero(_open_when_silent(facts, kind, options))
    untimed = np.flatnonzero(sessions == 0)
    for some, whom in ((free, silent), (untimed, ~silent)):
        if len(some) and whom.any():
            every = np.flatnonzero(whom)
            pair = np.concatenate((pair, (some[:, None] * len(members) + every).ravel()))
    return pair // max(len(members), 1), pair % max(len(members), 1)


def _open_when_silent(facts: Facts, kind: int, options: IndexArray) -> BoolArray:
    """Tell at which options a resource without rows is open."""
    meaning = facts.instance.package.silence(RESOURCE_KINDS[kind])
    if meaning == "always":
        return np.ones(len(options), dtype=bool)
    untimed = facts.options.sessions[options] == 0
    if meaning == "closed":
        return np.asarray(untimed)
    return np.asarray(untimed | on_workdays(facts)[options])


def on_workdays(facts: Facts) -> BoolArray:
    """Tell which options touch no Saturday or Sunday."""
    o = facts.options
    last = facts.instance.calendar.day_of(o.ends - 1)
    weekday = (o.days + 6) % 7
    touches_weekend = weekday + (last - o.days) >= 5
    bad = np.concatenate(([0], np.cumsum(touches_weekend)))
    return np.asarray(bad[o.first[1:]] == bad[o.first[:-1]])


def closed_mask(facts: Facts, kind: int, rows: Rows, option: int) -> BoolArray:
    """Tell which resources of a kind are not open for one option."""
    everyone = np.arange(len(rows.first) - 1, dtype=np.int32)
    _, found = open_options(facts, kind, rows, everyone, np.array([option], dtype=np.int32))
    shut = np.ones(len(everyone), dtype=bool)
    shut[found] = False
    return shut
