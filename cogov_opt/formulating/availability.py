"""When resources are open: interval containment, joined without a loop over pairs (S4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.facts import BoolArray, Facts

SHIFT = 32
"""A number and a minute share one integer: the number above this bit, the minute below."""
PAIRS_AT_ONCE = 2_000_000
"""Pairs of an option and a resource that are held in memory together, where they are counted."""


@dataclass(frozen=True)
class Rows:
    """
    Availability rows of one kind, by resource: `first[r]:first[r + 1]` are those of r.

    Of `Facts.session_starts` a row holds those from `left` to before `right`.
    """

    first: IntArray
    start: IntArray
    end: IntArray
    left: IntArray
    right: IntArray

    @cached_property
    def count(self) -> IntArray:
        """Give the number of rows of each resource."""
        return np.diff(self.first)

    @cached_property
    def silent(self) -> BoolArray:
        """Tell which resources have no row."""
        return np.asarray(self.count == 0)


def rows_of(facts: Facts, kind: int) -> Rows:
    """Collect the rows of the resources of one kind."""
    table, span = facts.instance.availability, facts.span(kind)
    size, none = span.stop - span.start, np.zeros(0, dtype=np.int64)
    if not len(table):
        return Rows(np.zeros(size + 1, dtype=np.int64), none, none, none, none)
    resource = table.ints("resource_id")
    mine = np.flatnonzero((resource >= span.start) & (resource < span.stop))
    mine = mine[np.argsort(resource[mine], kind="stable")]
    counts = np.bincount(resource[mine] - span.start, minlength=size)
    first = np.concatenate(([0], np.cumsum(counts)))
    start, end = (table.ints(column)[mine] for column in ("start", "end"))
    starts = facts.session_starts[0]
    left = np.searchsorted(starts, start, side="left")
    return Rows(first, start, end, left, np.searchsorted(starts, end, side="right"))


def expand(first: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """List, for each i, the numbers first[i] .. first[i] + count[i] - 1, with i beside each."""
    if (count == 1).all():
        return np.arange(len(first)), first.astype(np.int64)
    owner = np.repeat(np.arange(len(first)), count)
    shift = first - (np.cumsum(count) - count)
    return owner, np.arange(len(owner)) + np.repeat(shift, count)


def expand_rows(starts: IntArray, which: IntArray) -> tuple[IntArray, IntArray]:
    """List the entries of some rows of a ragged table, with the place in `which` beside each."""
    count = np.diff(starts)
    if (count == 1).all():
        return np.arange(len(which)), starts.take(which)
    return expand(starts.take(which), count.take(which))


def distinct(values: IntArray) -> IntArray:
    """Give the distinct numbers, rising: sorted, which is faster here than numpy's hashing."""
    if (values[1:] > values[:-1]).all():
        return values
    found = np.sort(values)
    return found[np.concatenate(([True], found[1:] != found[:-1]))]


@dataclass(frozen=True, slots=True)
class Crowds:
    """
    Groups of resources of one kind that are asked together, each resource under its agreement.

    Crowd k has the members `first[k]:first[k + 1]` of `member` and `agreement`.
    """

    first: IntArray
    member: IndexArray
    agreement: IndexArray


def open_members(
    facts: Facts, rows: Rows, kind: int, crowds: Crowds, crowd: IntArray, options: IntArray
) -> tuple[IntArray, IntArray]:
    """
    Find for each ask, made to a crowd at an option, the members open at all of its sessions.

    `crowd` rises. Gives asks and places in `crowds.member`, sorted; options without time are open
    to all.
    """
    o = facts.options
    sessions = o.sessions[options]
    owner, session = expand_rows(o.first, options)
    wide = np.int64(len(crowds.member) or 1)
    at, place = _held_sessions(facts, rows, crowds, crowd[owner], session)
    at, place = np.divmod(distinct(at * wide + place), wide)
    pair = owner[at] * wide + place
    if sessions.max(initial=0) > 1:
        pair, held = np.unique(pair, return_counts=True)
        pair = pair[held == sessions[pair // wide]]
    silent = rows.silent[crowds.member]
    free, untimed = _open_when_silent(facts, kind, options), sessions == 0
    for asks, whom in ((free, silent), (untimed, ~silent)):
        if asks.any() and whom.any():
            pair = np.sort(np.concatenate((pair, _all_pairs(crowds, crowd, asks, whom))))
    return np.divmod(pair, wide)


def _held_sessions(
    facts: Facts, rows: Rows, crowds: Crowds, crowd: IntArray, session: IntArray
) -> tuple[IntArray, IntArray]:
    """
    Find every ask for a session and member of its crowd where one row holds the session.

    Asks are put in order of crowd and start; what stands before each start in each crowd is
    counted, so that those within a row are a range.
    """
    starts, start_of = facts.session_starts
    cell = crowd * len(starts) + start_of[session]
    order = np.argsort(cell, kind="stable")
    before = np.zeros((len(crowds.first) - 1) * len(starts) + 1, dtype=np.int64)
    np.cumsum(np.bincount(cell, minlength=len(before) - 1), out=before[1:])
    place, row = expand_rows(rows.first, crowds.member)
    base = (np.repeat(np.arange(len(crowds.first) - 1), np.diff(crowds.first)) * len(starts))[place]
    left = before[base + rows.left[row]]
    at, ask = expand(left, np.maximum(before[base + rows.right[row]] - left, 0))
    ask = order[ask]
    fits = np.flatnonzero(rows.end[row[at]] >= facts.options.ends[session[ask]])
    return ask[fits], place[at[fits]]


def _all_pairs(crowds: Crowds, crowd: IntArray, asks: BoolArray, whom: BoolArray) -> IntArray:
    """Pair some asks with some members of their crowds, as ask x members in all + place."""
    before = np.concatenate(([0], np.cumsum(whom)))[crowds.first]
    some = np.flatnonzero(asks)
    at, place = expand(before[crowd[some]], np.diff(before)[crowd[some]])
    return some[at] * np.int64(len(whom)) + np.flatnonzero(whom)[place]


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


def closed_counts(
    facts: Facts, kind: int, rows: Rows, members: IntArray, options: IntArray
) -> IntArray:
    """Count for some resources of a kind at how many of these options each is not open."""
    found = np.zeros(len(members), dtype=np.int64)
    crowds = Crowds(np.array([0, len(members)]), members, members)
    step = max(1, PAIRS_AT_ONCE // max(1, len(members)))
    for part in np.split(options, range(step, len(options), step)):
        asks = np.zeros(len(part), dtype=np.int64)
        _, place = open_members(facts, rows, kind, crowds, asks, part)
        found += len(part) - np.bincount(place, minlength=len(members))
    return found


def closed_mask(facts: Facts, kind: int, rows: Rows, option: int) -> BoolArray:
    """Tell which resources of a kind are not open for one option."""
    everyone = np.arange(len(rows.count))
    crowds = Crowds(np.array([0, len(everyone)]), everyone, everyone)
    _, found = open_members(facts, rows, kind, crowds, np.zeros(1, np.int64), np.array([option]))
    shut = np.ones(len(everyone), dtype=bool)
    shut[found] = False
    return shut
