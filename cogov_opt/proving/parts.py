"""
The parts a stage's problem falls into, what prices prove of each, and what a tree is asked there.

Columns that no row connects are chosen apart. The row of an earlier stage connects what it stands
in, unless that stage is proven best and gives nothing back: then every plan that keeps it reaches
in each part of that stage's problem just what the stage's plan reaches there (S10.13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import Certificate, Forest, PartTree, StageCertificate
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.trees.evaluating import Published, Question
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Exact, Priced
from cogov_opt.solving.parts import by_part, labels_of, restricted, rows_in
from cogov_opt.solving.stages import floor_of

LEVEL, LEVEL_ROWS = "level", "term.level"


@dataclass(frozen=True)
class AtStage:
    """A stage of a certificate: the question whether its value is the best, given those before."""

    formulation: Formulation
    question: Question
    proof: StageCertificate
    before: tuple[AtStage, ...]

    @property
    def stage(self) -> Stage:
        """Give the stage."""
        return self.question.stage

    @cached_property
    def prices(self) -> Priced:
        """Give what the published prices say of the whole."""
        system, proof = self.question.system, self.proof
        return exact.priced(system, self.stage.costs, proof.prices, proof.scale)

    @property
    def own(self) -> IntArray:
        """Give the plan that reaches the stage's value."""
        if self.proof.own is None:
            raise ValueError("a stage without its plan")
        return self.proof.own

    @property
    def settled(self) -> bool:
        """Tell whether the stage is proven best and gives nothing back to later ones."""
        value = self.question.value
        return self.proof.certified_optimal and floor_of(self.stage, value) == value

    @property
    def level(self) -> int | None:
        """Give the column of a level that the stage alone decides, if it is settled."""
        used = np.flatnonzero(self.stage.costs)
        mine = _level_columns(self.formulation, self.stage.index)
        return int(used[0]) if self.settled and len(used) == 1 and mine[used[0]] else None

    @cached_property
    def parts(self) -> Parts:
        """Give the parts the stage's problem falls into."""
        return Parts(self)


def at_stages(formulation: Formulation, evidence: Certificate) -> Iterator[AtStage]:
    """Give every stage of a certificate with the question a tree is asked there."""
    system = formulation
    before: list[AtStage] = []
    published: list[Published] = []
    for stage, proof in zip(formulation.stages, evidence.stages, strict=True):
        value = proof.value - stage.constant
        own = Published(stage, value, proof.prices, proof.scale)
        at = AtStage(
            formulation, Question(system, stage, value, (*published, own)), proof, tuple(before)
        )
        yield at
        floor = floor_of(stage, value)
        before.append(at)
        published.append(Published(stage, floor, proof.prices, proof.scale))
        system = system.with_stage_row(stage, floor)


def falls_apart(formulation: Formulation) -> bool:
    """Tell whether some stage may fall into parts of which two or more matter to it."""
    count, level = len(formulation.row_lower), np.zeros(len(formulation.lower), dtype=bool)
    rows = np.ones(count, dtype=bool)
    for stage in formulation.stages:
        level |= _level_columns(formulation, stage.index)
    labels = labels_of(formulation, rows, ~level)
    used = [np.unique(labels[(s.costs != 0) & ~level]) for s in formulation.stages]
    return any(len(mine) > 1 for mine in used)


class Parts:
    """
    The parts of a stage's problem, and what the published prices prove of each.

    `label` and `row_label` give the part of each column and row of the formulation (-1: none);
    `value`, `step`, `scaled` and `bound` are v, g, B and g floor(B / (S g)) by part, `costly` the
    parts in which the stage costs or brings anything.
    """

    def __init__(self, at: AtStage) -> None:
        self.at, f = at, at.formulation
        self.asked: dict[int, Question] = {}
        held = [before.level for before in at.before]
        self.joining = np.ones(len(f.lower), dtype=bool)
        self.joining[[j for j in held if j is not None]] = False
        rows = ~_later_levels(f, at.stage.index)
        self.label = labels_of(f, rows, self.joining, _links(at, self.joining))
        self.row_label = np.where(rows, rows_in(f, self.label), -1)
        self.count = int(self.label.max(initial=-1)) + 1
        costs = at.stage.costs
        self.costly = np.unique(self.label[(costs != 0) & self.joining]).tolist()
        self.value = self.sums(costs, at.own)
        self.step = self._steps()
        self.floors = [self._floors(before) for before in at.before]

    def sums(self, costs: IntArray, plan: IntArray) -> list[int]:
        """Give what a plan is worth in each part."""
        return self._by_part(exact.products(costs, plan)[self.joining], self.label[self.joining])

    def _by_part(self, terms: Exact, labels: IntArray) -> list[int]:
        """Add up terms by part."""
        found = np.zeros(self.count, dtype=object)
        used = np.flatnonzero((terms != 0) & (labels >= 0))
        np.add.at(found, labels[used], terms[used].astype(object))
        return [int(total) for total in found.tolist()]

    def _steps(self) -> list[int]:
        """Give g of each part; 1 where nothing counts."""
        costs = self.at.stage.costs
        used = np.flatnonzero((costs != 0) & self.joining)
        found = np.zeros(self.count, dtype=np.int64)
        np.gcd.at(found, self.label[used], np.abs(costs[used]))
        return [int(step) or 1 for step in found.tolist()]

    def _floors(self, before: AtStage) -> dict[int, int]:
        """Give what an earlier stage must reach in each part that counts for it."""
        costs = before.stage.costs
        mine = np.unique(self.label[(costs != 0) & self.joining]).tolist()
        values = self.sums(costs, before.own)
        return {p: floor_of(before.stage, values[p]) for p in mine}

    @cached_property
    def reduced(self) -> Exact:
        """Give v of every column at the published prices of the rows that parts have."""
        return self._priced.reduced

    @cached_property
    def _priced(self) -> Priced:
        system, proof = self.at.question.system, self.at.proof
        prices = proof.prices.copy()
        prices[: len(self.row_label)][self.row_label < 0] = 0
        return exact.priced(system, self.at.stage.costs, prices, proof.scale)

    @cached_property
    def scaled(self) -> list[int]:
        """Give B of each part."""
        f, v, prices = self.at.formulation, self.reduced, self._priced.prices
        height = len(self.row_label)
        sides = np.where(prices[:height] > 0, f.row_upper, f.row_lower)
        sides = np.where(prices[:height] == 0, 0, sides)
        held = exact.activity(f.matrix, np.where(self.joining, 0, self.at.own))
        held = np.where(prices[:height] == 0, 0, held)
        of_rows = exact.products(prices[:height], sides - held)
        low, high = exact.products(v, f.lower), exact.products(v, f.upper)
        found = self._by_part(np.maximum(low, high), self.label)
        for p, more in enumerate(self._by_part(of_rows, self.row_label)):
            found[p] += more
        for floors, price in zip(self.floors, prices[height:].tolist(), strict=True):
            for p, floor in floors.items():
                found[p] += int(price) * floor
        return found

    @cached_property
    def bound(self) -> list[int]:
        """Give what prices prove of each part: 0 where nothing counts."""
        scale, counted = self.at.proof.scale, set(self.costly)
        return [
            step * (b // (scale * step)) if p in counted else 0
            for p, (b, step) in enumerate(zip(self.scaled, self.step, strict=True))
        ]

    @cached_property
    def proven(self) -> list[int]:
        """Give the smaller of what prices and the trees of the certificate prove of each part."""
        found, tree = list(self.bound), self.at.proof.tree
        for p, part in tree.trees if isinstance(tree, Forest) else ():
            found[p] = part.tree.bound
        return found

    @cached_property
    def _total(self) -> int:
        return sum(self.proven)

    def beside(self, part: int) -> int:
        """Give what is proven of all other parts together."""
        return self._total - self.proven[part]

    @property
    def open(self) -> list[int]:
        """Give the parts in which prices leave something above the value."""
        return [p for p in self.costly if self.bound[p] > self.value[p]]

    @property
    def several(self) -> bool:
        """Tell whether there are parts to be told apart."""
        return len(self.costly) > 1

    def forest(self, trees: Mapping[int, Tree]) -> Forest:
        """Put together what trees prove of some parts, where they prove more, and prices of all."""
        bound = dict(enumerate(self.bound))
        better = {p: tree for p, tree in sorted(trees.items()) if tree.bound < bound[p]}
        bound |= {p: tree.bound for p, tree in better.items()}
        found = tuple((p, PartTree(self.question(p).system, tree)) for p, tree in better.items())
        return Forest(found, self.at.question.value, sum(bound.values()))

    def part_of(self, key: Sequence[str]) -> int:
        """Give the part of a column by its key."""
        return int(self.label[self.at.formulation.columns.index[tuple(key)]])

    def system(self, part: int) -> Formulation:
        """Give the columns and rows of a part alone, the rows of earlier stages at the end."""
        columns, rows = self.label == part, self.row_label == part
        found = restricted(self.at.formulation, columns, rows, self._outside)
        stages = found.stages
        for stage, floors in zip(stages, self.floors, strict=False):
            if part in floors:
                found = found.with_stage_row(stage, floors[part])
        return found

    @cached_property
    def _outside(self) -> IntArray:
        """Give the values of the columns that are in no part."""
        return np.where(self.joining, 0, self.at.own)

    def question(self, part: int) -> Question:
        """Give the question of a part: whether its value is the best there."""
        if part not in self.asked:
            self.asked[part] = self._question(part)
        return self.asked[part]

    def _question(self, part: int) -> Question:
        system = self.system(part)
        stages, rows = system.stages, self.row_label == part
        published = []
        for k, at in enumerate((*self.at.before, self.at)):
            floor = self.value[part] if at is self.at else self.floors[k].get(part, 0)
            earlier = [i for i in range(k) if part in self.floors[i]]
            prices = at.proof.prices
            height = len(rows)
            mine = np.concatenate((prices[:height][rows], prices[[height + i for i in earlier]]))
            published.append(Published(stages[k], floor, mine, at.proof.scale))
        stage = stages[len(self.at.before)]
        return Question(system, stage, self.value[part], tuple(published))


def _links(at: AtStage, joining: NDArray[np.bool_]) -> list[IntArray]:
    """Give what the rows of earlier stages connect."""
    found: list[IntArray] = []
    for before in at.before:
        columns = np.flatnonzero((before.stage.costs != 0) & joining)
        found += by_part(columns, before.parts.label) if before.settled else [columns]
    return [link for link in found if len(link) > 1]


def _level_columns(f: Formulation, stage: int) -> NDArray[np.bool_]:
    """Mark the column of a stage's level (S9.1)."""
    found = np.zeros(len(f.lower), dtype=bool)
    for start, block in zip(f.columns.starts.tolist(), f.columns.blocks, strict=False):
        if block.prefix == (LEVEL, str(stage)):
            found[start : start + block.count] = True
    return found


def _later_levels(f: Formulation, stage: int) -> NDArray[np.bool_]:
    """Mark the rows of levels that no stage up to this one counts."""
    found = np.zeros(len(f.row_lower), dtype=bool)
    for start, block in zip(f.rows.starts.tolist(), f.rows.blocks, strict=False):
        if block.prefix[0] == LEVEL_ROWS and int(block.prefix[1]) > stage:
            found[start : start + block.count] = True
    return found
