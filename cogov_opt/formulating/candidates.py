"""
Enumerating the candidates (convention S4) by groups of equal needs, never pair by pair.

Needs that ask for the same on the same days form a group; the resources that pass its tests are
found once, then joined with the group's options over time. Memory grows with the candidates.
"""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import Candidates
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.agreements import FREE_USE, LIMITED, Access
from cogov_opt.formulating.availability import Rows, expand, open_options, rows_of
from cogov_opt.formulating.eligibility import Eligibility, days_of, members
from cogov_opt.formulating.facts import FUND, SERVICE, Facts

Columns = tuple[IndexArray, IndexArray, IndexArray, IndexArray]
"""Needs, options, resources, agreements of some candidates."""


def find_candidates(facts: Facts) -> Candidates:
    """Enumerate every candidate, sorted by (need, option, resource, agreement)."""
    parts = [_of_kind(facts, kind) for kind in range(4)]
    need, option, resource, agreement = (np.concatenate(p) for p in zip(*parts, strict=True))
    wide = len(facts.instance.agreements) + 1
    slot = slot_of(facts, need, option)
    order = np.argsort((slot * len(facts.instance.resources) + resource) * wide + agreement)
    need, option, resource, agreement = (a[order] for a in (need, option, resource, agreement))
    use_units = _affinity(facts, "use_units", 1, need, resource)
    unit_cost = facts.use_cost(resource, option)
    cap = _caps(facts, need, resource, use_units)
    found = Candidates(need, option, resource, agreement, cap, use_units, unit_cost)
    return _with_fund_caps(facts, found)


def _of_kind(facts: Facts, kind: int) -> Columns:
    """Enumerate the candidates of one kind, group by group."""
    empty = np.zeros(0, dtype=np.int32)
    tests = Eligibility(facts, kind)
    if not tests.size:
        return empty, empty, empty, empty
    rows = rows_of(facts.instance, facts.span(kind))
    parts = [(empty,) * 4]
    for needs, options in _groups(facts, tests):
        parts.append(_of_group(facts, tests, rows, needs, options))
    need, option, resource, agreement = (np.concatenate(p) for p in zip(*parts, strict=True))
    return need, option, (resource + facts.span(kind).start).astype(np.int32), agreement


def _groups(facts: Facts, tests: Eligibility) -> list[tuple[IndexArray, IndexArray]]:
    """Group the (need, option) pairs of a kind by what their tests depend on."""
    needs = np.flatnonzero(facts.need_kind == tests.kind)
    need, option = slot_pairs(facts, needs)
    if not len(need):
        return []
    columns = tests.depends_on(need)
    if _is_dated(facts, tests):
        columns.append(_day_sets(facts)[option])
    key = np.zeros(len(need), dtype=np.int64)
    for column in columns:
        distinct, place = np.unique(column, return_inverse=True)
        key = np.unique(key * len(distinct) + place, return_inverse=True)[1]
    order = np.argsort(key, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(key[order])) + 1)
    return [(need[part], option[part]) for part in parts]


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


def _of_group(
    facts: Facts, tests: Eligibility, rows: Rows, needs: IndexArray, options: IndexArray
) -> Columns:
    """Enumerate the candidates of one group: its members, joined with its options over time."""
    days = days_of(facts, int(options[0]))
    able = members(tests.failing(int(needs[0]), days), tests.size)
    distinct, which = np.unique(options, return_inverse=True)
    asked, member = open_options(facts, tests.kind, rows, able, distinct)
    order = np.argsort(asked, kind="stable")
    asked, member = asked[order], member[order]
    first = np.searchsorted(asked, np.arange(len(distinct) + 1))
    pair, place = expand(first[which], np.diff(first)[which])
    resource = able[member[place]]
    need, option = needs[pair], options[pair]
    if tests.kind == FUND:
        return need, option, resource, np.full(len(need), FREE_USE, dtype=np.int32)
    return _with_agreements(tests.access(int(needs[0]), days), need, option, resource)


def _with_agreements(
    access: Access, need: IndexArray, option: IndexArray, resource: IndexArray
) -> Columns:
    """Name the agreement of each candidate; one candidate for each limited one (S4.9)."""
    agreement = access.agreement[resource]
    several = np.flatnonzero(agreement == LIMITED)
    if not len(several):
        return need, option, resource, agreement
    single = np.flatnonzero(agreement != LIMITED)
    owners, under = access.limited
    left = np.searchsorted(owners, resource[several], side="left")
    right = np.searchsorted(owners, resource[several], side="right")
    pair, place = expand(left, right - left)
    source = np.concatenate((single, several[pair]))
    names = np.concatenate((agreement[single], under[place])).astype(np.int32)
    return need[source], option[source], resource[source], names


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
    kind = facts.instance.resources.kind[resource]
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
    return facts.slot_shift[need] + option


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
