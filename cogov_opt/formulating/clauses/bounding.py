"""Sums under or over a bound, by group and period, hard or with slack (S8.5-S8.7, S8.11)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.clauses.parameters import Bounded
from cogov_opt.domain.formulation import FREE, Part
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.grouping import group
from cogov_opt.formulating.measures import (
    RESOURCE_ENTITIES,
    available,
    items,
    own_base,
    universe,
)  # fmt: skip
from cogov_opt.formulating.periods import Period, periods, session_entries

Keys = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows by (group, period): their keys, and entries (row, column, amount)."""

    keys: Keys
    row: IntArray
    column: IndexArray
    amount: IntArray


def bound(building: Building, clause: Clause, p: Bounded, *, at_most: bool) -> None:
    """Add the rows of a limit (`at_most`) or a guarantee."""
    spans = periods(building.facts, p.per)
    sums = _sums(building, clause, p, spans)
    if not at_most:
        sums = _with_every_group(building, clause, p, spans, sums)
    if not sums.keys:
        return
    entries = [(sums.row, sums.column, sums.amount)]
    limit = np.zeros(len(sums.keys), dtype=np.int64)
    if p.percent is None:
        limit[:] = p.bound or 0
    elif p.of == "given":
        entries = _against_given(building, clause, p, spans, sums)
        if at_most:
            sums, entries = _with_terms(sums, entries, building.model.width)
            limit = limit[: len(sums.keys)]
    else:
        entries = [(sums.row, sums.column, 100 * sums.amount)]
        limit = p.percent * _bases(building, clause, p, sums.keys)
    if not sums.keys:
        return
    _add(building, clause, p, sums.keys, entries, limit, at_most=at_most)


def _sums(
    building: Building, clause: Clause, p: Bounded, spans: list[Period], *, grouped: bool = True
) -> Sums:
    """Add up what the measure counts, by group and period."""
    found = items(building.model, p.measure, clause.where, building.policy.points)
    groups = group(building.facts, found.frame, p.each if grouped else ())
    option = found.frame.option
    if option is None:
        raise ValueError(p.measure)
    entry, amount, period = session_entries(building.facts, option[groups.item], p.measure, spans)
    item = groups.item[entry]
    amount = amount * found.amount[item]
    row = groups.group[entry] * len(spans) + period
    keep = amount != 0
    distinct, at = np.unique(row[keep], return_inverse=True)
    keys = [(*groups.keys[r // len(spans)], spans[r % len(spans)].name) for r in distinct.tolist()]
    return Sums(keys, at, found.column[item[keep]], amount[keep])


def _with_every_group(
    building: Building, clause: Clause, p: Bounded, spans: list[Period], sums: Sums
) -> Sums:
    """Give a guarantee a row for every group and period of what is asked."""
    frame = universe(building.model, p.measure, clause.where, p.each)
    wanted = {(*k, s.name) for k in group(building.facts, frame, p.each).keys for s in spans}
    keys = sorted(wanted | set(sums.keys))
    place = {k: i for i, k in enumerate(keys)}
    move = np.array([place[k] for k in sums.keys] or [0], dtype=np.int64)
    return Sums(keys, move[sums.row], sums.column, sums.amount)


def _bases(building: Building, clause: Clause, p: Bounded, keys: Keys) -> IntArray:
    """Give the base of each row's percentage."""
    if p.of == "available":
        return np.full(
            len(keys), available(building.model, p.measure, clause.where), dtype=np.int64
        )
    asking = [i for i, e in enumerate(p.each) if e.partition(".")[0] not in RESOURCE_ENTITIES]
    each = tuple(p.each[i] for i in asking)
    points = building.policy.points
    base = own_base(building.model, p.of or "", p.measure, clause.where, each, points)
    return np.array([base.get(tuple(k[i] for i in asking), 0) for k in keys], dtype=np.int64)


def _against_given(
    building: Building, clause: Clause, p: Bounded, spans: list[Period], sums: Sums
) -> list[tuple[IntArray, IndexArray, IntArray]]:
    """Give the entries of 100 sum_group - percent sum_all of the same period."""
    every = _sums(building, clause, p, spans, grouped=False)
    by_period: dict[str, list[int]] = {}
    for i, key in enumerate(sums.keys):
        by_period.setdefault(key[-1], []).append(i)
    entries = [(sums.row, sums.column, 100 * sums.amount)]
    for place, (name,) in enumerate(every.keys):
        mine = every.row == place
        rows = np.array(by_period.get(name, []), dtype=np.int64)
        count = int(mine.sum())
        entries.append((
            np.repeat(rows, count), np.tile(every.column[mine], len(rows)),
            np.tile(-(p.percent or 0) * every.amount[mine], len(rows)),
        ))  # fmt: skip
    return entries


def _with_terms(
    sums: Sums, entries: list[tuple[IntArray, IndexArray, IntArray]], width: int
) -> tuple[Sums, list[tuple[IntArray, IndexArray, IntArray]]]:
    """Leave out the rows whose terms cancel each other: a limit without a term is none (S8.6)."""
    row, column, amount = (np.concatenate(e) for e in zip(*entries, strict=True))
    place, at = np.unique(row * np.int64(width) + column, return_inverse=True)
    net = np.zeros(len(place), dtype=np.int64)
    np.add.at(net, at, amount)
    kept = np.unique(place[net != 0] // width)
    mine = np.isin(row, kept)
    entry = (np.searchsorted(kept, row[mine]), column[mine], amount[mine])
    return Sums([sums.keys[i] for i in kept.tolist()], *entry), [entry]


def _add(
    building: Building, clause: Clause, p: Bounded, keys: Keys,
    entries: list[tuple[IntArray, IndexArray, IntArray]], limit: IntArray, *, at_most: bool,
) -> None:  # fmt: skip
    """Add the rows, with slack where the clause is soft."""
    model = building.model
    width = len(keys[0])
    names = [sorted({k[i] for k in keys}) for i in range(width)]
    index = [{t: j for j, t in enumerate(n)} for n in names]
    parts: list[Part] = [
        (n, np.array([x[k[i]] for k in keys], dtype=np.int32))
        for i, (n, x) in enumerate(zip(names, index, strict=True))
    ]
    slack = None
    if clause.soft:
        unit = (100 if p.measure == "money" else 1) * (1 if p.percent is None else 100)
        sign = -1 if at_most else 1
        most = _worst(building, len(keys), entries, limit, at_most=at_most)
        slack = building.slacks(clause, parts, -(-most // unit))
        entries = [*entries, (np.arange(len(keys)), slack, np.full(len(keys), sign * unit))]
    low, high = (-FREE, limit) if at_most else (limit, FREE)
    rows = model.rows((clause.id,), parts, low, high, len(keys), *entries)
    if slack is not None:
        model.define(slack, rows, least=True)


def _worst(
    building: Building, count: int, entries: list[tuple[IntArray, IndexArray, IntArray]],
    limit: IntArray, *, at_most: bool,
) -> IntArray:  # fmt: skip
    """Give by how much the rows can be missed within the columns' bounds."""
    upper = building.model.upper_bounds()
    row, column, amount = (np.concatenate(e) for e in zip(*entries, strict=True))
    place, at = np.unique(row * np.int64(len(upper)) + column, return_inverse=True)
    net = np.zeros(len(place), dtype=np.int64)
    np.add.at(net, at, amount)
    extreme = np.maximum(net, 0) if at_most else np.minimum(net, 0)
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, place // len(upper), extreme * upper[place % len(upper)])
    return np.asarray(np.maximum(total - limit if at_most else limit - total, 0))
