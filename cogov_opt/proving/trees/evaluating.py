"""What a tree proves, worked out anew in exact integers, whoever grew it (convention S10.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cogov_opt.domain.branching import CUT, ROWS, Node, Step, Tree
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.proving.trees.boxes import Box, narrowed, priced
from cogov_opt.proving.trees.closing import vector_of
from cogov_opt.proving.trees.cuts import with_cut
from cogov_opt.proving.trees.propagating import Propagator
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Exact, Priced


class UnsoundTreeError(ValueError):
    """A tree that does not prove what a tree has to prove."""


@dataclass(frozen=True, slots=True)
class Published:
    """Prices of a goal that stand in the certificate: its stage, its floor there, Y and S."""

    stage: Stage
    floor: int
    prices: Exact
    scale: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """The last prices of a leaf and the box they are of; `None` where a half is empty."""

    box: Box
    found: Priced
    closed: bool
    own: bool
    """Whether the prices are of the tree's own goal, and so bound it."""


@dataclass(frozen=True)
class Question:
    """What a tree is asked: the system, the goal, the value to be shown best, published prices."""

    system: Formulation
    stage: Stage
    value: int
    published: tuple[Published, ...]
    told: set[int] | None = None
    """Where given, takes the rows from which steps `rows` learn something."""

    @property
    def step(self) -> int:
        """Give g of the stage."""
        return exact.step(self.stage.costs)

    @property
    def least(self) -> int:
        """Give the least value that would be better."""
        return self.value + self.step

    @cached_property
    def propagator(self) -> Propagator:
        """Give what narrows boxes by rows alone."""
        return Propagator(self.system, self.told)

    def of_step(self, step: Step, box: Box) -> tuple[Priced, Published]:
        """Price a step within a box; give the goal and floor it narrows by."""
        goal = Published(self.stage, self.value, np.zeros(0, np.int64), step.scale)
        if step.rows is None:
            named = [p for p in self.published if p.stage.index == step.stage]
            if not named:
                raise UnsoundTreeError("a step names prices that are not published")
            goal = named[0]
        elif step.scale and step.stage != self.stage.index:
            raise UnsoundTreeError("prices of another goal")
        height = len(self.system.row_lower)
        prices = vector_of(step, height) if step.rows is not None else padded(goal.prices, height)
        return priced(self.system, box, goal.stage.costs, prices, goal.scale), goal

    def with_cut(self, step: Step, box: Box) -> tuple[Question, Box]:
        """Give the question and the box with the row of a cut."""
        if step.scale < 1 or not _rising(step.columns):
            raise UnsoundTreeError("a cut that is none")
        system, box = with_cut(self.system, box, step)
        return replace(self, system=system), box

    def closes(self, found: Priced, goal: Published) -> bool:
        """Tell whether prices leave nothing in a box."""
        own = goal.stage.index == self.stage.index and found.scale > 0
        floor = self.least if own else goal.floor
        return found.bound < found.scale * floor

    def after(self, box: Box, found: Priced, goal: Published) -> Box:
        """Narrow a box by prices that do not close it."""
        left = narrowed(self.system, box, found, goal.floor)
        # Prices that do not reach the value itself leave nothing either; `closes` said no.
        if left is None:
            raise UnsoundTreeError("a step that closes stands in the way")
        return left


def _rising(places: tuple[int, ...]) -> bool:
    """Tell whether places stand in order, each once."""
    return list(places) == sorted(set(places))


def padded(prices: Exact, height: int) -> Exact:
    """Give prices for all rows; later stage rows have none."""
    found = np.zeros(height, dtype=prices.dtype)
    found[: len(prices)] = prices
    return found


def evaluate(
    question: Question, root: Node, look: Callable[[Leaf], None] | None = None
) -> tuple[int, int, int]:
    """
    Give the bound a tree proves (no constant), its leaves, and how many of them are open.

    Raises
    ------
    UnsoundTreeError
        A node is not closed where it has to be, or goes on where nothing is left.
    """
    bound, leaves, open_leaves = question.value, 0, 0
    waiting: list[tuple[Node, Box]] = [(root, Box.of(question.system))]
    while waiting:
        node, box = waiting.pop()
        if node is not root and any(step.stage == CUT for step in node.steps):
            raise UnsoundTreeError("a cut below the root")
        question, leaf, box = _through(question, node, box)
        if node.halves is not None and node.split is not None:
            if box.empty or (leaf is not None and leaf.closed):
                raise UnsoundTreeError("a closed node is split")
            high, low = (box.half(node.split, high=h) for h in (True, False))
            waiting += [(node.halves[1], high), (node.halves[0], low)]
            continue
        leaves += 1
        if leaf is None and not box.empty:
            raise UnsoundTreeError("a leaf without prices")
        if box.empty or leaf is None:
            continue
        if look is not None:
            look(leaf)
        if not leaf.closed:
            if not leaf.own:
                raise UnsoundTreeError("an open leaf without a bound")
            open_leaves += 1
            step = question.step
            bound = max(bound, step * (leaf.found.bound // (leaf.found.scale * step)))
    return bound, leaves, open_leaves


def resting(question: Question, root: Node) -> set[int]:
    """Give the rows a tree rests on: that it names, and that steps `rows` learn from (S12.8)."""
    told = set(root.rows)
    evaluate(replace(question, told=told), root)
    return {i for i in told if i < len(question.system.row_lower)}


def _through(question: Question, node: Node, box: Box) -> tuple[Question, Leaf | None, Box]:
    """Take the steps of a node: what the last of them shows, and the box that is left."""
    leaf: Leaf | None = None
    for step in node.steps:
        if box.empty or (leaf is not None and leaf.closed):
            raise UnsoundTreeError("a step after the end")
        if step.stage == ROWS:
            box = question.propagator.narrowed(box)
            continue
        if step.stage == CUT:
            question, box = question.with_cut(step, box)
            continue
        found, goal = question.of_step(step, box)
        closed = question.closes(found, goal)
        own = goal.stage.index == question.stage.index and found.scale > 0
        leaf = Leaf(box, found, closed, own)
        if not closed:
            box = question.after(box, found, goal)
    return question, leaf, box


def tree_of(
    question: Question, root: Node, iterations: int = 0, *, reproducible: bool = True
) -> Tree:
    """Give a tree with what it proves."""
    bound, leaves, open_leaves = evaluate(question, root)
    return Tree(root, question.value, bound, leaves, open_leaves, iterations, reproducible)
