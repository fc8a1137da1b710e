"""What a repair costs others: beside a plan without the clauses, proved, each lie found (S16.6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.formulation import Formulation
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.asking.exact import served
from cogov_opt.explaining.asking.weighing import Budget, best_plan
from cogov_opt.explaining.repairs.comparing import Free
from cogov_opt.explaining.repairs.finding import Mending, Repair
from cogov_opt.explaining.repairs.telling import Repairs
from cogov_opt.recording import Run
from cogov_opt.verifying import verify
from tests.explaining.test_repairs import as_told, looked, recorded

pytestmark = pytest.mark.solver
Told = dict[str, Any]
CASES = [("hall", 1), ("clauses", 1), ("budget", 1)]
"""Repairs that cost nobody anything, some that do, some that bring more."""


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mending, Path]:
    """Look for what mends a planted conflict and whom it costs, and write the answer down."""
    folder = tmp_path_factory.mktemp("costs")
    found = looked(recorded(*request.param, folder / "run"))
    as_told(found).file.write(folder / "answer.json")
    return found, folder


@pytest.fixture(scope="module")
def costly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mending, Path]:
    """Give repairs of which one costs two activities."""
    folder = tmp_path_factory.mktemp("costly")
    found = looked(recorded("hall", 1, folder / "run"))
    as_told(found).file.write(folder / "answer.json")
    return found, folder


def best_values(run: Run, edits: list[list[Any]]) -> list[str]:
    """Decide a run anew with some edits made, and give what the goals reach."""
    decision = cg.allocate(*changed(run, edits), isolation="none")
    vector = decision.outcome.vector
    assert vector is not None
    return [str(s.stated(s.value(vector))) for s in decision.formulation.stages]


def free_of(found: Mending) -> Free:
    """Give the plan that repairs are held against."""
    assert found.free is not None
    return found.free


def plan_of(repair: Repair) -> tuple[Formulation, np.ndarray]:
    """Give the plan of a repair with its formulation."""
    f, plan = repair.tried.formulation, repair.tried.plan
    assert f is not None
    assert plan is not None
    return f, plan


def test_what_is_held_to_be_best_is_best(case: tuple[Mending, Path]) -> None:
    """Decided anew without the clauses, or with a repair, the goals reach what is told as best."""
    found, folder = case
    free, claim = free_of(found), found.claim()
    clauses = found.run.certificate_detail["conflict"]["clauses"]

    assert verify(folder / "run", answer=folder / "answer.json").accepted
    assert free.edits == [["lift", clause] for clause in clauses]
    assert int(claim["free"]["exact"]) == len(claim["free"]["values"])
    assert best_values(found.run, list(free.edits)) == claim["free"]["values"]
    for repair, line in zip(found.found, claim["repairs"], strict=True):
        assert int(line["others"]["exact"]) == len(line["values"])
        edits = repair.change.edits(found.run, repair.size)
        assert best_values(found.run, edits) == line["values"]


def test_those_who_lose_and_gain_are_those_the_plans_tell(case: tuple[Mending, Path]) -> None:
    """Dropped and gained are the differences of the two plans, with the points of the card."""
    found, _ = case
    free = free_of(found)
    before = served(free.formulation, free.plan)
    points = {"1": 10, "2": 4, "3": 2, "4": 1, "5": 1}
    worth = {r["demand_id"]: points[r["priority"] or "3"] for r in found.run.table("demands")}
    for repair, line in zip(found.found, found.claim()["repairs"], strict=True):
        after, told = served(*plan_of(repair)), line["others"]
        assert (set(told["dropped"]), set(told["gained"])) == (before - after, after - before)
        assert int(told["loss"]) == sum(worth[d] for d in told["dropped"])
        assert int(told["gain"]) == sum(worth[d] for d in told["gained"])


def test_nobody_loses_without_need(costly: tuple[Mending, Path]) -> None:
    """No choice of activities is worth as much and keeps more of what the free plan serves."""
    found, _ = costly
    free = free_of(found)
    liked = served(free.formulation, free.plan)
    lossy = [r for r in found.found if r.others and r.others["dropped"]]
    assert lossy
    for repair in lossy:
        f, plan = plan_of(repair)
        kept = sum(1 + free.points[d] for d in liked & served(f, plan))
        least = int(f.stages[0].costs @ plan)
        names = [f.columns.key(j)[1] for j in range(len(f.options))]
        for choice in product((0, 1), repeat=len(names)):
            taken = {d for d, y in zip(names, choice, strict=True) if y}
            if sum(1 + free.points[d] for d in liked & taken) > kept:
                assert best_with(f, np.array(choice)) < least, taken


def best_with(f: Formulation, choice: np.ndarray) -> int:
    """Give the most the first goal reaches where just these options are taken; little if none."""
    lower, upper = f.lower.copy(), f.upper.copy()
    lower[: len(choice)] = upper[: len(choice)] = choice
    _, value = best_plan(replace(f, lower=lower, upper=upper), f.stages[0], Budget())
    return -(10**9) if value is None else value


def test_an_unneeded_loss_is_taken_back(costly: tuple[Mending, Path]) -> None:
    """From a plan as good that leaves another out, the search goes back to whom the free serves."""
    found, _ = costly
    free = free_of(found)
    repair = next(r for r in found.found if r.change.target == "K2")
    f, plan = plan_of(repair)
    swapped = None
    for j in range(len(f.options)):
        upper = f.upper.copy()
        upper[j] = 0
        other, value = best_plan(replace(f, upper=upper), f.stages[0], Budget())
        if other is not None and value == int(f.stages[0].costs @ plan) and plan[j]:
            swapped = other
    if swapped is None:  # every plan as good serves the same: then none may be told as lost
        assert not free.others(f, plan)["dropped"]
        return
    assert free.others(f, free.nearest(f, swapped, Budget()))["dropped"] == []


def test_losses_are_told_by_actor_in_both_languages(costly: tuple[Mending, Path]) -> None:
    """Who asked loses what, how many points in all; who loses nothing is told so."""
    found, _ = costly
    english, chinese = (Repairs(as_told(found)).text(x) for x in ("en", "zh"))

    assert "A loses D0002, E0002; 4 points lost in all." in english
    assert "Nobody loses by it." in english
    assert "with K1, K2 given up. No better one exists: proven." in english
    assert "A的D0002、E0002无法落实；合计失去4分。" in chinese
    assert "没有单位因此受损。" in chinese


def nobody_dropped(told: Told) -> None:
    line = lossy(told)["others"]
    line["dropped"], line["loss"] = [], "0"


def one_less_dropped(told: Told) -> None:
    lossy(told)["others"]["dropped"].pop()


def less_loss(told: Told) -> None:
    line = lossy(told)["others"]
    line["loss"] = str(int(line["loss"]) - 1)


def another_dropped(told: Told) -> None:
    lossy(told)["others"]["dropped"][0] = "D0000"


def one_gained(told: Told) -> None:
    told["claim"]["repairs"][0]["others"]["gained"].append("D0000")


def more_gain(told: Told) -> None:
    told["claim"]["repairs"][0]["others"]["gain"] = "9"


def repair_more_exact(told: Told) -> None:
    line = told["claim"]["repairs"][0]
    line["others"]["exact"] = str(int(line["others"]["exact"]) + 1)


def repair_proof_left_out(told: Told) -> None:
    of_plan = [w for w in told["weighings"][1:] if w["plan"] is not None]
    of_plan[0]["chain"] = []


def free_more_exact(told: Told) -> None:
    told["claim"]["free"]["exact"] = "2"


def free_proof_left_out(told: Told) -> None:
    told["weighings"][0]["chain"] = []


def free_worth_less(told: Told) -> None:
    told["claim"]["free"]["values"] = ["7"]


def free_left_out(told: Told) -> None:
    del told["claim"]["free"]


def free_plan_left_out(told: Told) -> None:
    del told["weighings"][0]


def free_of_one_clause(told: Told) -> None:
    told["weighings"][0]["edits"].pop()


def free_of_more_clauses(told: Told) -> None:
    told["weighings"][0]["edits"].append(["lift", "Z1"])


def free_for_a_repair(told: Told) -> None:
    told["weighings"][0]["plan"] = next(w["plan"] for w in told["weighings"][::-1] if w["plan"])


def free_with_an_ask(told: Told) -> None:
    told["weighings"][0]["ask"] = ["serve", "D0000"]


def free_without_a_plan(told: Told) -> None:
    told["weighings"][0] |= {"plan": None, "chain": []}


def lossy(told: Told) -> Told:
    """Give the repair that costs somebody something."""
    return next(line for line in told["claim"]["repairs"] if line["others"]["dropped"])


LIES = [
    nobody_dropped, one_less_dropped, less_loss, another_dropped, one_gained, more_gain,
    repair_more_exact, repair_proof_left_out, free_more_exact, free_proof_left_out,
    free_worth_less, free_left_out, free_plan_left_out, free_of_one_clause, free_of_more_clauses,
    free_for_a_repair, free_with_an_ask, free_without_a_plan,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_about_costs_is_found(
    costly: tuple[Mending, Path], tell: Callable[[Told], None], tmp_path: Path
) -> None:
    """Whatever is changed of who loses or gains, of points, of the plan held against, of proofs."""
    _, folder = costly
    told = json.loads((folder / "answer.json").read_bytes())
    before = canonical_json(told)
    tell(told)
    (tmp_path / "lie.json").write_bytes(canonical_json(told))

    assert canonical_json(told) != before
    assert not verify(folder / "run", answer=tmp_path / "lie.json").accepted


def test_less_may_be_told(costly: tuple[Mending, Path], tmp_path: Path) -> None:
    """An answer that names no costs at all holds: it only claims less."""
    _, folder = costly
    told = json.loads((folder / "answer.json").read_bytes())
    del told["claim"]["free"], told["weighings"][0]
    for line in told["claim"]["repairs"]:
        del line["others"]
    (tmp_path / "less.json").write_bytes(canonical_json(told))

    assert verify(folder / "run", answer=tmp_path / "less.json").accepted
