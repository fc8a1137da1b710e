"""A run sealed with a need paid from more sources than it takes is found by S6.8, else by none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cogov_opt.solving import release
from tests.properties.line import decided, found
from tests.properties.money_weeks import money_card, split_week

pytestmark = pytest.mark.solver

SEEDS = range(60)


def test_a_source_too_many_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All else of the run follows from its plan: funds that pay earlier pay all they can."""
    told: Counter[str] = Counter()
    for seed in SEEDS:
        honest, lie = tmp_path / f"honest{seed}", tmp_path / f"lie{seed}"
        if decided(seed, honest, split_week, money_card) is None:
            continue
        with monkeypatch.context() as patch:
            patch.setattr(release, "choose_sources", lambda *_: None)
            assert decided(seed, lie, split_week, money_card) is not None
        plans = [(folder / "allocation.csv").read_bytes() for folder in (honest, lie)]
        findings = found(lie)
        assert not found(honest), seed
        assert {finding.code for finding in findings} == ({"money"} if len({*plans}) > 1 else set())
        told["runs"] += 1
        told["lies"] += any(finding.id.startswith("fewest sources N") for finding in findings)
        told["with more lines"] += plans[1].count(b"\n") > plans[0].count(b"\n")
    print(dict(told))
    assert told["lies"] > 2
    assert told["with more lines"] > 2
