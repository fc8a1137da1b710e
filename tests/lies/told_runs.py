"""What a run of the optimum tells besides its plan and its prices, read for an honest packer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import (
    Attempt,
    Certificate,
    Losses,
    Refusal,
    StageCertificate,
)
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.faces import faces_of, tied_columns
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.solving.network import network_of


class UntrueError(Exception):
    """No honest packer could have written this."""


@dataclass(frozen=True)
class Told:
    """What a run of the optimum tells besides plan and prices; `same`: of its own plan and prices.

    Of another plan or at other prices nothing exact is known: a run is told without it.
    """

    header: dict[str, Any]
    certificate: dict[str, Any]
    f: Formulation
    vector: IntArray
    same_plan: bool
    same: bool

    @property
    def own(self) -> list[IntArray]:
        """Give where goals give the plan of each stage."""
        pairs = self.certificate.get("plans", []) if self.same_plan else []
        return [_filled(self.f, self.f.columns.index, p) for p in pairs]

    @property
    def drawn_flow(self) -> bool:
        """Tell whether the ties of a flow were drawn."""
        return self.header["route"] == "flow" and self.header["draw"] is not None

    @property
    def undrawn(self) -> bool:
        """Tell whether a flow's draw is left out: nothing proves it of another plan."""
        return self.drawn_flow and not self.same

    @cached_property
    def tied(self) -> np.ndarray | None:
        """Give every tie of a flow, where a run tells of ties."""
        return _tied(self.f, self.vector) if "ties" in self.certificate and self.same else None

    def options(self) -> dict[str, Any]:
        """Give the options, without those of what is left out."""
        found = dict(self.header["options"])
        if self.tied is None:
            found.pop("regrets", None)
        return found | ({"draw": False} if self.undrawn else {})

    def evidence(self, stages: list[StageCertificate]) -> Certificate:
        """Give the certificate of the stages, with all that is told beside them."""
        f, at = self.f, self.f.columns.index
        gives = any(s.objective and (s.objective.give_percent or s.objective.give_points)
                    for s in f.stages)  # fmt: skip
        plans = tuple(self.own or [self.vector] * len(stages)) if gives else ()
        draw_prices, attempts = None, ()
        if self.drawn_flow and self.same:
            draw_prices = _prices_of(f, self.certificate["draw_prices"])
            entries = self.certificate.get("draw_attempts", [])
            attempts = tuple(_attempt(f, at, self.vector, entry) for entry in entries)
        refusals = self.certificate.get("refusals", []) if self.same_plan else []
        return Certificate(
            tuple(stages), plans, self._before(), draw_prices, self.tied,
            _regrets(f, self.vector) if self.options().get("regrets") else None,
            tuple(_refusal(f, r) for r in refusals), attempts,
        )  # fmt: skip

    def _before(self) -> IntArray | None:
        """Give the plan before the draw, which must be as good."""
        if "before_draw" not in self.certificate or not self.same_plan or self.undrawn:
            return None
        f, before = self.f, self.vector.copy()
        for name, value in self.certificate["before_draw"]:
            before[f.columns.index[tuple(name)]] = int(value)
        before = f.completed(before)
        if f.violated(before) or any(s.value(before) != s.value(self.vector) for s in f.stages):
            raise UntrueError("the plan before the draw is not as good")
        return before


def _refusal(f: Formulation, entry: dict[str, Any]) -> Refusal:
    """Take a refusal as it stands: its bound is what its prices or its tree prove, or none."""
    stage = next(s for s in f.stages if s.index == int(entry["stage"]))
    prices = tuple((tuple(key), int(y)) for key, y in entry["prices"])
    bound = stage.stated(int(entry["bound"] or 0))
    part = tuple(entry["part"]) if "part" in entry else None
    return Refusal(
        entry["demand"], stage.index, int(entry["scale"]), prices, bound, entry.get("tree"), part
    )


def _prices_of(f: Formulation, pairs: list[Any]) -> IntArray:
    """Read prices by row."""
    found = np.zeros(len(f.row_lower), dtype=np.int64)
    for name, price in pairs:
        found[f.rows.index[tuple(name)]] = int(price)
    return found


def _attempt(
    f: Formulation, at: Mapping[Key, int], vector: IntArray, entry: dict[str, Any]
) -> Attempt:
    """Read an attempt of the draw as it is told."""
    plan = vector.copy()
    for name, value in entry["moved"]:
        plan[at[tuple(name)]] = int(value)
    return Attempt(int(entry["counter"]), plan, _prices_of(f, entry["prices"]))


def _regrets(f: Formulation, vector: IntArray) -> tuple[Losses, Losses]:
    """Give what every other decision of a flow's plan would lose."""
    flow = FlowPlan.of(f, vector)
    if flow is None:
        raise UntrueError("not a flow")
    return flow.more, flow.less


def _tied(f: Formulation, vector: IntArray) -> np.ndarray:
    """Give every tie of a flow's plan, which must be the best at every stage."""
    network = network_of(f)
    if network is None:
        raise UntrueError("not a flow")
    flow = network.flow_of(f, vector)
    try:
        faces = faces_of(network, [s.costs for s in f.stages], flow)
    except ValueError as why:
        raise UntrueError("a better plan than this flow's") from why
    return tied_columns(f, network, flow, faces[-1].after)


def _filled(f: Formulation, at: Mapping[Key, int], pairs: list[Any]) -> IntArray:
    vector = np.zeros(len(f.columns), dtype=np.int64)
    for name, value in pairs:
        vector[at[tuple(name)]] = int(value)
    if f.violated(vector):
        raise UntrueError("a stage's own plan breaks its rows")
    return vector
