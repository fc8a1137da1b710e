"""What the prices say of each column: decisive stage, value, and what it takes (S12.2, S12.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.explaining.plan import NONE, Plan
from cogov_opt.solving.exact import Exact

RESOURCE_ROWS = ("law.capacity", "law.no_overlap", "law.agreement")
BY_LIMIT = 5
LEAST = np.iinfo(np.int64).min
MOST = 2**61


@dataclass(frozen=True)
class Prices:
    """
    The reduced values of all columns, read stage by stage.

    `decisive` is the place of the first stage whose reduced value is not 0 (the number of stages
    where there is none) and `value` that reduced value, scaled.
    """

    formulation: Formulation
    stages: tuple[StageCertificate, ...]
    decisive: NDArray[np.int16]
    value: IntArray
    _takes: dict[int, Exact] = field(default_factory=dict)
    _best: dict[int, IndexArray] = field(default_factory=dict)

    @classmethod
    def of(cls, formulation: Formulation, certificate: Certificate) -> Prices:
        """Read the certificate of a decision."""
        stages = certificate.stages
        width = len(formulation.lower)
        decisive = np.full(width, len(stages), dtype=np.int16)
        value = np.zeros(width, dtype=np.int64)
        for place in reversed(range(len(stages))):
            reduced = within_64_bits(stages[place].reduced)
            mask = reduced != 0
            decisive[mask] = place
            value[mask] = reduced[mask]
        return cls(formulation, stages, decisive, value)

    @cached_property
    def costs(self) -> dict[int, IntArray]:
        """Give the costs of each stage by its number."""
        return {s.index: s.costs for s in self.formulation.stages}

    @property
    def last(self) -> tuple[int, int]:
        """Give the number and the scale of the last stage; (0, 1) where a card has none."""
        return self.scale(len(self.stages) - 1) if self.stages else (0, 1)

    def brings(self, columns: IndexArray) -> IntArray:
        """Give S c of each column at its decisive stage; at the last where it has none."""
        found = np.zeros(len(columns), dtype=np.int64)
        place = np.minimum(self.decisive[columns], len(self.stages) - 1)
        for k, stage in enumerate(self.stages):
            mine = np.flatnonzero(place == k)
            found[mine] = self.costs[stage.index][columns[mine]] * stage.scale
        return found

    def shares(self, columns: IndexArray, x: IntArray) -> IntArray:
        """Give each column's share of the gap at its decisive stage (S10.2)."""
        v = self.value[columns]
        low, high = self.formulation.lower[columns], self.formulation.upper[columns]
        shares: IntArray = np.maximum(v * low, v * high) - v * x
        return shares

    def scale(self, place: int) -> tuple[int, int]:
        """Give the number and the scale of a stage by its place."""
        return self.stages[place].index, self.stages[place].scale

    def takes(self, place: int) -> Exact:
        """Give for each column the price of the resources it takes at a stage (S12.4 `by`)."""
        if place not in self._takes:
            matrix = self.formulation.matrix
            height = len(matrix.starts) - 1
            prices = np.where(self._resource_rows, self.stages[place].prices[:height], 0)
            total = np.zeros(len(self.formulation.lower), dtype=prices.dtype)
            rows = np.flatnonzero(prices)
            if len(rows):
                entries = np.flatnonzero(self._resource_rows[matrix.row_of])
                row = matrix.row_of[entries]
                np.add.at(total, matrix.columns[entries], prices[row] * matrix.values[entries])
            self._takes[place] = total
        return self._takes[place]

    @cached_property
    def _resource_rows(self) -> NDArray[np.bool_]:
        """Mark the rows of capacity, overlap and agreements."""
        labels = self.formulation.rows
        marks = np.zeros(len(labels), dtype=bool)
        for i, block in enumerate(labels.blocks):
            if block.count and block.key(0)[0] in RESOURCE_ROWS:
                marks[labels.starts[i] : labels.starts[i + 1]] = True
        return marks

    def best_at(self, place: int, plan: Plan) -> IndexArray:
        """Give for each run of candidates the one with the largest reduced value at a stage."""
        if place not in self._best:
            value = within_64_bits(self.stages[place].reduced[self.formulation.x])
            flat = np.zeros(len(value), dtype=np.int16)
            self._best[place] = best_of(plan.runs.first, flat, value)
        return self._best[place]


def within_64_bits(values: Exact) -> IntArray:
    """
    Give reduced values as int64; those beyond keep their sign and are as large as fits.

    Such a value outweighs an earlier stage's own, which is the one that is told.
    """
    if values.dtype != object:
        return values
    return np.clip(values, -MOST, MOST).astype(np.int64)


def best_of(first: IntArray, decisive: NDArray[np.int16], value: IntArray) -> IndexArray:
    """
    Give the best member of each segment: latest decisive stage, largest value, then first.

    Segments are `first[i]:first[i + 1]`, none of them empty; members stand in the order of ids.
    """
    if not len(first):
        return np.zeros(0, dtype=np.int32)
    lengths = np.diff(np.append(first, len(value)))
    keep = decisive == np.repeat(np.maximum.reduceat(decisive, first), lengths)
    kept = np.where(keep, value, LEAST)
    keep &= value == np.repeat(np.maximum.reduceat(kept, first), lengths)
    order = np.where(keep, np.arange(len(value)), len(value))
    return np.minimum.reduceat(order, first).astype(np.int32)


class Scarcity:
    """The `by` lists: what a set would take from others, need by need (S12.4, 6)."""

    def __init__(self, plan: Plan, prices: Prices) -> None:
        self.plan = plan
        self.prices = prices
        self._lists: dict[tuple[int, int], list[list[Any]]] = {}
        instance = plan.instance
        self._needs = instance.needs.ids
        self._resources = instance.resources.ids
        self._needs_of = [instance.needs_of.row(d).tolist() for d in range(len(instance.demands))]
        self._x0 = len(instance.options)
        self._demands = instance.options.demand.tolist()
        self._runs_at: dict[int, tuple[list[int], list[int]]] = {}

    def of_option(self, option: int, place: int) -> list[list[Any]]:
        """Give the list of one option of a demand at a stage: [need, resource, amount]."""
        found = self._lists.get((option, place))
        if found is None:
            amounts, resources = self._dearest(place)
            lines = []
            for need in self._needs_of[self._demands[option]]:
                run = self._runs.get(need * self._x0 + option, NONE)
                if run != NONE and amounts[run] > 0:
                    lines.append([self._needs[need], self._resources[resources[run]], amounts[run]])
            found = self._lists[option, place] = told_most(lines)
        return found

    def _dearest(self, place: int) -> tuple[list[int], list[int]]:
        """Give for each run what its best candidate takes at a stage, and its resource."""
        if place not in self._runs_at:
            best = self.prices.best_at(place, self.plan)
            amounts = self.prices.takes(place)[self._x0 + best]
            resources = self.plan.candidates.resource[best]
            self._runs_at[place] = amounts.tolist(), resources.tolist()
        return self._runs_at[place]

    @cached_property
    def _runs(self) -> dict[int, int]:
        return {k: i for i, k in enumerate(self.plan.runs.key.tolist())}


def told_most(lines: list[list[Any]]) -> list[list[Any]]:
    """Put the largest amounts first, five at most."""
    if len(lines) > 1:
        lines.sort(key=lambda x: (-x[2], x[0]))
    return lines[:BY_LIMIT]
