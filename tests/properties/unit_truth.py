"""What one unit more or less is truly worth on a small coupled week: every plan, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IntArray
from tests.properties.brute_force import every_plan

FREED = ("link", "once")
FUND = 1


class Truth:
    """The best a decision could reach, stage by stage, with one unit more or less."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.f = decision, decision.formulation
        assert isinstance(decision.evidence, Certificate)
        self.stages = decision.evidence.stages
        self.names = list(decision.instance.resources.ids)
        self.keys = [self.f.rows.key(i) for i in range(len(self.f.rows))]
        self.dense = np.zeros((len(self.keys), len(self.f.columns)), dtype=np.int64)
        self.dense[self.f.matrix.row_of, self.f.matrix.columns] = self.f.matrix.values

    def more(self, resource: str) -> list[int]:
        """Give what a copy of a resource, for one unit, gains at each stage."""
        kept = np.array([not _left_out(key) for key in self.keys])
        own = self._columns(resource)
        unit = 100 if self._is_fund(resource) else 1
        ranges = (range(min(unit, self._room(j)) + 1) for j in own)
        best = [-FREE] * len(self.stages)
        for units in product(*ranges):
            if sum(units) > unit:
                continue
            shift = sum((n * self.dense[:, j] for n, j in zip(units, own, strict=True)),
                        np.zeros(len(kept), dtype=np.int64))  # fmt: skip
            moved = self._moved(np.where(kept, shift, 0))
            extra = [
                sum(n * int(s.costs[j]) for n, j in zip(units, own, strict=True))
                for s in self.f.stages
            ]
            found = self._best(moved, extra)
            best = [max(a, b) for a, b in zip(best, found, strict=True)]
        return [b - s.value for b, s in zip(best, self.stages, strict=True)]

    def less(self, resource: str) -> list[int]:
        """Give the largest loss, at each stage, over the limits of a resource one unit lower."""
        lost = [0] * len(self.stages)
        for lowered in self._lowered(resource):
            best = self._best(lowered, [0] * len(self.stages))
            for k, (b, s) in enumerate(zip(best, self.stages, strict=True)):
                lost[k] = max(lost[k], s.value - b if b > -FREE else FREE)
        return lost

    def _columns(self, resource: str) -> list[int]:
        c, first = self.f.candidates, self.f.x.start
        at = self.names.index(resource)
        return (np.flatnonzero(c.resource == at) + first).tolist()

    def _is_fund(self, resource: str) -> bool:
        kinds = self.decision.instance.resources.kind
        return int(kinds[self.names.index(resource)]) == FUND

    def _room(self, j: int) -> int:
        """Give a bound on what any plan can use of a candidate's column."""
        need = int(self.f.candidates.need[j - self.f.x.start])
        quantity = int(self.decision.instance.needs.ints("quantity")[need])
        return quantity + 6 if self._is_fund(self.names[self.f.candidates.resource[
            j - self.f.x.start]]) else quantity  # fmt: skip

    def _moved(self, shift: IntArray) -> Formulation:
        """Give the formulation with some sums already begun."""
        low = np.where(self.f.row_lower > -FREE, self.f.row_lower - shift, self.f.row_lower)
        high = np.where(self.f.row_upper < FREE, self.f.row_upper - shift, self.f.row_upper)
        return replace(self.f, row_lower=low, row_upper=high)

    def _lowered(self, resource: str) -> Iterator[Formulation]:
        own = set(self._columns(resource))
        x = range(self.f.x.start, self.f.x.stop)
        held: set[int] = set()
        for i, key in enumerate(self.keys):
            used = {j for j in np.flatnonzero(self.dense[i]).tolist() if j in x}
            limit = key[0] == "law.no_overlap" or (
                key[0] == "law.capacity" and key[1] in ("units", "minutes", "slots")
            )
            if limit and used and used <= own:
                held |= used
                unit = 100 if self._is_fund(resource) else 60 if key[1] == "minutes" else 1
                high = self.f.row_upper.copy()
                high[i] = max(0, high[i] - unit)
                yield replace(self.f, row_upper=high)
        for j in own - held:
            upper = self.f.upper.copy()
            upper[j] = max(0, upper[j] - 1)
            yield replace(self.f, upper=upper)

    def _best(self, f: Formulation, extra: list[int]) -> list[int]:
        """Give the best of each stage over the plans that keep the floors of those before."""
        plans = [x for x in every_plan(f) if not f.violated(x)]
        best = []
        for stage, proof, more in zip(f.stages, self.stages, extra, strict=True):
            best.append(max((stage.value(x) + more for x in plans), default=-FREE))
            floor = _floor(stage, proof)
            plans = [x for x in plans if stage.value(x) - stage.constant + more >= floor]
        return best


def _floor(stage: object, proof: StageCertificate) -> int:
    floor = proof.value - stage.constant  # type: ignore[attr-defined]
    objective = stage.objective  # type: ignore[attr-defined]
    return floor if objective is None else int(objective.floor(floor))


def _left_out(key: tuple[str, ...]) -> bool:
    linked = key[0] in ("law.set", "law.money") and key[1] in FREED
    return linked or key[0] in ("law.capacity", "law.no_overlap")
