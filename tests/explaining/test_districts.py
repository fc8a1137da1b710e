"""Runs that fall apart are accepted, and rebuilt from their files with all they prove (S10.13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogov_opt.domain.certificate import Certificate, Forest
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.proving.contraries import Contrary, least_losses
from cogov_opt.proving.parts import at_stages
from cogov_opt.recording.reading import read_run
from tests.properties.districts import districts_card, districts_week
from tests.properties.line import Line, decided, found

pytestmark = pytest.mark.solver


def forests(line: Line) -> list[Forest]:
    """Give the trees of parts a decision has."""
    evidence = line.decision.evidence
    assert isinstance(evidence, Certificate)
    return [s.tree for s in evidence.stages if isinstance(s.tree, Forest)]


@pytest.mark.parametrize("seed", [2, 5, 10])
def test_a_run_of_districts_is_rebuilt_with_its_parts(seed: int, tmp_path: Path) -> None:
    """One goal, a share first, and urgent ones first: what is proven is the same from the files."""
    line = decided(seed, tmp_path / "run", districts_week, districts_card)
    assert line is not None
    assert forests(line)
    assert found(tmp_path / "run") == []
    again = decision_of(read_run(tmp_path / "run"))
    evidence = line.decision.evidence
    assert isinstance(evidence, Certificate)
    assert isinstance(again.evidence, Certificate)
    f = line.decision.formulation
    asked = [Contrary(without=j) for j in range(f.x.start, f.x.stop, 7)]
    stages = zip(at_stages(f, evidence), at_stages(again.formulation, again.evidence), strict=True)
    for one, two in stages:
        assert one.proof.certified_bound == two.proof.certified_bound
        assert one.parts.bound == two.parts.bound
        assert least_losses(one, asked) == least_losses(two, asked)
