"""The parts a stage's problem falls into, and what prices prove of each (convention S10.13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING, Any

from . import trees
from .bounds import ground
from .canonical import encode
from .case import key_of, number
from .priced import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .case import StageProof
    from .priced import Key, Priced

ENTRY = frozenset(["bound", "gap", "optimal", "leaves", "open", "parts"])


@dataclass(slots=True)
class Part:
    """Columns that rows connect, with these rows, and what the stage is worth there."""

    columns: dict[Key, tuple[int, int]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    costs: dict[Key, int] = field(default_factory=dict)
    value: int = 0
    floors: dict[int, int] = field(default_factory=dict)
    """By the index of an earlier stage what it must reach here."""
    by_prices: int = 0
    """What the published prices prove: 0 where nothing counts."""
    tree: dict[str, Any] | None = None
    tree_bound: int | None = None

    @property
    def step(self) -> int:
        """Give g of the part."""
        return gcd(*self.costs.values()) or 1

    @property
    def bound(self) -> int:
        """Give the best bound that prices or a tree prove."""
        return self.by_prices if self.tree_bound is None else min(self.by_prices, self.tree_bound)

    def walk(self, proofs: Iterable[StageProof]) -> trees.Walk:
        """Give what goes through a tree of the part: its columns and rows, at published prices."""
        at = ground(self.columns, self.rows)
        goals = [trees.goal_of(at, p, self.floors.get(p.index, 0)) for p in proofs]
        goals[-1].floor = self.value
        return trees.Walk(at, goals, self.value, self.step)


class Parts:
    """All parts of a stage's problem; `label` gives the number of the part of each column."""

    def __init__(self, priced: Priced, proofs: list[StageProof]) -> None:
        *self.before, self.proof = proofs
        self.priced = priced
        self.held = dict(filter(None, map(_level, self.before)))
        self.rows = [row for row in priced.rows if not self._left_out(row.key)]
        self.label = self._labels()
        self.found = [Part() for _ in range(max(self.label.values(), default=-1) + 1)]
        for key, part in self.label.items():
            self.found[part].columns[key] = priced.columns[key]
        self._add_rows()
        self._add_values()
        self._add_bounds()

    @property
    def costly(self) -> list[Part]:
        """Give the parts in which the stage costs or brings anything."""
        return [part for part in self.found if part.costs]

    def of(self, key: Key) -> Part:
        """Give the part of a column."""
        return self.found[self.label[key]]

    def named(self, raw: Any) -> Part:
        """Give the part of a name, which is the first of its column keys and no other."""
        part = self.of(key_of(raw))
        if encode(raw) != min(encode(list(key)) for key in part.columns):
            raise trees.TreeError("a part under another name")
        return part

    @property
    def bound(self) -> int:
        """Give what is proven of all parts together."""
        return sum(part.bound for part in self.costly)

    def _left_out(self, key: Key) -> bool:
        """Tell the rows that follow from parts, and those of levels no stage so far counts."""
        later = key[0] == "term.level" and int(key[1]) > self.proof.index
        return later or key[0] == "stage"

    def _labels(self) -> dict[Key, int]:
        """Give columns that rows connect, directly or by way of others, the same number."""
        over: dict[Key, Key] = {key: key for key in self.priced.columns if key not in self.held}

        def top(key: Key) -> Key:
            while over[key] != key:
                over[key] = key = over[over[key]]
            return key

        for linked in self._linked():
            keys = [key for key in linked if key in over]
            for key in keys[1:]:
                over[top(key)] = top(keys[0])
        numbers: dict[Key, int] = {}
        return {key: numbers.setdefault(top(key), len(numbers)) for key in over}

    def _linked(self) -> Iterable[Iterable[Key]]:
        """Give what is connected: by a row, and by what an earlier stage is held to."""
        for row in self.rows:
            yield [key for key, _ in row.terms]
        for proof in self.before:
            if not proof.settled or proof.parts is None:
                yield proof.costs
                continue
            apart: dict[int, list[Key]] = {}
            for key in proof.costs:
                apart.setdefault(proof.parts.label.get(key, -1), []).append(key)
            yield from apart.values()

    def _add_rows(self) -> None:
        """Put every row where its columns are, what is held taken off its sides."""
        for row in self.rows:
            terms = [(key, a) for key, a in row.terms if key not in self.held]
            if not terms:
                continue
            off = sum(a * self.held[key] for key, a in row.terms if key in self.held)
            low = None if row.lower is None else row.lower - off
            high = None if row.upper is None else row.upper - off
            self.of(terms[0][0]).rows.append(Row(row.key, low, high, terms))

    def _add_values(self) -> None:
        """Give each part its share of every stage's value, and the row of an earlier one."""
        for proof in self.before:
            for place, (costs, value) in self._shares(proof).items():
                part = self.found[place]
                floor = value if proof.settled else proof.floor
                part.floors[proof.index] = floor
                key = ("stage", str(proof.index))
                part.rows.append(Row(key, floor, None, list(costs.items())))
        for place, (costs, value) in self._shares(self.proof).items():
            self.found[place].costs, self.found[place].value = costs, value

    def _shares(self, proof: StageProof) -> dict[int, tuple[dict[Key, int], int]]:
        """Give by part the costs of a stage and what its own plan reaches there."""
        found: dict[int, tuple[dict[Key, int], int]] = {}
        for key, cost in proof.costs.items():
            place = self.label.get(key, -1)
            if place >= 0:
                costs, value = found.get(place, ({}, 0))
                costs[key] = cost
                found[place] = costs, value + cost * proof.own.get(key, 0)
        return found

    def _add_bounds(self) -> None:
        """S10.1 and S10.2 within each part, at the published prices of its rows."""
        for part in self.costly:
            scale = self.proof.scale * part.step
            part.by_prices = part.step * (self._scaled(part) // scale)

    def _scaled(self, part: Part) -> int:
        """Give B of the published prices within a part."""
        values = {key: self.proof.scale * cost for key, cost in part.costs.items()}
        total = 0
        for row in part.rows:
            price = self.proof.prices.get(row.key, 0)
            if price:
                total += price * ((row.upper if price > 0 else row.lower) or 0)
                for key, a in row.terms:
                    values[key] = values.get(key, 0) - price * a
        for key, value in values.items():
            total += value * part.columns[key][value > 0]
        return total


def find(priced: Priced, proofs: list[StageProof]) -> Parts:
    """Give the parts of the last stage of some; those of the stages before are kept with them."""
    for last, proof in enumerate(proofs, start=1):
        if proof.parts is None:
            proof.parts = Parts(priced, proofs[:last])
    found = proofs[-1].parts
    if found is None:
        raise ValueError("no stage")
    return found


def proved(priced: Priced, proofs: list[StageProof], entry: Mapping[str, Any]) -> trees.TreeProof:
    """Check the tree of every part that has one; a part without is left to the prices."""
    parts = find(priced, proofs)
    names = [encode(told["part"]) for told in entry["parts"]]
    if names != sorted(set(names)) or len(parts.costly) < 2:
        raise trees.TreeError("parts out of order")
    whole = trees.TreeProof(0)
    for told in entry["parts"]:
        part = parts.named(told["part"])
        if set(told) != trees.ENTRY | {"part"}:
            raise trees.TreeError("a part with other fields")
        found = part.walk(proofs).through(told)
        stated = -found.bound if proofs[-1].sense == "minimise" else found.bound
        right = [stated, found.bound - part.value, found.leaves, found.open]
        if [number(told[name]) for name in ("bound", "gap", "leaves", "open")] != right:
            raise trees.TreeError("a part that proves something else")
        if told["optimal"] is not (found.open == 0) or found.bound >= part.by_prices:
            raise trees.TreeError("a part that proves nothing more")
        part.tree, part.tree_bound = told, found.bound
        whole.leaves += found.leaves
        whole.open += found.open
        whole.rows |= found.rows
    whole.bound = parts.bound
    return whole


def _level(proof: StageProof) -> tuple[Key, int] | None:
    """Give the column of a level that its stage alone decides and settles, with its value."""
    key: Key = ("level", str(proof.index))
    return (key, proof.own.get(key, 0)) if proof.settled and [*proof.costs] == [key] else None
