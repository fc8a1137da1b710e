"""
Enumerating the candidates (convention S4) by groups of equal needs, never pair by pair.

Needs that ask for the same on the same days form a group; the resources that pass its tests are
found once, then joined with the group's options over time. Memory grows with the candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import FREE, Candidates
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.agreements import FREE_USE
from cogov_opt.formulating.availability import Crowds, Rows, expand, open_members, rows_of
from cogov_opt.formulating.eligibility import Eligibility, days_of
from cogov_opt.formulating.facts import FUND, SERVICE, Facts

BATCH = 2**18
"""Rows of availability and starts of sessions that are joined at a time: a bound on memory."""


@dataclass(frozen=True, slots=True)
class Pool:
    """
    Who may serve each (need, option) pair of a kind, pairs that ask alike sharing their entries.

    Pair i has the entries `first[i]:first[i] + count[i]` of `resource` and `agreement`, sorted.
    """

    first: IntArray
    count: IntArray
    resource: IndexArray
    agreement: IndexArray


def find_candidates(facts: Facts) -> Candidates:
    """Enumerate every candidate, sorted by (need, option, resource, agreement)."""
    pairs = slot_pairs(facts, np.arange(len(facts.need_kind), dtype=np.int32))
    kind = facts.need_kind[pairs[0]]
    first, count = np.zeros((2, len(kind)), dtype=np.int64)
    resources, agreements, taken = [], [], 0
    for each in range(4):
        mine = np.flatnonzero(kind == each)
        pool = _pool(facts, each, pairs[0][mine], pairs[1][mine])
        first[mine], count[mine] = pool.first + taken, pool.count
        resources.append(pool.resource)
        agreements.append(pool.agreement)
        taken += len(pool.resource)
    _, place = expand(first, count)
    need, option = (np.repeat(column, count) for column in pairs)
    resource, agreement = (np.concatenate(p)[place] for p in (resources, agreements))
    use_units = _affinity(facts, "use_units", 1, need, resource)
    unit_cost = facts.use_cost(resource, option)
    cap = _caps(facts, need, resource, use_units)
    found = Candidates(need, option, resource, agreement, cap, use_units, unit_cost)
    return _with_fund_caps(facts, found)


def _pool(facts: Facts, kind: int, need: IndexArray, option: IndexArray) -> Pool:
    """Find who may serve some (need, option) pairs of one kind."""
    tests = Eligibility(facts, kind)
    if not tests.size or not len(need):
        nobody, none = np.zeros(len(need), dtype=np.int64), np.zeros(0, dtype=np.int32)
        return Pool(nobody, nobody, none, none)
    rows, wide = rows_of(facts, kind), len(facts.options)
    group = _groups(facts, tests, need, option)
    asks, leader, ask = np.unique(group * wide + option, return_index=True, return_inverse=True)
    counts, resources, agreements = [], [], []
    for begin, end, crowds in _crowds(tests, rows, need[leader], option[leader], asks // wide):
        crowd, asked = np.divmod(asks[begin:end], wide)
        at, place = open_members(facts, rows, kind, crowds, crowd - crowd[0], asked)
        counts.append(np.bincount(at, minlength=end - begin))
        resources.append(crowds.member[place] + np.int32(facts.span(kind).start))
        agreements.append(crowds.agreement[place])
    count = np.concatenate(counts)
    first = np.cumsum(count) - count
    return Pool(first[ask], count[ask], np.concatenate(resources), np.concatenate(agreements))


def _groups(facts: Facts, tests: Eligibility, need: IndexArray, option: IndexArray) -> IntArray:
    """Give (need, option) pairs of a kind the number of their group: what its tests depend on."""
    columns = tests.depends_on(need)
    if _is_dated(facts, tests):
        columns.append(_day_sets(facts)[option])
    key, wide = np.zeros(len(need), dtype=np.int64), 1
    for column in columns:
        least, span = int(column.min()), int(np.ptp(column)) + 1
        if wide * span >= FREE:
            distinct, key = np.unique(key, return_inverse=True)
            wide = len(distinct)
        key, wide = key * span + (column - least), wide * span
    return np.unique(key, return_inverse=True)[1]


def _crowds(
    tests: Eligibility, rows: Rows, need: IndexArray, option: IndexArray, group: IntArray
) -> Iterator[tuple[int, int, Crowds]]:
    """Find the members of each group of asks; give them in batches, with the asks of a batch."""
    starts = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
    begin, found, size = 0, [], 0
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(group)], strict=True):
        found.append(_members(tests, int(need[start]), int(option[start])))
        size += int(rows.count[found[-1][0]].sum()) + len(tests.facts.session_starts[0])
        if size >= BATCH or end == len(group):
            first = np.cumsum([0, *(len(member) for member, _ in found)])
            member, agreement = (np.concatenate(p) for p in zip(*found, strict=True))
            yield begin, end, Crowds(first, member, agreement)
            begin, found, size = end, [], 0


def _members(tests: Eligibility, need: int, option: int) -> tuple[IndexArray, IndexArray]:
    """Give who passes the tests of a need, under which agreement; once for each limited one."""
    days = days_of(tests.facts, option)
    able = tests.able(need, days)
    if tests.kind == FUND:
        return able, np.full(len(able), FREE_USE, dtype=np.int32)
    access = tests.access(need, days)
    agreement = access.agreement[able]
    owners, under = access.limited
    if not len(owners):
        return able, agreement
    left = np.searchsorted(owners, able, side="left")
    several = np.searchsorted(owners, able, side="right") - left
    at, place = expand(left, np.maximum(several, 1))
    limited = under[np.minimum(place, len(under) - 1)]
    return able[at], np.where(several[at] > 0, limited, agreement[at])


def _day_sets(facts: Facts) -> IntArray:
    """Give each option a number for the days it is tested on: a single day its ordinal."""
    o = facts.options
    found = np.full(len(o), facts.instance.calendar.first_day, dtype=np.int64)
    single = np.flatnonzero(o.sessions == 1)
    found[single] = o.days[o.first[single]]
    sets: dict[tuple[int, ...], int] = {}
    for option in np.flatnonzero(o.sessions > 1).tolist():
        days = days_of(facts, option)
        found[option] = days[0] if len(days) == 1 else -1 - sets.setdefault(days, len(sets))
    return found


def _is_dated(facts: Facts, tests: Eligibility) -> bool:
    """Tell whether any test of the kind depends on the day."""
    instance = facts.instance
    columns = {0: ("consent_until",), 1: ("spend_from", "spend_until")}.get(tests.kind, ())
    dated = any(bool((tests.table.ints(c) != BLANK).any()) for c in columns)
    if tests.kind != FUND and len(instance.agreements):
        dates = (instance.agreements.ints(c) for c in ("valid_from", "valid_until"))
        dated = dated or any(bool((d != BLANK).any()) for d in dates)
    return dated or (tests.kind == 0 and len(instance.credentials) > 0)


def _affinity(
    facts: Facts, column: str, default: int, need: IndexArray, resource: IndexArray
) -> IntArray:
    """Give a column of `affinities` for each (need's demand, resource), a default where none."""
    table = facts.instance.affinities
    if not len(table):
        return np.broadcast_to(np.int64(default), (len(need),))
    found = np.full(len(need), default, dtype=np.int64)
    count = len(facts.instance.resources)
    key = table.ints("demand_id").astype(np.int64) * count + table.ints("resource_id")
    order = np.argsort(key, kind="stable")
    asked = facts.need_demand[need].astype(np.int64) * count + resource
    place = np.minimum(np.searchsorted(key[order], asked), len(key) - 1)
    row = order[place]
    hit = (key[row] == asked) & (table.ints(column)[row] != BLANK)
    found[hit] = table.ints(column)[row[hit]]
    return found


def affinity_of(facts: Facts, candidates: Candidates, column: str, default: int) -> IntArray:
    """Give a column of `affinities` for each candidate."""
    return _affinity(facts, column, default, candidates.need, candidates.resource)


def _caps(facts: Facts, need: IndexArray, resource: IndexArray, use_units: IntArray) -> IntArray:
    """Give the most units of each candidate (S4.10); funds are completed by `_with_fund_caps`."""
    kind = facts.instance.resources.kind.take(resource)
    cap = np.ones(len(need), dtype=np.int64)
    units = kind == SERVICE
    cap[units] = np.minimum(
        facts.capacity[resource[units]] // use_units[units], facts.quantity[need[units]]
    )
    return cap


def dearest(facts: Facts, candidates: Candidates) -> IntArray:
    """Give for each (need, option) slot of `slot_of` the dearest cost of one unit."""
    slots = slot_of(facts, candidates.need, candidates.option)
    found = np.zeros(slot_count(facts), dtype=np.int64)
    np.maximum.at(found, slots, candidates.unit_cost)
    return found


def slot_of(facts: Facts, need: IndexArray, option: IndexArray) -> IntArray:
    """Give each (need, option) pair its number: needs in order, options in order."""
    return facts.slot_shift.take(need) + option


def slot_count(facts: Facts) -> int:
    """Give the number of (need, option) pairs."""
    return int(np.diff(facts.options.of_demand)[facts.need_demand].sum())


def slot_pairs(facts: Facts, needs: IndexArray) -> tuple[IndexArray, IndexArray]:
    """List the (need, option) pairs of some needs, in order."""
    of_demand = facts.options.of_demand
    demand = facts.need_demand[needs]
    owner, option = expand(of_demand[demand], np.diff(of_demand)[demand])
    return needs[owner], option.astype(np.int32)


def most_money(facts: Facts, candidates: Candidates) -> IntArray:
    """Give M(n, o) of S6.1 for each slot: what a fund need could have to pay at most."""
    top = np.repeat(facts.quantity, np.diff(facts.options.of_demand)[facts.need_demand]).copy()
    dear = dearest(facts, candidates)
    payer = facts.pays_for.owners()
    pays, option = slot_pairs(facts, payer.astype(np.int32))
    paid = np.repeat(
        facts.pays_for.values, np.diff(facts.options.of_demand)[facts.need_demand[payer]]
    )
    extra = facts.quantity[paid] * dear[slot_of(facts, paid, option)]
    np.add.at(top, slot_of(facts, pays, option), extra)
    return top


def _with_fund_caps(facts: Facts, found: Candidates) -> Candidates:
    """Complete the caps of money: what is free, what a demand may have, what there is to pay."""
    funds = np.flatnonzero(facts.need_kind[found.need] == FUND)
    if not len(funds):
        return found
    top = most_money(facts, found)[slot_of(facts, found.need[funds], found.option[funds])]
    resource = found.resource[funds]
    each = facts.instance.funds.ints("max_per_demand", 2**60)[resource - facts.span(FUND).start]
    found.cap[funds] = np.maximum(np.minimum(np.minimum(facts.capacity[resource], each), top), 0)
    return found
