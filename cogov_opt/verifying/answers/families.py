"""Every change of each kind that could be made for a demand, listed anew (convention S16.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .. import candidates, eligibility
from ..reading_tables import RESOURCE_TABLES
from .edits import text_of
from .mending import agreements, earmarks, skills

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..facts import Facts, Row
    from ..policy import Card
    from .edits import Edit

SHIFTS = (
    -120,
    -60,
    -30,
    30,
    60,
    120,
    *(1440 * d for d in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)),
)
MORE = "+1"


@dataclass(frozen=True, slots=True)
class Member:
    """One change: its target, and its edits by size; `top` is the largest size, 0 without sizes."""

    target: str
    edits: Callable[[int], list[Edit]]
    top: int = 0
    size: int = 0
    """The size of a change that has no others."""


@dataclass(slots=True)
class Ground:
    """What the families are listed from: facts, card, the demand, and its failing tests."""

    facts: Facts
    card: Card
    demand: str
    availability: list[Row]

    def table(self, name: str) -> list[Row]:
        """Give the rows of a table."""
        return self.availability if name == "availability" else self.facts.tables[name]

    def pairs(self, kind: str) -> Iterator[tuple[Any, Any, Any, frozenset[str]]]:
        """List need, option, resource and failing tests of every pair of a kind."""
        demand = self.facts.demands[self.demand]
        for need in demand.needs:
            if need.kind == kind:
                for option in demand.options.values():
                    for resource in self.facts.of_kind(kind):
                        tests = eligibility.failing_tests(self.facts, need, resource, option)
                        yield need, option, resource, frozenset(tests)


def family(at: Ground, kind: str) -> list[Member]:
    """Give every change of a kind for a demand."""
    return _FAMILIES[kind](at)


def _priority(at: Ground) -> list[Member]:
    row = at.facts.demands[at.demand].row
    level = row.get("priority") or 3
    if row.get("points") is not None or level == 1:
        return []
    return [Member(
        at.demand,
        lambda size: [["set", "demands", [at.demand], "priority", str(level - size)]],
        top=level - 1,
    )]  # fmt: skip


def _unit(at: Ground) -> list[Member]:
    needs = at.facts.demands[at.demand].needs
    kinds = {n.kind for n in needs} - {"fund"}
    most = sum(n.quantity for n in needs if n.kind == "service")
    found = []
    for table, kind in RESOURCE_TABLES:
        for resource in at.facts.of_kind(kind) if kind in kinds else ():
            if kind == "service":
                found.append(_more_units(at, resource, most))
            else:
                edits = _one_more(at, table, kind, resource)
                found.append(Member(resource.id, lambda _, e=edits: e, size=1))  # type: ignore[misc]
    return found


def _more_units(at: Ground, resource: Any, most: int) -> Member:
    use = max(at.facts.affinity(resource.id, at.demand).use_units, 1)
    return Member(
        resource.id,
        lambda size: [
            ["set", "services", [resource.id], "capacity", str(resource.capacity + size)]
        ],
        top=max(most * use, 1),
    )


def _one_more(at: Ground, table: str, kind: str, resource: Any) -> list[Edit]:
    """Give one more like it: its row, and the rows of four other tables that name it."""
    twin = resource.id + MORE
    row = _cells(resource.row) | {f"{kind}_id": twin}
    row.pop("part_of", None)
    edits: list[Edit] = [["add", table, row]]
    for other, column in (
        ("availability", "resource_id"), ("credentials", "volunteer_id"),
        ("affinities", "resource_id"),
    ):  # fmt: skip
        edits += [
            ["add", other, _cells(line) | {column: twin}]
            for line in at.table(other)
            if line[column] == resource.id
        ]
    for line in at.table("agreements"):
        if line.get("resource_id") == resource.id:
            named = {"agreement_id": line["agreement_id"] + MORE + twin, "resource_id": twin}
            edits.append(["add", "agreements", _cells(line) | named])
    return edits


def _cells(row: Row) -> dict[str, str]:
    """Give the cells of a row that are not blank, as canonical text."""
    return {column: text_of(value) for column, value in row.items() if text_of(value)}


def _option(at: Ground) -> list[Member]:
    package = at.facts.package
    times: dict[str, list[tuple[str, str]]] = {}
    for row in at.table("options"):
        if row["demand_id"] == at.demand and row["start"]:
            times.setdefault(row["option_id"], []).append((row["start"], row["end"]))
    known = {_moved(spans, 0) for spans in times.values()}
    found = []
    for option, spans in times.items():
        for shift in SHIFTS:
            moved = _moved(spans, shift)
            days = [moment[:10] for span in moved for moment in span]
            start, end = package["horizon"]["start"], package["horizon"]["end"]
            if moved in known or not all(start <= day < end for day in days):
                continue
            known.add(moved)
            name = f"~{option}{shift:+d}"
            edits: list[Edit] = [
                ["add", "options",
                 {"demand_id": at.demand, "option_id": name, "start": s, "end": e}]
                for s, e in moved
            ]  # fmt: skip
            found.append(Member(name, lambda _, e=edits: e))  # type: ignore[misc]
    return found


def _moved(spans: list[tuple[str, str]], shift: int) -> tuple[tuple[str, str], ...]:
    step = timedelta(minutes=shift)
    return tuple(
        (
            (datetime.fromisoformat(start) + step).isoformat(timespec="minutes"),
            (datetime.fromisoformat(end) + step).isoformat(timespec="minutes"),
        )
        for start, end in sorted(spans)
    )


def _amount(at: Ground) -> list[Member]:
    """More money in each fund that may pay; at most what the demand could ever have to pay."""
    able = candidates.of(at.facts)
    needs = at.facts.demands[at.demand].needs
    options = list(at.facts.demands[at.demand].options.values())
    top = sum(n.quantity for n in needs if n.kind == "fund")
    for need in needs:
        costs = [c.cost for o in options for c in able.get(need.id, {}).get(o.id, [])]
        top += need.quantity * max(costs, default=0)
    payers = sorted({
        c.resource for n in needs if n.kind == "fund" for o in options
        for c in able.get(n.id, {}).get(o.id, [])
    })  # fmt: skip
    return [_more_money(at.facts, name, top) for name in payers if top > 0]


def _more_money(facts: Facts, name: str, top: int) -> Member:
    amount = facts.resources[name].row["amount"]
    return Member(
        name, lambda size: [["set", "funds", [name], "amount", str(amount + size)]], top=top
    )


def _clause(at: Ground) -> list[Member]:
    return [
        Member(clause.id, lambda _, e=[["lift", clause.id]]: e)  # type: ignore[misc]
        for clause in at.card.clauses
    ]


def _mended(
    lister: Callable[[Ground], list[tuple[str, list[Edit]]]],
) -> Callable[[Ground], list[Member]]:
    def made(at: Ground) -> list[Member]:
        return [Member(t, lambda _, e=e: e) for t, e in lister(at)]  # type: ignore[misc]

    return made


_FAMILIES: dict[str, Callable[[Ground], list[Member]]] = {
    "priority": _priority, "unit": _unit, "skill": _mended(skills), "option": _option,
    "agreement": _mended(agreements), "earmark": _mended(earmarks), "amount": _amount,
    "clause": _clause,
}  # fmt: skip
KINDS = tuple(_FAMILIES)
