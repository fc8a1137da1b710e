"""The branch trees of a coupled plan: for every stage whose prices leave a gap (S10.6)."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Cancel, Limits
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.proving.trees import Allowance, Question, UnsoundTreeError
from cogov_opt.proving.trees.evaluating import tree_of
from cogov_opt.proving.trees.growing_all import grow_all, system_of
from cogov_opt.proving.trees.parcel import Grown, Wanted, read_grown, write_wanted
from cogov_opt.proving.trees.questions import questions
from cogov_opt.solving import isolation

LEAVES = 300
"""The leaves a stage's tree may have unless the options say otherwise."""
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


def with_trees(formulation: Formulation, evidence: Certificate, work: TreeWork) -> Certificate:
    """Give the certificate with a tree wherever prices leave a gap and a tree proves more."""
    wanted = _wanted(formulation, evidence)
    out_of_time = work.limits.seconds is not None and work.limits.seconds <= 0
    if not work.wanted or work.leaves < 1 or not wanted or out_of_time:
        return evidence
    if work.isolated:
        grown = _in_child(formulation, wanted, work)
    else:
        grown = grow_all(formulation, wanted, work.allowance)
    trees = _checked(formulation, wanted, grown)
    return replace(evidence, stages=_put_in(evidence.stages, trees))


def _wanted(formulation: Formulation, evidence: Certificate) -> list[Wanted]:
    """List the trees that are wanted."""
    asked = zip(questions(formulation, evidence), evidence.stages, strict=True)
    return [Wanted(q.stage.index, q.value, q.published) for q, proof in asked if not proof.optimal]


def _in_child(formulation: Formulation, wanted: list[Wanted], work: TreeWork) -> list[Grown]:
    """Grow trees in a process of its own; what it left is kept however it ended."""
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_wanted(folder, formulation, wanted, work.allowance, work.limits.memory_mb)
        isolation.ended([*COMMAND, name], folder, work.limits, work.cancel)
        try:
            return read_grown(folder / "grown.json")
        except (OSError, ValueError):
            return []


def _checked(formulation: Formulation, wanted: list[Wanted], grown: list[Grown]) -> dict[int, Tree]:
    """Evaluate every tree anew; one that is unsound, or proves nothing more, is dropped."""
    found = {}
    by_stage = {g.stage: g for g in grown}
    for one in wanted:
        made = by_stage.get(one.stage)
        if made is None:
            continue
        stage = _stage(formulation, one.stage)
        question = Question(system_of(formulation, one), stage, one.value, one.published)
        try:
            tree = tree_of(question, made.root, made.iterations, reproducible=made.reproducible)
        except (UnsoundTreeError, IndexError):
            continue
        found[one.stage] = tree
    return found


def _stage(formulation: Formulation, index: int) -> Stage:
    return next(s for s in formulation.stages if s.index == index)


def _put_in(
    stages: tuple[StageCertificate, ...], trees: dict[int, Tree]
) -> tuple[StageCertificate, ...]:
    """Put trees where they prove more than prices; what is conditional follows anew (S10.4)."""
    found: list[StageCertificate] = []
    conditional = False
    for proof in stages:
        tree = trees.get(proof.index)
        with_tree = replace(proof, tree=tree, conditional=conditional)
        if tree is None or with_tree.certified_bound >= proof.bound:
            with_tree = replace(with_tree, tree=None)
        found.append(with_tree)
        conditional = conditional or not with_tree.certified_optimal
    return tuple(found)
