"""What is no lie: other prices and other plans, honestly told, are accepted (S10.1)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from cogov_opt.domain.formulation import Key
from cogov_opt.solving import greedy
from cogov_opt.testing import reseal
from tests.lies.copies import Honest
from tests.lies.honest import rewritten
from tests.lies.honest_runs import honest_runs
from tests.properties.line import found

pytestmark = pytest.mark.solver

RUNS = 25


def test_any_prices_honestly_told_are_accepted(tmp_path: Path) -> None:
    """Random prices of any sign prove a bound, however weak; reasons follow from them."""
    told = over_other_runs(RUNS, tmp_path)

    print(f"{told['prices']} runs with other prices, {told['plans']} with another plan: accepted")
    assert told["prices"] >= RUNS // 2
    assert told["plans"] > 0


def over_other_runs(many: int, folder: Path, first: int = 500) -> dict[str, int]:
    """Tell so many runs otherwise, but honestly; each must be accepted."""
    told = {"prices": 0, "plans": 0}
    for number, honest in enumerate(honest_runs(folder / "honest", first)):
        if number == many:
            break
        if (honest.folder / "certificate.json").is_file():
            rng = np.random.default_rng(number)
            _accepted(honest, folder / "run", prices=_other_prices(honest, rng))
            told["prices"] += 1
            vector = greedy.plan(honest.decision.formulation)
            if vector is not None and not np.array_equal(vector, honest.decision.outcome.vector):
                _accepted(honest, folder / "run", vector=vector)
                told["plans"] += 1
        shutil.rmtree(honest.folder)
    return told


def _other_prices(honest: Honest, rng: np.random.Generator) -> list[dict[Key, int]]:
    keys = honest.row_keys
    found = []
    for _ in honest.decision.formulation.stages:
        places = rng.choice(len(keys), size=int(rng.integers(0, len(keys) + 1)), replace=False)
        found.append({keys[i]: int(rng.integers(-6, 7)) for i in places.tolist()})
    return found


def _accepted(honest: Honest, place: Path, **changes: object) -> None:
    shutil.rmtree(place, ignore_errors=True)
    for path, data in rewritten(honest.folder, **changes).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    reseal(place)
    assert not found(place), (honest.name, changes, found(place)[:3])
