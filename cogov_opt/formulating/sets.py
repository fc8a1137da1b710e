"""Columns y and x, and the rows that make a demand a set of needs (convention S5)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Part
from cogov_opt.domain.instance import IndexArray
from cogov_opt.formulating.candidates import slot_of, slot_pairs
from cogov_opt.formulating.facts import FUND, SERVICE, Facts
from cogov_opt.formulating.model import Model


def add_choices(model: Model) -> None:
    """Add y for every option and x for every candidate, and one option at most (S5.1, S5.2)."""
    facts, c = model.facts, model.candidates
    o = facts.options
    demands = facts.instance.demands.ids
    everything = np.arange(len(o), dtype=np.int32)
    model.columns(
        ("y",), [(demands, o.demand), (o.ids, everything)], np.ones(len(o), dtype=np.int64)
    )
    model.columns(("x",), model.x_parts(), c.cap)
    several = np.flatnonzero(np.diff(o.of_demand) >= 2).astype(np.int32)
    row = np.full(len(demands), -1)
    row[several] = np.arange(len(several))
    mine = row[o.demand] >= 0
    model.rows(
        ("law.set", "one_option"), [(demands, several)], -FREE, 1, len(several),
        (row[o.demand[mine]], everything[mine], 1),
    )  # fmt: skip


def add_needs(model: Model) -> None:
    """Tie what is given to a need to its option being chosen (S5.3)."""
    facts = model.facts
    goods = facts.need_kind != FUND
    exact = facts.minimum == facts.quantity
    _need_rows(model, "need", np.flatnonzero(goods & exact), "quantity", 0, 0)
    _need_rows(
        model, "least", np.flatnonzero(goods & ~exact & (facts.minimum > 0)), "minimum", 0, FREE
    )
    _need_rows(model, "most", np.flatnonzero(goods & ~exact), "quantity", -FREE, 0)


def _need_rows(
    model: Model, family: str, needs: IndexArray, bound: str, low: int, high: int
) -> None:
    """Add sum of x - bound y within [low, high] for each option of some needs."""
    facts, c = model.facts, model.candidates
    if not len(needs):
        return
    need, option = slot_pairs(facts, needs.astype(np.int32))
    row = np.full(slot_total(facts), -1)
    row[slot_of(facts, need, option)] = np.arange(len(need))
    at = row[slot_of(facts, c.need, c.option)]
    mine = np.flatnonzero(at >= 0)
    times = facts.quantity if bound == "quantity" else facts.minimum
    model.rows(
        ("law.set", family), slot_parts(facts, need, option), low, high, len(need),
        (at[mine], model.x(mine), 1), (np.arange(len(need)), option, -times[need]),
    )  # fmt: skip


def add_links(model: Model) -> None:
    """Let nothing be given where the option is not chosen, and nobody twice (S5.4, S5.5)."""
    facts, c = model.facts, model.candidates
    wide = (facts.need_kind != FUND) & (facts.quantity >= 2)
    mine = np.flatnonzero(wide.take(c.need))
    at = np.arange(len(mine))
    model.rows(
        ("law.set", "link"), model.x_parts(mine), -FREE, 0, len(mine),
        (at, model.x(mine), 1), (at, c.option[mine], -c.cap[mine]),
    )  # fmt: skip
    _add_once(model)


def _add_once(model: Model) -> None:
    """Use a person or a space once for a need, whatever the agreement (S5.5)."""
    facts, c = model.facts, model.candidates
    same = (
        (c.need[1:] == c.need[:-1])
        & (c.option[1:] == c.option[:-1])
        & (c.resource[1:] == c.resource[:-1])
    )
    if not same.any():
        return
    group = np.concatenate(([0], np.cumsum(~same)))
    size = np.bincount(group)
    kind = facts.need_kind[c.need]
    mine = np.flatnonzero((size[group] >= 2) & (kind != FUND) & (kind != SERVICE))
    if not len(mine):
        return
    _, first, at = np.unique(group[mine], return_index=True, return_inverse=True)
    parts = model.x_parts(mine[first])[:3]
    model.rows(("law.set", "once"), parts, -FREE, 1, len(first), (at, model.x(mine), 1))


def slot_parts(facts: Facts, need: IndexArray, option: IndexArray) -> list[Part]:
    """Give the key parts (n, o) of (need, option) pairs."""
    return [(facts.instance.needs.ids, need), (facts.options.ids, option)]


def slot_total(facts: Facts) -> int:
    """Give the number of (need, option) pairs."""
    return int(np.diff(facts.options.of_demand)[facts.need_demand].sum())
