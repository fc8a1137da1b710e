"""What doing the contrary of a decision costs at least, from prices and tree (convention S12.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import Forest
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.parts import AtStage, Parts
from cogov_opt.proving.trees.boxes import Box, priced
from cogov_opt.proving.trees.evaluating import Leaf, Question, evaluate, padded
from cogov_opt.solving.exact import Exact, Priced

Wish = tuple[int, tuple[int, ...]]
"""At least so many units of these columns together."""


@dataclass(frozen=True, slots=True)
class Contrary:
    """
    What a plan that decides otherwise has to do.

    Either column `without` is 0, or the sum of row `lowered[0]` is `lowered[1]` at most, or all
    wishes of one of the alternatives come true.
    """

    alternatives: tuple[tuple[Wish, ...], ...] = ()
    without: int | None = None
    lowered: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Prices at a scale with the box they are of, columns as plain numbers."""

    bound: int
    scale: int
    reduced: list[int]
    lower: list[int]
    upper: list[int]
    prices: Exact
    box: Box

    @classmethod
    def of(cls, found: Priced, box: Box) -> _Place:
        lower: IntArray = box.lower
        reduced: Exact = found.reduced
        return cls(
            found.bound, found.scale, reduced.tolist(), lower.tolist(), box.upper.tolist(),
            found.prices, box,
        )  # fmt: skip

    def most(self, contrary: Contrary, step: int) -> int | None:
        """Give the most a plan here may be worth that does the contrary; None if none does."""
        if contrary.without is not None:
            costs = [self._without(contrary.without)]
        elif contrary.lowered is not None:
            costs = [self._lowered(*contrary.lowered)]
        else:
            costs = [self._alternative(wishes) for wishes in contrary.alternatives]
        there = [cost for cost in costs if cost is not None]
        if not there:
            return None
        return step * ((self.bound - min(there)) // (self.scale * step))

    def _without(self, j: int) -> int | None:
        """Give what it costs that a column is 0."""
        v = self.reduced[j]
        return None if self.lower[j] > 0 else max(v * self.lower[j], v * self.upper[j])

    def _lowered(self, row: int, most: int) -> int | None:
        """Give what it costs that the sum of a row is no more than `most`."""
        if int(self.box.row_lower[row]) > most:
            return None
        return max(0, int(self.prices[row])) * max(0, int(self.box.row_upper[row]) - most)

    def _alternative(self, wishes: Sequence[Wish]) -> int | None:
        """Give what it costs that all wishes come true, each in the cheapest way."""
        total = 0
        for units, columns in wishes:
            cost = self._wish(units, columns)
            if cost is None:
                return None
            total += cost
        return total

    def _wish(self, units: int, columns: Sequence[int]) -> int | None:
        """Give the cheapest cost of so many units; what is taken anyway costs nothing."""
        parts = []
        for j in columns:
            units -= self.lower[j]
            parts.append((max(0, -self.reduced[j]), self.upper[j] - self.lower[j]))
        total = 0
        for cost, room in sorted(parts):
            if units <= 0:
                break
            taken = min(room, units)
            units -= taken
            total += taken * cost
        return None if units > 0 else total


def least_losses(at: AtStage, contraries: Sequence[Contrary]) -> list[int]:
    """
    Give for each contrary the least that every plan doing it loses against the stage's value.

    0 or less: nothing is proven. At least a step where no plan at all does it and keeps what
    earlier stages reached.
    """
    question, tree = at.question, at.proof.tree
    under = question.value - question.step
    whole = _Place.of(at.prices, Box.of(question.system))
    most = [whole.most(c, question.step) for c in contraries]
    if isinstance(tree, Forest):
        apart = _Apart(at.parts, tree)
        found = apart.most(contraries)
        most = [None if w is None else min(w, f) for w, f in zip(most, found, strict=True)]
    elif tree is not None:
        most = _by_tree(question, tree, contraries, most)
    return [question.value - (under if w is None else w) for w in most]


def _by_tree(
    question: Question,
    tree: Tree,
    contraries: Sequence[Contrary],
    by_prices: Sequence[int | None],
) -> list[int | None]:
    """Lower what prices allow to what the leaves allow; what was cut off is worth a step less."""
    under = question.value - question.step
    found = [under for _ in contraries]

    def look(leaf: Leaf) -> None:
        if not leaf.own:
            return
        here = question.step * (leaf.found.bound // (leaf.found.scale * question.step))
        place: _Place | None = None
        for i, contrary in enumerate(contraries):
            if found[i] >= here:
                continue
            place = place or _Place.of(leaf.found, leaf.box)
            most = place.most(contrary, question.step)
            found[i] = max(found[i], under if most is None else most)

    evaluate(question, tree.root, look)
    return [
        None if one is None else min(one, other)
        for one, other in zip(by_prices, found, strict=True)
    ]


class _Apart:
    """What the contrary of a decision leaves, part by part (S12.7, S10.13)."""

    def __init__(self, parts: Parts, forest: Forest) -> None:
        self.parts = parts
        self.trees = {part: proof.tree for part, proof in forest.trees}

    def most(self, contraries: Sequence[Contrary]) -> list[int]:
        """Give for each contrary the most a plan may be worth that does it."""
        asked: dict[int, list[tuple[int, Contrary]]] = {}
        for i, contrary in enumerate(contraries):
            for part, mine in self._of_parts(contrary).items():
                asked.setdefault(part, []).append((i, mine))
        found = [self.parts.at.question.value - self.parts.at.question.step for _ in contraries]
        reached: dict[int, list[int]] = {}
        for part, pairs in asked.items():
            worth = self._in_part(part, [mine for _, mine in pairs])
            for (i, _), most in zip(pairs, worth, strict=True):
                reached.setdefault(i, []).append(self.parts.beside(part) + most)
        for i, values in reached.items():
            found[i] = max(values)
        return found

    def _of_parts(self, contrary: Contrary) -> dict[int, Contrary]:
        """Give what a contrary asks of the parts: each alternative of that of its first column."""
        if contrary.without is not None:
            return {int(self.parts.label[contrary.without]): contrary}
        if contrary.lowered is not None:
            return {int(self.parts.row_label[contrary.lowered[0]]): contrary}
        found: dict[int, list[tuple[Wish, ...]]] = {}
        for wishes in contrary.alternatives:
            part = int(self.parts.label[wishes[0][1][0]])
            found.setdefault(part, []).append(wishes)
        return {part: Contrary(tuple(mine)) for part, mine in found.items()}

    def _in_part(self, part: int, contraries: list[Contrary]) -> list[int]:
        """Give the most that is left in a part."""
        question = self.parts.question(part)
        under = question.value - question.step
        mine = [self._placed(part, c) for c in contraries]
        own = question.published[-1]
        found = priced(
            question.system, Box.of(question.system), question.stage.costs,
            padded(own.prices, len(question.system.row_lower)), own.scale,
        )  # fmt: skip
        whole = _Place.of(found, Box.of(question.system))
        most = [whole.most(c, question.step) for c in mine]
        if part in self.trees:
            most = _by_tree(question, self.trees[part], mine, most)
        return [under if w is None else w for w in most]

    def _placed(self, part: int, contrary: Contrary) -> Contrary:
        """Give a contrary by the places of a part; a column of another part costs nothing."""
        column = np.cumsum(self.parts.label == part) - 1
        row = np.cumsum(self.parts.row_label == part) - 1
        if contrary.without is not None:
            return Contrary(without=int(column[contrary.without]))
        if contrary.lowered is not None:
            place, most = contrary.lowered
            return Contrary(lowered=(int(row[place]), most))
        return Contrary(tuple(
            tuple(self._wish(part, column, wish) for wish in wishes)
            for wishes in contrary.alternatives
        ))  # fmt: skip

    def _wish(self, part: int, place: IntArray, wish: Wish) -> Wish:
        units, columns = wish
        label, upper = self.parts.label, self.parts.at.formulation.upper
        beside = sum(int(upper[j]) for j in columns if label[j] != part)
        return units - beside, tuple(int(place[j]) for j in columns if label[j] == part)
