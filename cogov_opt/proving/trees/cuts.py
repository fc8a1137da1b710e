"""Chvatal-Gomory cuts: rows that whole numbers alone imply, derived in integers (S10.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.branching import CUT, Node, Step
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray
from cogov_opt.proving.trees.boxes import Box
from cogov_opt.proving.trees.closing import vector_of
from cogov_opt.solving import exact
from cogov_opt.solving.exact import Exact
from cogov_opt.solving.scaling import money_columns

KEY = ("cut",)
"""The key of the row of a cut in a system; a certificate names it by its place among the cuts."""


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row over whole columns that every plan within a box keeps: weights x <= most."""

    columns: IndexArray
    weights: Exact
    most: int


def are_cuts(system: Formulation) -> NDArray[np.bool_]:
    """Mark the rows that a tree has added."""
    found = np.zeros(len(system.row_lower), dtype=bool)
    for block, start in zip(system.rows.blocks, system.rows.starts.tolist(), strict=False):
        found[start : start + block.count] = block.prefix == KEY
    return found


def derived(system: Formulation, box: Box, step: Step) -> CutRow:
    """
    Derive a cut within a box, in exact integers.

    With a = Y A and any whole weights w: d w x = a x + (d w - a) x <= Y b + the most of
    (d w - a) x in the box; divided by d and rounded down. Where the step gives no weight it is a
    divided by d, rounded down.
    """
    prices = exact.allowed(box.on(system), vector_of(step, len(system.row_lower)))
    nothing = np.zeros(len(system.lower), dtype=np.int64)
    found = exact.priced(box.on(system), nothing, prices, 0)
    charged = -found.reduced
    weights = charged // step.scale
    if step.columns:
        weights[list(step.columns)] = step.weights
    rest = exact.products(weights, np.full(len(weights), step.scale)) - charged
    low, high = exact.products(rest, box.lower), exact.products(rest, box.upper)
    sides = np.where(prices > 0, box.row_upper, box.row_lower)
    sides = np.where(prices == 0, 0, sides)
    most = exact.total(exact.products(prices, sides)) + exact.total(np.maximum(low, high))
    used = np.flatnonzero(weights)
    return CutRow(used, weights[used], most // step.scale)


def with_cut(system: Formulation, box: Box, step: Step) -> tuple[Formulation, Box]:
    """Give the system and the box with the row of a cut at their end."""
    row = derived(system, box, step)
    added = system.with_row(KEY, row.columns, row.weights.astype(np.int64), -FREE, row.most)
    sides = np.append(box.row_lower, -FREE), np.append(box.row_upper, row.most)
    return added, Box(box.lower, box.upper, *sides)


def totals(system: Formulation, box: Box) -> list[Step]:
    """
    Give sums worth splitting on: of the units of each resource, and of each need.

    Where money may be spread over several columns, no column alone says how much is left to give;
    a sum of them does. As a cut it says no more than the bounds of its columns.
    """
    first = len(system.options)
    wide = (box.upper - box.lower > 1) & ~money_columns(system)
    places = np.flatnonzero(wide[system.x])
    found: dict[tuple[int, ...], None] = {}
    for group in (system.candidates.resource, system.candidates.need):
        names = group[places]
        for name in np.unique(names).tolist():
            members = places[names == name] + first
            if len(members) > 1:
                found[tuple(members.tolist())] = None
    return [Step(CUT, 1, (), (), members, (1,) * len(members)) for members in found]


def without_idle(root: Node, height: int) -> None:
    """
    Take away the sums that no node splits on or prices; what follows moves up.

    `height` is the number of rows before the first cut. A sum implies nothing by itself, so no
    narrowing rests on it.
    """
    cuts = root.cuts
    used = root.rows
    kept = [k for k, cut in enumerate(cuts) if cut.rows or height + k in used]
    place = {height + k: height + new for new, k in enumerate(kept)}
    gone = {id(cut) for k, cut in enumerate(cuts) if k not in set(kept)}
    root.steps = [s for s in root.steps if id(s) not in gone]
    for node in root.walk():
        node.steps = [_moved(s, place) for s in node.steps]
        if node.split is not None and node.split.of_row:
            index = node.split.index
            node.split = replace(node.split, index=place.get(index, index))


def _moved(step: Step, place: Mapping[int, int]) -> Step:
    """Give a step with the new places of its rows; their order stays."""
    if not step.rows:
        return step
    return replace(step, rows=tuple(place.get(i, i) for i in step.rows))
