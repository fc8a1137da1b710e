"""
The face of a run: every plan as good on every stage, and what these differ in (convention S10.7).

A stage whose prices prove its plan without a gap leaves no other plan as good a choice where a
reduced value is not 0, nor slack in a row that carries a price. What is free is a circulation:
plans as good differ from this one by cycles along which a unit may be moved. Written in loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from . import feasibility
from .components import bridges, strong_components

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .case import Case
    from .priced import Key, Row

HUB: tuple[str, ...] = ()
NEED_ROWS = frozenset({"need", "least", "most"})


class Arc(NamedTuple):
    """Something that may move between two nodes, and whether by a unit more or a unit less."""

    tail: Key
    head: Key
    column: Key | None
    more: bool
    less: bool


@dataclass(slots=True)
class Face:
    """What may still move: nodes are the hub, limits and needs; `arcs` are those not held."""

    arcs: list[Arc] = field(default_factory=list)

    def tied(self) -> set[Key]:
        """Give the x columns that another plan as good gives another amount."""
        ends = [(a.tail, a.head) for a in self.arcs if a.more]
        ends += [(a.head, a.tail) for a in self.arcs if a.less]
        component = strong_components(ends)
        inside = [a for a in self.arcs if component.get(a.tail, -1) == component.get(a.head, -2)]
        asked = {i for i, a in enumerate(inside) if a.more and a.less and _is_x(a)}
        lonely = bridges([(a.tail, a.head) for a in inside]) if asked else set()
        return {
            a.column
            for i, a in enumerate(inside)
            if a.column is not None and _is_x(a) and i not in lonely
        }


def _is_x(arc: Arc) -> bool:
    return arc.column is not None and arc.column[0] == "x"


def is_exact(case: Case) -> bool:
    """Tell whether every stage is proven without any gap: B = S c x of the plan published."""
    return bool(case.proofs) and all(
        proof.bound_scaled == proof.scale * proof.published for proof in case.proofs
    )


def face_of(case: Case) -> Face | None:
    """Give the face of a run that is exact at every stage; None where it is no circulation."""
    free = _free(case)
    if not free:
        return Face()
    limits, needs, plain = _rows(case.priced.rows, free)
    chains = _chains(free, limits)
    if not plain or chains is None:
        return None
    held = {key for proof in case.proofs for key in proof.prices}
    face = Face()
    _add_limits(face, case, limits, chains, held)
    for key in sorted(free):
        node, used = (key[1], key[3]), case.values.get(key, 0)
        inner = chains[key][-1] if chains[key] else HUB
        top = case.priced.columns[key][1]
        face.arcs.append(Arc(inner, node, key, more=used < top, less=used > 0))
    for node in sorted({(key[1], key[3]) for key in free}):
        if not _add_need(face, case, node, needs.get(node, {}), held):
            return None
    return face


def _free(case: Case) -> set[Key]:
    """Give the x columns whose reduced value is 0 at every stage and that may move at all."""
    first, *others = [proof.reduced for proof in case.proofs]
    return {
        key
        for key, value in first.items()
        if not value and key[0] == "x" and not any(r.get(key, 0) for r in others)
        if case.priced.columns[key][0] < case.priced.columns[key][1]
    }


def unsettled(case: Case) -> set[Key]:
    """Give the refusals that no reduced value settles: the prices owe a line for each (S10.7)."""
    return {key for key in _free(case) if not case.values.get(key, 0)}


def _rows(
    rows: Iterable[Row], free: set[Key]
) -> tuple[dict[Key, tuple[Row, list[Key]]], dict[Key, dict[str, Row]], bool]:
    """Give the limits on free columns with these, the rows of needs, and whether all is plain."""
    limits: dict[Key, tuple[Row, list[Key]]] = {}
    needs: dict[Key, dict[str, Row]] = {}
    plain = True
    for row in rows:
        family = row.key[1] if row.key[0] == "law.set" else ""
        if row.key[0] == "stage" or family == "link":
            continue
        if family in NEED_ROWS:
            needs.setdefault(row.key[2:], {})[family] = row
            continue
        mine = [(key, a) for key, a in row.terms if key in free]
        if mine:
            plain = plain and not family and row.lower is None and row.upper is not None
            plain = plain and all(a == 1 for _, a in mine)
            limits[row.key] = row, [key for key, _ in mine]
    return limits, needs, plain


def _chains(
    free: set[Key], limits: dict[Key, tuple[Row, list[Key]]]
) -> dict[Key, list[Key]] | None:
    """Give for each free column its limits from the widest in; None where they do not nest."""
    chains: dict[Key, list[Key]] = {key: [] for key in free}
    for name in sorted(limits, key=lambda n: (-len(limits[n][1]), n)):
        for key in limits[name][1]:
            chains[key].append(name)
    around: dict[Key, Key] = {}
    for chain in chains.values():
        for outer, inner in zip([HUB, *chain], chain, strict=False):
            if around.setdefault(inner, outer) != outer:
                return None
    return chains


def _add_limits(
    face: Face,
    case: Case,
    limits: dict[Key, tuple[Row, list[Key]]],
    chains: dict[Key, list[Key]],
    held: set[Key],
) -> None:
    """Add the arc into each limit that no stage holds tight."""
    for name, (row, members) in sorted(limits.items()):
        if name in held:
            continue
        chain = chains[members[0]]
        place = chain.index(name)
        outer = chain[place - 1] if place else HUB
        used = feasibility.activity(row, case.values)
        face.arcs.append(Arc(outer, name, None, more=used < (row.upper or 0), less=used > 0))


def _add_need(face: Face, case: Case, node: Key, rows: dict[str, Row], held: set[Key]) -> bool:
    """Add the arcs from a need back to the hub; False where it is not met one unit at a time."""
    need = case.facts.needs[node[0]]
    choice = ("y", need.demand, node[1])
    served = case.values.get(choice, 0)
    moves = not any(proof.reduced.get(choice, 0) for proof in case.proofs)
    if need.minimum > 1 and moves:
        return False
    strict = 1 if need.minimum else 0
    if strict and moves:
        face.arcs.append(Arc(node, HUB, choice, more=not served, less=served > 0))
    if need.minimum < need.quantity and not any(row.key in held for row in rows.values()):
        units = sum(
            case.values.get(key, 0) for key, a in rows["most"].terms if key[0] == "x" and a == 1
        )
        over = units - strict * served
        most = need.quantity - strict
        face.arcs.append(Arc(node, HUB, None, more=over < most, less=over > 0))
    return True
