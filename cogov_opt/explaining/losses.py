"""What is proven of every decision that prices explain: what doing otherwise costs (S12.7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.justification import Justification
from cogov_opt.explaining.plan import Plan
from cogov_opt.formulating.facts import FUND
from cogov_opt.proving.contraries import Contrary, Wish, least_losses
from cogov_opt.proving.parts import AtStage, at_stages

CODES = ("at_prices", "outpriced", "gap")


def with_losses(
    plan: Plan, evidence: Certificate, records: Sequence[Justification]
) -> list[Justification]:
    """Give the records with `low`, proven `bound` where that is above 0, and `best`."""
    found = {r.record: r for r in records}
    wanted = [r for r in records if r.code in CODES and r.proven == "prices"]
    contrary = _Contraries(plan)
    by_stage: dict[int, list[Justification]] = {}
    for record in wanted:
        by_stage.setdefault(int(record.values["stage"]), []).append(record)
    for at in at_stages(plan.decision.formulation, evidence):
        mine = by_stage.get(at.stage.index, [])
        if not mine:
            continue
        losses = least_losses(at, [contrary.of(r) for r in mine])
        best = {"best": True} if _is_best(at) else {}
        for record, low in zip(mine, losses, strict=True):
            found[record.record] = replace(
                record, values=dict(record.values) | {"low": low} | best,
                proven="bound" if low > 0 else "prices",
            )  # fmt: skip
    return [found[r.record] for r in records]


def _is_best(at: AtStage) -> bool:
    """Tell whether no plan that keeps the stages before is worth more than the published one."""
    proof = at.proof
    return proof.certified_optimal and not proof.conditional and proof.published == proof.value


def contraries_of(plan: Plan) -> Callable[[Justification], Contrary]:
    """Give what finds the contrary of a record: what a plan has to do that decides otherwise."""
    return _Contraries(plan).of


class _Contraries:
    """Finds what a plan has to do that decides otherwise than a record says."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.columns = plan.decision.formulation.columns.index
        instance = plan.instance
        self.needs = {name: i for i, name in enumerate(instance.needs.ids)}
        self.demands = {name: i for i, name in enumerate(instance.demands.ids)}
        self.resources = {name: i for i, name in enumerate(instance.resources.ids)}
        self.first = len(instance.options)
        order = np.argsort(plan.candidates.resource, kind="stable")
        self.by_resource = order, plan.candidates.resource[order]
        self.accounts = {
            (int(n), int(o)): i
            for i, (n, o) in enumerate(
                zip(plan.decision.formulation.money.need.tolist(),
                    plan.decision.formulation.money.option.tolist(), strict=True)
            )
        }  # fmt: skip
        self.known: dict[str, Contrary] = {}

    def of(self, record: Justification) -> Contrary:
        """Give the contrary of a record."""
        finder: Callable[[Justification], Contrary] = getattr(self, f"_of_{record.type}")
        return finder(record)

    def _of_assignment(self, record: Justification) -> Contrary:
        a = record.about
        key = ("x", a["need"], a["resource"], a["option"], a.get("agreement", ""))
        return Contrary(without=self.columns[key])

    def _of_unused(self, record: Justification) -> Contrary:
        order, resources = self.by_resource
        resource = self.resources[record.about["resource"]]
        first, last = np.searchsorted(resources, [resource, resource + 1])
        columns = (order[first:last] + self.first).tolist()
        return Contrary(tuple(((1, (int(j),)),) for j in columns))

    def _of_unmet(self, record: Justification) -> Contrary:
        demand, need = self.demands[record.about["demand"]], self.needs[record.about["need"]]
        if not self.plan.served[demand]:
            name = record.about["demand"]
            if name not in self.known:
                self.known[name] = self._served(demand, {})
            return self.known[name]
        return self._served(demand, {need: int(self.plan.given[need]) + 1})

    def _served(self, demand: int, more: dict[int, int]) -> Contrary:
        """Give the ways to serve a demand, some needs with more than their minimum."""
        of_demand = self.plan.instance.options.of_demand
        options = range(int(of_demand[demand]), int(of_demand[demand + 1]))
        return Contrary(tuple(self._at(demand, option, more) for option in options))

    def _at(self, demand: int, option: int, more: dict[int, int]) -> tuple[Wish, ...]:
        """Give what it takes at one option."""
        wishes: list[Wish] = [(1, (option,))]
        for need in self.plan.instance.needs_of.row(demand).tolist():
            units = more.get(need, int(self.plan.facts.minimum[need]))
            if units <= 0:
                continue
            runs = self.plan.runs
            run = int(runs.place(np.array([need * self.first + option]))[0])
            members = range(int(runs.start[run]), int(runs.start[run + 1])) if run >= 0 else ()
            columns = [self.first + i for i in members]
            if int(self.plan.facts.need_kind[need]) == FUND:
                columns, bought = self._money(need, option, columns)
                wishes += [(units, (bought,))] if bought >= 0 else []
            wishes.append((units, tuple(columns)))
        return tuple(wishes)

    def _money(self, need: int, option: int, columns: list[int]) -> tuple[list[int], int]:
        """Give the columns that pay for a fund need, own money too, and what it buys."""
        place = self.accounts.get((need, option))
        if place is None:
            return columns, -1
        money = self.plan.decision.formulation.money
        own = int(money.own[place])
        return columns + ([own] if own >= 0 else []), int(money.bought[place])
