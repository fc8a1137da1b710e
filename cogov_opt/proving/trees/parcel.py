"""What trees are to be grown, and what was grown, as files between two processes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cogov_opt.domain.branching import Node, from_plain, to_plain
from cogov_opt.domain.decision import Limits
from cogov_opt.domain.formulation import Formulation
from cogov_opt.proving.trees.evaluating import Published
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.solving import parcel


@dataclass(frozen=True, slots=True)
class Wanted:
    """One tree that is wanted: stage, value without constant, prices of it and of those before."""

    stage: int
    value: int
    published: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Grown:
    """One tree as it came back: not believed before it was evaluated."""

    stage: int
    root: Node
    iterations: int
    reproducible: bool


def write_wanted(
    folder: Path, formulation: Formulation, wanted: Sequence[Wanted], allowance: Allowance,
    memory_mb: int | None,
) -> None:  # fmt: skip
    """Write what is wanted of a formulation; names stay behind, what belongs together does not."""
    parcel.write_task(folder / "task.npz", formulation, Limits(None, memory_mb), None)
    c = formulation.candidates
    np.savez(folder / "candidates.npz", need=c.need, resource=c.resource)
    head = {
        "allowance": [allowance.leaves, allowance.iterations, allowance.seconds],
        "cuts": allowance.cuts,
        "wanted": [
            [w.stage, w.value, [_plain(p) for p in w.published]] for w in wanted
        ],
    }  # fmt: skip
    (folder / "wanted.json").write_text(json.dumps(head), encoding="utf-8")


def _plain(goal: Published) -> list[Any]:
    """Write published prices as numbers: those that are not 0."""
    used = np.flatnonzero(goal.prices).tolist()
    prices = [[i, int(goal.prices[i])] for i in used]
    return [goal.stage.index, goal.floor, goal.scale, len(goal.prices), prices]


def read_wanted(folder: Path) -> tuple[Formulation, list[Wanted], Allowance, int | None]:
    """Read what is wanted."""
    formulation, limits, _ = parcel.read_task(folder / "task.npz")
    with np.load(folder / "candidates.npz") as arrays:
        named = replace(formulation.candidates, **{n: arrays[n] for n in ("need", "resource")})
    formulation = replace(formulation, candidates=named)
    head = json.loads((folder / "wanted.json").read_text(encoding="utf-8"))
    leaves, iterations, seconds = head["allowance"]
    allowance = Allowance(leaves, iterations, seconds, cuts=head["cuts"])
    wanted = [
        Wanted(stage, value, tuple(_published(formulation, raw) for raw in goals))
        for stage, value, goals in head["wanted"]
    ]
    return formulation, wanted, allowance, limits.memory_mb


def _published(formulation: Formulation, raw: list[Any]) -> Published:
    index, floor, scale, height, pairs = raw
    stage = next(s for s in formulation.stages if s.index == index)
    largest = max((abs(y) for _, y in pairs), default=0)
    prices = np.zeros(height, dtype=np.int64 if largest < 2**62 else object)
    for i, y in pairs:
        prices[i] = y
    return Published(stage, floor, prices, scale)


def write_grown(path: Path, grown: Sequence[Grown]) -> None:
    """Write what was grown so far; the file appears whole or not at all."""
    part = path.with_suffix(".part")
    lines = [[g.stage, to_plain(g.root), g.iterations, g.reproducible] for g in grown]
    part.write_text(json.dumps(lines), encoding="utf-8")
    part.replace(path)


def read_grown(path: Path) -> list[Grown]:
    """
    Read what was grown.

    Raises
    ------
    ValueError
        The file does not hold trees.
    """
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        return [Grown(s, from_plain(plain, s), its, again) for s, plain, its, again in lines]
    except (TypeError, IndexError, KeyError) as error:
        raise ValueError("not trees") from error
