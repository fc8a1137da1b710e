"""The child that looks for a conflict: `python -m cogov_opt.solving.conflict_child IN OUT`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from cogov_opt.solving.child import MEMORY, die_with_parent, limit_memory


def main(task: str, result: str) -> int:
    """Look for the conflict of the task in one file and leave it in another."""
    die_with_parent()
    try:
        return _find(Path(task), Path(result))
    except MemoryError:
        return MEMORY


def _find(task: Path, result: Path) -> int:
    """Read, limit, look, write."""
    from cogov_opt.domain.decision import Termination
    from cogov_opt.errors import UnsupportedError
    from cogov_opt.solving import conflicts, parcel
    from cogov_opt.solving.backends import highs
    from cogov_opt.solving.outcome import Solved
    from cogov_opt.solving.problem import Work

    formulation, limits, _ = parcel.read_task(task)
    limit_memory(limits.memory_mb)
    parts = parcel.read_parts(task)
    try:
        work = Work(seconds=limits.seconds)
        found = conflicts.find(conflicts.Questions(formulation, parts, highs.solve, work))
        detail: dict[str, Any] = {} if found is None else {"found": parcel.conflict_values(found)}
    except UnsupportedError as refused:
        detail = {"unsupported": str(refused)}
    parcel.write_solved(result, Solved(Termination.INFEASIBLE, detail=detail))
    result.with_suffix(".done").touch()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
