"""Ties of a flow, shown: the exchange by which a plan as good differs (convention S10.7, S16.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IntArray
from cogov_opt.explaining.rebuilding import decision_of, flow_plan_of
from cogov_opt.explaining.subjects import Line
from cogov_opt.proving.exchanges import Exchanges, Move
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.recording import Run
from cogov_opt.strategies.flow_route import plan_of_flow

Record = Mapping[str, Any]
MOST_STEPS = 12
"""Steps of an exchange that are told; the rest are counted."""


class Ties:
    """The exchanges of a flow's decision."""

    def __init__(self, decision: Decision, flow: FlowPlan) -> None:
        self.decision, self.flow = decision, flow
        self.f = decision.formulation
        self.exchanges = Exchanges(flow)

    @classmethod
    def of(cls, decision: Decision) -> Ties | None:
        """
        Give the ties of a decision; None if it is not of the flow route.

        Raises
        ------
        RecordError
            The plan is not the best there is: it is not what the flow route decided.
        """
        flow = flow_plan_of(decision)
        return None if flow is None else cls(decision, flow)

    def of_record(self, record: Record) -> list[Move]:
        """Give the exchange that shows the tie a record tells of."""
        about, instance = record["about"], self.decision.instance
        c = self.f.candidates
        if record["type"] == "unused":
            mine = c.resource == list(instance.resources.ids).index(about["resource"])
            return self.exchanges.of_candidates((j, 1) for j in np.flatnonzero(mine).tolist())
        need = list(instance.needs.ids).index(about["need"])
        members = np.flatnonzero(c.need == need).tolist()
        if record["type"] == "unmet":
            either = [(j, change) for j in members for change in (1, -1)]
            return self.exchanges.of_need(members, 1) or self.exchanges.of_candidates(either)
        key = ("x", about["need"], about["resource"], about["option"], about.get("agreement", ""))
        mine = [j for j in members if self.f.columns.key(self.f.x.start + j) == key]
        return self.exchanges.of_candidates([(j, -1) for j in mine] + [(j, 1) for j in mine])

    def of_ask(self, ask: Sequence[str]) -> list[Move]:
        """Give the exchange that does what is asked, if a single one could (S16.2)."""
        word, first, *more = ask
        c, instance = self.f.candidates, self.decision.instance
        demand = instance.options.demand[c.option]
        if word in ("serve", "leave"):
            mine = np.flatnonzero(demand == instance.demands.index[first]).tolist()
            return self.exchanges.of_need(mine, 1 if word == "serve" else -1) if mine else []
        mine = c.resource == list(instance.resources.ids).index(first)
        if more:
            mine &= demand == instance.demands.index[more[0]]
        change = 1 if word == "use" else -1
        return self.exchanges.of_candidates((j, change) for j in np.flatnonzero(mine).tolist())

    def after(self, moves: Sequence[Move]) -> IntArray:
        """Give the plan that an exchange leads to."""
        network, flow = self.flow.network, self.flow.flow.copy()
        for candidate, change in moves:
            flow[self.flow.arc_of[candidate]] += change
        return plan_of_flow(self.f, network, flow)

    def named(self, moves: Sequence[Move]) -> list[list[Any]]:
        """Give moves with the keys of their columns."""
        first = self.f.x.start
        return [[list(self.f.columns.key(first + j)), change] for j, change in moves]


def tie_lines(run: Run, lines: Sequence[Line]) -> list[Line]:
    """Give lines, each record of a flow that tells of a tie with the exchange that shows it."""
    tied = [line.record for line in lines if line.record is not None and _is_tie(line.record)]
    if not tied or run.header.get("route") != "flow":
        return list(lines)
    ties = Ties.of(decision_of(run))
    found: list[Line] = []
    for line in lines:
        found.append(line)
        if ties is not None and line.record is not None and _is_tie(line.record):
            found += exchange_lines(ties.named(ties.of_record(line.record)), line.depth + 1)
    return found


def _is_tie(record: Record) -> bool:
    """Tell whether a record says that a plan as good decides otherwise, of all such plans."""
    return bool(record["code"] == "tie_draw" and record["proven"] == "exact")


def exchange_lines(moves: Sequence[Sequence[Any]], depth: int) -> Iterator[Line]:
    """Tell an exchange step by step; `moves` are keys of columns with a change of 1 or -1."""
    if moves:
        yield Line("tie.exchange", {"moves": list(moves)}, depth)
    for (_, need, resource, *_), change in moves[:MOST_STEPS]:
        code = "tie.takes" if int(change) > 0 else "tie.leaves"
        yield Line(code, {"resource": resource, "need": need}, depth + 1)
    if len(moves) > MOST_STEPS:
        yield Line("tie.further", {"count": len(moves) - MOST_STEPS}, depth + 1)
