"""
Solving in a child process: started, watched, ended; every way it may end is an outcome.

`subprocess` and files only: this works from a script without a main guard, from standard input,
from a notebook and from a daemonic worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cogov_opt
from cogov_opt.domain.conflict import Parts
from cogov_opt.domain.decision import Cancel, Limits, Termination
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.errors import UnsupportedError
from cogov_opt.solving import child, parcel
from cogov_opt.solving.events import Event
from cogov_opt.solving.outcome import Begun, Solved

GRACE = 5.0
"""Seconds beyond its limit after which a child is ended from outside."""
POLL = 0.05
Listener = Callable[[Event], None]

COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "cogov_opt.solving.child")
"""`-P`: nothing in the folder we happen to run in is imported by the child."""


def solve(
    formulation: Formulation,
    limits: Limits,
    *,
    draw: Stage | None = None,
    cancel: Cancel | None = None,
    tell: Listener | None = None,
    command: Sequence[str] = COMMAND,
    parts: Parts | None = None,
    start: Begun | None = None,
) -> Solved:
    """Solve in a child; `command` is for tests that plant children which misbehave."""
    # Windows keeps files of a process that was just ended open for a moment.
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as folder:
        task, result = Path(folder, "task.npz"), Path(folder, "result.npz")
        parcel.write_task(task, formulation, limits, draw, parts, start)
        watched = _Watched(limits, cancel, tell, result)
        end = watched.run([*command, str(task), str(result)], Path(folder, "stderr.txt"))
        return _read(result, end)


def ended(
    command: Sequence[str], folder: Path, limits: Limits, cancel: Cancel | None = None
) -> Solved:
    """Run any child of ours under watch, its complaints in a folder; give how it ended."""
    watched = _Watched(limits, cancel, None, folder / "result.npz")
    return watched.run(list(command), folder / "stderr.txt")


def _environment() -> dict[str, str]:
    """Give the child our own package and one thread, whatever the program around us did."""
    found = dict(os.environ)
    root = str(Path(cogov_opt.__file__).parent.parent)
    paths = [root, *filter(None, [found.get("PYTHONPATH")])]
    found |= {"PYTHONPATH": os.pathsep.join(paths)}
    found |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return found


class _Watched:
    """One child under watch."""

    def __init__(
        self, limits: Limits, cancel: Cancel | None, tell: Listener | None, result: Path
    ) -> None:
        self.limits, self.cancel, self.tell, self.result = limits, cancel, tell, result
        self.told = 0

    def run(self, command: list[str], complaints: Path) -> Solved:
        """Run the child to its end; give how it ended, without what it found."""
        began = time.monotonic()
        with complaints.open("wb") as stderr:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr,
                env=_environment(), start_new_session=True,
            )  # fmt: skip
        try:
            ended = self._watch(process, began)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            self._pass_on()
        if ended is not None:
            return ended
        return _ended(process.returncode, complaints, self.limits)

    def _watch(self, process: subprocess.Popen[bytes], began: float) -> Solved | None:
        """Wait; None if the child ended by itself."""
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(POLL)
                return None
            self._pass_on()
            if self.cancel is not None and self.cancel.is_set():
                return Solved(Termination.CANCELLED)
            limit = self.limits.seconds
            if limit is not None and time.monotonic() - began > limit + GRACE:
                detail = {"limit": "seconds", "by": "watchdog", "reproducible": False}
                return Solved(Termination.LIMIT, detail=detail)

    def _pass_on(self) -> None:
        """Pass on what the child has told since the last look."""
        path = self.result.with_suffix(".events")
        if self.tell is None or not path.exists():
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")]
        for line in whole[self.told :]:
            kind, values = json.loads(line)
            self.told += 1
            self.tell(Event(kind, values))


def _ended(code: int, complaints: Path, limits: Limits) -> Solved:
    """Say how a child ended that nobody ended."""
    if code == 0:
        return Solved(Termination.OPTIMAL)
    said = complaints.read_text(encoding="utf-8", errors="replace")[-2000:]
    if code == child.MEMORY or "bad_alloc" in said or "MemoryError" in said:
        return Solved(Termination.LIMIT, detail={"limit": "memory", "reproducible": False})
    killed = code in (-9, -15)
    detail: dict[str, Any] = {"fault": "killed" if killed else "crash", "exit": code}
    if not killed and limits.memory_mb is not None and code == -6:
        # Solvers abort where they cannot allocate: under a memory limit that is what it means.
        return Solved(Termination.LIMIT, detail={"limit": "memory", "exit": code})
    last = said.strip().splitlines()[-1:] or [""]
    # The name of the exception only: its text could hold a path or a value.
    return Solved(Termination.FAULT, detail=detail | {"said": last[0].split(":")[0][:80]})


def _read(result: Path, end: Solved) -> Solved:
    """Put together how the child ended and what it left."""
    done = result.with_suffix(".done").exists()
    try:
        found = parcel.read_solved(result) if result.exists() else None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return Solved(Termination.FAULT, detail={"fault": "bad_output"})
    if found is not None and "unsupported" in found.detail:
        raise UnsupportedError(str(found.detail["unsupported"]))
    if end.termination is Termination.OPTIMAL:
        if found is None or not done:
            return Solved(Termination.FAULT, detail={"fault": "bad_output"})
        return found
    if found is None:
        return end
    return Solved(end.termination, found.vector, found.stages, found.detail | end.detail)
