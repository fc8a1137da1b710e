"""What single units are worth on a flow, and what would serve its short needs (S10.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import feasibility, measures
from .coupled_units import LESS, MORE, Worth
from .face import HUB, Face
from .facts import KINDS
from .ways import NONE, Graph

if TYPE_CHECKING:
    from .case import Case
    from .face import Arc
    from .facts import Need
    from .priced import Key, Row

MOST_NAMES = 10


class Chance(NamedTuple):
    """A row of chances.csv."""

    demand: str
    need: str
    rise: str
    units: int | None
    named: tuple[str, ...]
    others: str
    proven: str = "exact"


class Units:
    """The graph of a flow's plan, whose each limit is, and where units of resources come from."""

    def __init__(self, case: Case) -> None:
        self.case = case
        face = Face.of_columns(case)
        self.given = face.given()
        self.graph = Graph(case, face)
        self.rows = {row.key: row for row, _ in face.capacity}
        self.owner = {key: _owner(row) for key, row in self.rows.items()}
        self.around = {
            a.head: a.tail for a in self.graph.arcs if a.column is None and a.head in self.rows
        }
        self.uses = [arc for arc in self.graph.arcs if arc.column is not None]
        self.barred = {
            key
            for row in case.priced.rows
            if row.upper == 0 and not row.key[0].startswith("law.")
            for key, _ in row.terms
        }
        self.by_origin: dict[Key, list[Arc]] = {}
        for arc in self.uses:
            self.by_origin.setdefault(self.origin(arc), []).append(arc)
        self.homes = {node: self.graph.home(self.graph.at[node]) for node in self.by_origin}
        self.gains: dict[Key, int] = {}
        """What one unit more used as a column gains, where it can be."""
        self.best: dict[str, int] = {}
        for node, arcs in self.by_origin.items():
            self._weigh(arcs, self.homes[node])

    def _weigh(self, arcs: list[Arc], home: list[int | None]) -> None:
        """Find what the best uses of resources gain whose units come from one node."""
        for arc in arcs:
            key, way = _column(arc), home[self.graph.at[arc.head]]
            best = self.best.get(key[2], 0)
            if way is not None and key not in self.barred:
                self.gains[key] = gain = self.worth(key) - way
                best = max(best, gain)
            self.best[key[2]] = best

    def origin(self, arc: Arc) -> Key:
        """Give the node a resource's units come from: above its own rows."""
        node = arc.tail
        while self.owner.get(node) is not None:
            node = self.around[node]
        return node

    def worth(self, column: Key) -> int:
        """Give what one unit of a column adds at all stages, as one number."""
        return self.graph.one(s.costs.get(column, 0) for s in self.case.priced.stages)

    def values(self) -> list[Worth]:
        """Give what one unit more or less of each resource is worth, where that is not 0."""
        found = [self._told(name, MORE, gain) for name, gain in self.best.items() if gain]
        return found + [self._told(name, LESS, lost) for name, lost in self._lost().items() if lost]

    def _told(self, resource: str, change: str, number: int) -> Worth:
        place, worth = self.graph.first(number)
        index = self.case.priced.stages[place].index
        return Worth(resource, change, index, worth, worth, "exact")

    def _lost(self) -> dict[str, int]:
        """Give the loss of the dearest limit of each resource one lower."""
        full = []
        for key, row in self.rows.items():
            owner, total = self.owner[key], feasibility.activity(row, self.case.values)
            if owner is not None and 0 < total == row.upper:
                top, most = key, 0
                while self.owner.get(top) is not None:
                    top, most = self.around[top], len(self.rows[top].terms)
                if len(row.terms) == most:
                    full.append((owner, top, key, 0))
        for arc in self.uses:
            key = _column(arc)
            bare = self.owner.get(arc.tail) is None
            if bare and 0 < self.case.values.get(key, 0) == self.case.priced.columns[key][1]:
                full.append((key[2], arc.tail, arc.head, self.worth(key)))
        away = {tail: self.graph.away(self.graph.at[tail]) for tail in {one[1] for one in full}}
        found: dict[str, int] = {}
        for owner, tail, head, worth in full:
            way = away[tail][self.graph.at[head]] or 0
            found[owner] = max(found.get(owner, 0), worth + way)
        return found

    def chances(self) -> list[Chance]:
        """Give what would have served each need that is short and has a candidate."""
        certain, possible = self._served()
        away = self.graph.away(self.graph.at[HUB])
        kinds = {name: (KINDS.index(r.kind), name) for name, r in self.case.facts.resources.items()}
        found = []
        for name in sorted({arc.head[0] for arc in self.uses}):
            need = self.case.facts.needs[name]
            if self.given[name] >= need.quantity:
                continue
            node = self.graph.at[name,]
            helping = sorted(certain.get(node, []), key=kinds.__getitem__)
            others = "" if helping else "some" if node in possible else "none"
            others = "tied" if self._level(node, away) else others
            named = tuple(helping[:MOST_NAMES])
            rise = self._rise(need, away)
            found.append(Chance(need.demand, name, rise, len(helping), named, others))
        return found

    def _served(self) -> tuple[dict[int, list[str]], set[int]]:
        """Give by need the resources of which a unit more serves it for certain; and all it may."""
        ends: dict[str, set[int]] = {r: set() if best else {NONE} for r, best in self.best.items()}
        possible: set[int] = set()
        for origin, home in self.homes.items():
            best = self.graph.best(self.graph.at[origin], home)
            ways = best.ends()
            starts = set()
            for arc in self.by_origin[origin]:
                key, need = _column(arc), self.graph.at[arc.head]
                if self.gains.get(key) == self.best[key[2]]:
                    starts.add(need)
                    ends[key[2]].update(ways[need])
            possible |= best.served(starts)
        certain: dict[int, list[str]] = {}
        for name, found in ends.items():
            if len(found) == 1 and NONE not in found:
                certain.setdefault(found.pop(), []).append(name)
        return certain, possible

    def _level(self, node: int, away: list[int | None]) -> bool:
        """Tell whether a plan as good at every stage gives a need one more."""
        return any(
            end == node and away[node] is not None and (away[node] or 0) + cost == 0
            for _, cost, end in self.graph.out[node]
        )

    def _rise(self, need: Need, away: list[int | None]) -> str:
        """Give the smallest rise in points that serves a demand for certain (S10.9)."""
        case = self.case
        demand = case.facts.demands[need.demand]
        points = measures.points(case.card.points, demand)
        (option,) = demand.options
        column = ("y", demand.id, option)
        if demand.id in case.plan.served or not need.minimum or not points:
            return ""
        way = away[self.graph.at[need.id,]]
        weights = [s.costs.get(column, 0) // points for s in case.priced.stages]
        counts = next((k for k, w in enumerate(weights) if w > 0), None)
        if way is None or counts is None:
            return "none"
        place, lost = self.graph.first(way - self.worth(column))
        if lost and place < counts:
            return "none"
        return str(lost // weights[counts] + 1 if place == counts else 1)


def _column(arc: Arc) -> Key:
    return arc.column or ()


def _owner(row: Row) -> str | None:
    """Name the resource whose columns alone stand in a row."""
    names = {key[2] for key, _ in row.terms if key[0] == "x"}
    return names.pop() if len(names) == 1 else None
