"""
The face of a flow: all plans as good on every stage, and how they differ (convention S11.3).

Where the prices of every stage leave no gap, every plan as good keeps the columns whose reduced
value is not 0 and the rows that carry a price. What is left is a circulation: plans differ by
cycles along which a unit moves. Written in plain loops.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from . import feasibility
from .case import shown
from .components import bridges, strong_components

if TYPE_CHECKING:
    from .case import Case
    from .priced import Key, Row

HUB: Key = ()
NEED_ROWS = frozenset({"need", "least", "most"})
NO_FLOW = "not a flow"


class NoFlowError(ValueError):
    """The formulation has not the structure the test is exact for."""


class Arc(NamedTuple):
    """Where a unit may move: forwards as one more, backwards as one less; x columns are named."""

    tail: Key
    head: Key
    column: Key | None
    forwards: bool
    backwards: bool


def is_exact(case: Case) -> bool:
    """Tell whether every stage of a flow run is proven without any gap: B = S c x (S10.7)."""
    whole = len(case.proofs) == len(case.priced.stages) > 0
    return (
        whole
        and case.opened.run.get("route") == "flow"
        and all(p.bound_scaled == p.scale * p.published for p in case.proofs)
    )


@dataclass(frozen=True, slots=True)
class Face:
    """
    What may still move in a run.

    `loose` are the columns not settled, `held` the rows that carry a price, `capacity` the
    capacity rows with the loose x in them.
    """

    case: Case
    loose: set[Key]
    held: set[Key]
    capacity: list[tuple[Row, list[Key]]]

    @classmethod
    def of(cls, case: Case) -> Face:
        """
        Give the face the stages leave.

        Raises
        ------
        NoFlowError
            The formulation is not a flow.
        """
        _check_demands(case)
        first, *others = [proof.reduced for proof in case.proofs]
        loose = {
            key
            for key, value in first.items()
            if not value and not any(reduced[key] for reduced in others)
        }
        held = {key for proof in case.proofs for key in proof.prices}
        return cls(case, loose, held, _capacity(case, loose, held))

    @classmethod
    def of_columns(cls, case: Case) -> Face:
        """Give the whole circulation, nothing held; NoFlowError as above."""
        _check_demands(case)
        loose = set(case.priced.columns)
        return cls(case, loose, set(), _capacity(case, loose, set()))

    def narrowed(self, loose: set[Key], held: set[Key]) -> Face:
        """Give the face with fewer loose columns and more held rows."""
        kept = ((row, [key for key in keys if key in loose]) for row, keys in self.capacity)
        return replace(self, loose=loose, held=held, capacity=[one for one in kept if one[1]])

    def arcs(self) -> list[Arc]:
        """Give the edges of S11.3."""
        values, columns = self.case.values, self.case.priced.columns
        inner, outer = self._nested()
        found = []
        for key in sorted(key for key in self.loose if key[0] == "x"):
            x, cap = values.get(key, 0), columns[key][1]
            found.append(Arc(inner.get(key, HUB), key[1:2], key, x < cap, x > 0))
        for row, _ in self.capacity:
            if row.key not in self.held:
                total = feasibility.activity(row, values)
                fuller = row.upper is None or total < row.upper
                found.append(Arc(outer[row.key], row.key, None, fuller, total > 0))
        for need, given in self.given().items():
            found.append(Arc((need,), HUB, None, *self._moves(need, given)))
        return found

    def _nested(self) -> tuple[dict[Key, Key], dict[Key, Key]]:
        """Give the innermost capacity row of every loose x, and the row around every row."""
        inner: dict[Key, Key] = {}
        outer: dict[Key, Key] = {}
        for row, loose in sorted(self.capacity, key=lambda found: -len(found[1])):
            around = {inner.get(key, HUB) for key in loose}
            if len(around) > 1:
                raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
            outer[row.key] = around.pop()
            inner.update(dict.fromkeys(loose, row.key))
        return inner, outer

    def given(self) -> dict[str, int]:
        """Give what every need gets that a loose x leads to."""
        given = {key[1]: 0 for key in sorted(self.loose) if key[0] == "x"}
        for (need, _, _, _), units in self.case.plan.given.items():
            if need in given:
                given[need] += units
        return given

    def _moves(self, name: str, given: int) -> tuple[bool, bool]:
        """Tell whether a need may get one more, and one less (S11.3)."""
        need = self.case.facts.needs[name]
        demand = self.case.facts.demands[need.demand]
        (option,) = demand.options
        served: Key = ("y", demand.id, option)
        chosen = served in self.loose
        if need.minimum == need.quantity:
            return (given == 0 and chosen, given > 0 and chosen)
        if ("law.set", "most", name, option) in self.held:
            return False, False
        least = need.minimum == 0 or ("law.set", "least", name, option) not in self.held
        begins = not self.case.values.get(served, 0)
        ends = need.minimum == 1 and given == 1
        more = given < need.quantity and (chosen if begins else least)
        return more, given > 0 and (chosen if ends else least)


def tied(face: Face) -> set[Key]:
    """
    Give the x columns to which some plan of the face gives another amount (S10.7).

    They lie on a cycle: within a strong component and, if they may go both ways, not alone in
    joining what they join.
    """
    arcs = face.arcs()
    ends = [(a.tail, a.head) for a in arcs if a.forwards]
    ends += [(a.head, a.tail) for a in arcs if a.backwards]
    component = strong_components(ends)
    inside = [
        a for a in arcs if (a.forwards or a.backwards) and component[a.tail] == component[a.head]
    ]
    both = any(a.column and a.forwards and a.backwards for a in inside)
    alone = bridges([(a.tail, a.head) for a in inside]) if both else set()
    return {a.column for i, a in enumerate(inside) if a.column and i not in alone}


def open_refusals(face: Face) -> set[Key]:
    """Give the candidates that get nothing though no reduced value says why (S10.7)."""
    values, columns = face.case.values, face.case.priced.columns
    return {
        key for key in face.loose if key[0] == "x" and columns[key][1] and not values.get(key, 0)
    }


def _check_demands(case: Case) -> None:
    """Tell whether demands are shaped like those of a flow (S11.3)."""
    for demand in case.facts.demands.values():
        needs = demand.needs
        if len(needs) != 1 or len(demand.options) != 1 or needs[0].kind == "fund":
            raise NoFlowError(f"{NO_FLOW}: {demand.id}")
        if needs[0].minimum > 1 or needs[0].minimum == needs[0].quantity > 1:
            raise NoFlowError(f"{NO_FLOW}: {needs[0].id}")


def _capacity(case: Case, loose: set[Key], held: set[Key]) -> list[tuple[Row, list[Key]]]:
    """Give the capacity rows that hold loose columns, with these."""
    found = []
    moving = {key[2] for key in loose if key[0] == "x"}
    for row in case.priced.rows:
        if row.of and row.of not in moving:
            continue
        family = row.key[1] if row.key[0] == "law.set" else ""
        if family:
            _check_family(row, family, priced=row.key in held)
        elif row.key[0] != "stage":
            inside = [term for term in row.terms if term[0] in loose]
            if inside:
                if row.lower is not None or any(k[0] != "x" or c != 1 for k, c in inside):
                    raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
                found.append((row, [key for key, _ in inside]))
    return found


def _check_family(row: Row, family: str, *, priced: bool) -> None:
    """Of the rows of sets a flow has those of needs and links; only the former are priced."""
    if family != "link" and family not in NEED_ROWS:
        raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
    if priced and family == "link":
        raise NoFlowError(f"a price on {shown(row.key)}")
