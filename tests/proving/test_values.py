"""One unit more or less, rises in points, and single units, against solving again (S10.9)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.points import demand_points
from cogov_opt.loading import load_policy_text
from cogov_opt.proving.paths import NO_WAY
from cogov_opt.proving.regrets import NOT_ASKED, FlowPlan
from cogov_opt.proving.remedies import Remedies
from cogov_opt.proving.values import Values
from cogov_opt.strategies.flow_route import is_flow
from tests.properties.flow_weeks import flow_card, flow_week
from tests.proving.small_flows import first_difference, solved

Reached = tuple[int, ...]


SHARED = """
[[clause]]
id = "C2"
kind = "limit"
may_be_empty = true
where = { need.kind = "volunteer" }
measure = "assignments"
at_most = 2
"""


def week(
    seed: int, size: int = 5, shared: str = ""
) -> tuple[Tables, Policy, Instance, Formulation] | None:
    """Give a random flow, or None where the week is refused or empty."""
    tables = flow_week(seed, size)
    try:
        card = load_policy_text(flow_card(seed) + shared)
        instance = check(tables, card)
    except IssuesError:
        return None
    f = formulate(instance, card)
    return None if is_flow(f) is None else (tables, card, instance, f)


def reached(f: Formulation) -> Reached:
    """Give the values a formulation reaches, stage after stage, without constants."""
    vector = solved(f).vector
    return tuple(s.value(vector) - s.constant for s in f.stages)


def best(tables: Tables, card: Policy) -> Reached:
    """Give the values the best plan of a week reaches."""
    return reached(formulate(check(tables, card), card))


def values_of(f: Formulation) -> tuple[Values, Reached]:
    """Give the exact values of a flow's plan, and what the plan reaches."""
    plan = solved(f).vector
    flow = FlowPlan.of(f, plan)
    assert flow is not None
    return Values(flow), tuple(s.value(plan) - s.constant for s in f.stages)


def copied(tables: Tables, table: str, column: str, old: str, new: str, **other: str) -> Tables:
    """Give the tables with the rows of one id written once more under another."""
    found = tables.tables.get(table)
    if found is None or column not in found.columns:
        return tables
    rows = [i for i, v in enumerate(texts(found, column)) if v == old]
    columns = {}
    for name in found.columns:
        cells = texts(found, name)
        word = {column: new, **other}.get(name)
        columns[name] = TextColumn.of(cells + [cells[i] if word is None else word for i in rows])
    return replace(tables, tables={**tables.tables, table: replace(found, columns=columns)})


def texts(table: Table, column: str) -> list[str]:
    """Give the cells of a column."""
    cells = table.columns[column]
    return [cells.values[code] for code in cells.codes.tolist()]


def with_unit(tables: Tables, resource: str) -> Tables:
    """Give the week with one more unit of a resource: a twin that serves once."""
    twin = f"{resource}-twin"
    tables = copied(tables, "volunteers", "volunteer_id", resource, twin, max_slots="1")
    tables = copied(tables, "services", "service_id", resource, twin, capacity="1")
    tables = copied(tables, "availability", "resource_id", resource, twin)
    return copied(tables, "affinities", "resource_id", resource, twin)


def test_one_unit_more_gains_what_a_twin_gains() -> None:
    """The gain of one unit more is what the week with a twin of one unit reaches more."""
    compared = gains = 0
    for seed in range(16):
        case = week(seed)
        if case is None:
            continue
        tables, card, instance, f = case
        values, before = values_of(f)
        more = values.more
        for resource, name in enumerate(instance.resources.ids[: len(more.loss)]):
            after = best(with_unit(tables, name), card)
            place, gain = first_difference(after, before)
            assert (int(more.place[resource]), int(more.loss[resource])) == (place, gain), seed
            compared, gains = compared + 1, gains + (gain > 0)
    assert compared > 40
    assert gains > 3


def test_one_unit_less_loses_what_the_dearest_limit_loses() -> None:
    """The loss of one unit less is the largest over a resource's limits, each one lower."""
    losses = 0
    for seed in range(30):
        case = week(seed)
        if case is None:
            continue
        _, _, _, f = case
        values, before = values_of(f)
        own = own_rows(f)
        worst: dict[int, Reached] = {}
        lowered = [
            (owner, replace(f, row_upper=_less(f.row_upper, row)))
            for row, (owner, members) in own.items()
            if f.row_upper[row] > 0 and not any(members < other for _, other in own.values())
        ]
        held = {j for _, members in own.values() for j in members}
        for j in range(len(f.candidates)):
            column = f.x.start + j
            if column not in held and f.upper[column] > 0:
                owner_of = int(f.candidates.resource[j])
                lowered.append((owner_of, replace(f, upper=_less(f.upper, column))))
        for resource, less in lowered:
            lost = tuple(a - b for a, b in zip(before, reached(less), strict=True))
            worst[resource] = max(worst.get(resource, lost), lost)
        zero = (0,) * len(before)
        for resource in range(len(values.less.loss)):
            expected = first_difference(worst.get(resource, zero), zero)
            told = int(values.less.place[resource]), int(values.less.loss[resource])
            assert told == expected, (seed, resource)
            losses += expected[1] > 0
    assert losses > 15


def own_rows(f: Formulation) -> dict[int, tuple[int, frozenset[int]]]:
    """Give the rows of capacity that candidates of one resource alone stand in, with these."""
    found = {}
    for row in range(len(f.rows)):
        part = slice(int(f.matrix.starts[row]), int(f.matrix.starts[row + 1]))
        members = f.matrix.columns[part].tolist()
        owners = {int(f.candidates.resource[j - f.x.start]) for j in members if j >= f.x.start}
        if f.rows.key(row)[0] != "law.set" and len(owners) == 1:
            found[row] = owners.pop(), frozenset(members)
    return found


def _less(bounds: np.ndarray, place: int) -> np.ndarray:
    changed = bounds.copy()
    changed[place] -= 1
    return changed


def with_points(tables: Tables, points: dict[str, int]) -> Tables:
    """Give the week with points of its own for some demands."""
    table = tables.tables["demands"]
    ids = texts(table, "demand_id")
    cells = TextColumn.of([str(points.get(d, "")) for d in ids])
    changed = replace(table, columns=dict(table.columns) | {"points": cells})
    return replace(tables, tables={**tables.tables, "demands": changed})


def serves(tables: Tables, card: Policy, demand: str) -> tuple[bool, bool]:
    """Tell whether some best plan serves a demand, and whether every one does."""
    f = formulate(check(tables, card), card)
    y = f.columns.index["y", demand, "o"]
    whole = reached(f)
    closed = f.upper.copy()
    closed[f.x.start + np.flatnonzero(f.candidates.option == y)] = 0
    without = reached(replace(f, upper=closed))
    vector = solved(f).vector
    return without < whole or bool(vector[y]), without < whole


def test_the_rise_is_the_smallest_that_serves_a_demand_for_certain() -> None:
    """With the rise every best plan serves the demand; two points under it none does (S10.9)."""
    turned = never = 0
    for seed in range(70):
        case = week(seed)
        if case is None:
            continue
        tables, card, instance, f = case
        points = demand_points(Facts(instance), card.points)
        values, _ = values_of(f)
        rises = values.rises(points)
        own = dict(zip(instance.demands.ids, points.tolist(), strict=True))
        for d, name in enumerate(instance.demands.ids):
            rise = int(rises.loss[d])
            if rise == NOT_ASKED or not instance.needs_of.row(d).size:
                continue
            if rise == NO_WAY:
                assert not serves(with_points(tables, own | {name: own[name] + 500}), card, name)[1]
                never += 1
                continue
            assert serves(with_points(tables, own | {name: own[name] + rise}), card, name)[1], seed
            if rise > 1:
                under = with_points(tables, own | {name: own[name] + rise - 1})
                assert not serves(under, card, name)[1] or int(rises.place[d]) < len(f.stages) - 1
            if rise > 2:
                under = with_points(tables, own | {name: own[name] + rise - 2})
                assert not serves(under, card, name)[0], seed
            turned += 1
    assert turned > 4
    assert never > 2


@pytest.mark.parametrize("shared", ["", SHARED], ids=["own limits", "a limit shared"])
def test_single_units_serve_a_need_in_every_or_in_some_best_plan(shared: str) -> None:
    """A resource is named iff with one more unit of it best plans serve the demand (S10.9)."""
    every = some = none = apart = 0
    for seed in range(35):
        case = week(seed, 4, shared)
        if case is None:
            continue
        tables, card, instance, f = case
        plan = solved(f)
        values, _ = values_of(f)
        remedies = Remedies(values)
        apart += bool((values.origin != 0).any())
        for d, name in enumerate(instance.demands.ids):
            need = int(instance.needs_of.row(d)[0])
            if plan.vector[d] or not instance.needs.ints("minimum", 1)[need]:
                continue
            certain, possible = remedies.every(need).tolist(), remedies.some(need).tolist()
            tied = plan.tied[f.x][f.candidates.need == need].any()
            for r, resource in enumerate(instance.resources.ids):
                may, must = serves(with_unit(tables, resource), card, name)
                assert must == (r in certain), (seed, name, resource)
                if not must and r in possible:
                    some += 1
                elif not must and not tied:
                    assert not may, (seed, name, resource)
                    none += 1
                every += must
    assert every > 0
    assert none > 5
    assert (apart > 5) == bool(shared)
