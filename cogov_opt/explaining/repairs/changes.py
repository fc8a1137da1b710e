"""Which single changes may mend a conflict, and the edits that make them (convention S16.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.explaining.subjects import clauses_of
from cogov_opt.recording import Run

Row = Mapping[str, str]
LOWERED = ("at_least", "at_least_percent")
RAISED = ("at_most", "at_most_percent")
TWINS = (
    ("credentials", "volunteer_id"), ("availability", "resource_id"), ("affinities", "resource_id"),
)  # fmt: skip
TERMS = ("purposes", "cost_types", "groups", "areas", "spend_from", "spend_until")
"""Cells of a fund that restrict what it pays for."""
FEW = 4
"""Resources of one owner are much alike: so many of a kind are tried in all."""


@dataclass(frozen=True)
class Change:
    """
    A change of one thing, by size.

    `kind` is `clause` (a number of the card, `part` names it, or `lift`), `unit` (one more like a
    person or room, or units of a service), `amount` (money) or `earmark` (a fund's cell `part`
    blanked). `top` is the largest size worth trying; 1 where there is no size.
    """

    kind: str
    target: str
    part: str
    before: int
    top: int
    sign: int = 1

    def edits(self, run: Run, size: int) -> list[list[Any]]:
        """Give the edits of a size; none of size 0."""
        if size == 0:
            return []
        if self.kind == "clause" and self.part == "lift":
            return [["lift", self.target]]
        if self.kind == "clause":
            return [["clause", self.target, self.part, str(self.after(size))]]
        if self.kind == "earmark":
            return [["set", "funds", [self.target], self.part, ""]]
        if self.part == "twin":
            return [e for k in range(1, size + 1) for e in twin(run, self.target, k)]
        table = "funds" if self.kind == "amount" else "services"
        return [["set", table, [self.target], self.part, str(self.after(size))]]

    def after(self, size: int) -> int:
        """Give the number after a change of a size."""
        return self.before + self.sign * size


def twin(run: Run, name: str, number: int) -> Iterator[list[Any]]:
    """Add a person or room like another: its own row, credentials, times and affinities."""
    fresh = f"{name}+{number}"
    for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True):
        for row in run.table(table):
            if row[f"{kind}_id"] == name:
                cells = _filled(row) | {f"{kind}_id": fresh}
                cells.pop("part_of", None)
                yield ["add", table, cells]
    for table, column in TWINS:
        for row in run.table(table):
            if row[column] == name:
                yield ["add", table, _filled(row) | {column: fresh}]
    for row in run.table("agreements"):
        if row["resource_id"] == name:
            named = {"agreement_id": f"{row['agreement_id']}+{fresh}", "resource_id": fresh}
            yield ["add", "agreements", _filled(row) | named]


def _filled(row: Row) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell}


def owner_of(run: Run, change: Change) -> str:
    """Name the actor that may grant a change; "" where the card's own body must."""
    if change.kind == "clause":
        return str(clauses_of(run)[change.target].get("owner") or "")
    for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True):
        for row in run.table(table):
            if row[f"{kind}_id"] == change.target:
                return row["actor_id"]
    return ""


def candidates(run: Run, told: Mapping[str, Any], proof: list[tuple[str, ...]]) -> list[Change]:
    """List the changes that may mend a conflict, the clauses' own first."""
    found = [change for clause in told["clauses"] for change in _of_clause(run, clause)]
    found += _of_resources(run, proof)
    return found


def _of_clause(run: Run, clause: str) -> Iterator[Change]:
    """Lower or raise the number of a clause, or lift it."""
    line = clauses_of(run)[clause]
    for part in (*LOWERED, *RAISED):
        number = line.get(part)
        if isinstance(number, int) and not isinstance(number, bool):
            down = part in LOWERED
            top = number if down else max(100 - number, 0) if "percent" in part else 10**6
            if top:
                yield Change("clause", clause, part, number, top, -1 if down else 1)
            return
    yield Change("clause", clause, "lift", 0, 1)


def _of_resources(run: Run, proof: list[tuple[str, ...]]) -> Iterator[Change]:
    """More of what the proof calls scarce: units, money, one more like a person or room."""
    names = sorted({_resource(key) for key in proof} - {""})
    kinds = {
        row[f"{kind}_id"]: (kind, row)
        for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True)
        for row in run.table(table)
    }
    alike: dict[tuple[str, str], int] = {}
    asked = sum(int(n["quantity"]) for n in run.table("needs") if n["kind"] == "service")
    for name in (n for n in names if n in kinds):
        kind, row = kinds[name]
        alike[kind, row["actor_id"]] = alike.get((kind, row["actor_id"]), 0) + 1
        if sum(alike.values()) > FEW or alike[kind, row["actor_id"]] > 1:
            continue
        if kind == "service":
            yield Change("unit", name, "capacity", int(row["capacity"]), max(asked, 1))
        elif kind == "fund":
            yield Change("amount", name, "amount", int(row["amount"]), _most_money(run))
        else:
            yield Change("unit", name, "twin", 1, 8)
    if any(kinds.get(name, ("", {}))[0] == "fund" for name in names):
        for fund in run.table("funds"):
            for part in (p for p in TERMS if fund[p]):
                yield Change("earmark", fund["fund_id"], part, 0, 1)


def _resource(key: tuple[str, ...]) -> str:
    """Name the resource a row of the law limits."""
    if key[0] == "law.capacity" and key[1] != "used":
        return key[2]
    return key[1] if key[0] == "law.no_overlap" else ""


def _most_money(run: Run) -> int:
    """Give more money than everything in the data could cost."""
    bought = sum(int(n["quantity"] or 0) for n in run.table("needs") if n["kind"] == "fund")
    return max(bought, 1) + 10**7
