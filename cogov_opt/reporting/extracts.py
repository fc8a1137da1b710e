"""
An extract: the records of one demand or one volunteer, provable alone against the root of a run.

It holds nobody else's record. Prices are given only where at least five compete: a price is
somebody's points, and among few it is plain whose (convention S15.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import kind_of, unknown_id
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.recording.extracts import FILE, MOST_SUBJECTS, Extracts, Leaf, audit_paths
from cogov_opt.recording.merkle import OUTSIDE
from cogov_opt.solving.stages import floor_of

FORMAT = "cogov_opt extract 1"
LEAST = 5
"""Members that a component must have for its prices to be given."""
OPEN_LINES = 40
TELLING = frozenset({"brings", "takes", "margin", "share", "by"})
"""Values of a record from which prices follow."""
SCARCE = ("law.capacity", "law.no_overlap", "law.agreement")
"""Rows whose prices are those of resources."""

Line = dict[str, Any]


def write_extract(
    run: Run, place: Path, language: Language = "en", contacts: object = None, *, subject: str
) -> None:
    """Write the extract of a demand or volunteer: codes and ids, in no language, without names."""
    place.write_bytes(extract(run, subject))


def extract(run: Run, subject: str) -> bytes:
    """
    Give the extract of a demand or volunteer.

    Raises
    ------
    UnsupportedError
        The run has no such demand or volunteer.
    """
    kind = kind_of(run, subject)
    if kind not in ("demand", "volunteer"):
        known = (*run.by_id("demands"), *run.by_id("volunteers"))
        raise UnsupportedError(unknown_id(subject, known), code="unknown_id")
    if FILE not in run.files:
        raise UnsupportedError(
            f"this run commits to no single records: it has more than {MOST_SUBJECTS:,} activities"
            " and volunteers together. Divide the round, or show the run itself."
        )
    return _Maker(run, kind, subject).made()


@dataclass(frozen=True)
class _Maker:
    """One extract being made."""

    run: Run
    kind: str
    subject: str

    @cached_property
    def tree(self) -> Extracts:
        """Give the tree over single records."""
        return Extracts(self.run.files)

    @cached_property
    def places(self) -> dict[tuple[str, ...], int]:
        """Give the place of each leaf by its name."""
        return {leaf.name: place for place, leaf in enumerate(self.tree.leaves)}

    def made(self) -> bytes:
        """Write the extract."""
        own = self.tree.leaves[self.places[self.kind, self.subject]]
        records = [self.tree.records[r["record"]] for r in own.payload["records"]]
        decision = decision_of(self.run)
        suppressed = members(decision, self.kind, self.subject) < LEAST
        found: dict[str, list[Line]] = {"lines": [], "scarce": [], "open": []}
        if not suppressed and isinstance(decision.evidence, Certificate):
            found = Lines(decision).of(self.kind, self.subject, records)
        left_out = found["open"][OPEN_LINES:]
        found["open"] = found["open"][:OPEN_LINES]
        told = (line for group in found.values() for line in group)
        rows = {(line["stage"], tuple(key)) for line in told for key, _ in line["items"]}
        prices = sorted(self.places["price", stage, *key] for stage, key in rows)
        places = [self.places[self.kind, self.subject], *prices]
        digests = [leaf.digest for leaf in self.tree.leaves]
        paths = audit_paths(digests, places)
        leaves = [_leaf(self.tree.leaves[place], place, paths[place]) for place in places]
        made = {
            "format": FORMAT, "subject": leaves[0], "prices": leaves[1:], "suppressed": suppressed,
            "values": dict(self._values(records, suppressed=suppressed)), **found,
            "left_out": len(left_out), "file": self._file(),
            "extracts": self.run.files[FILE].decode("utf-8"),
            "checkpoint": self.run.files["checkpoint"].decode("utf-8"),
        }  # fmt: skip
        return canonical_json(made) + b"\n"

    def _values(
        self, records: Sequence[Mapping[str, Any]], *, suppressed: bool
    ) -> Iterator[tuple[str, Any]]:
        """Open the values of the records, those that tell prices only where they may be told."""
        for record in records:
            if not (suppressed and TELLING & record["values"].keys()):
                salt = self.tree.salt(("values", record["record"])).hex()
                yield record["record"], {"salt": salt, "values": record["values"]}

    def _file(self) -> dict[str, Any]:
        """Give the place of extracts.json among the files of the run, and its path."""
        files = self.run.files
        paths = sorted((p for p in files if p not in OUTSIDE), key=lambda p: p.encode())
        index = paths.index(FILE)
        leaves = [p.encode() + b"\x00" + files[p] for p in paths]
        path = audit_paths(leaves, [index])[index]
        return {"index": index, "size": len(leaves), "path": path}


def _leaf(leaf: Leaf, index: int, path: list[str]) -> dict[str, Any]:
    return {"payload": leaf.payload, "salt": leaf.salt.hex(), "index": index, "path": path}


def members(decision: Decision, kind: str, subject: str) -> int:
    """Count the demands of a subject's component: those connected by shared resources (S15.5)."""
    candidates, instance = decision.formulation.candidates, decision.instance
    shared = instance.resources.kind[candidates.resource] != RESOURCE_KINDS.index("fund")
    demands = instance.needs.ints("demand_id")[candidates.need[shared]].tolist()
    resources = candidates.resource[shared].tolist()
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while above.setdefault(node, node) != node:
            above[node] = node = above[above[node]]
        return node

    for demand, resource in zip(demands, resources, strict=True):
        above[top(("demand", demand))] = top(("resource", resource))
    place = ("demand", instance.demands.index[subject]) if kind == "demand" else (
        "resource", instance.tables["volunteers"].index[subject])  # fmt: skip
    if kind == "volunteer" and place not in above:
        return 0
    mine = top(place)
    found = sum(top(node) == mine for node in list(above) if node[0] == "demand")
    return max(found, 1)


class Lines:
    """The lines of arithmetic of a decision's columns."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        evidence = decision.evidence
        self.stages = evidence.stages if isinstance(evidence, Certificate) else ()
        self.systems: list[Formulation] = []
        system = decision.formulation
        for found, stage in zip(self.stages, decision.formulation.stages, strict=False):
            self.systems.append(system)
            system = system.with_stage_row(stage, floor_of(stage, found.value - stage.constant))

    def of(
        self, kind: str, subject: str, records: Sequence[Mapping[str, Any]]
    ) -> dict[str, list[Line]]:
        """Give the lines that records speak of, what else they cite, and other columns' lines."""
        own = self._own(kind, subject)
        recorded: dict[tuple[int, int], None] = {}
        cited: dict[tuple[int, int], None] = {}
        for record in records:
            recorded |= dict.fromkeys(self._recorded(record, own))
            cited |= dict.fromkeys(self._cited(record, own))
        used = {column for column, _ in recorded}
        return {
            "lines": [self._line(column, place) for column, place in recorded],
            "scarce": [self._scarce(column, place) for column, place in cited],
            "open": sorted((self._open(c) for c in own if c not in used), key=_nearest),
        }

    def _own(self, kind: str, subject: str) -> list[int]:
        """Give the columns of a subject: its options and candidates, or its candidates."""
        f, instance = self.decision.formulation, self.decision.instance
        first = len(f.options)
        if kind == "volunteer":
            where = f.candidates.resource == instance.tables["volunteers"].index[subject]
            return (np.flatnonzero(where) + first).tolist()
        demand = instance.demands.index[subject]
        of_needs = instance.needs.ints("demand_id")[f.candidates.need] == demand
        options = [j for j in range(first) if f.columns.key(j)[1] == subject]
        return options + (np.flatnonzero(of_needs) + first).tolist()

    def _recorded(self, record: Mapping[str, Any], own: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Give the columns and stages whose whole line a record speaks of."""
        values, about = record["values"], record["about"]
        if "stage" not in values or record["type"] == "unmet":
            return
        need = about.get("need") or values["need"]
        place = (need, about["resource"], values.get("option", about.get("option", "")))
        for column in own:
            key = self.decision.formulation.columns.key(column)
            agreed = record["type"] == "unused" or key[-1] == about.get("agreement", "")
            if key[0] == "x" and key[1:4] == place and agreed:
                yield column, self._place(values)

    def _cited(self, record: Mapping[str, Any], own: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Give the columns and stages of what a record says is scarce."""
        values = record["values"]
        # What a refusal cites stands at prices of its own, not at those of a stage.
        by = [] if values.get("refused") else values.get("by", [])
        wanted = {(need, resource) for need, resource, _ in by}
        for column in own if wanted else ():
            key = self.decision.formulation.columns.key(column)
            if key[0] == "x" and key[1:3] in wanted and key[3] == values["option"]:
                yield column, self._place(values)

    def _place(self, values: Mapping[str, Any]) -> int:
        return next(i for i, s in enumerate(self.stages) if s.index == int(values["stage"]))

    def _open(self, column: int) -> Line:
        """Give a column's line at its decisive stage, or at the last where there is none."""
        places = (i for i, s in enumerate(self.stages) if int(s.reduced[column]))
        return self._line(column, next(places, len(self.stages) - 1))

    def _scarce(self, column: int, place: int) -> Line:
        """Give what a column takes of scarce resources alone."""
        whole, stage = self._line(column, place), self.stages[place]
        items = [item for item in whole["items"] if item[0][0] in SCARCE]
        rows = self.systems[place].rows.index
        total = sum(int(c) * int(stage.prices[rows[tuple(key)]]) for key, c in items)
        return whole | {"worth": "0", "items": items, "value": str(-total)}

    def _line(self, column: int, place: int) -> Line:
        """Give one line."""
        system, stage = self.systems[place], self.stages[place]
        f = self.decision.formulation
        worth = int(f.stages[place].costs[column]) * stage.scale
        items = [[list(key), str(value)] for key, value in _entries(system, stage, column)]
        return {
            "column": list(f.columns.key(column)), "stage": str(stage.index),
            "scale": str(stage.scale), "worth": str(worth), "items": items,
            "value": str(int(stage.reduced[column])),
        }  # fmt: skip


def _nearest(line: Line) -> tuple[int, Fraction, list[str]]:
    """Order lines by the latest stage, then the largest value."""
    worth = Fraction(int(line["value"]), int(line["scale"]))
    return -int(line["stage"]), -worth, line["column"]


def _entries(
    system: Formulation, stage: StageCertificate, column: int
) -> Iterator[tuple[Key, int]]:
    """Give key and coefficient of the priced rows of a column."""
    entries = np.flatnonzero(system.matrix.columns == column)
    rows = np.searchsorted(system.matrix.starts, entries, side="right") - 1
    for row, value in zip(rows.tolist(), system.matrix.values[entries].tolist(), strict=True):
        if int(stage.prices[row]):
            yield system.rows.key(row), int(value)
