"""The flow route: exact at every stage, certified without a gap, and its draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cogov_opt.checking import check
from cogov_opt.domain.decision import Limits
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.loaded import Tables, TextColumn
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.proving.distances import FAR, distances, distances_by_sweeps
from cogov_opt.solving import coupled
from cogov_opt.solving.backends.linear_assignment import one_to_one, solve_matching
from cogov_opt.solving.backends.min_cost_flow import solve_circulation
from cogov_opt.strategies.flow_route import FlowSolved, is_flow, solve_flow
from tests.properties.flow_weeks import flow_card, flow_week


def flow_case(seed: int) -> Formulation | None:
    """Give a random flow-shaped formulation, or None where the week is refused."""
    try:
        card = load_policy_text(flow_card(seed))
        return formulate(check(flow_week(seed), card), card)
    except IssuesError:
        return None


def scaled_bound(f: Formulation, found: FlowSolved, stage: int) -> int:
    """Give B of a stage from its prices, the earlier stages' rows included (S10.1)."""
    prices = found.prices[stage]
    costs = prices.scale * f.stages[stage].costs
    activity = np.zeros(len(f.columns), dtype=np.int64)
    np.add.at(activity, f.matrix.columns, prices.rows[f.matrix.row_of] * f.matrix.values)
    reduced = costs - activity
    sides = np.where(prices.rows > 0, f.row_upper, np.where(prices.rows < 0, f.row_lower, 0))
    total = int((prices.rows * sides).sum())
    for k, price in enumerate(prices.earlier):
        reduced -= price * f.stages[k].costs
        total += price * (f.stages[k].value(found.vector) - f.stages[k].constant)
    assert np.array_equal(reduced, prices.reduced)
    return total + int(np.maximum(reduced * f.lower, reduced * f.upper).sum())


@pytest.mark.parametrize("seed", range(60))
def test_every_stage_is_optimal_and_its_bound_exact(seed: int) -> None:
    """Values equal the coupled route's, and the certified gap is 0 at every stage (S10)."""
    f = flow_case(seed)
    if f is None:
        pytest.skip("this seed makes a week that the check refuses")
    network = is_flow(f)
    assert network is not None
    found = solve_flow(f, network, solve_circulation, None)
    assert not f.violated(found.vector)
    other = coupled.solve(f, Limits(), isolated=False)
    assert other.vector is not None
    for k, stage in enumerate(f.stages):
        value = stage.value(found.vector)
        assert value == stage.value(other.vector), k
        assert scaled_bound(f, found, k) == found.prices[k].scale * (value - stage.constant), k


@pytest.mark.parametrize("seed", range(30))
def test_a_draw_keeps_every_value_and_says_rightly_when_it_is_unique(seed: int) -> None:
    """Ranks change no stage; where the draw is called unique, other ranks' best is worse (S11)."""
    f = flow_case(seed)
    network = None if f is None else is_flow(f)
    if f is None or network is None:
        pytest.skip("this seed makes a week that the check refuses")
    ranks = np.random.default_rng(seed).integers(-(2**35), 2**35, len(f.columns))
    plain = solve_flow(f, network, solve_circulation, None)

    def ranked(wanted: np.ndarray, counter: int) -> np.ndarray:
        return np.where(wanted, np.roll(ranks, counter), 0)

    drawn = solve_flow(f, network, solve_circulation, ranked)
    again = solve_flow(f, network, solve_circulation, ranked)
    assert [s.value(plain.vector) for s in f.stages] == [s.value(drawn.vector) for s in f.stages]
    assert not f.violated(drawn.vector)
    assert drawn.draw is not None
    if drawn.draw.unique:
        assert np.array_equal(again.vector, drawn.vector)


@pytest.mark.parametrize("seed", range(20))
def test_compiled_and_plain_distances_are_equal(seed: int) -> None:
    """The compiled kernel and the sweeps give the same distances, and both see negative cycles."""
    rng = np.random.default_rng(seed)
    nodes, arcs = 30, 120
    tail, head = rng.integers(0, nodes, arcs), rng.integers(0, nodes, arcs)
    potential = rng.integers(-50, 50, nodes)
    cost = rng.integers(0, 20, arcs) + potential[head] - potential[tail]
    start = np.full(nodes, FAR, dtype=np.int64)
    start[0] = 0
    found = distances(nodes, tail, head, cost, start)
    assert np.array_equal(found, distances_by_sweeps(nodes, tail, head, cost, start))
    loop = (np.append(tail, [0, 1]), np.append(head, [1, 0]), np.append(cost, [-99, -99]))
    for way in (distances, distances_by_sweeps):
        with pytest.raises(ValueError, match="negative cycle"):
            way(nodes, *loop, start)


@pytest.mark.parametrize("seed", range(40))
def test_a_one_to_one_week_goes_to_linear_assignment(seed: int) -> None:
    """A matching gives the same value as the circulation, and the same exact bound."""
    tables = flow_week(seed, 12)
    try:
        card = load_policy_text(flow_card(seed))
        f = formulate(check(one_each(tables), card), card)
    except IssuesError:
        pytest.skip("this seed makes a week that the check refuses")
    network = is_flow(f)
    assert network is not None
    agent = one_to_one(network)
    if agent is None:
        pytest.skip("this week has no candidate, or a volunteer without a limit")
    plain = solve_flow(f, network, solve_circulation, None)
    found = solve_flow(
        f, network, solve_circulation, None, lambda cost: solve_matching(network, agent, cost)
    )
    assert not f.violated(found.vector)
    for k, stage in enumerate(f.stages):
        assert stage.value(found.vector) == stage.value(plain.vector)
        assert scaled_bound(f, found, k) == found.prices[k].scale * (
            stage.value(found.vector) - stage.constant
        )


def one_each(tables: Tables) -> Tables:
    """Give the week with one slot a volunteer, one unit a need, and no services."""
    changed = {n: t for n, t in tables.tables.items() if n != "services"}
    for name, column, word in (
        ("volunteers", "max_slots", "1"), ("needs", "quantity", "1"), ("needs", "minimum", ""),
        ("needs", "kind", "volunteer"),
    ):  # fmt: skip
        table = changed[name]
        cells = TextColumn.of([word] * len(table))
        changed[name] = replace(table, columns=dict(table.columns) | {column: cells})
    return replace(tables, tables=changed)
