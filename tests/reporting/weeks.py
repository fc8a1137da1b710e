"""Runs that reports are made of: the sample week decided by a procedure, and a kept optimum."""

from functools import cache
from pathlib import Path

import cogov_opt as cg
from cogov_opt.recording import Run, read_sealed

KEPT = Path(__file__).resolve().parents[1] / "compat" / "format_1"


@cache
def kept() -> Run:
    """A small week with an optimum, its prices and its goals."""
    return read_sealed(KEPT)


@cache
def sample() -> Run:
    """The sample week, first come, first served: half a second, and every kind of row."""
    policy = cg.load_policy("needs-first")
    instance = cg.check(cg.load("riverside"), policy)
    return cg.record(cg.explain(cg.allocate(instance, policy, strategy="first_come")))
