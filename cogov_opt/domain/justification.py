"""Justifications: the recorded reason of one decision, as code and values (convention S12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cogov_opt.domain.decision import Decision

REASONS = (
    "no_eligible_candidate", "capacity", "time_conflict", "budget", "earmark", "period", "clause",
    "clause_slack", "dependency", "incompatible", "below_minimum", "other_option",
    "set_incomplete", "need_met", "not_needed", "outpriced", "at_prices", "tie_draw",
    "fairness_history", "pinned", "override", "withheld", "data_rejected", "gap",
)  # fmt: skip
"""The closed list of reason codes."""

FAILING_TESTS = (
    "skill", "level", "credential", "credential_expired", "language", "availability", "no_answer",
    "distance", "seats", "feature", "space_kind", "service_type", "purpose", "cost_type", "group",
    "area", "period", "agreement", "consent",
)  # fmt: skip
"""The eligibility tests, in the order they are told (S4.11)."""


@dataclass(frozen=True, slots=True)
class Justification:
    """One record: what it is about, why, and how far that is proven."""

    record: str
    type: str
    about: Mapping[str, str]
    code: str
    values: Mapping[str, Any]
    proven: str

    def to_dict(self) -> dict[str, Any]:
        """Give the record as its canonical JSON values."""
        return {
            "record": self.record,
            "type": self.type,
            "about": dict(self.about),
            "code": self.code,
            "values": dict(self.values),
            "proven": self.proven,
        }


@dataclass(frozen=True, slots=True)
class UnitValue:
    """
    What one unit more of a resource gains, or one less loses, at a stage (S10.9, S10.11).

    At least `least` and at most `most`, None where no plan shows an upper end.
    """

    resource: str
    change: str
    stage: int
    least: int
    most: int | None
    proven: str


@dataclass(frozen=True, slots=True)
class Chance:
    """
    What would have served a need that is short, or could not have (S10.9, S10.12, S13.9).

    `rise`: the points its demand lacks (at least, where proven is `bound`), `none` where no rise
    does, blank where none is asked for; `units`: of how many resources one unit more would for
    certain (None: not judged), `named` the first of them; `others`: `tied`, or `some` or `none`
    where there is no such resource.
    """

    demand: str
    need: str
    rise: str
    units: int | None
    named: tuple[str, ...]
    others: str
    proven: str


@dataclass(frozen=True)
class Explained:
    """A decision with its justifications, in the order of their ids."""

    decision: Decision
    records: Sequence[Justification]
    accounts: Sequence[Mapping[str, Any]] = ()
    """What each clause does to the plan, as accounts.json tells it (S12.8)."""
    units: Sequence[UnitValue] | None = None
    """What single units are worth, as units.csv tells it (S13.8); None where nothing is told."""
    chances: Sequence[Chance] | None = None
    """What would have served each short need, as chances.csv tells it (S13.9)."""

    def about(self, identifier: str) -> Any:
        """
        Say what was decided about one thing, and why (an `explaining.answers.Answer`).

        The way up to `explaining` is found by name, so that nouns import nothing above them.
        """
        return import_module("cogov_opt.explaining.answers").about(self, identifier)

    def why_not(self, resource: str, demand: str) -> Any:
        """Say why a resource does not serve a demand (an `explaining.answers.Answer`)."""
        return import_module("cogov_opt.explaining.why_not").why_not(self, resource, demand)

    def exact(self, *ask: str, seconds: float | None = 60) -> Any:
        """
        Say what forcing one decision would cost, by solving again (`asking.exact.Forced`).

        `ask` is `"use", resource[, demand]`, `"serve", demand[, option]`, `"leave", demand` or
        `"without", resource[, demand]`.
        """
        return import_module("cogov_opt.explaining.asking.exact").exact(self, ask, seconds=seconds)

    def changes(self, demand: str, *, seconds: float | None = 60) -> Any:
        """Say which single changes would let a demand be served (`changes.answering.Advice`)."""
        found = import_module("cogov_opt.explaining.changes.answering")
        return found.changes(self, demand, seconds=seconds)
