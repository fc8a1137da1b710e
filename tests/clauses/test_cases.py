"""Hand-written clause cases: what a person expects, both sides' rows and the meaning agree."""

from __future__ import annotations

import re

import pytest

from cogov_opt.domain.clauses import KINDS, NEVER_SOFT
from tests.clauses.cases import CASES
from tests.clauses.week import PLANS, Judged, plan, week

EVERY = [
    pytest.param(kind, case, id=f"{kind}-{i:02d}")
    for kind in CASES
    for i, case in enumerate(CASES[kind])
]
SOFT = [p for p in EVERY if p.values[0] not in NEVER_SOFT]


@pytest.mark.parametrize(("kind", "case"), EVERY)
def test_a_hard_clause_refuses_the_plans_written_beside_it(
    kind: str, case: tuple[str, ...]
) -> None:
    """Built rows, the verifier's meaning and its rows refuse just these plans (S8.6-S8.10)."""
    judged = Judged(kind, case[0])
    judged.keys()
    assert judged.broken() == case[1]


@pytest.mark.parametrize(("kind", "case"), SOFT)
def test_a_soft_clause_costs_the_slack_written_beside_it(kind: str, case: tuple[str, ...]) -> None:
    """No plan is refused; the slack is as written, and 0 iff the hard clause is kept (S8.11)."""
    slacks = {n: s for n, s in Judged(kind, case[0], soft=True).slacks().items() if s}
    assert " ".join(slacks) == case[1]
    if len(case) > 2:
        assert slacks == {w[0]: int(w[1:]) for w in case[2].split()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_cases_of_a_kind_are_told_apart(kind: str) -> None:
    """Thirty cases a kind at least, none twice, plans named in order, some refused, some not."""
    cases = CASES[kind]
    assert len(cases) >= 30
    assert len({re.sub(r"\s", "", c[0]) for c in cases}) == len(cases)
    assert all(c[1].split() == [n for n in PLANS if n in c[1].split()] for c in cases)
    assert len({c[1] for c in cases}) >= 5


def test_every_plan_is_lawful_and_as_the_table_says() -> None:
    """The plans keep the law, and serve, give and buy what the table of the week counts."""
    units, money = ([given(n, needs) for n in PLANS] for needs in ("N1 N2 N3", "N4 N6"))
    assert units == [0, 1, 2, 4, 1, 0, 4, 5]
    assert money == [0, 0, 0, 200, 100, 200, 300, 300]
    assert len(week()[0].options) == 5


def given(name: str, needs: str) -> int:
    """Add up what a plan gives to some needs."""
    return sum(u for k, u in plan(name).given.items() if k[0] in needs.split())
