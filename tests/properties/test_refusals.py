"""A refusal is true of every plan that serves the demand, and the verifier knows it (S10.10)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.domain.formulation import Formulation
from cogov_opt.solving import exact
from cogov_opt.testing import reseal
from tests.properties.brute_force import every_plan
from tests.properties.line import Line, decided, found
from tests.properties.optimality import small_enough

pytestmark = pytest.mark.solver

WANTED, MOST_PLANS = 60, 1_000


def most_with(f: Formulation, evidence: Certificate, refusal: Refusal, demands: tuple[str, ...]):
    """Give the best a plan reaches that serves the demand and keeps the goals before, or None."""
    of_demand = f.options.of_demand
    demand = demands.index(refusal.demand)
    columns = slice(int(of_demand[demand]), int(of_demand[demand + 1]))
    place = [s.index for s in f.stages].index(refusal.stage)
    floors = [
        s.objective.floor(p.value - s.constant) + s.constant
        for s, p in zip(f.stages[:place], evidence.stages, strict=False)
    ]
    best = None
    for x in every_plan(f):
        kept = all(s.value(x) >= floor for s, floor in zip(f.stages, floors, strict=False))
        if x[columns].any() and kept and exact.feasible(f, x):
            value = f.stages[place].value(x)
            best = value if best is None else max(best, value)
    return best


def small_lines(folder: Path):
    """Give decisions of small weeks that hold a refusal."""
    seed = 0
    while True:
        line = decided(seed, folder / str(seed))
        if line is not None and small_enough(line.decision.formulation, MOST_PLANS):
            evidence = line.decision.evidence
            if isinstance(evidence, Certificate) and evidence.refusals:
                yield line, evidence
        shutil.rmtree(folder / str(seed), ignore_errors=True)
        seed += 1


def test_no_plan_that_serves_a_refused_demand_is_as_good(tmp_path: Path) -> None:
    """Brute force finds none above the bound, and the bound is below what is published."""
    count = empty = 0
    for line, evidence in small_lines(tmp_path):
        f, vector = line.decision.formulation, line.decision.outcome.vector
        for refusal in evidence.refusals:
            stage = next(s for s in f.stages if s.index == refusal.stage)
            most = most_with(f, evidence, refusal, tuple(line.instance.demands.ids))
            count, empty = count + 1, empty + (most is None)
            assert refusal.bound < stage.value(vector), (line.seed, refusal.demand)
            assert most is None or most <= refusal.bound, (line.seed, refusal.demand)
            assert refusal.scale or most is None, (line.seed, refusal.demand)
        if count >= WANTED:
            break
    print(f"{count} refusals, {empty} of demands that no plan can serve")
    assert 0 < empty < count


def changed(line: Line, change) -> list[str]:
    """Change the refusals of a recorded run, seal it again, and give what is found."""
    path = line.folder / "certificate.json"
    certificate = json.loads(path.read_bytes())
    before = json.dumps(certificate["refusals"])
    change(certificate)
    if json.dumps(certificate.get("refusals")) == before:
        return ["same"]
    path.write_bytes(
        json.dumps(certificate, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    reseal(line.folder)
    return sorted({f.code for f in found(line.folder)})


def first(certificate):
    return certificate["refusals"][0]


LIES = {
    "bound": lambda c: first(c).update(bound=str(int(first(c)["bound"] or 0) - 1)),
    "stage": lambda c: first(c).update(stage="9"),
    "scale": lambda c: first(c).update(scale="7"),
    "prices": lambda c: first(c).update(prices=[[k, "-" + y.lstrip("-") if y[0] != "-" else y[1:]]
                                                for k, y in first(c)["prices"]]),
    "no prices": lambda c: first(c).update(prices=[]),
    "twice": lambda c: c["refusals"].insert(0, c["refusals"][0]),
    "field": lambda c: first(c).update(extra="1"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_refusal_that_is_changed_is_found(name: str, tmp_path: Path) -> None:
    """Whatever of it is another, the check that owns refusals says so, though all is re-sealed."""
    line, _ = next(small_lines(tmp_path))
    assert not found(line.folder)

    codes = changed(line, LIES[name])

    assert "refusal" in codes, codes


def test_a_reason_from_a_refusal_falls_with_it(tmp_path: Path) -> None:
    """Without the refusals what they explained is no longer what the evidence gives."""
    for line, _ in small_lines(tmp_path):
        records = (line.folder / "records.jsonl").read_text(encoding="utf-8")
        if '"refused":true' not in records and '"code":"incompatible"' not in records:
            continue
        codes = changed(line, lambda c: c.pop("refusals"))
        assert "record" in codes
        return
