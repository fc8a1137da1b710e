"""Prices, bounds, shares and the order of stages (convention S9.3, S9.4, S10)."""

from __future__ import annotations

from heapq import nsmallest
from math import gcd
from typing import TYPE_CHECKING, Any

from . import canonical, feasibility, formulation, parts, trees
from .bounds import ground
from .case import Case, StageProof, key_of, number, shown
from .findings import MOST_OF_A_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .priced import Key, Row, Stage

FILE = "certificate.json"
KNOWN = frozenset(
    ["stages", "plans", "before_draw", "draw_prices", "draw_attempts", "ties", "refusals"]
)
ENTRY = frozenset(
    [
        "index",
        "sense",
        "scale",
        "prices",
        "value",
        "published",
        "bound",
        "gap",
        "bound_scaled",
        "excess",
        "taken_back",
        "optimal",
        "conditional",
        "shares",
        "rounding",
        "tree",
    ]
)
STAGE = frozenset(
    ["index", "terms", "sense", "value", "published", "bound", "gap", "optimal", "conditional"]
)


def check(case: Case) -> None:
    """Recompute every stage from prices, plan and rows; leaves the proofs in `case.proofs`."""
    certificate = case.opened.certificate
    if certificate is None:
        case.findings.add("file", FILE)
        return
    for name in sorted(set(certificate) - KNOWN):
        case.findings.add("unknown", FILE, name)
    entries, stages = certificate["stages"], case.priced.stages
    told = case.opened.run.get("stages", [])
    if len(entries) != len(stages) or len(told) != len(stages):
        case.findings.add("stage_order", FILE, str(len(entries)))
    _Checker(case, certificate).run(entries, told)


LEAVES = 300
"""Leaves of a tree, where the options of a run say nothing."""


class _Checker:
    """Goes through the stages; every stage leaves its row to those after it (S9.4)."""

    def __init__(self, case: Case, certificate: Mapping[str, Any]) -> None:
        self.case = case
        self.find = case.findings.add
        self.plans = certificate.get("plans")
        self.giving = any(s.give_percent or s.give_points for s in case.priced.stages)
        self.rows = case.rows = {row.key: row for row in case.priced.rows}
        self.conditional = False
        if (self.plans is not None) is not self.giving or self.plans == []:
            self.find("plan", FILE, "plans")

    def run(self, entries: list[Any], told: list[Any]) -> None:
        for position, stage in enumerate(self.case.priced.stages):
            if position >= len(entries):
                break
            where = str(stage.index)
            try:
                proof = self._stage(stage, entries[position], position)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                self.find("format", FILE, where)
                break
            self.case.proofs.append(proof)
            line = told[position] if position < len(told) else None
            self._told(stage, proof, line, where)
            self.conditional = self.conditional or not proof.certified_optimal
            self._leave_row(stage, proof)
        certified = bool(self.case.proofs) and not self.conditional
        if self.case.opened.run.get("all_certified") is not certified:
            self.find("bound", "run.json", "all_certified")

    def _stage(self, stage: Stage, entry: dict[str, Any], position: int) -> StageProof:
        where = str(stage.index)
        for name in sorted(set(entry) - ENTRY):
            self.find("unknown", FILE, f"{where} {name}")
        told = str(entry["index"]), entry["sense"]
        if told != (str(stage.index), stage.sense):
            self.find("stage_order", FILE, where)
        scale = number(entry["scale"])
        if scale < 1 or str(scale).strip("0") != "1":
            self.find("price", FILE, f"{where} scale")
            scale = max(scale, 1)
        prices = self._prices(entry["prices"], where)
        reduced = formulation.price_out(self.case.priced, stage, prices, scale)
        proof = StageProof(stage.index, scale, prices, reduced, stage.costs)
        proof.sense = stage.sense
        proof.step = gcd(*stage.costs.values()) or 1
        proof.published = total(stage.costs, self.case.values)
        own = self._own_plan(stage, position)
        proof.own = own if total(stage.costs, own) > proof.published else self.case.values
        proof.value = total(stage.costs, proof.own)
        self._add_up(proof)
        proof.optimal = proof.bound_scaled - scale * proof.value < scale * proof.step
        self._compare(stage, proof, entry, where)
        if "tree" in entry:
            self._tree(stage, proof, entry["tree"], where)
        return proof

    def _tree(self, stage: Stage, proof: StageProof, entry: dict[str, Any], where: str) -> None:
        """S10.6, S10.13: what branch trees prove beyond the prices."""
        try:
            found = self._walked(proof, entry, where)
        except (trees.TreeError, ValueError, KeyError, TypeError, IndexError) as error:
            self.find("tree", FILE, f"{where} {error}")
            return
        expected = [
            ("bound", written(stage, found.bound)), ("gap", found.bound - proof.value),
            ("leaves", found.leaves), ("open", found.open),
        ]  # fmt: skip
        for name, right in expected:
            if number(entry[name]) != right:
                self.find("tree", FILE, f"{where} tree {name}")
        complete = found.bound == proof.value
        if entry["optimal"] is not complete:
            self.find("tree", FILE, f"{where} tree optimal")
        if found.bound >= proof.bound:
            self.find("tree", FILE, f"{where} tree proves nothing more")
        proof.tree, proof.tree_bound, proof.tree_complete = entry, found.bound, complete
        proof.tree_rows = found.rows

    def _walked(self, proof: StageProof, entry: dict[str, Any], where: str) -> trees.TreeProof:
        """Go through one tree of the whole, or through those of its parts."""
        apart = "parts" in entry
        most = self.case.opened.run["options"].get("leaves", LEAVES)
        if any(number(told["leaves"]) > most for told in entry.get("parts", [entry])):
            raise trees.TreeError("more leaves than the run allows")
        for name in sorted(set(entry) - (parts.ENTRY if apart else trees.ENTRY)):
            self.find("unknown", FILE, f"{where} tree {name}")
        if apart:
            return parts.proved(self.case.priced, [*self.case.proofs, proof], entry)
        at = ground(self.case.priced.columns, self.case.priced.rows)
        goals = [trees.goal_of(at, p, p.floor) for p in self.case.proofs]
        goals.append(trees.goal_of(at, proof, proof.value))
        return trees.Walk(at, goals, proof.value, proof.step).through(entry)

    def _prices(self, raw: list[Any], where: str) -> dict[Key, int]:
        """S10.3: sorted, none 0, of rows there are; S10.1: only where the side is finite."""
        prices: dict[Key, int] = {}
        last = b""
        for name, text in raw:
            key, price, at = key_of(name), number(text), canonical.encode(name)
            row = self.rows.get(key)
            if row is None or price == 0 or at <= last or _side(row, price) is None:
                self.find("price", FILE, f"{where} {shown(key)}")
            if row is not None and _side(row, price) is not None:
                prices[key] = price
            last = at
        return prices

    def _own_plan(self, stage: Stage, position: int) -> Mapping[Key, int]:
        """Give the stage's own plan; without give it is the published one (S9.4)."""
        if not self.giving or not self.plans:
            return self.case.values
        where = f"{stage.index} plan"
        values = {key_of(name): number(text) for name, text in self.plans[position]}
        wrong = feasibility.outside(self.case.priced.columns, values)
        wrong += [row.key for row in feasibility.broken_rows(self.case.priced.rows, values)]
        for key in wrong:
            self.find("plan", FILE, f"{where} {shown(key)}")
        return self.case.values if wrong else values

    def _add_up(self, proof: StageProof) -> None:
        """S10.1, S10.2: B and every share, in one pass over priced rows and one over columns."""
        values, columns, rows = self.case.values, self.case.priced.columns, self.rows
        least = -(-proof.scale * proof.step // (len(columns) + len(rows)))
        for key, price in proof.prices.items():
            row = rows[key]
            side = _side(row, price) or 0
            proof.bound_scaled += price * side
            share = price * (side - feasibility.activity(row, values))
            _keep(proof, key, share, least)
        best = {
            key: v * bounds[v > 0]
            for (key, v), bounds in zip(proof.reduced.items(), columns.values(), strict=True)
            if v and bounds[v > 0]
        }
        proof.bound_scaled += sum(best.values())
        for key in [*best, *(key for key in values if key not in best)]:
            share = best.get(key, 0) - proof.reduced.get(key, 0) * values.get(key, 0)
            if share:
                _keep(proof, key, share, least)

    def _compare(self, stage: Stage, proof: StageProof, entry: dict[str, Any], where: str) -> None:
        gap = proof.bound_scaled - proof.scale * proof.published
        expected = [
            ("value", "value", written(stage, proof.value)),
            ("value", "published", written(stage, proof.published)),
            ("bound", "bound", written(stage, proof.bound)),
            ("bound", "gap", proof.bound - proof.value),
            ("bound", "bound_scaled", proof.bound_scaled),
            ("share", "excess", gap),
            ("give", "taken_back", proof.scale * (proof.value - proof.published)),
            ("share", "rounding", proof.rounding),
        ]
        for code, name, right in expected:
            if number(entry[name]) != right:
                self.find(code, FILE, f"{where} {name}")
        if entry["optimal"] is not proof.optimal:
            self.find("bound", FILE, f"{where} optimal")
        if entry["conditional"] is not self.conditional:
            self.find("stage_order", FILE, f"{where} conditional")
        self._shares(proof, entry["shares"], where)

    def _shares(self, proof: StageProof, raw: list[Any], where: str) -> None:
        told = {key_of(name): number(text) for name, text in raw}
        if len(told) != len(raw):
            self.find("share", FILE, f"{where} twice")
        names = told.keys() | proof.shares.keys()
        other = [key for key in names if told.get(key) != proof.shares.get(key)]
        for key in nsmallest(MOST_OF_A_CODE, other):
            self.find("share", FILE, f"{where} {shown(key)}")

    def _told(self, stage: Stage, proof: StageProof, line: Any, where: str) -> None:
        """S13.3: what run.json says of a stage."""
        if not isinstance(line, dict):
            self.find("stage_order", "run.json", where)
            return
        expected: list[tuple[str, str, Any]] = [
            ("stage_order", "index", stage.index),
            ("stage_order", "terms", list(stage.terms)),
            ("stage_order", "sense", stage.sense),
            ("value", "value", str(written(stage, proof.value))),
            ("value", "published", str(written(stage, proof.published))),
            ("bound", "bound", str(written(stage, proof.certified_bound))),
            ("bound", "gap", str(proof.certified_bound - proof.value)),
            ("bound", "optimal", proof.certified_optimal),
            ("stage_order", "conditional", self.conditional),
        ]
        for code, name, right in expected:
            if line.get(name) != right or type(line.get(name)) is not type(right):
                self.find(code, "run.json", f"{where} {name}")
        for name in sorted(set(line) - STAGE):
            self.find("unknown", "run.json", f"{where} {name}")

    def _leave_row(self, stage: Stage, proof: StageProof) -> None:
        """S9.4: c x >= f, f what later stages must leave of the value; after the last none is."""
        back = stage.give_points or abs(proof.value) * stage.give_percent // 100
        if proof.published < proof.value - back:
            self.find("give", "allocation.csv", shown(("stage", str(stage.index))))
        proof.floor = proof.value - back
        proof.settled = proof.certified_optimal and proof.floor == proof.value
        if stage is not self.case.priced.stages[-1]:
            row = formulation.stage_row(self.case.priced, stage.index, proof.value - back)
            self.case.priced.rows.append(row)
            self.rows[row.key] = row


def total(costs: Mapping[Key, int], values: Mapping[Key, int]) -> int:
    """Give c x of a plan."""
    return sum(value * costs.get(key, 0) for key, value in values.items() if value)


def written(stage: Stage, value: int) -> int:
    """Give a value as it is written: with its constant, and positive again if minimised (S9.3)."""
    full = value + stage.constant
    return -full if stage.sense == "minimise" else full


def _side(row: Row, price: int) -> int | None:
    return row.upper if price > 0 else row.lower


def _keep(proof: StageProof, key: Key, share: int, least: int) -> None:
    """S10.2: a share below S g / (columns + rows) is rounding."""
    if share >= least or share < 0:
        proof.shares[key] = share
    else:
        proof.rounding += share
