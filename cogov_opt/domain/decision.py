"""A decision: instance, policy, outcome and evidence together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from threading import Event
from typing import Any

from cogov_opt.domain.certificate import Certificate, Trace
from cogov_opt.domain.formulation import Allocation, Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.policy import Policy


class Termination(StrEnum):
    """Why the work stopped; not what was found, nor how good it is."""

    OPTIMAL = "optimal"
    LIMIT = "limit"
    INFEASIBLE = "infeasible"
    INFEASIBLE_CLAIMED = "infeasible_claimed"
    CANCELLED = "cancelled"
    FAULT = "fault"
    DONE = "done"
    """A procedure came to its end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a solve may use; None is no limit. `nodes` limits work and keeps runs reproducible."""

    seconds: float | None = None
    memory_mb: int | None = None
    nodes: int | None = None


class Proof(StrEnum):
    """How the work on the proof of a plan ended, after the search had come to its own end."""

    DONE = "done"
    LIMIT = "limit"
    CANCELLED = "cancelled"


class Cancel(Event):
    """A token another thread sets to stop a solve within a second."""


@dataclass(frozen=True, slots=True)
class Draw:
    """How ties were settled: seed, how far it can be trusted, and what is known of uniqueness."""

    seed: str
    trust: str = "derived"
    unique: str = "plans_found"
    counter: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found: the plan (if any), its full column vector, and why the work stopped."""

    termination: Termination
    allocation: Allocation | None
    vector: IntArray | None
    route: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Limits hit, faults, Farkas integers: by name, JSON-ready."""
    proof: Proof | None = None
    """How the proof ended; None where nothing was to be proved."""


@dataclass(frozen=True)
class Decision:
    """Everything that was decided and what proves it. `evidence` is None iff there is no plan."""

    instance: Instance
    policy: Policy
    formulation: Formulation
    outcome: Outcome
    evidence: Certificate | Trace | None
    draw: Draw | None
    strategy: str
    options: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    lots: Mapping[str, Any] | None = None
    """The draw of lots that gave the seed, where there was one (S11.3)."""

    @property
    def termination(self) -> Termination:
        """Say why the work stopped."""
        return self.outcome.termination

    @property
    def allocation(self) -> Allocation | None:
        """Give the plan, or None."""
        return self.outcome.allocation

    def to_pandas(self) -> Any:
        """Give the allocation as a pandas DataFrame, the columns of allocation.csv."""
        return _frames().to_pandas(self)

    def to_polars(self) -> Any:
        """Give the allocation as a polars DataFrame."""
        return _frames().to_polars(self)

    def to_arrow(self) -> Any:
        """Give the allocation as an Arrow stream (`__arrow_c_stream__`)."""
        return _frames().to_arrow(self)


def _frames() -> Any:
    """Find the way up by name, so that nouns import nothing above them."""
    return import_module("cogov_opt.reporting.frames")
