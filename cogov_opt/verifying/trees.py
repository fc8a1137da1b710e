"""Branch trees: leaves that prices close, splits that cover, bounds (convention S10.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import cuts
from .canonical import encode
from .case import key_of, number
from .propagating import Held, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .bounds import Ground
    from .case import StageProof
    from .priced import Key

ROWS, CUT = "rows", "cut"
MOST_LEAVES = 10_000
MOST_CUTS = 400
MOST_STEPS = 4
MOST_AT_ROOT = 50
"""What a tree may have, so that following it takes work in proportion to its length."""
ENTRY = frozenset(["bound", "gap", "optimal", "leaves", "open", "rows", "columns", "nodes"])
Pairs = list[tuple[int, int]]


class TreeError(ValueError):
    """A tree that does not prove what a tree has to prove; says where."""


@dataclass(slots=True)
class Goal:
    """The prices of a goal that stand in the certificate, by place of their row, and its floor."""

    index: int
    costs: Pairs
    floor: int
    scale: int
    prices: Pairs


@dataclass(slots=True)
class Priced:
    """What prices say within the bounds of a node: B at a scale, and v of the columns they meet."""

    scale: int
    bound: int
    reduced: dict[int, int]
    prices: Pairs
    own: bool
    by_row: dict[int, int] = field(default_factory=dict)

    def price(self, place: int) -> int:
        """Give the price of a row."""
        if not self.by_row and self.prices:
            self.by_row = dict(self.prices)
        return self.by_row.get(place, 0)


@dataclass(slots=True)
class TreeProof:
    """
    What a tree proves: the largest value a plan may have, without the constant.

    `rows` are those it rests on: that it names, and that its steps `rows` learn something from.
    """

    bound: int
    leaves: int = 0
    open: int = 0
    rows: set[Key] = field(default_factory=set)


def goal_of(at: Ground, proof: StageProof, floor: int) -> Goal:
    """Give the published prices of a stage by place, as far as it has them."""
    costs = [(at.column_at[key], c) for key, c in proof.costs.items() if key in at.column_at]
    prices = [(at.row_at[key], y) for key, y in proof.prices.items() if key in at.row_at]
    return Goal(proof.index, costs, floor, proof.scale, prices)


class Walk:
    """
    Goes through a tree in preorder, with the bounds that hold where it stands.

    `goals` are those published up to the tree's own, which is the last; `look` sees every leaf.
    """

    def __init__(
        self, at: Ground, goals: list[Goal], value: int, step: int,
        look: Callable[[Priced], None] | None = None,
    ) -> None:  # fmt: skip
        self.at, self.goals, self.value, self.step = at, goals, value, step
        self.own = goals[-1]
        self.look = look
        self.proof = TreeProof(value)

    def through(self, entry: Mapping[str, Any]) -> TreeProof:
        """Check every node; the tree ends where its last leaf ends, and leaves no key unused."""
        height = len(self.at.terms)
        try:
            return self._through(entry)
        finally:
            self.at.back_to(0)
            cuts.remove(self.at, height)

    def _through(self, entry: Mapping[str, Any]) -> TreeProof:
        self.row_at = _places(entry["rows"], self.at.row_at)
        self.column_at = _places(entry["columns"], self.at.column_at)
        self.keys = len(self.row_at), len(self.column_at)
        self.most_leaves = min(number(entry["leaves"]), MOST_LEAVES)
        self.used: set[tuple[str, int]] = set()
        self.propagation = Rows(self.at)
        waiting: list[tuple[int, Held, list[Any], bool]] = []
        waiting.append((0, self.propagation.held, [], False))
        for where, raw in enumerate(entry["nodes"]):
            if not waiting:
                raise TreeError(f"node {where}: beyond the tree")
            mark, held, split, high = waiting.pop()
            self.at.back_to(mark)
            self.propagation.held = held
            self.root = where == 0
            empty = bool(split) and not self._enter(split, high=high)
            split = self._node(raw, where, empty=empty)
            if split:
                held, here = self.propagation.held, len(self.at.trail)
                waiting += [(here, held, split, True), (here, held, split, False)]
        if waiting:
            raise TreeError("nodes are missing")
        if len(self.used) != sum(self.keys):
            raise TreeError("keys that nothing uses")
        rests = self.propagation.told.union(self.row_at)
        self.proof.rows = {key for key, place in self.at.row_at.items() if place in rests}
        return self.proof

    def _enter(self, split: list[Any], *, high: bool) -> bool:
        """Take one half of a split; tell whether a value is left in it."""
        kind, place, text = split
        most = number(text)
        if kind == "row":
            bounds, at = self.at.rows, self._row(place)
        elif kind == "column":
            bounds, at = self.at.columns, self._column(place)
        else:
            raise TreeError("a split of something else")
        return bounds.at_least(at, most + 1) if high else bounds.at_most(at, most)

    def _row(self, place: Any) -> int:
        at: int = self.row_at[_whole(place)]
        if place < self.keys[0]:
            self.used.add(("row", place))
        return at

    def _column(self, place: Any) -> int:
        at: int = self.column_at[_whole(place)]
        self.used.add(("column", place))
        return at

    def _node(self, raw: list[Any], where: int, *, empty: bool) -> list[Any]:
        """Take the steps of a node; give its split, none for a leaf."""
        steps, split = raw[0], raw[1] if len(raw) > 1 else []
        if len(raw) > 2 or (len(raw) == 2 and len(split) != 3):
            raise TreeError(f"node {where}: not a node")
        if not _is_short(steps, root=self.root):
            raise TreeError(f"node {where}: more steps than a node may have")
        found, closed = None, empty
        for place, step in enumerate(steps, 1):
            if closed:
                raise TreeError(f"node {where}: a step after the end")
            if step == ROWS:
                found, closed = None, not self.propagation.narrow()
                empty = closed
                continue
            if step[0] == CUT:
                self._cut(step)
                found = None
                continue
            found, goal = self._of_step(step)
            floor = self.value + self.step if found.own else goal.floor
            closed = found.bound < found.scale * floor
            if not closed:
                self._before_narrowing(found, last=not split and place == len(steps))
                self._narrow(found, goal.floor)
        if split:
            if closed:
                raise TreeError(f"node {where}: closed and split")
            return list(split)
        self.proof.leaves += 1
        if self.proof.leaves > self.most_leaves:
            raise TreeError("more leaves than a tree may have")
        if found is None and not empty:
            raise TreeError(f"node {where}: a leaf without prices")
        if found is not None and closed and self.look is not None:
            self.look(found)
        return []

    def _before_narrowing(self, found: Priced, *, last: bool) -> None:
        """Note the bound of a leaf that stays open."""
        if not last:
            return
        if not found.own:
            raise TreeError("an open leaf without a bound")
        self.proof.open += 1
        bound = self.step * (found.bound // (found.scale * self.step))
        self.proof.bound = max(self.proof.bound, bound)
        if self.look is not None:
            self.look(found)

    def _cut(self, step: list[Any]) -> None:
        """Add the row of a cut, which has the place behind the keys and the cuts before it."""
        if not self.root or len(step) != 4:
            raise TreeError("a cut that is none, or below the root")
        prices = [(self._row(p), y) for p, y in _pairs(step[2])]
        weights = [(self._column(p), w) for p, w in _pairs(step[3])]
        self.row_at.append(cuts.add(self.at, number(step[1]), prices, weights))
        self.propagation.add()

    def _of_step(self, step: Any) -> tuple[Priced, Goal]:
        """Price a step within the bounds that hold here; give the goal it narrows by."""
        if isinstance(step, str):
            goal = next((g for g in self.goals if str(g.index) == step), None)
            if goal is None:
                raise TreeError("a step names prices that are not published")
            return self.priced(goal.costs, goal.scale, goal.prices, own=goal is self.own), goal
        scale = number(step[0])
        if len(step) != 2 or (scale and str(scale).strip("0") != "1"):
            raise TreeError("a scale that is no power of ten")
        prices = [(self._row(p), y) for p, y in _pairs(step[1])]
        costs = self.own.costs if scale else []
        return self.priced(costs, scale, prices, own=scale > 0), self.own

    def priced(self, costs: Pairs, scale: int, prices: Pairs, *, own: bool) -> Priced:
        """Give B and v (S10.1) within the bounds that hold here."""
        reduced = {j: scale * c for j, c in costs} if scale else {}
        bound, rows = 0, self.at.rows
        for i, y in prices:
            side = rows.high[i] if y > 0 else rows.low[i]
            if side is None or y == 0:
                raise TreeError("a price that is 0 or of a side that is infinite")
            bound += y * side
            for j, a in zip(*self.at.terms[i], strict=True):
                reduced[j] = reduced.get(j, 0) - y * a
        low, high = self.at.columns.low, self.at.columns.high
        for j, v in reduced.items():
            bound += v * (high[j] if v > 0 else low[j])
        return Priced(scale, bound, reduced, prices, own)

    def _narrow(self, found: Priced, floor: int) -> None:
        """Keep each column and priced row within R // |weight| of its better side."""
        room = found.bound - found.scale * floor
        if room < 0:
            raise TreeError("a step that closes stands in the way")
        for weights, bounds in (
            (found.reduced.items(), self.at.columns),
            (found.prices, self.at.rows),
        ):
            for place, weight in weights:
                if weight > 0:
                    bounds.at_least(place, (bounds.high[place] or 0) - room // weight)
                elif weight < 0:
                    bounds.at_most(place, (bounds.low[place] or 0) + room // -weight)


def _is_short(steps: list[Any], *, root: bool) -> bool:
    """Tell whether a node has no more steps than it may have; only a root names stages, or cuts."""
    cut = [step for step in steps if step[0] == CUT]
    named = [step for step in steps if isinstance(step, str) and step != ROWS]
    if not root:
        return len(steps) <= MOST_STEPS and not named
    priced = sum(1 for step in cut if step[2])
    others = len(steps) - len(cut) - len(named)
    return len(set(named)) == len(named) and priced <= MOST_CUTS and others <= MOST_AT_ROOT


def _places(raw: list[Any], at: Mapping[Key, int]) -> list[int]:
    """Read keys: sorted, each once, and there."""
    names = [encode(name) for name in raw]
    if names != sorted(set(names)):
        raise TreeError("keys out of order")
    keys = [key_of(name) for name in raw]
    if any(key not in at for key in keys):
        raise TreeError("a key of no row or column")
    return [at[key] for key in keys]


def _pairs(flat: list[Any]) -> Pairs:
    """Read places, rising, each with its number."""
    places, texts = flat[::2], flat[1::2]
    if len(places) != len(texts) or places != sorted(set(places)):
        raise TreeError("places out of order")
    return [(place, number(text)) for place, text in zip(places, texts, strict=True)]


def _whole(place: Any) -> int:
    """Read the place of a key."""
    if type(place) is not int or place < 0:
        raise TreeError("not a place")
    return place
