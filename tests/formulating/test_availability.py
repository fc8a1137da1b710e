"""Openings joined with sessions, against loops over every pair (convention S4.5)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.checking import check
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import availability
from cogov_opt.formulating.availability import (
    Crowds,
    closed_counts,
    closed_mask,
    expand,
    on_workdays,
    open_members,
    rows_of,
)
from cogov_opt.formulating.facts import Facts
from tests.properties.small_weeks import small_week


@given(first=st.lists(st.integers(0, 50), max_size=6), count=st.data())
def test_expanding_lists_each_range_with_its_owner(first: list[int], count: st.DataObject) -> None:
    """Owners and numbers of all ranges stand side by side, in order."""
    sizes = [count.draw(st.integers(0, 4)) for _ in first]
    owner, number = expand(np.array(first, dtype=np.int64), np.array(sizes, dtype=np.int64))
    expected = [
        (i, f + k) for i, (f, n) in enumerate(zip(first, sizes, strict=True)) for k in range(n)
    ]
    assert list(zip(owner.tolist(), number.tolist(), strict=True)) == expected


def is_open(facts: Facts, kind: int, resource: int, option: int) -> bool:
    """Ask S4.5 of one resource of a kind and one option, in loops."""
    instance, o = facts.instance, facts.options
    sessions = range(int(o.first[option]), int(o.first[option + 1]))
    table = instance.availability
    mine = [] if not len(table) else [
        (int(a), int(b))
        for r, a, b in zip(*(table.ints(c) for c in ("resource_id", "start", "end")), strict=True)
        if r == facts.span(kind).start + resource
    ]  # fmt: skip
    if mine:
        return all(any(a <= o.starts[s] and o.ends[s] <= b for a, b in mine) for s in sessions)
    silence = instance.package.silence(RESOURCE_KINDS[kind])
    if silence == "workdays":
        return all(weekdays_only(instance, int(o.starts[s]), int(o.ends[s])) for s in sessions)
    return silence == "always" or not sessions


def weekdays_only(instance: Instance, start: int, end: int) -> bool:
    """Tell whether every minute of [start, end) lies on Monday to Friday."""
    days = range(start // 1440, (end - 1) // 1440 + 1)
    return all((instance.calendar.first_day + d + 6) % 7 < 5 for d in days)


@pytest.mark.parametrize("seed", range(30))
def test_options_are_open_to_whom_the_convention_says(seed: int) -> None:
    """Rows, silence of every meaning and untimed options, for each kind of random weeks (S4.5)."""
    try:
        facts = Facts(check(small_week(seed)))
    except IssuesError:
        pytest.skip("this seed makes a week that the check refuses")
    options = np.arange(len(facts.options), dtype=np.int32)
    for kind in range(4):
        span = facts.span(kind)
        everyone = np.arange(span.stop - span.start, dtype=np.int32)
        rows = rows_of(facts, kind)
        crowds = Crowds(np.array([0, len(everyone)]), everyone, everyone)
        crowd = np.zeros(len(options), dtype=np.int64)
        asked, found = open_members(facts, rows, kind, crowds, crowd, options)
        expected = {
            (o, r)
            for o in options.tolist()
            for r in everyone.tolist()
            if is_open(facts, kind, r, o)
        }
        pairs = list(zip(asked.tolist(), found.tolist(), strict=True))
        assert set(pairs) == expected
        assert len(pairs) == len(expected)
        for option in options.tolist():
            shut = closed_mask(facts, kind, rows, option)
            assert [(option, r) not in expected for r in everyone.tolist()] == shut.tolist()


@pytest.mark.parametrize("together", [1, 7, 10_000])
def test_closed_options_are_counted_alike_however_many_at_once(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts for some resources are sums over their options, in whatever parts these are taken."""
    monkeypatch.setattr(availability, "PAIRS_AT_ONCE", together)
    told = 0
    for seed in range(12):
        try:
            facts = Facts(check(small_week(seed)))
        except IssuesError:
            continue
        options = np.repeat(np.arange(len(facts.options)), 2)
        for kind in range(4):
            rows = rows_of(facts, kind)
            some = np.arange(len(rows.count))[::2]
            expected = sum(closed_mask(facts, kind, rows, o)[some].astype(int) for o in options)
            counted = closed_counts(facts, kind, rows, some, options)
            assert counted.tolist() == np.broadcast_to(expected, some.shape).tolist()
            told += int(counted.sum())
    assert told


def test_options_are_on_workdays_iff_no_minute_is_on_a_weekend() -> None:
    """Dates touched by a session decide, on every random week (S4.5)."""
    seen = set()
    for seed in range(30):
        try:
            facts = Facts(check(small_week(seed)))
        except IssuesError:
            continue
        o = facts.options
        for option, good in enumerate(on_workdays(facts).tolist()):
            spans = range(int(o.first[option]), int(o.first[option + 1]))
            days = [(int(o.starts[s]), int(o.ends[s])) for s in spans]
            assert good == all(weekdays_only(facts.instance, a, b) for a, b in days)
            seen.add(good)
    assert seen == {True, False}
