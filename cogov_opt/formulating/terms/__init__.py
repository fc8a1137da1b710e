"""The builders of objective terms, one module a term (convention S9)."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from cogov_opt.domain.policy import TERMS, Term
from cogov_opt.formulating.building import Building


class TermBuilder(Protocol):
    """What each module of a term offers."""

    def add(self, building: Building, stage: int, term: Term, sign: int) -> None:
        """Add the term's coefficients to a stage; `sign` is -1 where the stage is minimised."""


def add_stages(building: Building) -> None:
    """Add every term of every stage, in the card's order."""
    for number, objective in enumerate(building.policy.objectives, start=1):
        sign = 1 if objective.sense == "maximise" else -1
        for term in objective.terms:
            if term.term not in TERMS:
                raise KeyError(term.term)
            builder: TermBuilder = import_module(f"{__name__}.{term.term}")
            builder.add(building, number, term, sign)
