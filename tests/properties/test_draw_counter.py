"""The counter of a flow's draw: the first that leaves one plan, and nobody's choice (S11.3)."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.loaded import Tables
from cogov_opt.strategies import flow_route, optimum
from cogov_opt.testing import reseal
from cogov_opt.verifying import ties, uniqueness
from tests.properties.line import Line, decided, found
from tests.properties.small_weeks import Rows, tables_of
from tests.properties.test_unique import best_plans

BITS = 2
"""Ranks of so few bits often tie."""


@pytest.fixture(autouse=True)
def _few_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "FLOW_BITS", BITS)
    monkeypatch.setattr(ties, "FLOW_BITS", BITS)


CARD = """
id = "tied"
version = "1.0.0"
status = "draft"
title = { en = "t", zh = "同" }
[points]
priority = { 3 = 1 }
[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]
"""


def tied_week(seed: int) -> Tables:
    """Make two or three people, all alike, for one to three activities; now and then a service."""
    people, asked = [f"V{i}" for i in range(2 + seed % 2)], range(1 + seed // 2 % 3)
    rows: Rows = {
        "actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}],
        "volunteers": [{"volunteer_id": v, "actor_id": "A", "max_slots": 1} for v in people],
        "demands": [{"demand_id": f"D{i}", "actor_id": "A"} for i in asked],
        "needs": [
            {"need_id": f"N{i}", "demand_id": f"D{i}", "kind": "volunteer", "quantity": 1}
            for i in asked
        ],
    }  # fmt: skip
    if seed % 5 == 0:
        rows["services"] = [
            {"service_id": p, "actor_id": "A", "service_type": "lunch", "unit": "portion",
             "capacity": 1} for p in "PQ"
        ]  # fmt: skip
        rows["codes"] = [
            {"vocabulary": "unit", "code": "portion"},
            {"vocabulary": "service_type", "code": "lunch"},
        ]
        rows["needs"][0] |= {"kind": "service"}
    tables = tables_of(rows)
    tables.package["no_rows_means"] = {"volunteer": "always", "service": "always"}
    return tables


def lines(folder: Path, count: int) -> Iterator[Line]:
    """Give the whole line of some tied weeks, each with a seed of its own."""
    for seed in range(count):
        options = {"seed": f"s{seed}"}
        line = decided(seed, folder, tied_week, lambda _: CARD, options=options)
        assert line is not None
        yield line
        shutil.rmtree(folder, ignore_errors=True)


def first_unique(line: Line) -> int | None:
    """Give the first counter at which brute force finds one best plan, None if none does."""
    draw, f = line.decision.draw, line.decision.formulation
    assert draw is not None
    for counter in range(flow_route.ATTEMPTS):
        again = replace(draw, counter=counter)
        if len(best_plans(line.instance, f, again, BITS)) == 1:
            return counter
    return None


def test_the_counter_is_the_first_that_leaves_one_plan(tmp_path: Path) -> None:
    """By brute force at every counter; where none does it is 0. The verifier agrees."""
    seen: Counter[str] = Counter()
    assert uniqueness.ATTEMPTS == flow_route.ATTEMPTS
    for line in lines(tmp_path / "run", 60):
        expected, draw = first_unique(line), line.decision.draw
        assert draw is not None
        assert draw.counter == (expected or 0), line.seed
        assert draw.unique == ("not_unique" if expected is None else "unique"), line.seed
        assert not found(line.folder), line.seed
        attempts = json.loads((line.folder / "certificate.json").read_bytes()).get("draw_attempts")
        seen[f"{draw.unique} {draw.counter} {len(attempts or ())}"] += 1
    kinds = {"unique 0 0", "unique 1 1", "unique 2 2", "not_unique 0 0", "not_unique 0 2"}
    assert set(seen) == kinds, seen


Change = Callable[[pytest.MonkeyPatch], None]


def _skip_the_first(patch: pytest.MonkeyPatch) -> None:
    """Draw at counter 1 as if counter 0 had not been tried."""
    honest = optimum._flow_ranks
    patch.setattr(optimum, "_flow_ranks", lambda c, d, w, counter: honest(c, d, w, counter + 1))
    told = flow_route._draw

    def drawn(*asked: Any) -> flow_route.Drawn:
        return told(*asked[:-1], asked[-1] + 1)

    patch.setattr(flow_route, "_draw", drawn)


def _deny_the_first(patch: pytest.MonkeyPatch) -> None:
    """Say of the draw at counter 0 that it left more than one plan, and go on to the next."""
    told = flow_route._draw

    def drawn(*asked: Any) -> flow_route.Drawn:
        one = told(*asked)
        return replace(one, unique=False) if one.counter == 0 else one

    patch.setattr(flow_route, "_draw", drawn)


def _stop_early(patch: pytest.MonkeyPatch) -> None:
    """Be content with a draw that left more than one plan."""
    patch.setattr(flow_route, "ATTEMPTS", 1)


@pytest.mark.parametrize("change", [_skip_the_first, _deny_the_first, _stop_early])
def test_nobody_shops_for_a_counter(
    change: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run honest but for its counter is rejected wherever another counter was due."""
    due = {line.seed: line.decision.draw for line in lines(tmp_path / "honest", 30)}
    change(monkeypatch)
    rejected = 0
    for line in lines(tmp_path / "run", 30):
        draw, honest = line.decision.draw, due[line.seed]
        assert draw is not None
        assert honest is not None
        codes = {f.code for f in found(line.folder)}
        if (draw.counter, draw.unique) != (honest.counter, honest.unique):
            assert "draw" in codes, line.seed
            rejected += 1
    assert rejected > 3


def _first(certificate: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = certificate["draw_attempts"][0]
    return entry


LIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "left out": lambda c: c["draw_attempts"].pop(),
    "counter": lambda c: _first(c).update(counter="7"),
    "price": lambda c: _first(c)["prices"][0].__setitem__(1, "999999"),
    "prices left out": lambda c: _first(c).update(prices=[]),
    "moved": lambda c: _first(c)["moved"][0].__setitem__(1, "9"),
    "moved left out": lambda c: _first(c)["moved"].pop(),
    "more": lambda c: _first(c).update(note="1"),
}


@pytest.mark.parametrize("lie", LIES)
def test_attempts_that_are_not_as_told_are_found(lie: str, tmp_path: Path) -> None:
    """What is said of counters that did not do is checked, re-sealed (S11.3)."""
    told = 0
    for line in lines(tmp_path / "run", 20):
        path = line.folder / "certificate.json"
        certificate = json.loads(path.read_bytes())
        entry = next(iter(certificate.get("draw_attempts", [])), None)
        if entry is None or not entry["moved"] or not entry["prices"]:
            continue
        LIES[lie](certificate)
        path.write_bytes(canonical_json(certificate))
        reseal(line.folder)
        codes = {f.code for f in found(line.folder)}
        assert codes <= {"draw"}, line.seed
        told += bool(codes)
    assert told > 0
