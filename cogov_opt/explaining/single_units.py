"""
What one unit more of each resource gains in a coupled plan, and one less loses (S10.11).

Both are intervals from the published prices, for all resources at once: no plan is sought. An
upper end of a loss is told only where a plan shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Chance, Justification, UnitValue
from cogov_opt.explaining.coupled_rises import coupled_chances
from cogov_opt.explaining.flow_units import flow_units
from cogov_opt.explaining.limits import YUAN, Limits, Rows
from cogov_opt.formulating.facts import FUND
from cogov_opt.proving.contraries import Contrary, least_losses
from cogov_opt.proving.parts import at_stages
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.recording.ties import before_draw
from cogov_opt.solving import exact

MOST_CANDIDATES = 200_000
"""Runs with more candidates hold no values of single units: the verifier could not keep up."""
MORE, LESS = "more", "less"


def units_of(
    decision: Decision, records: Iterable[Justification]
) -> tuple[list[UnitValue] | None, list[Chance] | None]:
    """
    Give the values that are not exactly 0, by resource and change, and the chances of short needs.

    None where there are no prices, no plan, or too many candidates (S13.8).
    """
    plan, evidence = decision.outcome.vector, decision.evidence
    if plan is None or not isinstance(evidence, Certificate) or not evidence.stages:
        return None, None
    if len(decision.formulation.candidates) > MOST_CANDIDATES:
        return None, None
    if decision.outcome.route == "coupled":
        return coupled_units(decision, evidence, plan), coupled_chances(decision, records)
    flow = None if evidence.tied is None else FlowPlan.of_decision(decision)
    return (None, None) if flow is None else flow_units(decision, flow)


def coupled_units(decision: Decision, evidence: Certificate, plan: IntArray) -> list[UnitValue]:
    """Give the values of a coupled plan, sorted."""
    book = _Book(decision, evidence, plan)
    found = [*book.more(), *book.less()]
    return sorted(found, key=lambda u: (u.resource, u.change))


class _Book:
    """The rows of a decision by whose they are, with its certificate and plans."""

    def __init__(self, decision: Decision, evidence: Certificate, plan: IntArray) -> None:
        self.decision, self.evidence = decision, evidence
        self.f = decision.formulation
        self.kind = decision.instance.resources.kind
        self.rows = Rows(self.f, self.kind)
        before = before_draw(decision)
        self.plans = [plan] if before is None else [plan, before[: len(plan)]]

    def more(self) -> Iterator[UnitValue]:
        """Give what one unit more gains at most, at the first stage where it may gain."""
        beyond = self.rows.bound_beyond()
        gains = [self._most_gained(stage) for stage in self.evidence.stages]
        for resource in np.unique(self.f.candidates.resource).tolist():
            for stage, gained in zip(self.evidence.stages, gains, strict=True):
                if gained[resource] > 0:
                    proven = "prices" if resource in beyond else "bound"
                    yield self._value(resource, MORE, stage, 0, gained[resource], proven)
                    break

    def _most_gained(self, stage: StageCertificate) -> dict[int, int]:
        """Give for each resource the most a copy's unit can add at a stage."""
        worth = self._worth(stage)
        best: dict[int, int] = {}
        for resource, value in zip(self.f.candidates.resource.tolist(), worth, strict=True):
            best[resource] = max(best.get(resource, 0), value)
        line = next(s for s in self.f.stages if s.index == stage.index)
        value, unit = stage.value - line.constant, stage.scale * stage.step
        found = {}
        for resource, most in best.items():
            many = YUAN if self.kind[resource] == FUND else 1
            total = int(stage.bound_scaled) + many * most
            found[resource] = stage.step * (total // unit) - value
        return found

    def _worth(self, stage: StageCertificate) -> list[int]:
        """Give for each candidate v with the rows left out that a copy need not keep."""
        prices = np.where(self.rows.left_out(), stage.prices[: self.rows.height], 0)
        found = np.array(stage.reduced[self.f.x], dtype=object)
        entries = np.flatnonzero(prices[self.rows.row])
        charged = prices[self.rows.row[entries]].astype(object)
        values = self.f.matrix.values[self.rows.entries[entries]]
        np.add.at(found, self.rows.candidate[entries], charged * values)
        return [int(v) for v in found]

    def less(self) -> Iterator[UnitValue]:
        """Give what one unit less loses, at the first stage where it is proven to lose."""
        limits = self.rows.limits()
        full = self._full(limits)
        wanted = np.flatnonzero(full)
        contraries = [self._contrary(limits, i) for i in wanted.tolist()]
        owners = limits.resource[wanted].tolist()
        losses = self._losses(contraries)
        by: dict[int, list[int]] = {}
        for i, owner in enumerate(owners):
            by.setdefault(owner, []).append(i)
        for resource in np.unique(self.f.candidates.resource).tolist():
            mine = by.get(resource, [])
            told = self._told_less(resource, [[at[i] for i in mine] for at in losses])
            if told is not None:
                yield told

    def _told_less(self, resource: int, losses: list[list[int]]) -> UnitValue | None:
        """Tell the loss at the first stage where it is not exactly 0; None where there is none."""
        first: UnitValue | None = None
        for stage, lost in zip(self.evidence.stages, losses, strict=True):
            least = max(0, *lost) if lost else 0
            most = None if lost else max(0, stage.value - stage.published)
            if least > 0:
                return self._value(resource, LESS, stage, least, most, "bound")
            if first is None and most != 0:
                proven = "prices" if most is None else "bound"
                first = self._value(resource, LESS, stage, 0, most, proven)
        return first

    def _full(self, limits: Limits) -> IntArray:
        """Mark the limits that every plan we have uses up."""
        full = np.ones(len(limits.row), dtype=bool)
        for plan in self.plans:
            sums = np.array(exact.activity(self.f.matrix, plan), dtype=object)
            used = np.where(limits.row >= 0, sums[limits.row], plan[limits.column])
            full &= (used > limits.most).astype(bool)
        return full

    def _contrary(self, limits: Limits, place: int) -> Contrary:
        """Say what a plan has to do that has one unit less of a limit."""
        if limits.row[place] < 0:
            return Contrary(without=int(limits.column[place]))
        return Contrary(lowered=(int(limits.row[place]), int(limits.most[place])))

    def _losses(self, contraries: list[Contrary]) -> list[list[int]]:
        """Give the least loss of each contrary at each stage."""
        return [least_losses(at, contraries) for at in at_stages(self.f, self.evidence)]

    def _value(
        self, resource: int, change: str, stage: StageCertificate, least: int, most: int | None,
        proven: str,
    ) -> UnitValue:  # fmt: skip
        name = self.decision.instance.resources.ids[resource]
        proven = "exact" if least == most else proven
        return UnitValue(name, change, stage.index, least, most, proven)
