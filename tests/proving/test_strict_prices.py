"""Strictly complementary prices and the exact tie set of flows, against every plan (S10.7)."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.proving import strictness
from cogov_opt.proving.strictness import levels, levels_by_sweeps
from cogov_opt.solving.backends.min_cost_flow import solve_circulation
from cogov_opt.strategies.flow_route import FlowSolved, is_flow, solve_flow
from tests.properties.flow_weeks import flow_card, flow_week
from tests.properties.line import flow_decided, found

MOST_PLANS = 3_000


def solved(seed: int, size: int) -> tuple[Formulation, FlowSolved] | None:
    """Give a small flow and its solution; None where the week is refused or too large to list."""
    try:
        card = load_policy_text(flow_card(seed))
        f = formulate(check(flow_week(seed, size), card), card)
    except IssuesError:
        return None
    network = is_flow(f)
    if network is None or not 1 < float(np.prod(f.upper[f.x] + 1.0)) <= MOST_PLANS:
        return None
    return f, solve_flow(f, network, solve_circulation, None)


def best_plans(f: Formulation, found: FlowSolved) -> np.ndarray:
    """Give every plan that is as good on every stage, as rows of candidate columns."""
    reached = [s.value(found.vector) for s in f.stages]
    plans = []
    for units in product(*(range(int(h) + 1) for h in f.upper[f.x])):
        x = np.zeros(len(f.columns), dtype=np.int64)
        x[f.x] = units
        plans += [
            y[f.x]
            for y in choices(f, found, x)
            if not f.violated(y) and [s.value(y) for s in f.stages] == reached
        ]
    return np.array(plans)


def choices(f: Formulation, found: FlowSolved, x: np.ndarray) -> list[np.ndarray]:
    """Give the plan with its options chosen where anything is given, and as in the solution."""
    need = f.candidates.need[x[f.x] > 0]
    served = np.zeros(int(f.candidates.need.max()) + 1, dtype=bool)
    served[need] = True
    given = np.zeros(len(f.options), dtype=bool)
    np.logical_or.at(given, f.candidates.option, served[f.candidates.need])
    first, second = x.copy(), x.copy()
    first[: len(f.options)] = given
    second[: len(f.options)] = given | (found.vector[: len(f.options)] > 0)
    return [first, second]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_tie_set_is_what_the_best_plans_differ_in(size: int) -> None:
    """A candidate is tied iff two plans, as good on every stage, give it different amounts."""
    cases = ties = 0
    for seed in range(60):
        case = solved(seed, size)
        if case is None:
            continue
        f, found = case
        plans = best_plans(f, found)
        differs = plans.max(axis=0) != plans.min(axis=0)
        assert np.array_equal(found.tied[f.x], differs), seed
        cases, ties = cases + 1, ties + int(differs.sum())
    assert cases > 20
    assert ties > 20


def unexplained(f: Formulation, found: FlowSolved) -> int:
    """Count the refusals that are neither tied nor settled by one reduced value."""
    never = np.all([p.reduced[f.x] == 0 for p in found.prices], axis=0)
    refused = (found.vector[f.x] == 0) & (f.upper[f.x] > 0)
    return int((refused & never & ~found.tied[f.x]).sum())


def test_every_refusal_that_is_no_tie_has_one_line() -> None:
    """At strict prices every refusal that is no tie has a reduced value below 0 (S10.7)."""
    lines = 0
    for seed in range(150):
        case = solved(seed, 6 if seed % 2 else 3)
        if case is None:
            continue
        f, found = case
        assert unexplained(f, found) == 0, seed
        for p in found.prices:
            v, x = p.reduced[f.x], found.vector[f.x]
            assert (v[(x == 0) & (f.upper[f.x] > 0)] <= 0).all()
            assert (v[(x == f.upper[f.x]) & (x > 0)] >= 0).all()
            lines += int((v != 0).sum())
    assert lines > 100


def test_ordinary_potentials_leave_refusals_without_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: without levels some refusals that are no ties have a reduced value of 0."""
    plain = [s for s in (solved(seed, 3) for seed in range(150)) if s is not None]
    monkeypatch.setattr(
        strictness, "levels", lambda count, _tail, _head: np.zeros(count, dtype=np.int64)
    )
    control = [s for s in (solved(seed, 3) for seed in range(150)) if s is not None]
    open_lines = 0
    for (f, strict), (_, ordinary) in zip(plain, control, strict=True):
        never = np.all([p.reduced[f.x] == 0 for p in ordinary.prices], axis=0)
        refused = (ordinary.vector[f.x] == 0) & (f.upper[f.x] > 0)
        open_lines += int((refused & never & ~strict.tied[f.x]).sum())
    assert open_lines > 10


@pytest.mark.parametrize("seed", range(30))
def test_prices_do_not_depend_on_which_best_plan_was_found(seed: int) -> None:
    """Arcs handed to the solver in another order give the same prices at every stage."""
    case = solved(seed, 6)
    if case is None:
        return
    f, found = case
    network = is_flow(f)
    assert network is not None

    def turned(tail, head, cap, cost, supply):  # type: ignore[no-untyped-def]
        back = slice(None, None, -1)
        return solve_circulation(tail[back], head[back], cap[back], cost[back], supply)[back]

    other = solve_flow(f, network, turned, None)
    for one, two in zip(found.prices, other.prices, strict=True):
        assert one.scale == two.scale
        assert np.array_equal(one.rows, two.rows)
        assert np.array_equal(one.reduced, two.reduced)
    assert np.array_equal(found.tied, other.tied)


@pytest.mark.parametrize("seed", range(10))
def test_compiled_and_plain_levels_are_equal(seed: int) -> None:
    """The compiled kernel and the sweeps give the same longest paths."""
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.integers(0, 40, (80, 2)), axis=1)
    tail, head = ends[ends[:, 0] < ends[:, 1]].T
    place = rng.permutation(40)
    tail, head = place[tail], place[head]
    assert np.array_equal(levels(40, tail, head), levels_by_sweeps(40, tail, head))


def test_a_run_with_ordinary_prices_that_claims_all_ties_is_rejected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Control: the verifier misses the lines that ordinary potentials leave out (S10.7)."""
    monkeypatch.setattr(
        strictness, "levels", lambda count, _tail, _head: np.zeros(count, dtype=np.int64)
    )
    caught = 0
    for seed in range(12):
        line = flow_decided(seed, tmp_path / str(seed), size=4)
        if line is not None:
            caught += bool({"price", "tie"} & {f.code for f in found(line.folder)})
    assert caught > 3


@pytest.mark.parametrize("seed", range(12))
def test_an_honest_run_tells_its_ties_and_is_accepted(seed: int, tmp_path: Path) -> None:
    """The verifier finds as many ties as are told, and every reason anew (S10.7, S12)."""
    line = flow_decided(100 + seed, tmp_path / "run", size=6)
    assert line is None or not found(line.folder)
