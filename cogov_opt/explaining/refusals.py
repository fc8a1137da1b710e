"""What a refusal says of a demand that is not served: at which goal it costs (S12.4, 6)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Refusal
from cogov_opt.explaining.plan import Plan
from cogov_opt.explaining.prices import RESOURCE_ROWS, told_most
from cogov_opt.solving import exact

Reason = tuple[str, dict[str, Any]]


class Refusals:
    """The refusals of a decision, by demand."""

    def __init__(self, plan: Plan, refusals: tuple[Refusal, ...]) -> None:
        self.plan = plan
        places = {name: i for i, name in enumerate(plan.instance.demands.ids)}
        self.of_demand = {places[r.demand]: r for r in refusals}

    def reason(self, demand: int) -> Reason | None:
        """Give code and values where there is a refusal of a demand, else None."""
        refusal = self.of_demand.get(demand)
        if refusal is None:
            return None
        if not refusal.scale and refusal.stage == 1:
            return "incompatible", {}
        formulation, vector = self.plan.decision.formulation, self.plan.decision.outcome.vector
        stage = next(s for s in formulation.stages if s.index == refusal.stage)
        low = exact.step(stage.costs)
        if refusal.scale and vector is not None:
            low = stage.value(vector) - refusal.bound
        scale = refusal.scale or 1
        option, by = self._easiest(demand, refusal)
        return "outpriced", {
            "option": self.plan.instance.options.ids[option], "stage": refusal.stage,
            "margin": scale * low, "scale": scale, "by": by, "low": low, "refused": True,
        }  # fmt: skip

    def _easiest(self, demand: int, refusal: Refusal) -> tuple[int, list[list[Any]]]:
        """Give the option that takes least of scarce things, and what it takes."""
        of_demand = self.plan.instance.options.of_demand
        taken = self._taken(refusal) if refusal.scale else {}
        found = [
            (sum(line[2] for line in lines), option, lines)
            for option in range(int(of_demand[demand]), int(of_demand[demand + 1]))
            for lines in [self._lines(demand, option, taken)]
        ]
        _, option, lines = min(found, key=lambda one: one[:2])
        return option, told_most([line for line in lines if line[2] > 0])

    def _taken(self, refusal: Refusal) -> dict[int, int]:
        """Give what each column takes of scarce things, at the prices of a refusal."""
        formulation = self.plan.decision.formulation
        matrix, found = formulation.matrix, dict[int, int]()
        for key, price in refusal.prices:
            if key[0] in RESOURCE_ROWS:
                row = self._rows[key]
                part = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
                entries = zip(
                    matrix.columns[part].tolist(), matrix.values[part].tolist(), strict=True
                )
                for j, a in entries:
                    found[j] = found.get(j, 0) + price * a
        return found

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], int]:
        return self.plan.decision.formulation.rows.index

    def _lines(self, demand: int, option: int, taken: dict[int, int]) -> list[list[Any]]:
        """Give for each need at an option the least a candidate of it takes."""
        plan, lines = self.plan, []
        first = len(plan.instance.options)
        for need in plan.instance.needs_of.row(demand).tolist():
            run = int(plan.runs.place(np.array([need * first + option]))[0])
            if run < 0:
                continue
            members = range(int(plan.runs.start[run]), int(plan.runs.start[run + 1]))
            best = min(members, key=lambda i: taken.get(first + i, 0))
            resource = plan.instance.resources.ids[plan.candidates.resource[best]]
            lines.append([plan.instance.needs.ids[need], resource, taken.get(first + best, 0)])
        return lines
