"""Trying a change at one size after another: the least that mends, proved on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IntArray
from cogov_opt.errors import CogovError
from cogov_opt.explaining.asking.edits import Edit, changed
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.repairs.changes import Change
from cogov_opt.formulating import formulate
from cogov_opt.proving.ceilings import EMPTY, Ceiling
from cogov_opt.recording import Run
from cogov_opt.solving import coupled, exact

Farkas = list[tuple[Key, int]]
STEPS = 4
"""Steps from below: each begins where what is refuted ends, and often the first one mends."""
TRIES = 60
"""Trials one ladder may take: doubling and halving a range of a thousand million."""
SEARCHED = 0.6
"""The share of the time that looking for changes may take; the rest is for their cost to others."""
MENDED, NOT_MENDED, OPEN = "mended", "not_mended", "open"


@dataclass(frozen=True)
class Tried:
    """What a change does: a plan, or a proof that there is none, or neither; `proof` bounds all."""

    verdict: str
    formulation: Formulation | None = None
    plan: IntArray | None = None
    proof: tuple[Ceiling, ...] = ()


@dataclass
class Trials:
    """Trials of changes to one run; `proofs` are sums that proved a system empty, tried first."""

    run: Run
    budget: Budget
    proofs: list[Farkas] = field(default_factory=list)

    def made(self, edits: Sequence[Edit]) -> Tried:
        """Ask whether every hard clause can be kept with some edits made."""
        try:
            instance, policy = changed(self.run, edits)
            formulation = formulate(instance, policy)
            known = next((p for p in self.proofs if _sum(formulation, p) < 0), None)
            if known is not None:
                return Tried(NOT_MENDED, formulation, None, (_empty(formulation, known),))
            one = replace(formulation, stages=formulation.stages[:1])
            limits = Limits(seconds=self.budget.left, nodes=self.budget.nodes)
            solved = coupled.solve(one, limits, isolated=False)
        except CogovError:
            return Tried(OPEN)
        if solved.vector is not None:
            return Tried(MENDED, formulation, formulation.completed(solved.vector))
        if solved.termination is Termination.INFEASIBLE:
            found = [(tuple(key), int(number)) for key, number in solved.detail["farkas"]]
            self.proofs.append(found)
            return Tried(NOT_MENDED, formulation, None, (_empty(formulation, found),))
        return Tried(OPEN, formulation)

    def refuted(self, change: Change, low: int) -> int:
        """Give the size, from one on, up to which sums known already show that it does not mend."""
        far = low
        for here, there in zip(self._sums(change, low), self._sums(change, low + 1), strict=False):
            if there < 0:
                rise = there - here
                far = max(far, change.top if rise <= 0 else low + (-here - 1) // rise)
        far = min(far, change.top)
        # Sums need not rise evenly: what is taken for refuted has to be.
        return far if far == low or min(self._sums(change, far), default=0) < 0 else low

    def _sums(self, change: Change, size: int) -> list[int]:
        """Give what every sum known already comes to at a size: below 0 it refutes that size."""
        try:
            formulation = formulate(*changed(self.run, change.edits(self.run, size)))
        except CogovError:
            return []
        return [_sum(formulation, proof) for proof in self.proofs]


class Ladder:
    """The sizes of one change: what is known of each that was tried."""

    def __init__(self, trials: Trials, change: Change) -> None:
        self.trials, self.change = trials, change
        self.known: dict[int, Tried] = {}

    def at(self, size: int) -> Tried:
        """Try a size, once."""
        if size not in self.known:
            self.known[size] = self.trials.made(self.change.edits(self.trials.run, size))
        return self.known[size]

    def mends(self, size: int) -> bool:
        """Tell whether a size was found to mend."""
        return self.at(size).verdict == MENDED

    def least(self) -> int:
        """Find the least size that mends; 0 if none does."""
        low, high = self._from_below()
        while high - low > 1 and len(self.known) < TRIES and not self.trials.budget.used(SEARCHED):
            middle = self._middle(low, high)
            if self.mends(middle):
                high = middle
            else:
                low = min(self.trials.refuted(self.change, middle), high - 1)
        return high

    def _from_below(self) -> tuple[int, int]:
        """Give a size that does not mend and one that does, 0 if none is found."""
        low, top = self.trials.refuted(self.change, 0), self.change.top
        for _ in range(STEPS):
            if low >= top:
                return low, 0
            if self.mends(low + 1):
                return low, low + 1
            low += 1
            if self.trials.budget.used(SEARCHED):
                break
            low = self.trials.refuted(self.change, low)
        return low, top if low < top and self.mends(top) else 0

    @staticmethod
    def _middle(low: int, high: int) -> int:
        """Double while the range is wide, halve when it is not."""
        return min(low * 2 + 1, (low + high) // 2) if low * 4 < high else (low + high) // 2


def _sum(formulation: Formulation, farkas: Farkas) -> int:
    """Give what a sum comes to, rows that are not there left out; below 0 there is no plan."""
    index = formulation.rows.index
    prices = np.zeros(len(formulation.rows), dtype=object)
    for key, number in farkas:
        if key in index:
            prices[index[key]] = number
    nothing = np.zeros(len(formulation.lower), np.int64)
    return exact.priced(formulation, nothing, prices, 1).bound


def _empty(formulation: Formulation, farkas: Farkas) -> Ceiling:
    """Give the proof that there is no plan as a ceiling that nothing is under."""
    index = formulation.rows.index
    return Ceiling(0, 0, tuple((key, y) for key, y in farkas if key in index), EMPTY)
