"""The exchange that shows a tie leads to another plan as good on every goal (S10.7, S16.4)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.explaining.answers import about
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.explaining.exchanges import Ties
from cogov_opt.recording import Run, read_run
from tests.properties.brute_force import every_plan, plan_count
from tests.properties.line import Line, flow_decided

pytestmark = pytest.mark.solver
MOST_PLANS = 3_000


def flows(folder: Path, count: int, size: int = 5) -> Iterator[Line]:
    """Give random flows that have a plan."""
    for seed in range(count):
        line = flow_decided(seed, folder / str(seed), size)
        if line is not None and line.decision.outcome.vector is not None:
            yield line


def test_every_tie_has_an_exchange_that_leads_to_a_plan_as_good(tmp_path: Path) -> None:
    """Moved along it the plan keeps every row and every value, and does otherwise as is told."""
    seen: Counter[str] = Counter()
    for line in flows(tmp_path, 40):
        ties = Ties.of(line.decision)
        f, plan = line.decision.formulation, line.decision.outcome.vector
        assert ties is not None
        assert plan is not None
        for record in cg.explain(line.decision).records:
            if record.code != "tie_draw":
                continue
            moves = ties.of_record(record.to_dict())
            assert moves, (line.seed, record.record)
            other = ties.after(moves)
            assert not f.violated(other), line.seed
            assert [s.value(other) for s in f.stages] == [s.value(plan) for s in f.stages]
            differs = {j: int(v) for j, v in enumerate(other[f.x] - plan[f.x]) if v}
            assert differs == dict(moves)
            seen[record.type] += 1
    print(seen)
    assert min(seen[kind] for kind in ("assignment", "unmet", "unused")) > 3


def test_no_exchange_is_shorter_for_an_assignment(tmp_path: Path) -> None:
    """No plan as good that gives up an assignment moves fewer units (every plan, one by one)."""
    seen = 0
    for line in flows(tmp_path, 60, 3):
        f, plan = line.decision.formulation, line.decision.outcome.vector
        ties = Ties.of(line.decision)
        if plan_count(f) > MOST_PLANS or ties is None or plan is None:
            continue
        best = [x for x in every_plan(f) if not f.violated(x) and as_good(f, x, plan)]
        for record in cg.explain(line.decision).records:
            if record.code == "tie_draw" and record.type == "assignment":
                moves = ties.of_record(record.to_dict())
                column = f.x.start + moves[0][0]
                sizes = [moved(f, x, plan) for x in best if x[column] != plan[column]]
                assert len(moves) == min(sizes), (line.seed, record.record)
                seen += 1
    assert seen > 5


def as_good(f: Formulation, x: IntArray, plan: IntArray) -> bool:
    return all(s.value(x) == s.value(plan) for s in f.stages)


def moved(f: Formulation, x: IntArray, plan: IntArray) -> int:
    """Count the units in which two plans differ."""
    return int(np.abs(x[f.x] - plan[f.x]).sum())


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, str]:
    """Give a run with a demand that is served by lot while another plan leaves it out."""
    for line in flows(tmp_path_factory.mktemp("tied"), 200):
        ties = Ties.of(line.decision)
        served = {row["demand"] for row in read_run(line.folder).allocation}
        for demand in line.decision.instance.demands.ids:
            if ties is not None and demand not in served and ties.of_ask(("serve", demand)):
                return read_run(line.folder), demand
    raise AssertionError


def test_a_tied_demand_is_answered_by_its_exchange(tied: tuple[Run, str], tmp_path: Path) -> None:
    """Asked exactly, it is served in the other plan; the verifier checks the exchange."""
    run, demand = tied
    forced = exact(run, ("serve", demand))
    claim = dict(forced.file.claim)
    assert claim["proven"] == "nothing"
    assert demand in claim["gained"]
    assert claim["moves"]
    path = forced.file.write(tmp_path / "answer.json")
    assert cg.verify(str(run.path), answer=path).findings == ()
    assert "differs by this exchange" in forced.answer.text("en")


def test_a_lie_about_an_exchange_is_found(tied: tuple[Run, str], tmp_path: Path) -> None:
    """A move left out, turned round, told twice, or a dearer plan: rejected by who owns it."""
    run, demand = tied
    told = exact(run, ("serve", demand)).file.to_dict()
    moves = told["claim"]["moves"]
    turned = [[moves[0][0], str(-int(moves[0][1]))], *moves[1:]]
    lies: list[Any] = [moves[1:], turned, [*moves, moves[0]], []]
    for number, lie in enumerate(lies):
        copy = json.loads(json.dumps(told))
        copy["claim"]["moves"] = lie
        path = tmp_path / f"{number}.json"
        path.write_bytes(canonical_json(copy))
        found = {x.code for x in cg.verify(str(run.path), answer=path).findings}
        assert found == {"answer_claim"}, lie


def test_the_exchange_is_told_in_both_languages(tied: tuple[Run, str]) -> None:
    """After the reason that tells of the lot, step by step."""
    run, demand = tied
    english, chinese = about(run, demand).text("en"), about(run, demand).text("zh")
    assert "is given to" in english
    assert "differs by this exchange" in english
    assert "改为用于" in chinese
