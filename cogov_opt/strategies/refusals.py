"""The refusals of a coupled plan, proved in a child process (S10.10)."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.refusals import left_out, refuse
from cogov_opt.proving.refusals_child import Asked, read_found, write_asked
from cogov_opt.solving import isolation
from cogov_opt.strategies.trees import TreeWork

COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "cogov_opt.proving.refusals_child")


def with_refusals(
    formulation: Formulation, demands: Sequence[str], evidence: Certificate, vector: IntArray,
    work: TreeWork,
) -> Certificate:  # fmt: skip
    """Give the certificate with the refusals that can be proved of what the plan leaves out."""
    out_of_time = work.limits.seconds is not None and work.limits.seconds <= 0
    if not work.wanted or out_of_time or next(left_out(formulation, vector), None) is None:
        return evidence
    if work.isolated:
        found = _in_child(formulation, demands, evidence, vector, work)
    else:
        stopped = partial(_over, work, time.monotonic())
        found = tuple(refuse(formulation, demands, evidence, vector, stopped=stopped))
    return replace(evidence, refusals=found)


def _in_child(
    formulation: Formulation, demands: Sequence[str], evidence: Certificate, vector: IntArray,
    work: TreeWork,
) -> tuple[Refusal, ...]:  # fmt: skip
    """Prove refusals in a process of its own; what it left is kept however it ended."""
    limits = work.limits
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_asked(folder, Asked(
            formulation, list(demands), evidence, vector, limits.seconds, limits.memory_mb
        ))  # fmt: skip
        isolation.ended([*COMMAND, name], folder, limits, work.cancel)
        return read_found(folder)


def _over(work: TreeWork, began: float) -> bool:
    """Tell whether the caller wants no more, or the time is over."""
    seconds = work.limits.seconds
    over = seconds is not None and time.monotonic() - began > seconds
    return over or (work.cancel is not None and work.cancel.is_set())
