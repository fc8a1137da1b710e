"""The line of one use at the prices: what it brings, what it takes, and of which scarce things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Certificate, StageCertificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IndexArray
from cogov_opt.explaining.rebuilding import flow_plan_of
from cogov_opt.explaining.subjects import Line
from cogov_opt.proving.contraries import Contrary, least_losses
from cogov_opt.proving.parts import at_stages
from cogov_opt.proving.regrets import FlowPlan

Stages = tuple[StageCertificate, ...]
OWN_ROWS = ("law.set", "law.money", "stage")
"""Rows that pass a set's worth on to its members, or keep goals that came before: no scarcity."""
OWN_COST = ("own_cost",)
LISTED = 5


def price_line(decision: Decision, stages: Stages, candidates: IndexArray) -> Iterator[Line]:
    """
    Weigh the use, of some candidate columns, that comes closest at its decisive goal (S12.2).

    A use of an option that is not chosen is weighed together with choosing it. What its set and
    earlier goals credit it with is what it brings; what every other priced row charges is what it
    takes.
    """
    column, place = _closest(decision, stages, candidates)
    columns = _with_option(decision, column)
    if place == len(stages):
        yield Line("why.level", _place(decision.formulation, column), 1)
        yield from least_loss(decision, candidates)
        return
    stage = stages[place]
    v = sum(int(stage.reduced[j]) for j in columns)
    taken = _taken(decision.formulation, stage, columns)
    credit = v + sum(amount for _, amount in taken)
    if credit < 0:
        # Its set credits it with less than its own cost: that cost is taken, nothing is brought.
        taken.append((OWN_COST, -credit))
    takes = sum(amount for _, amount in taken)
    values = _place(decision.formulation, column) | {
        "stage": stage.index, "scale": stage.scale, "brings": v + takes, "takes": takes,
        "margin": abs(v),
    }  # fmt: skip
    yield Line("why.worth_using" if v > 0 else "why.takes_more", values, 1)
    scarce = sorted((x for x in taken if x[1] > 0), key=lambda x: (-x[1], x[0]))[:LISTED]
    if scarce:
        told = {"stage": stage.index, "scale": stage.scale, "scarce": [list(x) for x in scarce]}
        yield Line("why.scarce", told, 2)
    yield from least_loss(decision, candidates)


def _closest(decision: Decision, stages: Stages, candidates: IndexArray) -> tuple[int, int]:
    """Give the candidate with the latest decisive goal, then the largest value; and its place."""
    place = np.full(len(candidates), len(stages), dtype=np.int16)
    value = np.zeros(len(candidates), dtype=object)
    options = _unchosen(decision, candidates)
    for k in reversed(range(len(stages))):
        reduced = stages[k].reduced
        total = reduced[candidates].astype(object)
        total += np.where(options >= 0, reduced[options], 0)
        place[total != 0], value[total != 0] = k, total[total != 0]
    best = max(range(len(candidates)), key=lambda i: (int(place[i]), value[i], -i))
    return int(candidates[best]), int(place[best])


def _unchosen(decision: Decision, candidates: IndexArray) -> IndexArray:
    """Give the option of each candidate column where the plan does not choose it, else -1."""
    f, vector = decision.formulation, decision.outcome.vector
    option = f.candidates.option[candidates - len(f.options)]
    return option if vector is None else np.where(vector[option] > 0, -1, option)


def _with_option(decision: Decision, column: int) -> list[int]:
    """Give a candidate column, with that of its option where the plan does not choose it."""
    option = int(_unchosen(decision, np.array([column]))[0])
    return [column] if option < 0 else [option, column]


def least_loss(decision: Decision, candidates: IndexArray) -> Iterator[Line]:
    """
    Tell what using any of some candidate columns loses, whatever else is changed.

    Exact on the flow route (S10.9); elsewhere the least that prices and trees prove, at the first
    goal where they prove something (S12.7).
    """
    flow = flow_plan_of(decision)
    if flow is not None:
        yield _exact_loss(decision, flow, candidates)
        return
    evidence = decision.evidence
    if not isinstance(evidence, Certificate):
        return
    contrary = _contrary(decision, candidates)
    for at in at_stages(decision.formulation, evidence):
        (low,) = least_losses(at, [contrary])
        if low > 0:
            yield Line("why.at_least", {"stage": at.stage.index, "scale": 1, "least": low}, 2)
            return
    yield Line("why.unproven", depth=2)


def _contrary(decision: Decision, candidates: IndexArray) -> Contrary:
    """Say what a plan has to do that uses one of some columns: that, and choose its option."""
    options = decision.formulation.candidates.option[candidates - len(decision.formulation.options)]
    pairs = zip(candidates.tolist(), options.tolist(), strict=True)
    return Contrary(tuple(((1, (int(j),)), (1, (int(y),))) for j, y in pairs))


def _exact_loss(decision: Decision, flow: FlowPlan, candidates: IndexArray) -> Line:
    """Tell the exact loss of the use that loses least: at the latest goal, then the smallest."""
    arcs = flow.arc_of[candidates - decision.formulation.x.start]
    losses = flow.losses_of(arcs, forward=True)
    able = [
        (-int(place), int(loss))
        for place, loss in zip(losses.place.tolist(), losses.loss.tolist(), strict=True)
        if loss >= 0
    ]
    if not able:
        return Line("why.no_plan", depth=2)
    place, loss = min(able)
    if not loss:
        return Line("why.tied", depth=2)
    stage = decision.formulation.stages[-place].index
    return Line("why.exact_loss", {"stage": stage, "scale": 1, "lost": loss}, 2)


def _taken(
    f: Formulation, stage: StageCertificate, columns: Sequence[int]
) -> list[tuple[Key, int]]:
    """List what the priced rows charge some columns, own rows apart: key and scaled amount."""
    entries = np.flatnonzero(np.isin(f.matrix.columns, columns))
    rows = np.searchsorted(f.matrix.starts, entries, side="right") - 1
    found: dict[Key, int] = {}
    for row, value in zip(rows.tolist(), f.matrix.values[entries].tolist(), strict=True):
        price = int(stage.prices[row])
        key = f.rows.key(row)
        if price and key[0] not in OWN_ROWS:
            found[key] = found.get(key, 0) + price * value
    return list(found.items())


def _place(f: Formulation, column: int) -> dict[str, Any]:
    """Say which use a column stands for."""
    _, need, resource, option, _ = f.columns.key(column)
    return {"need": need, "resource": resource, "option": option}
