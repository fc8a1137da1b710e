"""Which money pays is settled by release order alone, whatever a solver left (S6.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.loaded import Tables
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.solving import exact, release
from cogov_opt.strategies.payments import release_order
from cogov_opt.verifying import release as verified
from cogov_opt.verifying.case import Case
from cogov_opt.verifying.findings import Findings
from cogov_opt.verifying.plan import nonzero
from cogov_opt.verifying.reading import RunFolder
from tests.properties.both_sides import verifier_side
from tests.properties.brute_force import every_plan, plan_count, plan_of
from tests.properties.money_weeks import money_card, money_week, split_week

MOST_PLANS = 10_000


def payments(f: Formulation) -> IntArray:
    """Give the columns of payments: x of fund needs, and own money."""
    x = f.x.start + np.flatnonzero(np.isin(f.candidates.need, f.money.need))
    return np.concatenate((x, f.money.own[f.money.own >= 0]))


def ways_to_pay(f: Formulation, vector: IntArray) -> Iterator[IntArray]:
    """Give every plan that differs from a plan in payments only, and changes nothing else."""
    columns = payments(f)
    for values in product(*(range(int(h) + 1) for h in f.upper[columns])):
        x = vector.copy()
        x[columns] = values
        whole = f.completed(x)
        rest = np.delete(whole, columns)
        if np.array_equal(rest, np.delete(vector, columns)) and exact.feasible(f, whole):
            yield whole


def rule(
    f: Formulation, order: list[int], kept: set[int], ways: list[IntArray], *, fewest: bool = True
) -> IntArray:
    """Give the payments the rule takes, by the convention's own words, out of all there are."""
    c = f.candidates
    own = dict(zip(f.money.need.tolist(), f.money.own.tolist(), strict=True))
    by = {
        (r, n): [f.x.start + i for i in np.flatnonzero((c.resource == r) & (c.need == n)).tolist()]
        for r in order for n in own
    }  # fmt: skip

    def totals(x: IntArray) -> list[int]:
        return [-sum(int(x[j]) for n in own for j in by[r, n]) for r in order]

    def sources(x: IntArray, need: int) -> tuple[int, list[int]]:
        columns = [[j for j in by[r, need] if j not in kept] for r in order]
        columns.append([own[need]] if own[need] >= 0 and own[need] not in kept else [])
        paid = [k for k, some in enumerate(columns) if any(x[j] for j in some)]
        return len(paid), paid

    ways = least(ways, totals)
    for need in sorted(own) if fewest else ():
        ways = least(ways, partial(sources, need=need))
    (found,) = least(ways, lambda x: [-int(x[j]) for r in order for n in sorted(own)
                                      for j in by[r, n]])  # fmt: skip
    return found


def least(ways: list[IntArray], what: Callable[[IntArray], Any]) -> list[IntArray]:
    """Give those of which something is least."""
    best = min(map(what, ways))
    return [x for x in ways if what(x) == best]


def plans(instance: Instance, f: Formulation) -> Iterator[IntArray]:
    """Give a few plans that serve as much as can be."""
    rng = np.random.default_rng(1)
    best, found = -1, []
    for x in every_plan(f):
        if exact.feasible(f, x):
            value = int(f.stages[0].value(x))
            found = [x] if value > best else [*found, x] if value == best else found
            best = max(best, value)
    for k in rng.choice(len(found), size=min(3, len(found)), replace=False).tolist():
        yield found[k]


def case_of(
    folder: Path, sides: tuple[object, object, object], f: Formulation, x: IntArray
) -> Case:
    """Give a plan as a run under verification, as far as this rule needs one."""
    facts, card, priced = sides
    plan = plan_of(f, x)
    assert plan is not None
    values = nonzero(plan, priced)
    return Case(RunFolder(folder), Findings(), facts, card, priced, plan, values)


def kept(case: Case) -> set[Any]:
    """Give the payments that rows keep as they are."""
    read = verified.Payments(case)
    for row in case.priced.rows:
        read.read(row)
    return read.kept


@pytest.mark.parametrize(("week", "weeks"), [(money_week, 36), (split_week, 24)])
def test_payments_are_the_first_in_release_order(
    tmp_path: Path, week: Callable[[int], Tables], weeks: int
) -> None:
    """Against every way to pay for the same; the verifier takes that one and no other."""
    told: Counter[str] = Counter()
    seed = 0
    while told["weeks"] < weeks:
        seed += 1
        try:
            card = load_policy_text(money_card(seed))
            instance = check(week(seed), card)
            f = formulate(instance, card)
        except IssuesError:
            continue
        if plan_count(f) > MOST_PLANS:
            continue
        told["weeks"] += 1
        order = release_order(instance)
        sides = verifier_side(instance, card, tmp_path / str(seed))
        for start in plans(instance, f):
            reached = release.released(f, start, order)
            assert exact.feasible(f, reached), seed
            assert [s.value(reached) for s in f.stages] == [s.value(start) for s in f.stages], seed
            told["plans"] += 1
            held = kept(case_of(tmp_path, sides, f, start))
            told["with amounts that are kept" if held else "free"] += 1
            ways = list(ways_to_pay(f, start))
            columns = {j for j in payments(f).tolist() if tuple(f.columns.key(j)) in held}
            open_ways = [x for x in ways if all(x[j] == start[j] for j in columns)]
            best = rule(f, order, columns, open_ways)
            assert np.array_equal(reached, best), (seed, start, reached, best)
            told["paid from fewer sources"] += not np.array_equal(
                best, rule(f, order, columns, open_ways, fewest=False)
            )
            for way in ways:
                case = case_of(tmp_path, sides, f, way)
                verified.check(case)
                found = not case.findings.all()
                assert found == np.array_equal(way, release.released(f, way, order)), (seed, way)
                told["other ways refused"] += not found

    print(dict(told))
    assert told["free"] > weeks // 2
    assert told["other ways refused"] > weeks
    if week is split_week:
        assert told["paid from fewer sources"] > 5
    else:
        assert told["with amounts that are kept"] > 5
