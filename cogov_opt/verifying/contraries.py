"""What doing the contrary of a decision costs at least, from prices and tree (convention S12.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .bounds import ground
from .leaving import most_left
from .reasons import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from . import trees
    from .bounds import Ground
    from .case import Case
    from .facts import Demand
    from .parts import Part, Parts
    from .priced import Key

CODES = frozenset(["at_prices", "outpriced", "gap"])
Wish = tuple[int, list[int]]
"""At least so many units of these columns together, by place."""
Contrary = tuple[str, Any]
"""("without", place of the column that is 0), or ("some", alternatives of wishes)."""


def add_losses(case: Case, records: Sequence[dict[str, Any]]) -> None:
    """Write into every record that prices explain `low`, how far it is proven, and `best`."""
    if case.opened.run.get("route") != "coupled":
        return
    finder = _Finder(case)
    certified = True
    for number, proof in enumerate(case.proofs):
        certified = certified and proof.certified_optimal
        mine = [
            r for r in records
            if r["code"] in CODES and r["proven"] == "prices"
            and r["values"]["stage"] == proof.index
        ]  # fmt: skip
        if mine:
            at = ground(case.priced.columns, case.rows_of(proof.index))
            losses = _losses(case, at, number, [finder.of(r) for r in mine])
            for record, low in zip(mine, losses, strict=True):
                record["values"]["low"] = low
                record["proven"] = "bound" if low > 0 else "prices"
                if certified and proof.published == proof.value:
                    record["values"]["best"] = True


def _losses(case: Case, at: Ground, number: int, contraries: list[Contrary]) -> list[int]:
    """Give the least loss of each contrary at a stage."""
    proof = case.proofs[number]
    keys = list(case.priced.columns)

    def in_parts(parts: Parts, contrary: Contrary) -> dict[int, Any]:
        return _in_parts(parts, contrary, keys)

    most = most_left(case, at, number, contraries, _most, in_parts)
    under = proof.value - proof.step
    return [proof.value - (under if worth is None else worth) for worth in most]


def _in_parts(parts: Parts, contrary: Contrary, keys: list[Key]) -> dict[int, Any]:
    """Give a contrary by part: each alternative is of the part of its first column."""
    kind, what = contrary
    if kind == "without":
        return {parts.label[keys[what]]: lambda _, at: (kind, at.column_at[keys[what]])}
    found: dict[int, list[list[Wish]]] = {}
    for wishes in what:
        found.setdefault(parts.label[keys[wishes[0][1][0]]], []).append(wishes)

    def of(mine: list[list[Wish]]) -> Any:
        def make(_: Part, at: Ground) -> Contrary:
            return kind, [[_wish(parts, at, w, keys) for w in wishes] for wishes in mine]

        return make

    return {place: of(mine) for place, mine in found.items()}


def _wish(parts: Parts, at: Ground, wish: Wish, keys: list[Key]) -> Wish:
    """Give a wish by the places of a part; a column of another part costs nothing."""
    units, places = wish
    inside = [at.column_at[keys[j]] for j in places if keys[j] in at.column_at]
    outside = [keys[j] for j in places if keys[j] not in at.column_at]
    return units - sum(parts.priced.columns[key][1] for key in outside), inside


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

    def __init__(self, case: Case) -> None:
        self.case, self.at = case, {key: j for j, key in enumerate(case.priced.columns)}
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
