"""
Branch certificates: a tree whose leaves are closed by prices (convention S10.6).

A tree speaks of one stage: columns and rows by their index in the stage's formulation, all
numbers exact integers. It proves by itself; how it was grown does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

NO_GOAL = 0
"""The number of a step that follows no goal: its prices alone show that nothing is left."""
ROWS = -1
"""The number of a step that has no prices: rows narrow the bounds of their columns."""
CUT = -2
"""The number of a step that adds a row for all that follows: a cut, at the root alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    Prices at a scale for a goal (`NO_GOAL` none): they narrow the box of a node, or close it.

    A step of `ROWS` has none and narrows by rows alone. One of `CUT` adds a row: `prices` are its
    multipliers, `scale` its divisor, `weights` its coefficients where they are not rounded down.
    `rows` and `prices` are None where the published prices of the goal are meant.
    """

    stage: int
    scale: int = 1
    rows: tuple[int, ...] | None = None
    prices: tuple[int, ...] | None = None
    columns: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """Two halves of a node: a column (or a row's sum) is at most `most`, or more than that."""

    of_row: bool
    index: int
    most: int


@dataclass(slots=True)
class Node:
    """A part of all plans: its steps, then its two halves; a node without halves is a leaf."""

    steps: list[Step] = field(default_factory=list)
    split: Split | None = None
    halves: tuple[Node, Node] | None = None

    @property
    def cuts(self) -> list[Step]:
        """Give the steps that add rows, in order: their rows follow those of the system."""
        return [s for s in self.steps if s.stage == CUT]

    @property
    def rows(self) -> set[int]:
        """Give the rows the tree below speaks of, those of its cuts included."""
        found = {i for n in self.walk() for s in n.steps for i in s.rows or ()}
        splits = (n.split for n in self.walk())
        return found | {s.index for s in splits if s is not None and s.of_row}

    def walk(self) -> Iterator[Node]:
        """Give the nodes in preorder, the half of at most before the other."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if node.halves is not None:
                waiting.extend(reversed(node.halves))


@dataclass(frozen=True, slots=True)
class Tree:
    """
    A branch certificate of a stage, and what it proves in maximised form without the constant.

    `bound` is the largest value a plan may have by it, never below `value`; `complete` says that
    every leaf is closed, so that the value is the optimum. `iterations` is the work it took.
    """

    root: Node
    value: int
    bound: int
    leaves: int
    open_leaves: int
    iterations: int = 0
    reproducible: bool = True

    @property
    def complete(self) -> bool:
        """Tell whether no leaf is open."""
        return self.open_leaves == 0


Plain = list[Any]
"""A tree as lists of numbers: for each node in preorder its steps, and its split if it has one."""


def to_plain(root: Node) -> Plain:
    """Write a tree as lists; a step of published prices is the number of its stage."""
    return [[[_plain_step(s) for s in n.steps], *_plain_split(n.split)] for n in root.walk()]


def _plain_step(step: Step) -> int | list[Any]:
    if step.rows is None or step.prices is None:
        return step.stage
    found = [step.scale, _flat(step.rows, step.prices)]
    return [*found, _flat(step.columns, step.weights)] if step.stage == CUT else found


def _flat(places: tuple[int, ...], numbers: tuple[int, ...]) -> list[int]:
    """Write pairs one after the other."""
    return [number for pair in zip(places, numbers, strict=True) for number in pair]


def _plain_split(split: Split | None) -> list[list[int]]:
    return [] if split is None else [[int(split.of_row), split.index, split.most]]


def from_plain(plain: Plain, stage: int) -> Node:
    """
    Read a tree of a stage from lists.

    Raises
    ------
    ValueError
        The lists are not those of one tree.
    """
    root = Node()
    waiting = [root]
    for raw in plain:
        if not waiting:
            raise ValueError("nodes beyond the tree")
        node = waiting.pop()
        node.steps = [_step(s, stage) for s in raw[0]]
        if len(raw) > 1:
            of_row, index, most = raw[1]
            node.split, node.halves = Split(bool(of_row), index, most), (Node(), Node())
            waiting.extend(reversed(node.halves))
    if waiting:
        raise ValueError("nodes are missing")
    return root


def _step(raw: int | list[Any], stage: int) -> Step:
    if isinstance(raw, int):
        return Step(raw)
    scale, numbers, *more = raw
    prices = tuple(numbers[::2]), tuple(numbers[1::2])
    if more:
        return Step(CUT, scale, *prices, tuple(more[0][::2]), tuple(more[0][1::2]))
    return Step(stage if scale else NO_GOAL, scale, *prices)
