"""Price certificates: integers that bound a stage and share out its gap (convention S10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.branching import Tree
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IntArray


@dataclass(frozen=True, slots=True)
class PartTree:
    """The tree of one part of a stage's problem, and the columns and rows it speaks of."""

    system: Formulation
    tree: Tree


@dataclass(frozen=True, slots=True)
class Forest:
    """
    The trees of the parts a stage's problem falls into (S10.13), as one proof of the stage.

    `bound` adds up what trees prove of their parts and prices of the others, in maximised form
    without the constant; `trees` are by part, in the order of their first column.
    """

    trees: tuple[tuple[int, PartTree], ...]
    value: int
    bound: int

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left above the value."""
        return self.bound <= self.value

    @property
    def leaves(self) -> int:
        """Give the leaves of all trees."""
        return sum(part.tree.leaves for _, part in self.trees)

    @property
    def open_leaves(self) -> int:
        """Give how many leaves of all trees are open."""
        return sum(part.tree.open_leaves for _, part in self.trees)


@dataclass(frozen=True, slots=True)
class StageCertificate:
    """
    Prices of one stage and what they prove; values and bounds in maximised form with constant.

    `prices` is Y, one integer a row of the stage's formulation (earlier stage rows at its end);
    `reduced` is v = S c - Y A, one integer a column; `excess` = B - S c x of the published plan.
    """

    index: int
    scale: int
    prices: IntArray
    row_keys: tuple[Key, ...]
    reduced: IntArray
    value: int
    published: int
    bound: int
    bound_scaled: int
    excess: int
    taken_back: int
    step: int
    optimal: bool
    conditional: bool
    shares: tuple[tuple[Key, int], ...]
    rounding: int
    claimed: float | None = None
    """The solver's own bound: told, never relied on."""
    tree: Tree | Forest | None = None
    """What closes, or narrows, the gap the prices leave (S10.6, S10.13)."""
    own: IntArray | None = None
    """The stage's own plan: the one that reaches `value`."""

    @property
    def gap(self) -> int:
        """Give the gap the prices leave: bound - value."""
        return self.bound - self.value

    @property
    def certified_bound(self) -> int:
        """Give the best bound that is certified, by prices or by the tree."""
        if self.tree is None:
            return self.bound
        return min(self.bound, self.value + self.tree.bound - self.tree.value)

    @property
    def certified_gap(self) -> int:
        """Give the gap that nothing closes: certified bound - value."""
        return self.certified_bound - self.value

    @property
    def certified_optimal(self) -> bool:
        """Tell whether prices or the tree prove the value best."""
        return self.optimal or (self.tree is not None and self.tree.complete)


@dataclass(frozen=True, slots=True)
class Losses:
    """
    What one unit more, or one less, of each of some things loses (or gains) on a flow (S10.9).

    `place` is the stage's place (the last where nothing is lost) and `loss` the value lost there;
    -1 where no plan does it, -2 where it was not asked: the thing's own bounds rule it out.
    """

    place: IntArray
    loss: IntArray


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    Proof that no plan serving a demand is as good at a stage, those before it kept (S10.10).

    `bound`: what such a plan reaches at most, in maximised form with constant. `prices` are
    integers by row at `scale`, the row of what is asked included; at scale 0 they prove that no
    plan is left. `tree` holds a branch certificate as JSON-ready values where prices do not do.
    `part`, where the stage falls into parts: the name of the one that prices and tree speak of.
    """

    demand: str
    stage: int
    scale: int
    prices: tuple[tuple[Key, int], ...]
    bound: int
    tree: Any = None
    part: Key | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draw at a counter that left more than one plan: one of them, and its prices (S11.3)."""

    counter: int
    plan: IntArray
    prices: IntArray


@dataclass(frozen=True, slots=True)
class Certificate:
    """The evidence of an optimised decision: one certificate a stage."""

    stages: tuple[StageCertificate, ...]
    plans: tuple[IntArray, ...] = ()
    before_draw: IntArray | None = None
    """The plan the draw started from: the witness of every tie that is claimed (S11.2)."""
    draw_prices: IntArray | None = None
    """Prices of a flow's draw, one integer a row: they show whether it left one plan (S11.3)."""
    tied: NDArray[np.bool_] | None = None
    """The candidates some plan as good gives another amount, all of them; None if not known."""
    regrets: tuple[Losses, Losses] | None = None
    """The losses of one unit more and of one less of every candidate, where they were asked for."""
    refusals: tuple[Refusal, ...] = ()
    """What was proved of demands that are not served, in order of their ids (S10.10)."""
    attempts: tuple[Attempt, ...] = ()
    """The counters of a flow's draw that are not the published one, rising (S11.3)."""

    @property
    def all_optimal(self) -> bool:
        """Tell whether every stage is certified optimal."""
        return all(s.certified_optimal for s in self.stages)


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of a procedure, as the verifier replays it."""

    step: int
    demand: str
    verdict: str
    values: dict[str, int]
    tie: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """The evidence of a procedural decision."""

    strategy: str
    steps: tuple[TraceStep, ...]
    breaks: tuple[tuple[str, Key], ...] = ()
