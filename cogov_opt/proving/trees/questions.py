"""What a tree is asked at each stage of a certificate, and what stands published there (S10.6)."""

from __future__ import annotations

from collections.abc import Iterator

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.formulation import Formulation
from cogov_opt.proving.trees.evaluating import Published, Question
from cogov_opt.solving.stages import floor_of


def questions(formulation: Formulation, evidence: Certificate) -> Iterator[Question]:
    """Give for every stage the question whether its value is the best, given those before."""
    system = formulation
    before: list[Published] = []
    for stage, proof in zip(formulation.stages, evidence.stages, strict=True):
        value = proof.value - stage.constant
        own = Published(stage, value, proof.prices, proof.scale)
        yield Question(system, stage, value, (*before, own))
        floor = floor_of(stage, value)
        before.append(Published(stage, floor, proof.prices, proof.scale))
        system = system.with_stage_row(stage, floor)
