"""On random towns and random plans the law, the clauses and their rows say the same (S5-S8)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.verifying import candidates, formulation, law
from cogov_opt.verifying.facts import Facts, Need, Option
from cogov_opt.verifying.plan import Plan, unknown
from tests.verifying.tiny import agree, card
from tests.verifying.worlds import worlds

CLAUSES: list[dict[str, Any]] = [
    {"kind": "limit", "measure": "minutes", "at_most": 60, "each": ["volunteer.id"], "per": "day"},
    {"kind": "limit", "measure": "units", "at_most": 3, "each": ["demand.area", "demand.group"]},
    {
        "kind": "limit",
        "measure": "money",
        "at_most_percent": 60,
        "of": "given",
        "each": ["fund.id"],
    },
    {"kind": "limit", "measure": "slots", "at_most_percent": 40, "of": "asked", "per": {"days": 3}},
    {"kind": "limit", "measure": "assignments", "at_most": 1, "where": {"demand.area": "town"}},
    {"kind": "guarantee", "measure": "units", "at_least": 1, "each": ["demand.id"]},
    {"kind": "guarantee", "measure": "demands", "at_least": 1, "per": "week", "each": ["actor.id"]},
    {"kind": "guarantee", "measure": "money", "at_least_percent": 10, "of": "available"},
    {"kind": "forbid", "where": {"option.weekday": ["mon", "tue"]}},
    {"kind": "forbid", "where": {"volunteer.skills": "cook:2", "demand.group": "aged"}},
    {"kind": "require", "where": {"need.kind": "service"}, "must": {"giver.id": ["A", "B"]}},
    {"kind": "earmark", "where": {"fund.id": "F"}, "only": {"demand.purpose": "care"}},
    {"kind": "award", "min": "0.03", "max": "0.20", "step": "0.02"},
]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Facts, list[Plan]]:
    """Give a town and some plans that mostly keep the law."""
    tables = draw(worlds())
    tables["funds"][0] |= {
        "min_award": draw(st.sampled_from(["", 2])),
        "step": draw(st.sampled_from(["", 3])),
    }
    for row in tables["volunteers"]:
        row |= {
            "max_slots": draw(st.sampled_from(["", 1])),
            "min_minutes": draw(st.sampled_from(["", 70])),
        }
    for row in tables["needs"]:
        row |= {
            "minimum": draw(st.sampled_from(["", 0, 1])),
            "own_limit": 2 if row["kind"] == "fund" else "",
        }
    with TemporaryDirectory() as folder:
        from tests.verifying.tiny import facts_of

        facts = facts_of(Path(folder), tables)
    return facts, [_plan(draw, facts) for _ in range(4)]


def _plan(draw: st.DrawFn, facts: Facts) -> Plan:
    plan = Plan()
    for demand in facts.demands.values():
        option = draw(st.sampled_from([None, *demand.options.values()]))
        if option is None:
            continue
        plan.served[demand.id] = option.id
        for need in sorted(demand.needs, key=lambda n: n.kind == "fund"):
            (_pay if need.kind == "fund" else _give)(draw, facts, plan, need, option)
    return plan


def _give(draw: st.DrawFn, facts: Facts, plan: Plan, need: Need, option: Option) -> None:
    left = draw(st.integers(need.minimum, need.quantity))
    for c in candidates.of(facts)[need.id][option.id]:
        units = min(left, draw(st.integers(0, c.cap)))
        if units:
            plan.given[need.id, c.resource, option.id, c.agreement] = units
            left -= units


def _pay(draw: st.DrawFn, facts: Facts, plan: Plan, need: Need, option: Option) -> None:
    bought = draw(st.integers(need.minimum, need.quantity))
    due = bought + law._costs(facts, plan).get((need.pays_for[0], option.id), 0)
    due += law._costs(facts, plan).get((need.pays_for[1], option.id), 0)
    plan.bought[need.id, option.id] = bought
    for c in candidates.of(facts)[need.id][option.id]:
        paid = min(due, draw(st.integers(0, c.cap + 1)))
        if paid:
            plan.given[need.id, c.resource, option.id, c.agreement] = paid
            due -= paid
    plan.own[need.id, option.id] = due


@settings(max_examples=150, deadline=None)
@given(cases(), st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=5, unique_by=str))
def test_the_law_and_every_clause_agree_with_their_rows(
    case: tuple[Facts, list[Plan]], chosen: list[dict[str, Any]]
) -> None:
    """The law is broken iff a row of the law is; clause rows are broken one by one as told."""
    facts, plans = case
    policy = card(*chosen)
    priced = formulation.build(facts, policy)
    known = [plan for plan in plans if not unknown(plan, priced)]
    agree(facts, policy, known)
