"""What a clause or term builder is given: the growing model, the card, the awards, the stages."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cogov_opt.domain.formulation import Money, Part
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.domain.policy import Clause, Policy
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.model import Model
from cogov_opt.formulating.money import Awards


@dataclass
class Building:
    """The work in progress. `costs` holds (stage, column, maximised coefficient) entries."""

    model: Model
    policy: Policy
    awards: Awards
    money: Money
    costs: list[tuple[int, IndexArray, IntArray]] = field(default_factory=list)
    constants: dict[int, int] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """Give the facts of the instance."""
        return self.model.facts

    def add_cost(self, stage: int, columns: IndexArray, coefficients: IntArray | int) -> None:
        """Add maximised coefficients to a stage, counted from 1."""
        full = np.broadcast_to(np.asarray(coefficients, dtype=np.int64), (len(columns),))
        self.costs.append((stage, np.asarray(columns, dtype=np.int32), full))

    def slacks(self, clause: Clause, parts: list[Part], most: IntArray) -> IndexArray:
        """Add the slack columns of a soft clause, priced in its stage (S8.11)."""
        made = self.model.columns(("slack", clause.id), parts, most)
        self.add_cost(clause.stage, made, -clause.penalty)
        return made
