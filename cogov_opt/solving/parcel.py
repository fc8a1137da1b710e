"""
A formulation and a result as arrays in a file, for the way to a child process and back.

Names stay behind: the child sees numbers only, and keys are put back by the parent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from cogov_opt.domain.conflict import Conflict, Leaf, Parts, Proof, Sparse, Split
from cogov_opt.domain.decision import Limits, Termination
from cogov_opt.domain.formulation import (
    Block,
    Candidates,
    Formulation,
    Labels,
    Matrix,
    Money,
    Recipe,
    Stage,
)
from cogov_opt.domain.instance import Options
from cogov_opt.domain.policy import Objective
from cogov_opt.solving.outcome import Begun, Best, Solved, StageResult
from cogov_opt.solving.scaling import auxiliary_columns, money_columns

_ARRAYS = ("lower", "upper", "row_lower", "row_upper")


class Numbers(Sequence[str]):
    """The numbers from 0 as text: names of things whose names stayed behind."""

    def __init__(self, count: int) -> None:
        self.size = count

    def __len__(self) -> int:
        """Give how many there are."""
        return self.size

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """Give a number as text."""
        if isinstance(index, slice):
            return [str(i) for i in range(*index.indices(self.size))]
        return str(index)


def numbered(prefix: str, count: int) -> Labels:
    """Give labels that are numbers."""
    index = np.arange(count, dtype=np.int32)
    return Labels((Block((prefix,), ((Numbers(count), index),), count),))


def write_task(
    path: Path,
    formulation: Formulation,
    limits: Limits,
    draw: Stage | None,
    parts: Parts | None = None,
    start: Begun | None = None,
) -> None:
    """Write what a child is to solve, or, where parts are given, to find the conflict of."""
    stages = [*formulation.stages, *([draw] if draw else [])]
    head: dict[str, Any] = {
        "options": len(formulation.options),
        "candidates": len(formulation.candidates),
        "stages": [_stage_head(s) for s in stages],
        "draw": draw is not None,
        "limits": [limits.seconds, limits.memory_mb, limits.nodes],
    }
    arrays = {name: getattr(formulation, name) for name in _ARRAYS}
    matrix = formulation.matrix
    arrays |= {"starts": matrix.starts, "columns": matrix.columns, "values": matrix.values}
    arrays["continuous"] = money_columns(formulation)
    arrays["auxiliary"] = np.flatnonzero(auxiliary_columns(formulation)).astype(np.int32)
    arrays |= {f"costs{i}": s.costs for i, s in enumerate(stages)}
    if parts is not None:
        arrays |= {"part_of_row": parts.of_row, "part_clause": parts.clause, "part_row": parts.row}
    if start is not None:
        arrays["start"] = start.plan
        arrays |= {f"best{i}": best.labels for i, best in enumerate(start.best)}
        head["best"] = [best.stage for best in start.best]
    _write(path, head, arrays)


def read_start(path: Path) -> Begun | None:
    """Read the plan to begin with, None if there is none."""
    head, arrays = _read(path)
    if "start" not in arrays:
        return None
    best = (Best(stage, arrays[f"best{i}"]) for i, stage in enumerate(head["best"]))
    return Begun(arrays["start"], tuple(best))


def read_parts(path: Path) -> Parts:
    """Read what may be given up."""
    _, arrays = _read(path)
    return Parts(arrays["part_of_row"], arrays["part_clause"], arrays["part_row"])


def conflict_values(found: Conflict) -> dict[str, Any]:
    """Give a conflict as JSON-ready values."""
    return {
        "clauses": sorted(found.clauses),
        "parts": sorted(found.parts),
        "proof": _proof(found.proof),
        "tree": [
            [n.column, n.most] if isinstance(n, Split) else [_proof(n.proof)] for n in found.tree
        ],
        "without": [[c, [list(v) for v in plan]] for c, plan in found.without.items()],
        "without_part": [[p, [list(v) for v in plan]] for p, plan in found.without_part.items()],
    }


def _proof(proof: Proof) -> list[list[Any]]:
    return [[row, str(number)] for row, number in proof]


def _proof_of(values: list[list[Any]]) -> Proof:
    return tuple((int(row), int(number)) for row, number in values)


def _node_of(values: list[Any]) -> Split | Leaf:
    return Split(*map(int, values)) if len(values) == 2 else Leaf(_proof_of(values[0]))


def conflict_of(values: dict[str, Any]) -> Conflict:
    """Read a conflict back; what it holds is not believed yet."""

    def plans(name: str) -> dict[int, Sparse]:
        return {int(o): tuple((int(j), int(v)) for j, v in plan) for o, plan in values[name]}

    return Conflict(
        frozenset(map(int, values["clauses"])),
        frozenset(map(int, values["parts"])),
        _proof_of(values["proof"]),
        tuple(
            Split(*map(int, n)) if len(n) == 2 else Leaf(_proof_of(n[0])) for n in values["tree"]
        ),
        plans("without"),
        plans("without_part"),
    )


def _stage_head(stage: Stage) -> list[Any]:
    """Give what a child needs to know of a stage beside its costs."""
    objective = stage.objective
    if objective is None:
        return [stage.index, stage.constant, None]
    give = [objective.sense, objective.give_percent, objective.give_points]
    return [stage.index, stage.constant, give]


def read_task(path: Path) -> tuple[Formulation, Limits, Stage | None]:
    """Read what is to be solved."""
    head, arrays = _read(path)
    stages = []
    for i, (index, constant, give) in enumerate(head["stages"]):
        objective = None if give is None else Objective(give[0], (), give[1], give[2])
        stages.append(Stage(index, arrays[f"costs{i}"], constant, objective))
    draw = stages.pop() if head["draw"] else None
    rows, columns = len(arrays["row_lower"]), len(arrays["lower"])
    formulation = Formulation(
        options=unnamed_options(head["options"]),
        candidates=unnamed_candidates(head["candidates"]),
        columns=numbered("column", columns),
        rows=numbered("row", rows),
        matrix=Matrix(arrays["starts"], arrays["columns"], arrays["values"]),
        stages=tuple(stages),
        money=Money(*(np.zeros(0, np.int32),) * 4),
        # Only which columns are auxiliary matters to a solver, not how they follow.
        recipes=(Recipe(arrays["auxiliary"], np.zeros(0, np.int32), least=True),),
        continuous=arrays["continuous"],
        **{name: arrays[name] for name in _ARRAYS},
    )
    seconds, memory_mb, nodes = head["limits"]
    return formulation, Limits(seconds, memory_mb, nodes), draw


def unnamed_options(count: int) -> Options:
    """Give options of which only the number is known."""
    none, nothing = np.zeros(0, np.int32), np.zeros(0, np.int64)
    return Options(none, ("",) * count, nothing, nothing, nothing, nothing, nothing)


def unnamed_candidates(count: int) -> Candidates:
    """Give candidates of which only the number is known."""
    none, nothing = np.zeros(count, np.int32), np.zeros(0, np.int64)
    return Candidates(none, none, none, none, nothing, nothing, nothing)


def write_solved(path: Path, solved: Solved) -> None:
    """Write a result; the file appears whole or not at all."""
    head = {
        "termination": str(solved.termination),
        "detail": solved.detail,
        "stages": [[s.index, s.claimed] for s in solved.stages],
    }
    arrays: dict[str, Any] = {} if solved.vector is None else {"vector": solved.vector}
    for i, stage in enumerate(solved.stages):
        arrays[f"vector{i}"] = stage.vector
        if stage.duals is not None:
            arrays[f"duals{i}"] = stage.duals
        if stage.ended is not None:
            arrays[f"ended{i}"] = stage.ended
    part = path.with_suffix(".part")
    _write(part, head, arrays)
    part.replace(path)


def read_solved(path: Path) -> Solved:
    """Read a result back; what it holds is not believed yet."""
    head, arrays = _read(path)
    stages = tuple(
        StageResult(
            index, arrays[f"vector{i}"], arrays.get(f"duals{i}"), claimed, arrays.get(f"ended{i}")
        )
        for i, (index, claimed) in enumerate(head["stages"])
    )
    return Solved(Termination(head["termination"]), arrays.get("vector"), stages, head["detail"])


def _write(path: Path, head: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Write a head and arrays into one file."""
    text = np.frombuffer(json.dumps(head).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, head=text, **arrays)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read a head and arrays from one file; nothing in it is ever executed."""
    with np.load(path, allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    return json.loads(arrays.pop("head").tobytes()), arrays
