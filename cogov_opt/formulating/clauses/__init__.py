"""The builders of clause rows, one module a kind (convention S8)."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from cogov_opt.domain.clauses import KINDS
from cogov_opt.domain.policy import Clause
from cogov_opt.formulating.building import Building


class Builder(Protocol):
    """What each module of a kind offers."""

    def build(self, building: Building, clause: Clause) -> None:
        """Add the rows and slacks of one clause."""


def add_clauses(building: Building) -> None:
    """Add every clause of the card, in its order."""
    for clause in building.policy.clauses:
        if clause.kind not in KINDS:
            raise KeyError(clause.kind)
        builder: Builder = import_module(f"{__name__}.{clause.kind}")
        builder.build(building, clause)
