"""
CPU time and memory, measured in a process of its own, so that nothing before it counts.

A worker is a function that takes JSON values and returns a dict of figures. `fresh` runs it in a
new interpreter; imports and compiled kernels are warmed inside the worker before a clock starts.
Times are CPU seconds of the process and its children: on a shared machine the wall says nothing.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}


def cpu() -> float:
    """Give the CPU seconds used so far by this process and the children it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Laps:
    """CPU seconds by name; a name used twice is added up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        began = cpu()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + cpu() - began


def resident() -> int:
    """Give the bytes of memory in use now."""
    return _status("VmRSS", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def peak() -> int:
    """Give the most bytes of memory this program has had in use."""
    # Not ru_maxrss where there is better: that begins with what the parent had in use.
    return _status("VmHWM", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def _status(name: str, otherwise: int) -> int:
    """Read one figure of the system's account of this process."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return otherwise
    found = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
    return int(found[0]) * 1024 if found else otherwise


def fresh(worker: str, *arguments: Any) -> dict[str, Any]:
    """Run a worker, named `module:function`, in a new interpreter and give what it returned."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, worker, json.dumps(arguments)],
        cwd=ROOT, env={**os.environ, **_ONE_THREAD}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{worker} ended with {done.returncode}\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def child_cpu(command: Sequence[str]) -> float:
    """Give the CPU seconds of a command, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent: float = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent


def medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Give the median of every figure over some runs."""
    return {name: median(run[name] for run in runs) for name in runs[0]}


def middle_ratio(runs: Sequence[Mapping[str, Any]], over: Sequence[str], under: str) -> float:
    """Give the median of a ratio that is taken within each run: load hits both sides alike."""
    found: float = median(sum(run[name] for name in over) / run[under] for run in runs)
    return found


def data_folder(name: str) -> Path | None:
    """Give a folder of the shared benchmark data, None where there is none."""
    root = os.environ.get("COGOV_DATA")
    folder = Path(root) / name if root else None
    return folder if folder is not None and folder.is_dir() else None


NO_DATA = "benchmark data absent: COGOV_DATA"


def main() -> None:
    """Run the worker named on the command line."""
    module, _, function = sys.argv[1].partition(":")
    found = getattr(import_module(module), function)(*json.loads(sys.argv[2]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
