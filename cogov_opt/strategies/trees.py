"""The branch trees of a coupled plan: for every stage whose prices leave a gap (S10.6, S10.13)."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import Certificate, Forest, StageCertificate
from cogov_opt.domain.decision import Cancel, Limits
from cogov_opt.domain.formulation import Formulation
from cogov_opt.proving.parts import AtStage, at_stages, falls_apart
from cogov_opt.proving.trees import Allowance, Question, UnsoundTreeError
from cogov_opt.proving.trees.evaluating import tree_of
from cogov_opt.proving.trees.growing_all import grow_all
from cogov_opt.proving.trees.parcel import Grown, read_grown, write_wanted
from cogov_opt.solving import isolation

LEAVES = 300
"""The leaves a stage's tree may have unless the options say otherwise."""
MOST_LEAVES = 10_000
"""The leaves it may have whatever the options say: a verifier has to follow it (S10.6)."""
ITERATIONS = 100
"""The simplex iterations a tree may take for each leaf it may have: a limit of work, not time."""
COMMAND = (sys.executable, "-P", "-m", "cogov_opt.proving.trees.child")


@dataclass(frozen=True, slots=True)
class TreeWork:
    """Whether trees are wanted, what they may use, and where they are grown."""

    wanted: bool = True
    leaves: int = LEAVES
    limits: Limits = field(default_factory=Limits)
    isolated: bool = True
    cancel: Cancel | None = None
    cuts: bool = True
    """Whether roots are cut before anything is split."""

    @property
    def allowance(self) -> Allowance:
        """Give what each tree may use."""
        stopped = None if self.cancel is None else self.cancel.is_set
        most = self.leaves * ITERATIONS
        return Allowance(self.leaves, most, self.limits.seconds, stopped, cuts=self.cuts)

    def within(self, spent: float) -> TreeWork | None:
        """Give what is left after some seconds, None where nothing is."""
        if self.limits.seconds is None:
            return self
        left = self.limits.seconds - spent
        return replace(self, limits=replace(self.limits, seconds=left)) if left > 0 else None


def with_trees(formulation: Formulation, evidence: Certificate, work: TreeWork) -> Certificate:
    """Give the certificate with a tree wherever prices leave a gap and a tree proves more."""
    if not work.wanted or work.leaves < 1:
        return evidence
    began = time.monotonic()
    count = len(evidence.stages)
    # What falls apart does so by what is proven of the stages before.
    batches = [[k] for k in range(count)] if falls_apart(formulation) else [list(range(count))]
    for batch in batches:
        left = work.within(time.monotonic() - began)
        if left is not None:
            evidence = _with_some(formulation, evidence, batch, left)
    return replace(evidence, stages=_in_order(evidence.stages))


def _with_some(
    formulation: Formulation, evidence: Certificate, batch: list[int], work: TreeWork
) -> Certificate:
    """Give the certificate with the trees of some stages, by their places."""
    at = list(at_stages(formulation, evidence))
    asked = [_Asked(at[k]) for k in batch if not at[k].proof.optimal]
    wanted = [question for one in asked for _, question in one.questions]
    grown = _grown(wanted, work) if wanted else []
    found = dict(_checked(wanted, grown))
    stages, first = list(evidence.stages), 0
    for one in asked:
        last = first + len(one.questions)
        mine = {k - first: tree for k, tree in found.items() if first <= k < last}
        stages[len(one.at.before)] = one.with_trees(mine)
        first = last
    return replace(evidence, stages=tuple(stages))


class _Asked:
    """What trees are asked of a stage: one question of the whole, or one of each open part."""

    def __init__(self, at: AtStage) -> None:
        self.at = at
        self.apart = at.parts.several
        self.questions = (
            [(p, at.parts.question(p)) for p in at.parts.open] if self.apart else [(0, at.question)]
        )

    def with_trees(self, found: dict[int, Tree]) -> StageCertificate:
        """Give the stage's certificate with the trees found, by place, where they prove more."""
        tree: Tree | Forest | None = found.get(0)
        if self.apart:
            tree = self.at.parts.forest({self.questions[k][0]: made for k, made in found.items()})
        proof = replace(self.at.proof, tree=tree)
        return proof if proof.certified_bound < proof.bound else replace(proof, tree=None)


def _grown(wanted: list[Question], work: TreeWork) -> list[Grown]:
    """Grow trees here, or in a process of its own; what it left is kept however it ended."""
    if not work.isolated:
        return grow_all(wanted, work.allowance)
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_wanted(folder, wanted, work.allowance, work.limits.memory_mb)
        isolation.ended([*COMMAND, name], folder, work.limits, work.cancel)
        try:
            return read_grown(folder / "grown.json", wanted)
        except (OSError, ValueError):
            return []


def _checked(wanted: list[Question], grown: list[Grown]) -> Iterator[tuple[int, Tree]]:
    """Evaluate every tree anew; one that is unsound is dropped."""
    for made in grown:
        try:
            tree = tree_of(
                wanted[made.place], made.root, made.iterations, reproducible=made.reproducible
            )
        except (UnsoundTreeError, IndexError):
            continue
        yield made.place, tree


def _in_order(stages: tuple[StageCertificate, ...]) -> tuple[StageCertificate, ...]:
    """Say anew what is conditional (S10.4)."""
    found: list[StageCertificate] = []
    conditional = False
    for proof in stages:
        found.append(replace(proof, conditional=conditional))
        conditional = conditional or not proof.certified_optimal
    return tuple(found)
