"""
The child process of a solve: `python -m cogov_opt.solving.child IN.npz OUT.npz`.

It reads arrays, solves within its limits, writes its best state whenever that improves, and ends
when its parent does. Everything it writes is checked again by the parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

MEMORY = 70
"""Exit status: out of memory."""
BROKEN = 71
"""Exit status: an exception that is no outcome."""


def main(task: str, result: str) -> int:
    """Solve the task in one file and leave the result in another."""
    die_with_parent()
    try:
        return _solve(Path(task), Path(result))
    except MemoryError:
        return MEMORY


def _solve(task: Path, result: Path) -> int:
    """Read, limit, solve, write."""
    from cogov_opt.domain.decision import Termination
    from cogov_opt.errors import UnsupportedError
    from cogov_opt.solving import parcel, stages
    from cogov_opt.solving.backends import highs
    from cogov_opt.solving.events import Event
    from cogov_opt.solving.outcome import Solved

    formulation, limits, draw = parcel.read_task(task)
    if limits.memory_mb is not None:
        # Loaded on the way otherwise, where the limit may leave no room for it.
        import_module("scipy.sparse.csgraph")
    limit_memory(limits.memory_mb)
    events = result.with_suffix(".events")

    def tell(event: Event) -> None:
        with events.open("a", encoding="utf-8") as file:
            file.write(json.dumps([event.kind, dict(event.values)]) + "\n")

    def save(state: Solved) -> None:
        parcel.write_solved(result, state)

    try:
        solved = stages.solve(
            formulation, highs.solve, limits, draw=draw, tell=tell, save=save,
            start=parcel.read_start(task),
        )  # fmt: skip
    except UnsupportedError as refused:
        solved = Solved(Termination.FAULT, detail={"unsupported": str(refused)})
    save(solved)
    # Tells the parent that this is the end and not a state on the way.
    result.with_suffix(".done").touch()
    return 0


def limit_memory(memory_mb: int | None) -> bool:
    """Let the solve take this much beyond what is loaded; False where nothing enforces it."""
    if memory_mb is None or sys.platform == "win32":
        return False
    import resource

    loaded = 0
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        loaded = pages * resource.getpagesize()
    most = loaded + memory_mb * 2**20
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ValueError, OSError):
        return False
    return sys.platform == "linux"


def die_with_parent() -> None:
    """
    End when the parent ends, however it ends.

    The parent holds the other end of standard input, so its death closes it on every platform;
    on Linux the kernel ends us at once besides, even inside a solver that never yields.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            _ask_kernel()
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _ask_kernel() -> None:
    """Ask for SIGKILL at the parent's death (prctl PR_SET_PDEATHSIG)."""
    import ctypes
    import signal

    library: Any = ctypes.CDLL(None, use_errno=True)
    library.prctl(1, int(signal.SIGKILL), 0, 0, 0)


def _wait_for_end() -> None:
    """Wait for the end of standard input, then leave without ado."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
