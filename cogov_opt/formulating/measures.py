"""What clauses and shares count: items, their columns and amounts, and bases (S8.3-S8.7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.policy import DEMAND_MEASURES, PointsTable, Where
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.candidates import slot_pairs
from cogov_opt.formulating.facts import FUND, SERVICE, SPACE, VOLUNTEER, Facts
from cogov_opt.formulating.grouping import Groups, group
from cogov_opt.formulating.indicators import indicator
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.open_minutes import open_minutes
from cogov_opt.formulating.periods import Period
from cogov_opt.formulating.points import demand_points
from cogov_opt.formulating.selectors import Frame, select
from cogov_opt.formulating.sets import slot_parts

COUNTED = {
    "units": (VOLUNTEER, SPACE, SERVICE),
    "minutes": (VOLUNTEER, SPACE),
    "slots": (VOLUNTEER, SPACE),
    "money": (FUND,),
    "assignments": (VOLUNTEER, FUND, SPACE, SERVICE),
}
"""The kinds each measure of candidates counts."""
RESOURCE_ENTITIES = ("giver", "payee", *RESOURCE_KINDS)
"""What tells a need nothing: whatever is asked is asked of any resource (S8.7)."""


@dataclass(frozen=True, slots=True)
class Items:
    """Columns counted, their amounts, and what they stand on."""

    column: IndexArray
    amount: IntArray
    frame: Frame


def items(model: Model, measure: str, where: Where, points: PointsTable) -> Items:
    """Give what a measure counts under a selector."""
    if measure in DEMAND_MEASURES:
        return _demand_items(model, measure, where, points)
    return _candidate_items(model, measure, where)


def options_frame(facts: Facts) -> Frame:
    """Give every option as an item."""
    o = facts.options
    return Frame(o.demand, np.arange(len(o), dtype=np.int32))


def candidates_frame(model: Model) -> Frame:
    """Give every candidate as an item."""
    c = model.candidates
    return Frame(model.facts.need_demand.take(c.need), c.option, c.need, c.resource)


def slots_frame(facts: Facts, kinds: tuple[int, ...]) -> Frame:
    """Give every (need, option) pair of some kinds as an item, candidates or not."""
    needs = np.flatnonzero(np.isin(facts.need_kind, kinds)).astype(np.int32)
    need, option = slot_pairs(facts, needs)
    return Frame(facts.need_demand[need], option, need)


def _demand_items(model: Model, measure: str, where: Where, points: PointsTable) -> Items:
    """Count demands, their points or their people by y."""
    facts = model.facts
    frame = options_frame(facts)
    mine = np.flatnonzero(select(facts, where, frame))
    frame = frame.take(mine)
    column = mine.astype(np.int32)
    if measure == "demands":
        return Items(column, np.ones(len(mine), dtype=np.int64), frame)
    if measure == "points":
        return Items(column, demand_points(facts, points)[frame.demand], frame)
    return _people_items(model, column, frame)


def people_of(facts: Facts) -> IntArray:
    """Give the people of each demand; 0 where blank."""
    return facts.instance.demands.ints("people", 0)


def _people_items(model: Model, option: IndexArray, frame: Frame) -> Items:
    """Count people: whole when served, by the units given where one service may be partial."""
    facts = model.facts
    partial = _partial_need(facts)[frame.demand]
    column, amount = option.copy(), people_of(facts)[frame.demand]
    some = np.flatnonzero(partial >= 0)
    if len(some):
        column[some] = _people_columns(model, partial[some], option[some])
        amount[some] = 1
    return Items(column, amount, frame)


def _partial_need(facts: Facts) -> IndexArray:
    """Give each demand's only service need, if it may be filled in part; else -1."""
    services = np.flatnonzero(facts.need_kind == SERVICE)
    count = np.bincount(facts.need_demand[services], minlength=len(facts.instance.demands))
    found = np.full(len(facts.instance.demands), -1, dtype=np.int32)
    only = services[count[facts.need_demand[services]] == 1]
    only = only[facts.minimum[only] < facts.quantity[only]]
    found[facts.need_demand[only]] = only
    return found


def _people_columns(model: Model, need: IndexArray, option: IndexArray) -> IndexArray:
    """Give the columns `["people", d, o]`, made when first needed (S8.3)."""
    facts, c = model.facts, model.candidates
    known = model.made.setdefault(("people",), np.full(len(facts.options), -1, dtype=np.int32))
    fresh = np.flatnonzero(known[option] < 0)
    need, fresh_option = need[fresh], option[fresh]
    if len(fresh):
        people, quantity = people_of(facts)[facts.need_demand[need]], facts.quantity[need]
        parts = slot_parts(facts, need, fresh_option)
        parts[0] = (facts.instance.demands.ids, facts.need_demand[need])
        made = model.columns(("people",), parts, people)
        known[fresh_option] = made
        row = np.full(len(facts.options), -1)
        row[fresh_option] = np.arange(len(fresh))
        of_option = np.full(len(facts.options), -1)
        of_option[fresh_option] = need
        mine = np.flatnonzero(of_option[c.option] == c.need)
        at = row[c.option[mine]]
        rows = model.rows(
            ("law.set", "people"), parts, 0, quantity - 1, len(fresh),
            (at, model.x(mine), people[at]), (np.arange(len(fresh)), made, -quantity),
        )  # fmt: skip
        model.define(made, rows, least=False)
    return known[option]


def _candidate_items(model: Model, measure: str, where: Where) -> Items:
    """Count candidates by units, minutes, slots, money, or whether they are used at all."""
    facts, c = model.facts, model.candidates
    frame = candidates_frame(model)
    counted = np.isin(facts.need_kind[c.need], COUNTED[measure])
    mine = np.flatnonzero(select(facts, where, frame) & counted)
    column = indicator(model, mine) if measure == "assignments" else model.x(mine)
    return Items(column, np.ones(len(mine), dtype=np.int64), frame.take(mine))


def universe(model: Model, measure: str, where: Where, each: tuple[str, ...]) -> Frame:
    """Give the items whose groups exist whether or not anything can be given (S8.6)."""
    facts = model.facts
    if measure in DEMAND_MEASURES:
        frame = options_frame(facts)
    elif _on_resources(where, each):
        frame = candidates_frame(model)
        frame = frame.take(np.flatnonzero(np.isin(facts.need_kind[frame.need], COUNTED[measure])))
    else:
        frame = slots_frame(facts, COUNTED[measure])
    return frame.take(np.flatnonzero(select(facts, where, frame)))


def _on_resources(where: Where, each: tuple[str, ...]) -> bool:
    """Tell whether a selector or a grouping looks at resources."""
    return any(line.entity in RESOURCE_ENTITIES for line in where) or any(
        e.partition(".")[0] in RESOURCE_ENTITIES for e in each
    )


def own_base(
    model: Model, of: str, measure: str, where: Where, each: tuple[str, ...], points: PointsTable
) -> dict[tuple[str, ...], int]:
    """Give the base `asked` or `standing` of every group, each subject counted once (S8.7)."""
    facts = model.facts
    where = tuple(line for line in where if line.entity not in RESOURCE_ENTITIES)
    frame = universe(model, measure, where, each)
    groups = group(facts, frame, each)
    by_demand = measure in DEMAND_MEASURES and of == "asked"
    subject = frame.demand if by_demand else frame.need
    if subject is None:
        return _standing_of_demands(facts, groups, frame)
    amounts = _asked(facts, measure, points) if of == "asked" else _standing(facts)
    pair = np.unique(groups.group * np.int64(len(amounts) + 1) + subject[groups.item])
    total = np.zeros(len(groups.keys), dtype=np.int64)
    np.add.at(total, pair // (len(amounts) + 1), amounts[pair % (len(amounts) + 1)])
    return dict(zip(groups.keys, total.tolist(), strict=True))


def _standing_of_demands(facts: Facts, groups: Groups, frame: Frame) -> dict[tuple[str, ...], int]:
    """Give the standing units of the selected demands, by group."""
    by_demand = np.zeros(len(facts.instance.demands), dtype=np.int64)
    np.add.at(by_demand, facts.need_demand, _standing(facts))
    count = np.int64(len(by_demand) + 1)
    pair = np.unique(groups.group * count + frame.demand[groups.item])
    total = np.zeros(len(groups.keys), dtype=np.int64)
    np.add.at(total, pair // count, by_demand[pair % count])
    return dict(zip(groups.keys, total.tolist(), strict=True))


def _asked(facts: Facts, measure: str, points: PointsTable) -> IntArray:
    """Give what each demand (or need) asks in a measure, all periods (S8.7)."""
    if measure == "demands":
        return np.ones(len(facts.instance.demands), dtype=np.int64)
    if measure == "points":
        return demand_points(facts, points)
    if measure == "people":
        return people_of(facts)
    if measure in ("units", "money"):
        return facts.quantity
    if measure == "assignments":
        return np.where(np.isin(facts.need_kind, (VOLUNTEER, SPACE)), facts.quantity, 0)
    o = facts.options
    first = o.of_demand[facts.need_demand]
    return facts.quantity * (o.minutes if measure == "minutes" else o.slots)[first]


def _standing(facts: Facts) -> IntArray:
    """Give the standing units of each need."""
    table = facts.instance.standing
    found = np.zeros(len(facts.need_kind), dtype=np.int64)
    if len(table):
        np.add.at(found, table.ints("need_id"), table.ints("quantity"))
    return found


def available(model: Model, measure: str, where: Where) -> int:
    """Give what the selected resources hold, by resource and giver lines only (S8.7)."""
    facts = model.facts
    lines = tuple(x for x in where if x.entity in ("giver", *RESOURCE_KINDS))
    resource = np.arange(len(facts.instance.resources), dtype=np.int32)
    kind = facts.instance.resources.kind
    resource = resource[np.isin(kind, COUNTED.get(measure, ()))]
    frame = Frame(np.zeros(len(resource), dtype=np.int32), resource=resource)
    resource = resource[select(facts, lines, frame)]
    if measure in ("units", "money"):
        wanted = SERVICE if measure == "units" else FUND
        return int(facts.capacity[resource[kind[resource] == wanted]].sum())
    if measure == "assignments":
        return len(resource)
    return sum(_time(facts, measure, k, resource[kind[resource] == k]) for k in (VOLUNTEER, SPACE))


def _time(facts: Facts, measure: str, kind: int, resource: IndexArray) -> int:
    """Add up the minutes or slots that volunteers or spaces hold over the horizon."""
    calendar = facts.instance.calendar
    whole = Period("horizon", calendar.first_day, calendar.first_day + calendar.days)
    if measure == "slots":
        if kind == SPACE or not len(resource):
            return 0
        return int(facts.instance.volunteers.ints("max_slots", 0)[resource].sum())
    minutes = open_minutes(facts, kind, resource, whole)
    if kind == VOLUNTEER and len(resource):
        stated = facts.instance.volunteers.ints("max_minutes")[resource]
        minutes = np.where(stated == BLANK, minutes, stated)
    return int(minutes.sum())


__all__ = ["RESOURCE_ENTITIES", "Items", "available", "items", "own_base", "universe"]
