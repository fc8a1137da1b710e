"""Hard clauses that cannot hold together: found, proved, and nothing in them to spare (S10.8)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import cogov_opt as cg
from benchmarks.planted import KINDS, PACKAGE, planted
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.testing import reseal
from cogov_opt.verifying import verify
from cogov_opt.verifying.facts import read_facts
from cogov_opt.verifying.policy import card_of
from tests.properties.brute_force import every_plan, means_well, plan_count, plan_of
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

pytestmark = pytest.mark.solver
MOST_PLANS = 1_000


def decided(kind: str, seed: int, **more: int) -> Decision:
    """Decide a dataset with a conflict planted in it."""
    case = planted(kind, seed, **more)
    policy = cg.load_policy_text(case.card)
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    return cg.allocate(instance, policy, isolation="none")


@pytest.mark.parametrize("kind", KINDS)
def test_planted_conflicts_are_found_proved_and_irreducible(kind: str, tmp_path: Path) -> None:
    """Exactly the planted clauses are told, each is needed, and the verifier accepts it."""
    for seed in range(6):
        decision = decided(kind, seed)
        told = decision.outcome.detail["conflict"]

        assert decision.termination == "infeasible"
        assert set(told["clauses"]) == planted(kind, seed).clauses
        assert told["minimal"]
        assert told["parts_minimal"]
        run = tmp_path / f"{seed}"
        cg.record(cg.explain(decision), run)
        assert verify(run).accepted


def test_what_can_be_kept_is_no_conflict() -> None:
    """One cook more, and there is a plan: nothing is told (negative control)."""
    case = planted("hall", 1)
    frames = case.frames
    frames["volunteers"]["volunteer_id"].append("C9999")
    for name, column in frames["volunteers"].items():
        if name != "volunteer_id":
            column.append("A" if name == "actor_id" else "")
    frames["credentials"]["volunteer_id"].append("C9999")
    frames["credentials"]["credential"].append("cook")
    policy = cg.load_policy_text(case.card)
    decision = cg.allocate(cg.check(cg.from_frames(frames, PACKAGE), policy), policy)

    assert decision.allocation is not None
    assert "conflict" not in decision.outcome.detail


def test_the_counting_proof_and_the_linear_one_agree() -> None:
    """Where a count finds the conflict, the general way finds one of the same clauses too."""
    from cogov_opt.proving.conflicts import checked, parts_of
    from cogov_opt.solving import coupled

    for seed in range(8):
        decision = decided("hall", seed)
        assert decision.outcome.detail["conflict"]["kind"] == "hall"
        parts = parts_of(decision.formulation, decision.policy)
        found = coupled.conflict(decision.formulation, parts, cg.Limits(), isolated=False)
        assert found is not None
        assert checked(decision.formulation, parts, found) is not None
        names = {decision.policy.clauses[c].id for c in found.clauses}
        assert names == set(decision.outcome.detail["conflict"]["clauses"])


def test_small_weeks_agree_with_brute_force(tmp_path: Path) -> None:
    """By the meaning in loops: no plan keeps the set, and some plan keeps all of it but one."""
    seen: Counter[str] = Counter()
    seed = 0
    while seen["infeasible"] < 8 and seed < 500:
        line = _infeasible(seed)
        seed += 1
        if line is None:
            continue
        told = line.outcome.detail.get("conflict")
        if told is None or plan_count(line.formulation) > MOST_PLANS:
            continue
        seen["infeasible"] += 1
        folder = tmp_path / str(seed)
        cg.record(cg.explain(line), folder)
        clauses = set(told["clauses"])
        assert not _kept(line, folder, clauses)
        if told["minimal"]:
            seen["minimal"] += 1
            assert all(_kept(line, folder, clauses - {c}) for c in clauses)
    assert seen["minimal"] > seen["infeasible"] // 2


def _infeasible(seed: int) -> Decision | None:
    """Give a small week whose card cannot be kept, None for any other."""
    try:
        card = load_policy_text(small_card(seed))
        instance = cg.check(small_week(seed), card)
        decision = cg.allocate(instance, card, isolation="none")
    except IssuesError:
        return None
    return decision if decision.termination.startswith("infeasible") else None


def _kept(decision: Decision, folder: Path, clauses: set[str]) -> bool:
    """Tell whether any plan at all keeps the law and these hard clauses, soft ones beside."""
    import tomllib

    raw = tomllib.loads(decision.policy.text.decode("utf-8"))
    raw["clause"] = [
        c for c in raw.get("clause", []) if c["id"] in clauses or c.get("firmness") == "soft"
    ]
    policy = _with(decision.policy, clauses)
    formulation = formulate(decision.instance, policy)
    facts, card = read_facts(folder), card_of(raw)
    for x in every_plan(formulation):
        plan = plan_of(formulation, x)
        if plan is not None and means_well(facts, card, plan):
            return True
    return False


def _with(policy: Policy, clauses: set[str]) -> Policy:
    """Give a card with some of its hard clauses only."""
    kept = tuple(c for c in policy.clauses if c.id in clauses or c.soft)
    return replace(policy, clauses=kept)


TRIANGLE = """
id = "triangle"
version = "1.0.0"
status = "draft"
title = { en = "triangle", zh = "三角" }
[points]
priority = { 3 = 2 }
[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
[[clause]]
id = "K1"
kind = "guarantee"
measure = "points"
at_least = 3
owner = "A"
"""


def triangle() -> Decision:
    """Decide three activities of which any two want one room: halves would do, wholes do not."""
    rooms, pairs = "abc", ("ab", "bc", "ac")
    frames = {
        "actors": {"actor_id": ["A"], "name": ["A"], "kind": ["ngo"]},
        "codes": {"vocabulary": ["space_kind"] * 3, "code": [f"r{x}" for x in rooms]},
        "spaces": {
            "space_id": [f"S{x}" for x in rooms], "actor_id": ["A"] * 3,
            "space_kind": [f"r{x}" for x in rooms],
        },
        "demands": {"demand_id": [f"D{p}" for p in pairs], "actor_id": ["A"] * 3},
        "options": {
            "demand_id": [f"D{p}" for p in pairs], "option_id": ["o"] * 3,
            "start": ["2026-09-28 09:00"] * 3, "end": ["2026-09-28 10:00"] * 3,
        },
        "needs": {
            "need_id": [f"N{p}{x}" for p in pairs for x in p],
            "demand_id": [f"D{p}" for p in pairs for _ in p], "kind": ["space"] * 6,
            "quantity": ["1"] * 6, "requires": [f"r{x}" for p in pairs for x in p],
        },
    }  # fmt: skip
    policy = cg.load_policy_text(TRIANGLE)
    return cg.allocate(cg.check(cg.from_frames(frames, PACKAGE), policy), policy)


def test_a_conflict_of_whole_numbers_is_proved_by_a_tree(tmp_path: Path) -> None:
    """Where the linear programme has a plan and nobody else has, every leaf is proved empty."""
    decision = triangle()
    detail = decision.outcome.detail

    assert decision.termination == "infeasible"
    assert detail["conflict"]["kind"] == "tree"
    assert detail["conflict"]["minimal"]
    cg.record(cg.explain(decision), tmp_path / "run")
    assert verify(tmp_path / "run").accepted


@pytest.mark.parametrize("lie", ["leaf", "split", "missing", "more", "kind", "sign"])
def test_a_lie_about_the_tree_is_found(lie: str, tmp_path: Path) -> None:
    """A leaf that proves nothing, another split, a node too few or too many, another word."""
    cg.record(cg.explain(triangle()), tmp_path / "run")
    path = tmp_path / "run" / "certificate.json"
    told = json.loads(path.read_bytes())
    tree = told["detail"]["tree"]
    leaf = next(n for n in tree if n[0] == "leaf")
    if lie == "leaf":
        leaf[1] = []
    elif lie == "split":
        tree[0][2] = "5"
    elif lie == "missing":
        tree.pop()
    elif lie == "more":
        tree.append(leaf)
    elif lie == "kind":
        told["detail"]["conflict"]["kind"] = "farkas"
    else:
        leaf[1][0][1] = str(-int(leaf[1][0][1]))
    path.write_bytes(canonical_json(told))
    reseal(tmp_path / "run")
    assert {f.code for f in verify(tmp_path / "run").findings} & {"tree", "conflict"}
