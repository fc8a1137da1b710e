"""Which hard clauses cannot hold together, and whether none of them can be left out (S10.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, feasibility
from .case import key_of, number, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .case import Case
    from .priced import Key, Row

FILE = "certificate.json"
FIELDS = frozenset(
    ["kind", "clauses", "parts", "minimal", "parts_minimal", "witnesses", "asked", "can"]
)
COUNTING = ("limit", "guarantee", "pin")
"""Kinds whose rows can be given up one by one (S10.8)."""
PLACES = frozenset([("law.set", "need"), ("law.set", "least")])


class Sums:
    """A Farkas sum, taken apart: what is asked, and what can be done."""

    def __init__(self, case: Case, prices: Mapping[Key, int]) -> None:
        self.asked = 0
        self.can = 0
        weight: dict[Key, int] = {}
        for row in case.priced.rows:
            price = prices.get(row.key, 0)
            bound = row.upper if price > 0 else row.lower
            if not price or bound is None:
                continue
            if price > 0:
                self.can += price * bound
            else:
                self.asked -= price * bound
            for key, coefficient in row.terms:
                weight[key] = weight.get(key, 0) + price * coefficient
        for key, value in weight.items():
            lower, upper = case.priced.columns[key]
            self.can += max(-value * lower, -value * upper)


class _Conflict:
    """What the run tells of its conflict, read."""

    def __init__(self, case: Case, told: Mapping[str, Any], prices: Mapping[Key, int]) -> None:
        self.case = case
        self.told = told
        self.prices = prices
        self.hard = {c.id: c.kind for c in case.card.clauses if not c.soft}
        self.clauses = [str(c) for c in told["clauses"]]
        self.parts = [key_of(p) for p in told["parts"]]
        self.rows = {row.key: row for row in case.priced.rows}
        self.touching: dict[Key, list[Row]] = {}
        self.always: list[Row] = []

    def find(self, code: str, about: str) -> None:
        self.case.findings.add(code, FILE, f"conflict {about}")

    def names(self) -> None:
        """Check that clauses are hard ones of the card and parts theirs, once each, in order."""
        if sorted(set(self.clauses)) != self.clauses or not set(self.clauses) <= set(self.hard):
            self.find("conflict", "clauses")
        encoded = [canonical.encode(list(p)) for p in self.parts]
        if sorted(set(encoded)) != encoded:
            self.find("conflict", "parts")
        for part in self.parts:
            kind = self.hard.get(part[0])
            known = part in self.rows if kind in COUNTING else len(part) == 1
            if part[0] not in self.clauses or kind is None or not known:
                self.find("conflict", shown(part))
        if {p[0] for p in self.parts} != set(self.clauses):
            self.find("conflict", "parts")

    def part_of(self, row: Key) -> Key | None:
        """Give the part a row belongs to, None where it is of the law (or soft)."""
        kind = self.hard.get(row[0])
        return None if kind is None else row if kind in COUNTING else (row[0],)

    def proof(self) -> None:
        """Check that the sum speaks of the law and of the parts only; `hall` counts places."""
        parts = set(self.parts)
        for key in self.prices:
            part = self.part_of(key)
            if part is not None and part not in parts:
                self.find("conflict", shown(key))
        kind = "hall" if self._counts() else "farkas"
        if self.told["kind"] not in (kind, "farkas") or not self.prices:
            self.find("conflict", "kind")
        sums = Sums(self.case, self.prices)
        for name, right in (("asked", sums.asked), ("can", sums.can)):
            if number(self.told[name]) != right:
                self.find("conflict", name)

    def by_tree(self) -> None:
        """Check that the leaves speak of the law and of the parts only; they add up to nothing."""
        parts = {*self.parts, None}
        for key in self.prices:
            if self.part_of(key) not in parts:
                self.find("conflict", shown(key))
        told = (self.told["kind"], self.told["asked"], self.told["can"])
        if told != ("tree", "0", "0"):
            self.find("conflict", "kind")

    def _counts(self) -> bool:
        """Whether every row counts once: guarantees and needs against what may fill them."""
        for key, price in self.prices.items():
            place = key[:2] in PLACES or self.hard.get(key[0]) == "guarantee"
            if price != (-1 if place else 1):
                return False
        return bool(self.prices)

    def witnesses(self) -> None:
        """Check that each plan keeps the law and all of the set but one thing."""
        self._index()
        shown_for: dict[str, set[Key]] = {"clause": set(), "part": set()}
        last = b""
        for witness in self.told["witnesses"]:
            of, without = witness["of"], key_of(witness["without"])
            at = canonical.encode([of, list(without)])
            if at <= last or set(witness) != {"of", "without", "plan"}:
                self.find("conflict", f"{of} {shown(without)}")
            last = at
            if self._holds(of, without, witness["plan"]):
                shown_for[of].add(without)
            else:
                self.find("conflict", f"{of} {shown(without)}")
        proved = bool(self.prices)
        right = {
            "minimal": shown_for["clause"] == {(c,) for c in self.clauses},
            "parts_minimal": proved and shown_for["part"] == set(self.parts),
        }
        for name, value in right.items():
            if self.told[name] is not value:
                self.find("conflict", name)

    def _index(self) -> None:
        """Note which rows a column stands in, and which rows nothing does not keep."""
        for row in self.case.priced.rows:
            if (row.lower or 0) > 0 or (row.upper or 0) < 0:
                self.always.append(row)
                continue
            for key, _ in row.terms:
                self.touching.setdefault(key, []).append(row)

    def _holds(self, of: str, without: Key, raw: list[Any]) -> bool:
        values = {key_of(name): number(text) for name, text in raw}
        if len(values) != len(raw) or feasibility.outside(self.case.priced.columns, values):
            return False
        if of == "clause":
            known = without in {(c,) for c in self.clauses}
        else:
            known = of == "part" and without in self.parts
        rows = {row.key: row for key in values for row in self.touching.get(key, ())}
        rows |= {row.key: row for row in self.always}
        kept = [row for row in rows.values() if self._kept(row.key, of, without)]
        return known and not any(True for _ in feasibility.broken_rows(kept, values))

    def _kept(self, row: Key, of: str, without: Key) -> bool:
        """Whether a row is one that the witness must keep."""
        part = self.part_of(row)
        if part is None:
            return True
        if of == "clause":
            return part[0] in self.clauses and part[0] != without[0]
        return part in self.parts and part != without


def check(
    case: Case, told: Mapping[str, Any], prices: Mapping[Key, int], *, tree: bool = False
) -> None:
    """
    Check what is told of a conflict.

    `prices` is its Farkas sum, empty where there is none; of a tree, the rows of all its leaves.
    """
    for name in sorted(set(told) ^ FIELDS):
        case.findings.add("conflict", FILE, name)
    conflict = _Conflict(case, told, prices)
    conflict.names()
    if tree:
        conflict.by_tree()
    elif prices:
        conflict.proof()
    elif told["kind"] != "claimed":
        conflict.find("conflict", "kind")
    conflict.witnesses()
