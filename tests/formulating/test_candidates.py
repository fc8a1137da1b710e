"""Candidates against a plain double loop, and without an array of resources by options (S4)."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from cogov_opt.checking import check
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.justification import FAILING_TESTS
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import candidates
from cogov_opt.formulating.candidates import find_candidates
from cogov_opt.formulating.facts import FUND, SERVICE, Facts
from cogov_opt.formulating.failures import Failures
from cogov_opt.formulating.model import Model
from cogov_opt.loading import load_policy_text
from cogov_opt.verifying import eligibility
from tests.clauses.week import HEAD
from tests.properties.both_sides import verifier_side
from tests.properties.crowded_weeks import crowded_week
from tests.properties.small_weeks import Rows, small_week, tables_of

CARD = load_policy_text(HEAD.split("[[clause]]")[0])
SIZE = 8000


def week(seed: int) -> Facts:
    """Give a random week; skip the seeds that are refused on purpose."""
    try:
        return Facts(check(small_week(seed)))
    except IssuesError:
        pytest.skip("this seed makes a week that the check refuses")


def pairs_of(facts: Facts) -> list[tuple[int, int, int]]:
    """List every (need, option, resource of its kind)."""
    of_demand = facts.options.of_demand
    return [
        (need, option, resource)
        for need in range(len(facts.need_kind))
        for option in range(*of_demand[facts.need_demand[need] :][:2].tolist())
        for resource in range(*facts.span(int(facts.need_kind[need])).indices(10**9)[:2])
    ]


@pytest.mark.parametrize("seed", range(100, 160))
def test_candidates_are_the_pairs_that_fail_no_test(seed: int) -> None:
    """Enumeration by groups finds what a double loop over all pairs finds (S4.1, S4.11)."""
    facts = week(seed)
    failures, c = Failures(facts), find_candidates(facts)
    found = list(zip(c.need.tolist(), c.option.tolist(), c.resource.tolist(), strict=True))
    good = {p for p in pairs_of(facts) if not failures.tests(p[0], p[2], p[1])}
    assert set(found) == good
    keys = list(zip(found, c.agreement.tolist(), strict=True))
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("batch", [1, 60, candidates.BATCH])
@pytest.mark.parametrize("seed", range(20))
def test_crowds_are_joined_as_plain_loops_would(
    seed: int, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many volunteers a group, in batches of any size: the verifier's candidates (S4)."""
    monkeypatch.setattr(candidates, "BATCH", batch)
    try:
        instance = check(crowded_week(seed))
    except IssuesError:
        pytest.skip("this seed makes a week that the check refuses")
    facts = Facts(instance)
    model = Model(facts, find_candidates(facts))
    names = model.x_parts()
    found = [tuple(ids[index[i]] for ids, index in names) for i in range(len(model.candidates))]
    theirs = verifier_side(instance, CARD, tmp_path)[2]
    expected = {key[1:] for key in theirs.columns if key[0] == "x"}
    assert found == sorted(found, key=lambda key: (key[0], key[2], key[1], key[3]))
    assert set(found) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("seed", range(200, 230))
def test_failing_tests_are_those_the_verifier_finds(seed: int, tmp_path: Path) -> None:
    """Every test of every pair, in the order they are told, on both sides (S4.3-S4.11)."""
    facts = week(seed)
    instance, failures = facts.instance, Failures(facts)
    theirs = verifier_side(instance, CARD, tmp_path)[0]
    for need, option, resource in pairs_of(facts):
        demand = theirs.demands[instance.demands.ids[facts.options.demand[option]]]
        expected = eligibility.failing_tests(
            theirs, theirs.needs[instance.needs.ids[need]],
            theirs.resources[instance.resources.ids[resource]],
            demand.options[facts.options.ids[option]],
        )  # fmt: skip
        told = failures.tests(need, resource, option)
        assert told == list(expected)
        assert told == [t for t in FAILING_TESTS if t in told]


@pytest.mark.parametrize("seed", range(100, 140))
def test_counts_of_failing_tests_are_sums_over_pairs(seed: int) -> None:
    """Reasons of a need and of a resource add up the pairs they stand for (S12.4, S12.5)."""
    facts = week(seed)
    failures, pairs = Failures(facts), pairs_of(facts)
    by_need: dict[int, list[str]] = {}
    by_resource: dict[int, list[str]] = {}
    for need, option, resource in pairs:
        told = failures.tests(need, resource, option)
        by_need.setdefault(need, []).extend(told)
        by_resource.setdefault(resource, []).extend(told)
    for need, told in by_need.items():
        assert failures.of_need(need) == {t: told.count(t) for t in FAILING_TESTS if t in told}
    counts = failures.of_resources(list(by_resource))
    for told, counted in zip(by_resource.values(), counts, strict=True):
        assert counted == {t: told.count(t) for t in FAILING_TESTS if t in told}


@pytest.mark.parametrize("seed", range(100, 140))
def test_caps_are_what_the_convention_says(seed: int) -> None:
    """Persons and spaces 1; services by capacity; funds by what is left or asked (S4.10)."""
    facts = week(seed)
    c = find_candidates(facts)
    funds, quantity = facts.instance.funds, facts.quantity
    pays = facts.pays_for
    for i in range(len(c)):
        need, resource, option = int(c.need[i]), int(c.resource[i]), int(c.option[i])
        kind = int(facts.need_kind[need])
        if kind == SERVICE:
            held = int(facts.capacity[resource]) // int(c.use_units[i])
            assert c.cap[i] == min(held, int(quantity[need]))
        elif kind == FUND:
            row = resource - facts.span(FUND).start
            most = int(quantity[need])
            for paid in pays.row(need).tolist():
                same = (c.need == paid) & (c.option == option)
                most += int(quantity[paid]) * int(c.unit_cost[same].max(initial=0))
            left = int(funds.ints("amount")[row]) - int(funds.ints("committed", 0)[row])
            each = int(funds.ints("max_per_demand", 2**60)[row])
            assert c.cap[i] == max(0, min(left, each, most))
        else:
            assert c.cap[i] == 1


def wide() -> Instance:
    """Make thousands of volunteers and demands that meet in a few hundred pairs."""

    def hour(i: int) -> str:
        return f"2026-09-{28 + i % 3} {i // 3 % 20:02d}:"

    who, what = ([f"{letter}{i:05d}" for i in range(SIZE)] for letter in "VD")
    rows: Rows = {
        "actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}],
        "codes": [{"vocabulary": "skill", "code": f"k{k}"} for k in range(199)],
        "volunteers": [
            {"volunteer_id": v, "actor_id": "A", "skills": f"k{i % 199}"} for i, v in enumerate(who)
        ],
        "availability": [
            {"resource_id": v, "start": hour(i * 7) + "00", "end": hour(i * 7) + "50"}
            for i, v in enumerate(who)
        ],
        "demands": [{"demand_id": d, "actor_id": "A", "priority": 1} for d in what],
        "options": [
            {"demand_id": d, "option_id": "o", "start": hour(i) + "10", "end": hour(i) + "40"}
            for i, d in enumerate(what)
        ],
        "needs": [
            {"need_id": f"N{d}", "demand_id": d, "kind": "volunteer", "quantity": 1,
             "requires": f"k{i * 3 % 199}"} for i, d in enumerate(what)
        ],
    }  # fmt: skip
    return check(tables_of(rows), CARD)


def test_memory_grows_with_the_candidates_not_with_all_pairs() -> None:
    """8000 volunteers, 8000 options, few candidates: no array of all pairs, not even of bits."""
    facts = Facts(wide())
    tracemalloc.start()
    try:
        found = find_candidates(facts)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0 < len(found) < 50_000
    assert peak < SIZE * SIZE // 8, f"{peak} bytes"
