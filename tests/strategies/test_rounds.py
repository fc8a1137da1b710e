"""A search in rounds gives what one search gives; a tree may end it, a stop keeps what it had."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Cancel, Decision, Limits, Termination
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import coupled
from cogov_opt.solving.events import Event
from cogov_opt.solving.outcome import Begun, Solved
from cogov_opt.solving.problem import Status
from cogov_opt.strategies import rounds
from cogov_opt.strategies.context import Isolation
from tests.solving.small import formulation

pytestmark = pytest.mark.solver
RIVERSIDE = Path(__file__).parents[2] / "datasets" / "riverside"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> cg.Instance:
    """Give a week that no search settles at its root, under a card of one goal."""
    folder = tmp_path_factory.mktemp("week") / "38"
    sys.path.insert(0, str(RIVERSIDE))
    import_module("generate").generate(folder, 38)
    return cg.check(cg.load(folder), cg.load_policy("efficient"))


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Give the node limit of each search that is made, in their order."""
    asked: list[int | None] = []
    solve = coupled.solve

    def told(formulation: object, limits: Limits, **more: object) -> object:
        asked.append(limits.nodes)
        return solve(formulation, limits, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(coupled, "solve", told)
    return asked


def decide(city: cg.Instance, way: Isolation = "none", **asked: object) -> Decision:
    """Decide the week."""
    return cg.allocate(city, cg.load_policy("efficient"), isolation=way, **asked)


def value(decision: Decision) -> int:
    """Give the value of the first goal."""
    assert isinstance(decision.evidence, Certificate)
    return decision.evidence.stages[0].value


@pytest.mark.parametrize("way", ["none", "child"])
def test_a_tree_ends_the_search(
    city: cg.Instance, nodes: list[int | None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    way: Isolation,
) -> None:  # fmt: skip
    """Few nodes find the best plan, a tree proves it, and the run is accepted as optimal."""
    monkeypatch.setattr(rounds, "NODES", (1, 20, 100))
    decision = decide(city, way)
    cg.record(cg.explain(decision), tmp_path / "run")

    assert decision.termination is Termination.OPTIMAL
    assert None not in nodes
    assert isinstance(decision.evidence, Certificate)
    assert decision.evidence.stages[0].certified_optimal
    assert "limit" not in decision.outcome.detail
    assert cg.verify(tmp_path / "run").accepted


def test_rounds_reach_what_one_search_reaches(
    city: cg.Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the last word, tree or search, the value is that of the best plan."""
    alone = decide(city, options={"tree": False})
    assert alone.termination is Termination.OPTIMAL
    monkeypatch.setattr(rounds, "NODES", (1, 2))
    assert value(decide(city, options={"leaves": 1, "cuts": False})) == value(alone)


def test_each_round_begins_with_the_plan_before() -> None:
    """Where no tree proves a plan the best, the last search has no limit."""
    plans = [np.full(3, i) for i in range(4)]
    f = formulation([9] * 3, [], [[1] * 3])
    asked: list[tuple[int | None, IntArray | None]] = []

    def solve(nodes: int | None, start: Begun | None) -> Solved:
        asked.append((nodes, None if start is None else start.plan))
        ended = {} if nodes is None else {"limit": Status.NODES}
        end = Termination.LIMIT if ended else Termination.OPTIMAL
        return Solved(end, plans[len(asked) - 1], (), ended)

    solved, evidence = rounds.solve_in_rounds(f, solve, lambda _: None, Limits())

    assert [n for n, _ in asked] == [*rounds.NODES, None]
    assert all(a is b for (_, a), b in zip(asked, [None, *plans], strict=False))
    assert (solved.termination, evidence) == (Termination.OPTIMAL, None)
    assert solved.vector is plans[-1]


def test_who_limits_the_nodes_gets_one_search(city: cg.Instance, nodes: list[int | None]) -> None:
    """The caller's limit of work stands as it is."""
    decision = decide(city, limits=Limits(nodes=1))
    assert nodes == [1]
    assert decision.termination is Termination.LIMIT


class Stopping(Cancel):
    """A wish to stop that comes with the first proof."""

    def __call__(self, event: Event) -> None:
        if event.kind == "proving":
            self.set()


def test_a_stop_between_rounds_keeps_the_plan(
    city: cg.Instance, nodes: list[int | None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Cancelled while a tree grows: the plan of the round before is published with its prices."""
    monkeypatch.setattr(rounds, "NODES", (1, 2))
    stop = Stopping()
    decision = decide(city, on_event=stop, cancel=stop)
    cg.record(cg.explain(decision), tmp_path / "run")

    assert nodes == [1]
    assert decision.termination is Termination.CANCELLED
    assert isinstance(decision.evidence, Certificate)
    assert decision.evidence.stages[0].gap < value(decision)
    assert cg.verify(tmp_path / "run").accepted
