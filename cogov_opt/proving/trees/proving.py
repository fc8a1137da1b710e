"""The tree of a stage: what published prices settle, then splits, then the bound (S10.6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cogov_opt.domain.branching import ROWS, Node, Step, Tree
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.proving.trees.boxes import Box, settles
from cogov_opt.proving.trees.closing import bounding, narrowing, step_of
from cogov_opt.proving.trees.cuts import totals, without_idle
from cogov_opt.proving.trees.cutting import cut
from cogov_opt.proving.trees.evaluating import Published, Question, tree_of
from cogov_opt.proving.trees.growing import Allowance, Grower, Open
from cogov_opt.solving.problem import Status

ROUNDS = 4
"""How often the root's relaxation is solved anew for what its prices settle."""


def prove(
    system: Formulation,
    stage: Stage,
    value: int,
    published: Sequence[Published] = (),
    allowance: Allowance | None = None,
) -> Tree:
    """
    Prove that no plan of a system is worth more than `value` at a stage, as far as allowed.

    Parameters
    ----------
    system
        With the rows of earlier stages at its end; any change of bounds or sides is fine.
    value
        What a known plan reaches, without the stage's constant; nothing is assumed of it.
    published
        Prices of earlier goals (with the floor their row keeps) and of this one (with `value`)
        that a verifier has at hand; they settle columns before anything is split.

    Raises
    ------
    HighsError
        The solver refused a call; there is no tree then.
    """
    allowance = allowance or Allowance()
    question = Question(system, stage, value, tuple(published))
    root, box = Node(), Box.of(system)
    for goal in published:
        after = _by_published(question, box, goal, root)
        if after is None:
            return tree_of(question, root)
        box = after
    box = _by_rows(question, box, root)
    if box.empty:
        return tree_of(question, root)
    grower = _grown(question, box, root, allowance)
    if grower is None:
        return tree_of(question, root)
    for leaf in grower.open:
        _bound(grower, leaf)
    without_idle(root, len(system.row_lower))
    return tree_of(question, root, grower.programme.iterations, reproducible=not grower.by_clock)


def _by_published(question: Question, box: Box, goal: Published, root: Node) -> Box | None:
    """Narrow the root by published prices; None where nothing is left."""
    step = Step(goal.stage.index)
    found, goal = question.of_step(step, box)
    if question.closes(found, goal):
        root.steps.append(step)
        return None
    after = question.after(box, found, goal)
    if not settles(box, after):
        return box
    root.steps.append(step)
    return after


def _by_rows(question: Question, box: Box, node: Node) -> Box:
    """Let the rows narrow a box, in as many steps as it takes and a few at most."""
    for _ in range(ROUNDS):
        after = question.propagator.narrowed(box)
        if not settles(box, after):
            break
        node.steps.append(Step(ROWS))
        box = after
        if box.empty:
            break
    return box


def _grown(question: Question, box: Box, root: Node, allowance: Allowance) -> Grower | None:
    """Narrow the root by its own prices until that brings little, then grow; None: all is shown."""
    for _ in range(ROUNDS):
        after = _by_own(question, box, root, allowance)
        if after is None:
            break
        box = _by_rows(question, after, root)
        if box.empty:
            return None
    question, box = _with_cuts(question, box, root, allowance)
    if box.empty:
        return None
    grower = Grower(question.system, question.stage, box, question.least, allowance)
    grower.grow(root, box)
    return grower


def _with_cuts(
    question: Question, box: Box, root: Node, allowance: Allowance
) -> tuple[Question, Box]:
    """Add cuts, narrow by what they prove, and add the sums of units that splits may be on."""
    steps = cut(question, box, allowance) if allowance.cuts else []
    question, box = _added(question, box, root, steps)
    after = _by_own(question, box, root, allowance) if steps else None
    box = box if after is None else _by_rows(question, after, root)
    sums = [] if box.empty else totals(question.system, box)
    return _added(question, box, root, sums)


def _added(question: Question, box: Box, root: Node, steps: Sequence[Step]) -> tuple[Question, Box]:
    """Add the rows of cuts."""
    for step in steps:
        question, box = question.with_cut(step, box)
        root.steps.append(step)
    return question, box


def _by_own(question: Question, box: Box, root: Node, allowance: Allowance) -> Box | None:
    """Narrow the root by the prices of its own relaxation; None where that brings little."""
    grower = Grower(question.system, question.stage, box, question.least, allowance)
    found = grower.programme.solve()
    if found.status != Status.OPTIMAL or found.duals is None or found.bound is None:
        return None
    left = narrowing(question.system, box, question.stage, found.duals, found.bound, question.value)
    if left is None:
        return None
    step, after = left
    root.steps.append(step)
    return after


def _bound(grower: Grower, leaf: Open) -> None:
    """Give an open leaf its own prices as its last step, so that it has a bound."""
    duals = leaf.duals
    if duals is None or not np.isfinite(duals).all():
        duals = np.zeros(len(grower.system.row_lower))
    near = grower.stage_step / 10
    found = bounding(grower.system, leaf.box, grower.stage, duals, near)
    leaf.node.steps.append(step_of(grower.stage.index, found))
