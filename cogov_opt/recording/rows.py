"""The rows of allocation.csv and unmet.csv (convention S13.1, S13.2)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Trace
from cogov_opt.domain.formulation import Allocation
from cogov_opt.domain.justification import Explained, Justification
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.recording.purchases import OUTSIDE, Payer, Purchase, north_west

ALLOCATION_COLUMNS = (
    "demand", "option", "start", "end", "need", "kind", "resource", "quantity", "unit", "cost",
    "cost_type", "buys", "giver", "taker", "payee", "agreement", "origin", "record",
)  # fmt: skip
UNMET_COLUMNS = ("demand", "need", "asked", "given", "short", "code", "record")

Row = dict[str, Any]


class AllocationRows:
    """The allocation of one decision, written out row by row."""

    def __init__(self, explained: Explained, allocation: Allocation) -> None:
        self.explained = explained
        self.allocation = allocation
        self.decision = explained.decision
        self.instance = explained.decision.instance
        self.candidates = explained.decision.formulation.candidates
        self.resources = self.instance.resources
        self.actors = self.instance.actors.ids
        self.options = self.instance.options
        self.needs = self.instance.needs
        # Ids are made anew each time they are asked for; these are asked for row by row.
        self.need_ids = self.needs.ids
        self.demand_ids = self.instance.demands.ids
        self.agreement_ids = self.instance.agreements.ids
        self.need_kinds = self.needs.ints("kind").tolist()
        self.origin = "procedure" if isinstance(self.decision.evidence, Trace) else "optimised"

    @cached_property
    def records(self) -> dict[tuple[str, ...], Justification]:
        """Give the assignment record of each (demand, option, need, resource, agreement)."""
        fields = ("demand", "option", "need", "resource", "agreement")
        return {
            tuple(r.about.get(f, "") for f in fields): r
            for r in self.explained.records
            if r.type == "assignment"
        }

    @cached_property
    def performers(self) -> list[str]:
        """Give who carries each demand out."""
        demands = self.instance.demands
        given = demands.ints("performer_id")
        return [self.actors[i] for i in np.where(given < 0, demands.ints("actor_id"), given)]

    @cached_property
    def used(self) -> dict[int, list[int]]:
        """Give the candidates in use of each need, in candidate order."""
        found: dict[int, list[int]] = {}
        for c in np.flatnonzero(self.allocation.units > 0).tolist():
            found.setdefault(int(self.candidates.need[c]), []).append(c)
        return found

    @cached_property
    def money(self) -> dict[tuple[int, int], int]:
        """Give the place of each (need, option) among the money columns."""
        m = self.decision.formulation.money
        pairs = zip(m.need.tolist(), m.option.tolist(), strict=True)
        return {pair: i for i, pair in enumerate(pairs)}

    def rows(self) -> list[Row]:
        """Give all rows, sorted."""
        found: list[Row] = []
        for demand, option in enumerate(self.allocation.option.tolist()):
            if option >= 0:
                found.extend(self._of_demand(demand, option))
        keys = ("demand", "option", "need", "resource", "agreement", "buys", "payee")
        return sorted(found, key=lambda row: tuple(row[k] for k in keys))

    def _of_demand(self, demand: int, option: int) -> list[Row]:
        """Give the rows of one served demand; one empty row where it got nothing."""
        frame = self._frame(demand, option)
        found: list[Row] = []
        for need in self.instance.needs_of.row(demand).tolist():
            if RESOURCE_KINDS[self.need_kinds[need]] == "fund":
                found.extend(self._of_money(frame, need, option))
            else:
                found.extend(self._of_use(frame, need, c) for c in self.used.get(need, ()))
        return found or [frame | {"quantity": 0, "origin": self.origin}]

    def _frame(self, demand: int, option: int) -> Row:
        """Give what all rows of a demand have in common."""
        o = self.options
        first, last = int(o.first[option]), int(o.first[option + 1])
        calendar = self.instance.calendar
        blank: Row = dict.fromkeys(ALLOCATION_COLUMNS, "")
        blank |= {"demand": self.demand_ids[demand], "option": o.ids[option]}
        blank |= {"taker": self.performers[demand], "cost": 0}
        if first < last:
            blank["start"] = calendar.text(int(o.starts[first:last].min()))
            blank["end"] = calendar.text(int(o.ends[first:last].max()))
        return blank

    def _of_use(self, frame: Row, need: int, candidate: int) -> Row:
        """Give the row of one volunteer, space or service in use."""
        c = self.candidates
        resource = int(c.resource[candidate])
        units = int(self.allocation.units[candidate])
        agreement = int(c.agreement[candidate])
        row = frame | {
            "need": self.need_ids[need],
            "kind": RESOURCE_KINDS[int(self.resources.kind[resource])],
            "resource": self.resources.ids[resource],
            "quantity": units,
            "unit": self._unit(resource),
            "cost": units * int(c.unit_cost[candidate]),
            "giver": self.actors[self.resources.actor[resource]],
            "agreement": self.agreement_ids[agreement] if agreement >= 0 else "",
        }
        return row | self._recorded(row)

    def _recorded(self, row: Row) -> Row:
        """Give the record of a row and where the row comes from."""
        keys = ("demand", "option", "need", "resource", "agreement")
        record = self.records.get(tuple(row[k] for k in keys))
        if record is None:
            return {"origin": self.origin, "record": ""}
        origin = {"pinned": "pinned", "tie_draw": "drawn"}.get(record.code, self.origin)
        return {"origin": origin, "record": record.record}

    def _of_money(self, frame: Row, need: int, option: int) -> list[Row]:
        """Give the rows of one fund need: which money paid for what."""
        payers, purchases = self._payers(need, option), self._purchases(frame, need, option)
        cost_type = self.needs.ints("cost_type")[need]
        found = []
        for fund, buys, payee, amount in north_west(payers, purchases):
            row = frame | {
                "need": self.need_ids[need], "kind": "fund", "resource": fund,
                "quantity": amount, "unit": self.instance.package.currency, "buys": buys,
                "payee": payee, "giver": self._fund_giver.get(fund, frame["taker"]),
                "cost_type": self._code(int(cost_type)),
            }  # fmt: skip
            found.append(row | self._recorded(row))
        return found

    def _payers(self, need: int, option: int) -> list[Payer]:
        """Give funds by id, then own money."""
        found = [
            Payer(self.resources.ids[self.candidates.resource[c]], int(self.allocation.units[c]))
            for c in self.used.get(need, ())
        ]
        place = self.money.get((need, option))
        own = int(self.allocation.own[place]) if place is not None else 0
        return [*found, Payer("", own)] if own else found

    def _purchases(self, frame: Row, need: int, option: int) -> list[Purchase]:
        """Give paid needs by id, each with its resources by id and agreement, then `outside`."""
        found = []
        for paid in sorted(n for n in self.needs.lists("pays_for").row(need).tolist() if n >= 0):
            for c in self.used.get(paid, ()):
                amount = int(self.allocation.units[c]) * int(self.candidates.unit_cost[c])
                giver = self.actors[self.resources.actor[self.candidates.resource[c]]]
                if amount:
                    found.append(Purchase(self.need_ids[paid], giver, amount))
        place = self.money.get((need, option))
        bought = int(self.allocation.bought[place]) if place is not None else 0
        return [*found, Purchase(OUTSIDE, frame["taker"], bought)] if bought else found

    @cached_property
    def _fund_giver(self) -> dict[str, str]:
        span = self.resources.span("fund")
        owners = self.resources.actor[span].tolist()
        return {f: self.actors[a] for f, a in zip(self.resources.ids[span], owners, strict=True)}

    def _unit(self, resource: int) -> str:
        """Give what one unit of a resource is called."""
        kind = RESOURCE_KINDS[int(self.resources.kind[resource])]
        if kind == "service":
            place = resource - self.resources.offsets[RESOURCE_KINDS.index("service")]
            return self._code(int(self.instance.services.ints("unit")[place]))
        return {"volunteer": "person", "space": "booking"}[kind]

    def _code(self, index: int) -> str:
        return self._codes[index] if index >= 0 else ""

    @cached_property
    def _codes(self) -> Sequence[str]:
        codes = self.instance.codes
        return codes.text("code").cells() if len(codes) else []


def allocation_rows(explained: Explained) -> list[Row]:
    """Give the rows of allocation.csv; none without a plan."""
    allocation = explained.decision.allocation
    return [] if allocation is None else AllocationRows(explained, allocation).rows()


def unmet_rows(explained: Explained, given: dict[str, int]) -> list[Row]:
    """Give the rows of unmet.csv from the unmet records and what each need was given."""
    needs = explained.decision.instance.needs
    quantity = needs.ints("quantity")
    found = []
    for record in explained.records:
        if record.type == "unmet":
            need = record.about["need"]
            asked, got = int(quantity[needs.index[need]]), given.get(need, 0)
            found.append(
                {"demand": record.about["demand"], "need": need, "asked": asked, "given": got,
                 "short": asked - got, "code": record.code, "record": record.record}
            )  # fmt: skip
    return sorted(found, key=lambda row: (row["demand"], row["need"]))


def csv_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Write rows as canonical CSV: UTF-8, LF, quotes only where needed."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
