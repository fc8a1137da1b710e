"""The set value of an option, against the law read out in loops (S12.4, 6)."""

import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.formulation import Candidates, Money
from cogov_opt.domain.instance import Options, Ragged
from cogov_opt.explaining.plan import Plan
from cogov_opt.explaining.sets import SetValues, Takers
from cogov_opt.formulating import formulate
from cogov_opt.formulating.facts import FUND, VOLUNTEER

RIVERSIDE = Path(__file__).parents[2] / "datasets" / "riverside"


@pytest.fixture(scope="module")
def plan():
    """The sample data: sets of volunteers, spaces, services and money that pays for them."""
    policy = cg.load_policy("needs-first")
    instance = cg.check(cg.load(RIVERSIDE), policy)
    decision = SimpleNamespace(instance=instance, formulation=formulate(instance, policy))
    return Plan(decision, None)


def best(entries, wanted):
    """Take the largest values first, earlier entries among equals: value, cap, cost."""
    worth = paid = 0
    for value, cap, cost in sorted(entries, key=lambda e: -e[0]):
        units = min(cap, wanted)
        worth, paid, wanted = worth + value * units, paid + cost * units, wanted - units
    return worth, paid


def of_option(plan, option, v):
    """The set value of one option, in loops."""
    c, facts, money = plan.candidates, plan.facts, plan.decision.formulation.money
    first = len(plan.instance.options)
    entries, own, bought = {}, {}, {}
    for i in np.flatnonzero(c.option == option).tolist():
        line = (int(v[first + i]), int(c.cap[i]), int(c.unit_cost[i]))
        entries.setdefault(int(c.need[i]), []).append(line)
    for i in np.flatnonzero(money.option == option).tolist():
        need = int(money.need[i])
        own[need], bought[need] = int(money.own[i]), int(money.bought[i])
    total, paid = int(v[option]), {}
    needs = plan.instance.needs_of.row(int(plan.instance.options.demand[option])).tolist()
    for need in (n for n in needs if facts.need_kind[n] != FUND):
        worth, paid[need] = best(entries.get(need, []), int(facts.minimum[need]))
        total += worth
    for need in (n for n in needs if facts.need_kind[n] == FUND):
        minimum = int(facts.minimum[need])
        total += minimum * int(v[bought[need]]) if bought[need] >= 0 else 0
        payers = entries.get(need, [])
        if own[need] >= 0:
            payers = [*payers, (int(v[own[need]]), int(facts.own_limit[need]), 0)]
        due = minimum + sum(paid[m] for m in facts.pays_for.row(need).tolist())
        total += best(payers, due)[0]
    return total


@pytest.mark.parametrize("seed", range(4))
def test_the_set_value_is_what_the_law_says(plan, seed):
    """Every option, with values drawn by chance: few distinct ones, so that ties decide."""
    random = np.random.default_rng(seed)
    width = len(plan.decision.formulation.lower)
    v = random.integers(-3, 4, width) if seed % 2 else random.integers(-(10**6), 10**6, width)
    demands = np.ones(len(plan.instance.demands), dtype=bool)

    found = SetValues(plan, None, demands).at(v)

    assert found.tolist() == [of_option(plan, o, v) for o in range(len(plan.instance.options))]


def test_the_value_does_not_hang_on_the_split_within_a_set(plan):
    """Prices on the rows that tie needs to their option move y and x against each other only."""
    random = np.random.default_rng(7)
    formulation = plan.decision.formulation
    demands = np.ones(len(plan.instance.demands), dtype=bool)
    v = random.integers(-50, 50, len(formulation.lower))
    m, moved = formulation.matrix, v.copy()
    for row in range(len(formulation.rows)):
        if formulation.rows.key(row)[:2] == ("law.set", "need"):
            part = slice(int(m.starts[row]), int(m.starts[row + 1]))
            price = int(random.integers(-900, 900))
            np.subtract.at(moved, m.columns[part], price * m.values[part])
    sets = SetValues(plan, None, demands)

    same = sets.at(v) == sets.at(moved)

    assert same[_can_be_filled(plan)].all()
    assert not same.all()


def _can_be_filled(plan):
    """Tell at which options the candidates of every need suffice."""
    c, facts, options = plan.candidates, plan.facts, plan.instance.options
    found = np.ones(len(options), dtype=bool)
    for option, demand in enumerate(options.demand.tolist()):
        for need in plan.instance.needs_of.row(demand).tolist():
            mine = (c.need == need) & (c.option == option)
            enough = facts.need_kind[need] == FUND or c.cap[mine].sum() >= facts.minimum[need]
            found[option] &= enough
    assert found.any()
    return found


def test_entries_are_filled_in_order():
    """The dearest first, up to its cap; earlier entries among equals."""
    takers = Takers(np.array([0, 0, 0, 1]), np.arange(4), np.array([2, 5, 5, 9]))

    taken = takers.taken(np.array([1, 1, 4, -2]), np.array([6, 3]))

    assert taken.tolist() == [1, 0, 5, 3]


def test_a_million_candidates_stay_quick():
    """60,000 demands of one need each, a million candidates, three stages: about a second."""
    needs, each = 60_000, 17
    size = needs * each
    need = np.repeat(np.arange(needs, dtype=np.int32), each)
    zeros, ones = np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    none = np.zeros(0, dtype=np.int32)
    options = Options(
        np.arange(needs, dtype=np.int32), ("",) * needs, np.arange(needs + 1), *(none,) * 4
    )
    candidates = Candidates(need, need, need % 7, none, ones, ones, zeros)
    formulation = SimpleNamespace(candidates=candidates, money=Money(none, none, none, none))
    facts = SimpleNamespace(
        need_kind=np.full(needs, VOLUNTEER), minimum=np.ones(needs, dtype=np.int64),
        own_limit=np.zeros(needs, dtype=np.int64),
        pays_for=Ragged(np.zeros(needs + 1, dtype=np.int64), none),
    )  # fmt: skip
    table = SimpleNamespace(options=options, needs=range(needs))
    plan = SimpleNamespace(
        instance=table, candidates=candidates, facts=facts,
        decision=SimpleNamespace(formulation=formulation),
    )  # fmt: skip
    v = np.random.default_rng(1).integers(-100, 0, needs + size)
    stages = tuple(SimpleNamespace(reduced=v * (k == 2)) for k in range(3))

    began = time.process_time()
    place, value = SetValues(
        plan, SimpleNamespace(stages=stages), np.ones(needs, dtype=bool)
    ).decisive

    assert time.process_time() - began < 2
    assert value[0] == v[0] + v[needs : needs + each].max()
    assert set(place.tolist()) == {2}
