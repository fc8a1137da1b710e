"""Where a flow's draw says `unique` one best plan is left, and else there are more (S11.3)."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.decision import Draw
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.formulating.facts import Facts
from cogov_opt.strategies.draws import FLOW_BITS, ranks
from cogov_opt.testing import reseal
from cogov_opt.verifying.cycles import found as cycle_found
from tests.properties.brute_force import every_plan
from tests.properties.line import flow_decided, found
from tests.properties.optimality import small_enough

WEEKS, MOST_PLANS = 60, 3_000


def best_plans(
    instance: Instance, f: Formulation, draw: Draw, bits: int = FLOW_BITS
) -> set[tuple[int, ...]]:
    """Give what is given in the plans that are best at every stage and in the draw."""
    plans = [x for x in every_plan(f) if not f.violated(x)]
    drawn = ranks(instance, f, draw, bits)
    drawn[np.flatnonzero(~_exact(instance, f))] = 0
    for costs in (*(stage.costs for stage in f.stages), drawn):
        values = [int(np.dot(costs.astype(object), x)) for x in plans]
        plans = [x for x, value in zip(plans, values, strict=True) if value == max(values)]
    return {tuple(x[f.x].tolist()) for x in plans}


def _exact(instance: Instance, f: Formulation) -> np.ndarray:
    """Mark the options of demands whose need has minimum = quantity."""
    facts = Facts(instance)
    return np.isin(f.options.demand, facts.need_demand[facts.minimum == facts.quantity])


def _say(path: Path, word: str) -> None:
    """Change what run.json says of the draw."""
    run = json.loads(path.read_bytes())
    run["draw"]["unique"] = word
    path.write_bytes(canonical_json(run))


def test_unique_is_what_brute_force_finds(tmp_path: Path) -> None:
    """Over small flows, both words; the verifier agrees, and refuses the other word re-sealed."""
    told: Counter[str] = Counter()
    seed = 0
    while told.total() < WEEKS:
        line = flow_decided(seed, tmp_path / "run", size=2 + seed % 3)
        seed += 1
        if line is None or not small_enough(line.decision.formulation, MOST_PLANS):
            shutil.rmtree(tmp_path / "run", ignore_errors=True)
            continue
        draw = line.decision.draw
        assert draw is not None
        best = best_plans(line.instance, line.decision.formulation, draw)
        assert draw.unique == ("unique" if len(best) == 1 else "not_unique"), line.seed
        assert not found(line.folder), line.seed
        other = {"unique": "not_unique", "not_unique": "unique"}[draw.unique]
        _say(line.folder / "run.json", other)
        reseal(line.folder)
        assert {f.code for f in found(line.folder)} == {"draw"}, line.seed
        told[draw.unique] += 1
        shutil.rmtree(tmp_path / "run")

    assert min(told.values()) > WEEKS // 10, told


def test_cycles_are_those_of_a_graph_in_which_none_goes_there_and_back() -> None:
    """Against a search that walks every path that repeats no node."""
    rng = np.random.default_rng(7)
    seen: Counter[bool] = Counter()
    for _ in range(400):
        count = int(rng.integers(1, 7))
        edges = [tuple(rng.integers(0, 5, 2).tolist()) for _ in range(count)]
        both = [e for e in edges if rng.random() < 0.5]
        one = [e for e in edges if e not in both]
        answer = cycle_found(both, one)
        assert answer == _walks_round(both, one), (both, one)
        seen[answer] += 1
    assert min(seen.values()) > 50


def _walks_round(both: list[tuple[int, ...]], one: list[tuple[int, ...]]) -> bool:
    """Tell whether some walk comes back without using an edge twice."""
    arcs = [(a, b, i) for i, (a, b) in enumerate(both)]
    arcs += [(b, a, i) for i, (a, b) in enumerate(both)]
    arcs += [(a, b, len(both) + i) for i, (a, b) in enumerate(one)]

    def walk(at: int, start: int, used: frozenset[int]) -> bool:
        steps = [(b, i) for a, b, i in arcs if a == at and i not in used]
        return any(b == start or walk(b, start, used | {i}) for b, i in steps)

    return any(walk(node, node, frozenset()) for node in range(5))
