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
from cogov_opt.proving.trees.evaluating import Published, Question
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.solving import parcel


@dataclass(frozen=True, slots=True)
class Grown:
    """
    One tree as it came back: not believed before it was evaluated.

    `place` is its question's place among those that were asked.
    """

    place: int
    root: Node
    iterations: int
    reproducible: bool


def write_wanted(
    folder: Path, wanted: Sequence[Question], allowance: Allowance, memory_mb: int | None
) -> None:
    """Write what is wanted; names stay behind, what belongs together does not."""
    for place, asked in enumerate(wanted):
        parcel.write_task(_task(folder, place), asked.system, Limits(None, memory_mb), None)
        c = asked.system.candidates
        np.savez(_belonging(folder, place), need=c.need, resource=c.resource)
    head = {
        "allowance": [allowance.leaves, allowance.iterations, allowance.seconds],
        "cuts": allowance.cuts, "memory_mb": memory_mb,
        "wanted": [[q.stage.index, q.value, [_plain(p) for p in q.published]] for q in wanted],
    }  # fmt: skip
    (folder / "wanted.json").write_text(json.dumps(head), encoding="utf-8")


def _task(folder: Path, place: int) -> Path:
    return folder / f"task{place}.npz"


def _belonging(folder: Path, place: int) -> Path:
    return folder / f"candidates{place}.npz"


def _plain(goal: Published) -> list[Any]:
    """Write published prices as numbers: those that are not 0."""
    used = np.flatnonzero(goal.prices).tolist()
    prices = [[i, int(goal.prices[i])] for i in used]
    return [goal.stage.index, goal.floor, goal.scale, len(goal.prices), prices]


def read_wanted(folder: Path) -> tuple[list[Question], Allowance, int | None]:
    """Read what is wanted."""
    head = json.loads((folder / "wanted.json").read_text(encoding="utf-8"))
    leaves, iterations, seconds = head["allowance"]
    allowance = Allowance(leaves, iterations, seconds, cuts=head["cuts"])
    wanted = [_question(folder, place, *raw) for place, raw in enumerate(head["wanted"])]
    return wanted, allowance, head["memory_mb"]


def _question(folder: Path, place: int, index: int, value: int, goals: list[Any]) -> Question:
    """Read one question."""
    system, _, _ = parcel.read_task(_task(folder, place))
    with np.load(_belonging(folder, place)) as arrays:
        named = replace(system.candidates, **{n: arrays[n] for n in ("need", "resource")})
    system = replace(system, candidates=named)
    stage = next(s for s in system.stages if s.index == index)
    return Question(system, stage, value, tuple(_published(system, raw) for raw in goals))


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
    lines = [[g.place, to_plain(g.root), g.iterations, g.reproducible] for g in grown]
    part.write_text(json.dumps(lines), encoding="utf-8")
    part.replace(path)


def read_grown(path: Path, wanted: Sequence[Question]) -> list[Grown]:
    """
    Read what was grown of the questions that were asked.

    Raises
    ------
    ValueError
        The file does not hold trees.
    """
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        return [
            Grown(place, from_plain(plain, wanted[place].stage.index), its, again)
            for place, plain, its, again in lines
        ]
    except (TypeError, IndexError, KeyError) as error:
        raise ValueError("not trees") from error
