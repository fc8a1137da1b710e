"""Exact regrets of flows, against every plan, and by either way of finding paths (S10.9)."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from cogov_opt.domain.certificate import Losses
from cogov_opt.domain.formulation import Formulation
from cogov_opt.proving.compiled import shortest_to
from cogov_opt.proving.paths import by_heap, by_scipy
from cogov_opt.proving.regrets import NOT_ASKED, FlowPlan
from tests.proving.small_flows import every_plan, first_difference, formulated, solved


def told(losses: Losses) -> list[tuple[int, int]]:
    """Give place and loss of every candidate."""
    return list(zip(losses.place.tolist(), losses.loss.tolist(), strict=True))


def by_listing(f: Formulation, plan: np.ndarray) -> tuple[list[tuple[int, int]], ...]:
    """Give what one unit more, and one less, of each candidate loses, from all plans."""
    units, values = every_plan(f)
    best, last = max(values), len(f.stages) - 1
    found: tuple[list[tuple[int, int]], ...] = ([], [])
    for side, step in enumerate((1, -1)):
        for j, given in enumerate(plan[f.x].tolist()):
            wanted = given + step
            if not 0 <= wanted <= f.upper[f.x][j]:
                found[side].append((last, NOT_ASKED))
                continue
            fits = units[:, j] >= wanted if step > 0 else units[:, j] <= wanted
            reached = [values[i] for i in np.flatnonzero(fits)]
            found[side].append(first_difference(best, max(reached)) if reached else (0, -1))
    return found


@pytest.mark.parametrize("size", [2, 3, 4])
def test_every_regret_is_what_the_best_other_plan_loses(size: int) -> None:
    """To force a unit in or out loses exactly what listing all plans says, stage by stage."""
    cases = losses = 0
    for seed in range(50):
        f = formulated(seed, size)
        if f is None:
            continue
        plan = solved(f).vector
        flow = FlowPlan.of(f, plan)
        assert flow is not None
        more, less = by_listing(f, plan)
        assert told(flow.more) == more, seed
        assert told(flow.less) == less, seed
        cases, losses = cases + 1, losses + int((flow.more.loss > 0).sum())
    assert cases > 15
    assert losses > 5


def test_the_ties_are_the_regrets_of_nothing() -> None:
    """A candidate is tied iff one unit more or one less loses nothing at any stage (S10.7)."""
    for seed in range(80):
        f = formulated(seed, 4)
        if f is None:
            continue
        found = solved(f)
        flow = FlowPlan.of(f, found.vector)
        assert flow is not None
        nothing = (flow.more.loss == 0) | (flow.less.loss == 0)
        assert np.array_equal(found.tied[f.x], nothing), seed


def test_compiled_scipy_and_plain_paths_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the compiled kernels the same regrets come from scipy, and from plain Python."""
    for seed in range(40):
        f = formulated(seed, 5)
        if f is None:
            continue
        plan = solved(f).vector
        compiled = FlowPlan.of(f, plan)
        assert compiled is not None
        roads = compiled.roads(0)
        nodes = np.arange(roads.nodes)
        source, begin = nodes, np.arange(0, roads.nodes**2 + 1, roads.nodes)
        target = np.tile(nodes, roads.nodes)
        most = roads.home[source]
        kernel = shortest_to(roads.first, roads.head, roads.cost, source, begin, target, most)
        for way in (by_scipy, by_heap):
            found = way(roads, source, begin, target, most)
            other = target != np.repeat(nodes, roads.nodes)
            assert np.array_equal(found[other], kernel[other]), seed
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "cogov_opt.proving.compiled", None)
            plain = FlowPlan.of(f, plan)
            assert plain is not None
            assert told(plain.more) == told(compiled.more)
            assert told(plain.less) == told(compiled.less)


def test_a_plan_that_is_not_the_best_has_no_faces() -> None:
    """A plan with a better one beside it is refused: nothing exact can be said from it."""
    refused = 0
    for seed in range(30):
        f = formulated(seed, 3)
        if f is None:
            continue
        found = solved(f)
        plan = found.vector
        settled = np.flatnonzero((plan[f.x] == 1) & (found.prices[0].reduced[f.x] > 0))
        if not len(settled):
            continue
        worse = plan.copy()
        worse[f.x.start + settled[0]] = 0
        with pytest.raises(ValueError, match="negative cycle"):
            FlowPlan.of(f, worse)
        refused += 1
    assert refused > 5
