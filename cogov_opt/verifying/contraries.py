"""What doing the contrary of a decision costs at least, from prices and tree (convention S12.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import trees
from .bounds import ground
from .reasons import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .bounds import Ground
    from .case import Case, StageProof
    from .facts import Demand
    from .priced import Key

CODES = frozenset(["at_prices", "outpriced", "gap"])
Wish = tuple[int, list[int]]
"""At least so many units of these columns together, by place."""
Contrary = tuple[str, Any]
"""("without", place of the column that is 0), or ("some", alternatives of wishes)."""


def add_losses(case: Case, records: Sequence[dict[str, Any]]) -> None:
    """Write `low` into every record that prices explain, and how far that is proven."""
    if case.opened.run.get("route") != "coupled":
        return
    at = ground(case.priced.columns, case.priced.rows)
    finder = _Finder(case, at)
    for number, proof in enumerate(case.proofs):
        mine = [
            r for r in records
            if r["code"] in CODES and r["proven"] == "prices"
            and r["values"]["stage"] == proof.index
        ]  # fmt: skip
        if mine:
            losses = _losses(case, at, number, [finder.of(r) for r in mine])
            for record, low in zip(mine, losses, strict=True):
                record["values"]["low"] = low
                record["proven"] = "bound" if low > 0 else "prices"


def _losses(case: Case, at: Ground, number: int, contraries: list[Contrary]) -> list[int]:
    """Give the least loss of each contrary at a stage."""
    proof, step = case.proofs[number], case.proofs[number].step
    under = proof.value - step
    reduced = {at.column_at[key]: v for key, v in proof.reduced.items() if v}
    whole = trees.Priced(proof.scale, proof.bound_scaled, reduced, [], own=True)
    most = [_most(at, whole, c, step) for c in contraries]
    if proof.tree is not None:
        found = [under] * len(contraries)

        def look(leaf: trees.Priced) -> None:
            here = step * (leaf.bound // (leaf.scale * step)) if leaf.own else under
            for i, contrary in enumerate(contraries):
                if found[i] < here:
                    worth = _most(at, leaf, contrary, step)
                    found[i] = max(found[i], under if worth is None else worth)

        walked(case, at, number, proof, look)
        most = [
            None if one is None else min(one, other) for one, other in zip(most, found, strict=True)
        ]
    return [proof.value - (under if worth is None else worth) for worth in most]


def walked(case: Case, at: Ground, number: int, proof: StageProof, look: Any) -> None:
    """Go through the tree of a stage once more, with the rows of the stages before."""
    goals = [trees.goal_of(at, p, p.floor) for p in case.proofs[:number]]
    goals.append(trees.goal_of(at, proof, proof.value))
    trees.Walk(at, goals, proof.value, step=proof.step, look=look).through(proof.tree or {})


def _most(at: Ground, found: trees.Priced, contrary: Contrary, step: int) -> int | None:
    """Give the most a plan may be worth here that does the contrary; None if none does."""
    kind, what = contrary
    if kind == "without":
        costs = [_without(at, found, what)]
    else:
        costs = [_alternative(at, found, wishes) for wishes in what]
    there = [cost for cost in costs if cost is not None]
    return step * ((found.bound - min(there)) // (found.scale * step)) if there else None


def _without(at: Ground, found: trees.Priced, place: int) -> int | None:
    low, high, v = at.columns.low[place], at.columns.high[place], found.reduced.get(place, 0)
    if low > 0:
        return None
    worst: int = v * (high if v > 0 else low)
    return worst


def _alternative(at: Ground, found: trees.Priced, wishes: Iterable[Wish]) -> int | None:
    """Give what it costs that all wishes come true, each in the cheapest way."""
    total = 0
    for units, places in wishes:
        parts = []
        for place in places:
            low, high = at.columns.low[place], at.columns.high[place]
            units -= low
            parts.append((max(0, -found.reduced.get(place, 0)), high - low))
        for cost, room in sorted(parts):
            if units <= 0:
                break
            total += cost * min(room, units)
            units -= min(room, units)
        if units > 0:
            return None
    return total


class _Finder:
    """Finds what a plan has to do that decides otherwise than a record says."""

    def __init__(self, case: Case, at: Ground) -> None:
        self.case, self.at = case, at.column_at
        self.given: dict[str, int] = {}
        for (need, _, _, _), units in case.plan.given.items():
            self.given[need] = self.given.get(need, 0) + units
        self.bought: dict[str, int] = {}
        for (need, _), amount in case.plan.bought.items():
            self.bought[need] = self.bought.get(need, 0) + amount

    def of(self, record: dict[str, Any]) -> Contrary:
        about = record["about"]
        if record["type"] == "assignment":
            agreement = about.get("agreement", "")
            key: Key = ("x", about["need"], about["resource"], about["option"], agreement)
            return "without", self.at[key]
        if record["type"] == "unused":
            uses = self.case.priced.uses.get(about["resource"], [])
            return "some", [[(1, [self.at[key]])] for key, _ in uses]
        demand = self.case.facts.demands[about["demand"]]
        more: dict[str, int] = {}
        if demand.id in self.case.plan.served:
            need = self.case.facts.needs[about["need"]]
            got = self.bought if need.kind == "fund" else self.given
            more[need.id] = got.get(need.id, 0) + 1
        return "some", [self._at(demand, option, more) for option in demand.options]

    def _at(self, demand: Demand, option: str, more: dict[str, int]) -> list[Wish]:
        """Give what it takes to serve a demand at an option."""
        wishes: list[Wish] = [(1, [self.at["y", demand.id, option]])]
        for need in demand.needs:
            units = more.get(need.id, need.minimum)
            if units <= 0:
                continue
            found = self.case.priced.candidates[need.id][option]
            places = [self.at[column(need.id, option, c)] for c in found]
            if need.kind == "fund":
                for name in ("own", "bought"):
                    place = self.at.get((name, need.id, option))
                    if place is not None and name == "own":
                        places.append(place)
                    elif place is not None:
                        wishes.append((units, [place]))
            wishes.append((units, places))
        return wishes
