"""What falls apart is refused by the part a demand stands in, the others bounded (S10.10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cogov_opt.domain.certificate import Refusal
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving import refusals
from cogov_opt.proving.refusals import refuse
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of
from tests.proving.test_parts import certified
from tests.solving.small import Pair, at_random, pair, with_options

pytestmark = pytest.mark.solver
SEEDS = range(60)


def asked(f: Formulation) -> Formulation:
    """Let every column be the only option of a demand."""
    width = len(f.lower)
    f = with_options(f, width)
    return replace(f, options=replace(f.options, of_demand=np.arange(width + 1)))


def refused(f: Formulation, plan: IntArray) -> list[Refusal]:
    """Refuse what a plan leaves out, its demands named by their column."""
    f = asked(f)
    return list(refuse(f, [str(j) for j in range(len(f.lower))], certified(f, plan), plan))


def pairs() -> Iterator[tuple[int, Pair]]:
    """Give random problems side by side."""
    for seed in SEEDS:
        found = pair(seed)
        if found is not None:
            yield seed, found


def most(found: Pair, plan: IntArray, refusal: Refusal) -> int | None:
    """Give the best of the plans that serve a demand and keep the stages before, if any does."""
    left = [x for x in found.plans if x[int(refusal.demand)] >= 1]
    *before, stage = found.whole.stages[: refusal.stage]
    for one in before:
        floor = floor_of(one, exact.value(one.costs, plan))
        left = [x for x in left if exact.value(one.costs, x) >= floor]
    return max((exact.value(stage.costs, x) for x in left), default=None)


def test_no_plan_that_serves_a_demand_beats_its_refusal() -> None:
    """Of a best plan, and of any other, where parts are not settled: brute force finds none."""
    kinds: Counter[str] = Counter()
    for seed, found in pairs():
        for plan in (found.best(), found.plans[seed % len(found.plans)]):
            for refusal in refused(found.whole, plan):
                top = most(found, plan, refusal)
                stage = found.whole.stages[refusal.stage - 1]
                assert refusal.bound < exact.value(stage.costs, plan)
                assert top is None or (refusal.scale and top <= refusal.bound)
                kinds["part" if refusal.part else "whole"] += 1
                kinds["tree" if refusal.tree else "prices" if refusal.scale else "empty"] += 1
    print(dict(kinds))
    assert all(kinds[name] > 0 for name in ("part", "tree", "prices", "empty"))


def test_together_as_much_is_refused_as_alone() -> None:
    """The other half takes nothing away: what is refused of each is refused of both."""
    count = 0
    for seed, found in pairs():
        halves = [at_random(2 * seed + k) for k in range(2)]
        alone, first = set[tuple[int, int]](), 0
        for half in halves:
            width = len(half.lower)
            plan = found.best()[first : first + width]
            alone |= {(first + int(r.demand), r.stage) for r in refused(half, plan)}
            first += width
        together = {(int(r.demand), r.stage) for r in refused(found.whole, found.best())}
        assert alone <= together, seed
        count += len(alone)
    assert count > len(SEEDS)


def test_only_the_columns_of_the_part_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of work that lets the columns of halves through is too small for those of both."""
    shown = 0
    for seed, found in pairs():
        plan, (one, two) = found.best(), (len(at_random(2 * seed + k).lower) for k in range(2))
        free, all_of_it = plan == 0, refused(found.whole, plan)
        enough = 2 * int(free[:one].sum() * one + free[one:].sum() * two)
        if enough // (2 * (one + two)) >= len(all_of_it) or any(not r.part for r in all_of_it):
            continue
        shown += 1
        with monkeypatch.context() as limited:
            limited.setattr(refusals, "COLUMNS", enough)
            assert refused(found.whole, plan) == all_of_it
            limited.setattr(refusals, "COLUMNS", 1)
            assert refused(found.whole, plan) == []
    assert shown
