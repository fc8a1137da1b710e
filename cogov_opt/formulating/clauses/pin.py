"""pin: pinned standing rows keep exactly their quantity (S8.10)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Part
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Clause
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formulating.availability import expand
from cogov_opt.formulating.building import Building
from cogov_opt.formulating.failures import Failures
from cogov_opt.formulating.selectors import Frame, select

PINNED = 2
"""The place of `pinned` among the words of `standing.status`."""


def build(building: Building, clause: Clause) -> None:
    """Add given = quantity for each pinned row, or price the difference where soft."""
    facts = building.facts
    table = facts.instance.standing
    if not len(table):
        return
    row, frame = _frame(building)
    meant = np.zeros(len(table), dtype=bool)
    meant[row[select(facts, clause.where, frame)]] = True
    chosen = np.flatnonzero(meant & (table.ints("status") == PINNED))
    row, candidate = _matches(building, chosen)
    _refuse_ineligible(building, chosen, row)
    quantity = table.ints("quantity")[chosen]
    parts = _parts(building, chosen)
    model = building.model
    entry = (row, model.x(candidate), 1)
    if not clause.soft:
        model.rows((clause.id,), parts, quantity, quantity, len(chosen), entry)
        return
    caps = np.zeros(len(chosen), dtype=np.int64)
    np.add.at(caps, row, model.candidates.cap[candidate])
    at = np.arange(len(chosen))
    for side, sign, most in (("over", -1, np.maximum(caps - quantity, 0)), ("under", 1, quantity)):
        named = [*parts, ((side,), np.zeros(len(chosen), dtype=np.int32))]
        slack = building.slacks(clause, named, most)
        low, high = (-FREE, quantity) if side == "over" else (quantity, FREE)
        rows = model.rows((clause.id,), named, low, high, len(chosen), entry, (at, slack, sign))
        model.define(slack, rows, least=True)


def _refuse_ineligible(building: Building, chosen: IntArray, row: IntArray) -> None:
    """Refuse to pin what may not be used at all, with every failing test."""
    lost = np.setdiff1d(np.arange(len(chosen)), row)
    if not len(lost):
        return
    facts, table = building.facts, building.facts.instance.standing
    failures, option = Failures(facts), shown_options(building)
    issues = []
    for standing in chosen[lost].tolist():
        need, resource = (int(table.ints(c)[standing]) for c in ("need_id", "resource_id"))
        tests = failures.tests(need, resource, int(option[standing]))
        values = {
            "need": facts.instance.needs.ids[need],
            "resource": facts.instance.resources.ids[resource],
            "tests": ", ".join(tests) or "kind",
        }
        issues.append(Issue("pinned_ineligible", Where("standing", row=standing + 1), values))
    raise InputError(issues)


def _frame(building: Building) -> tuple[IntArray, Frame]:
    """Give standing rows as items: without an option, one for each option of the demand (S8.10)."""
    facts = building.facts
    table, of_demand = facts.instance.standing, facts.options.of_demand
    option = options_of_rows(building)
    demand = facts.need_demand[table.ints("need_id")]
    first = np.where(option >= 0, option, of_demand[demand])
    row, item = expand(first, np.where(option >= 0, 1, np.diff(of_demand)[demand]))
    need, resource = (table.ints(c)[row] for c in ("need_id", "resource_id"))
    return row, Frame(demand[row], item.astype(np.int32), need, resource, row.astype(np.int32))


def shown_options(building: Building) -> IntArray:
    """Give the option of each standing row; the demand's first where blank."""
    facts = building.facts
    option = options_of_rows(building)
    demand = facts.need_demand[facts.instance.standing.ints("need_id")]
    return np.where(option >= 0, option, facts.options.of_demand[demand])


def options_of_rows(building: Building) -> IntArray:
    """Give the option of each standing row; -1 where blank."""
    facts = building.facts
    table = facts.instance.standing
    o = facts.options
    place = {(d, i): k for k, (d, i) in enumerate(zip(o.demand.tolist(), o.ids, strict=True))}
    demand = facts.need_demand[table.ints("need_id")].tolist()
    names = table.text("option_id").cells()
    found = [place[d, n] if n else -1 for d, n in zip(demand, names, strict=True)]
    return np.array(found, dtype=np.int64)


def _matches(building: Building, chosen: IntArray) -> tuple[IntArray, IntArray]:
    """Give for each chosen row the candidates it pins: (row, candidate) pairs."""
    c = building.model.candidates
    table = building.facts.instance.standing
    option = options_of_rows(building)
    rows: list[int] = []
    found: list[int] = []
    for i, standing in enumerate(chosen.tolist()):
        same = c.need == table.ints("need_id")[standing]
        same &= c.resource == table.ints("resource_id")[standing]
        if option[standing] >= 0:
            same &= c.option == option[standing]
        mine = np.flatnonzero(same).tolist()
        rows += [i] * len(mine)
        found += mine
    return np.array(rows, dtype=np.int64), np.array(found, dtype=np.int64)


def _parts(building: Building, chosen: IntArray) -> list[Part]:
    """Give the key parts (d, o, n, r) of some standing rows."""
    instance = building.facts.instance
    table = instance.standing
    option = table.text("option_id")
    return [
        (instance.demands.ids, table.ints("demand_id")[chosen].astype(np.int32)),
        (option.values, option.codes[chosen]),
        (instance.needs.ids, table.ints("need_id")[chosen].astype(np.int32)),
        (instance.resources.ids, table.ints("resource_id")[chosen].astype(np.int32)),
    ]
