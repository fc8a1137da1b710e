"""The draw: a rank for every decision that ties may turn on (convention S11)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.decision import Draw
from cogov_opt.domain.formulation import Candidates, Formulation, Stage
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.solving.stages import RANK_BITS

COUPLED_BITS = RANK_BITS
FLOW_BITS = 36
_DRAWN = (RESOURCE_KINDS.index("volunteer"), RESOURCE_KINDS.index("space"))


def draw_of(instance: Instance, seed: str | None, lots: Mapping[str, Any] | None = None) -> Draw:
    """Give the draw of a decision: of lots, with a seed somebody chose, or one the inputs give."""
    if lots is not None:
        return Draw(str(lots["seed"]), trust=str(lots["trust"]))
    if seed is not None:
        return Draw(seed, trust="chosen")
    from cogov_opt.recording.inputs import digest_of_inputs

    text = digest_of_inputs(instance)
    return Draw(hashlib.sha256(text.encode("ascii")).hexdigest()[:16])


def rank(draw: Draw, first: str, second: str, third: str, bits: int = COUPLED_BITS) -> int:
    """Give the rank of (n, r, o), or of ("", d, o): first bits of a digest, centred on 0."""
    text = canonical_json([draw.seed, "rank", draw.counter, first, second, third])
    whole = int.from_bytes(hashlib.sha256(text).digest(), "big")
    return (whole >> (256 - bits)) - (1 << (bits - 1))


def ranks(
    instance: Instance,
    formulation: Formulation,
    draw: Draw,
    bits: int = COUPLED_BITS,
    wanted: NDArray[np.bool_] | None = None,
) -> IntArray:
    """
    Give the rank of every y, and of every 0/1 x of volunteers and spaces; 0 for the rest.

    `wanted` marks the columns a rank is needed of; all where it is left out.
    """
    if wanted is None:
        wanted = np.ones(len(formulation.columns), dtype=bool)
    found = np.zeros(len(formulation.columns), np.int64)
    options, demands = formulation.options, instance.demands.ids
    for j in np.flatnonzero(wanted[: len(options)]).tolist():
        found[j] = rank(draw, "", demands[int(options.demand[j])], options.ids[j], bits)
    found[formulation.x] = _x_ranks(instance, formulation, draw, bits, wanted[formulation.x])
    return found


def draw_stage(instance: Instance, formulation: Formulation, draw: Draw) -> Stage:
    """Give the last stage of a coupled plan: maximise the sum of the ranks (S11.2)."""
    index = len(formulation.stages) + 1
    return Stage(index, ranks(instance, formulation, draw), 0, None)


def _x_ranks(
    instance: Instance,
    formulation: Formulation,
    draw: Draw,
    bits: int,
    wanted: NDArray[np.bool_],
) -> IntArray:
    """Give the rank of each candidate; agreements of one (n, r, o) share it minus their place."""
    c = formulation.candidates
    found = np.zeros(len(c), np.int64)
    drawn = np.isin(instance.resources.kind[c.resource], _DRAWN) & (c.cap == 1) & wanted
    places = _places(c)
    needs, resources = instance.needs.ids, instance.resources.ids
    last: tuple[int, int, int] | None = None
    shared = 0
    for j in np.flatnonzero(drawn).tolist():
        triple = (int(c.need[j]), int(c.resource[j]), int(c.option[j]))
        if triple != last:
            option = formulation.options.ids[triple[2]]
            shared = rank(draw, needs[triple[0]], resources[triple[1]], option, bits)
            last = triple
        found[j] = shared - int(places[j])
    return found


def _places(c: Candidates) -> IntArray:
    """Give each candidate's place among those of the same (need, option, resource)."""
    if not len(c):
        return np.zeros(0, np.int64)
    same = (np.diff(c.need) == 0) & (np.diff(c.option) == 0) & (np.diff(c.resource) == 0)
    index = np.arange(len(c), dtype=np.int64)
    first = np.maximum.accumulate(np.where(np.concatenate(([True], ~same)), index, 0))
    return index - first
