"""pb_greedy: the most wanted first, while the money lasts (convention S14.1)."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.domain.certificate import Trace
from cogov_opt.domain.decision import Decision, Termination
from cogov_opt.domain.instance import Instance
from cogov_opt.errors import UnsupportedError
from cogov_opt.strategies.draws import draw_of, rank
from cogov_opt.strategies.pb_greedy import award
from tests.strategies.official import VARIANTS, index_of, official, ours

CARD = """
id = "pb"
version = "1.0.0"
status = "draft"
title = { en = "pb", zh = "pb" }

[strategy]
name = "pb_greedy"
tie_break = ["position"]
"""
CLAUSE = """
[[clause]]
id = "C1"
kind = "limit"
where = { }
measure = "demands"
at_most = 1
firmness = "hard"
source = "test"
because = { en = "test", zh = "test" }
"""


def election(
    folder: Path, projects: list[tuple[str, int, int]], budget: int, **meta: str
) -> Instance:
    """Make an instance of (id, cost, votes) in file order; amounts in major units."""
    told = {"budget": str(budget), "vote_type": "approval", **meta}
    lines = [
        *("META", "key;value", *(f"{k};{v}" for k, v in told.items())),
        *("PROJECTS", "project_id;cost;votes", *(f"{p};{c};{v}" for p, c, v in projects)),
        *("VOTES", "voter_id;vote"),
    ]
    path = folder / "election.pb"
    path.write_text("\n".join(lines), encoding="utf-8")
    return cg.check(cg.load(path), cg.load_policy_text(CARD))


def decide(instance: Instance, card: str = CARD, **options: Any) -> Decision:
    return cg.allocate(instance, cg.load_policy_text(card), options=options)


def steps(decision: Decision) -> list[tuple[str, str]]:
    assert isinstance(decision.evidence, Trace)
    return [(s.demand, s.verdict) for s in decision.evidence.steps]


def taken(decision: Decision) -> set[str]:
    assert decision.allocation is not None
    ids = decision.instance.demands.ids
    return {ids[d] for d, o in enumerate(decision.allocation.option.tolist()) if o >= 0}


PROJECTS = [("a", 60, 9), ("b", 50, 8), ("c", 30, 7), ("d", 10, 2)]


def test_skip_goes_on_after_one_that_does_not_fit(tmp_path: Path) -> None:
    """Take when cost <= left, else go on; `left` is the money before each step."""
    decision = decide(election(tmp_path, PROJECTS, 100))

    assert isinstance(decision.evidence, Trace)
    assert [(s.step, s.demand, s.verdict, s.values) for s in decision.evidence.steps] == [
        (1, "a", "taken", {"votes": 9, "cost": 6000, "left": 10000}),
        (2, "b", "too_dear", {"votes": 8, "cost": 5000, "left": 4000}),
        (3, "c", "taken", {"votes": 7, "cost": 3000, "left": 4000}),
        (4, "d", "taken", {"votes": 2, "cost": 1000, "left": 1000}),
    ]
    assert decision.termination is Termination.DONE


def test_stop_ends_at_the_first_that_does_not_fit(tmp_path: Path) -> None:
    """Everything after it is stopped, whether it would fit or not."""
    decision = decide(election(tmp_path, PROJECTS, 100), variant="stop")

    assert steps(decision) == [
        ("a", "taken"), ("b", "too_dear"), ("c", "stopped"), ("d", "stopped"),
    ]  # fmt: skip


@pytest.mark.parametrize("given_by", ["card", "meta"])
def test_threshold_passes_over_those_below_it(given_by: str, tmp_path: Path) -> None:
    """The card's threshold counts, else the one in META; points equal to it are enough."""
    meta = {"min_project_score_threshold": "7" if given_by == "meta" else "99"}
    options = {"threshold": 7} if given_by == "card" else {}

    decision = decide(election(tmp_path, PROJECTS, 100, **meta), variant="threshold", **options)

    assert steps(decision)[2:] == [("c", "taken"), ("d", "below_threshold")]


def test_ties_are_settled_by_position_then_id(tmp_path: Path) -> None:
    """Equal votes: the tie columns rising, then demand_id; those decided differently are named."""
    equal = [("z", 60, 5), ("a", 60, 5), ("m", 60, 5), ("k", 10, 1)]
    instance = election(tmp_path, equal, 70)

    by_position = decide(instance)
    by_id = decide(instance, tie_break=[])

    assert taken(by_position) == {"z", "k"}
    assert taken(by_id) == {"a", "k"}
    assert isinstance(by_id.evidence, Trace)
    assert [s.tie for s in by_id.evidence.steps] == [("m", "z"), ("a",), ("a",), ()]


def test_ties_are_settled_by_the_recorded_draw(tmp_path: Path) -> None:
    """`draw` ranks the demands' y columns, rising, by a seed that stands in the decision (S11)."""
    equal = [(name, 60, 5) for name in "abcdefgh"]
    instance = election(tmp_path, equal, 60)

    derived = decide(instance, tie_break="draw")
    chosen = decide(instance, tie_break=["draw"], seed="x")

    assert derived.draw == draw_of(instance, None)
    assert chosen.draw is not None
    assert chosen.draw.trust == "chosen"
    for decision in (derived, chosen):
        draw = decision.draw
        assert draw is not None
        assert taken(decision) == {min("abcdefgh", key=lambda d: rank(draw, "", d, ""))}


def test_a_column_of_text_breaks_ties_blanks_last(tmp_path: Path) -> None:
    """Any column of demands may settle ties."""
    instance = election(tmp_path, [("a", 60, 5), ("b", 60, 5)], 60)

    assert taken(decide(instance, tie_break=["submitted_at", "title", "position"])) == {"a"}
    assert taken(decide(instance, tie_break=["group", "actor_id"])) == {"a"}


def test_a_plan_keeps_every_structural_row(tmp_path: Path) -> None:
    """The full vector breaks nothing; the fund pays the whole cost of what is taken (S6)."""
    decision = decide(election(tmp_path, PROJECTS, 100))

    assert decision.outcome.vector is not None
    assert decision.formulation.violated(decision.outcome.vector) == []
    assert decision.allocation is not None
    assert decision.allocation.units.tolist() == [6000, 0, 3000, 1000]
    assert decision.allocation.bought.tolist() == [6000, 0, 3000, 1000]


def test_hard_clauses_that_are_broken_are_listed(tmp_path: Path) -> None:
    """The count of votes does not look at clauses, and hides nothing."""
    decision = decide(election(tmp_path, PROJECTS, 100), CARD + CLAUSE)

    assert isinstance(decision.evidence, Trace)
    assert decision.evidence.breaks == (("C1", ("C1", "horizon")),)


@pytest.mark.parametrize(
    "options",
    [
        {"variant": "best"},
        {"weight": 3},
        {"variant": "threshold"},
        {"variant": "threshold", "threshold": "many"},
        {"tie_break": ["tags"]},
        {"tie_break": ["selected"]},
        {"tie_break": ["draw"], "seed": 7},
    ],
)
def test_what_it_does_not_know_is_refused(options: dict[str, Any], tmp_path: Path) -> None:
    """An option nobody knows never passes silently."""
    instance = election(tmp_path, PROJECTS, 100)

    with pytest.raises(UnsupportedError):
        decide(instance, **options)


FUND = {"fund_id": ["f"], "actor_id": ["city"], "amount_fen": [100]}


@pytest.mark.parametrize(
    "change",
    [
        {"funds": {"fund_id": ["f", "g"], "actor_id": ["city"] * 2, "amount_fen": [1, 2]}},
        {"funds": FUND | {"step_fen": [10]}},
        {"funds": FUND | {"min_award_fen": [10]}},
        {"funds": FUND | {"max_per_demand_fen": [10]}},
        {"needs": {"need_id": ["n", "m"], "demand_id": ["d", "d"], "kind": ["fund"] * 2,
                   "quantity": [5, 6]}},
        {"options": {"demand_id": ["d"], "option_id": ["o"], "start": ["2026-09-28T09:00"],
                     "end": ["2026-09-28T10:00"]}},
        {"funds": FUND | {"purposes": ["play"]},
         "codes": {"vocabulary": ["purpose"], "code": ["play"]}},
    ],
)  # fmt: skip
def test_other_data_is_refused(change: dict[str, Any]) -> None:
    """One fund without award rules, open to all; untimed demands with one need of money each."""
    frames = {
        "actors": {"actor_id": ["city"], "name": ["City"], "kind": ["other"]},
        "funds": FUND,
        "demands": {"demand_id": ["d"], "actor_id": ["city"], "points": [3]},
        "needs": {"need_id": ["n"], "demand_id": ["d"], "kind": ["fund"], "quantity": [5]},
    }
    package = {
        "currency": "CNY", "timezone": "Asia/Shanghai",
        "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    }  # fmt: skip
    card = cg.load_policy_text(CARD)
    plain = cg.check(cg.from_frames(frames, package), card)
    other = cg.check(cg.from_frames(frames | change, package), card)

    assert taken(cg.allocate(plain, card)) == {"d"}
    with pytest.raises(UnsupportedError):
        cg.allocate(other, card)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=12),
    st.integers(0, 60),
    st.sampled_from(["skip", "stop", "threshold"]),
    st.integers(0, 9),
)
def test_an_award_never_overspends_and_skips_nothing_that_fits(
    projects: list[tuple[int, int]], budget: int, variant: str, least: int
) -> None:
    """A refused project did not fit, was too little wanted, or came after the end."""
    points, costs = [p for p, _ in projects], [c for _, c in projects]

    found = award(points, costs, budget, range(len(points)), variant=variant, threshold=least)

    spent = sum(costs[a.project] for a in found if a.verdict == "taken")
    assert spent <= budget
    ended = False
    for a in found:
        fits = costs[a.project] <= a.left
        low = variant == "threshold" and points[a.project] < least
        assert (a.verdict == "taken") == (fits and not low and not ended)
        ended = ended or (variant == "stop" and not fits)


def test_163_projects_and_66000_votes_take_well_under_a_second(tmp_path: Path) -> None:
    """The points are counted already: the work does not grow with the ballots."""
    lines = [f"{k};{k % 163},{(k + 1) % 163};x" for k in range(66_000)]
    projects = [f"{k};{100 + k % 40};{1000 - k % 50}" for k in range(163)]
    path = tmp_path / "large.pb"
    head = ["META", "key;value", "budget;9000", "vote_type;approval", "PROJECTS"]
    parts = [*head, "project_id;cost;votes", *projects, "VOTES", "voter_id;vote;sex", *lines]
    path.write_text("\n".join(parts), encoding="utf-8")
    instance = cg.check(cg.load(path), cg.load_policy_text(CARD))

    began = time.process_time()
    decide(instance)

    assert time.process_time() - began < 0.5


@pytest.mark.data
def test_a_sample_of_official_awards_is_met(data_folder: Path) -> None:
    """On unpacked elections whose outcome a plain rule gives, the plan is the city's (S14.1)."""
    index = index_of(data_folder / "pabulib")
    files = sorted(p for p in (data_folder / "pabulib/starter").glob("*.pb") if p.name in index)
    policy = cg.load_policy("pb-greedy")

    for path in files:
        tables = cg.load(path)
        variant = VARIANTS[index[path.name]["official_outcome_equals"]]
        decision = cg.allocate(cg.check(tables, policy), policy, options={"variant": variant})
        assert taken(decision) == official(tables) == ours(tables, variant), path.name
    assert len(files) == 51
