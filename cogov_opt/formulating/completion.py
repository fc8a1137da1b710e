"""Plans and vectors: an allocation as a full column vector, and back (convention S5-S9)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import Allocation, Formulation
from cogov_opt.domain.instance import IntArray


def complete(formulation: Formulation, allocation: Allocation) -> IntArray:
    """Give the full vector of a plan, every auxiliary column as its rows make it."""
    x = np.zeros(len(formulation.columns), dtype=np.int64)
    x[allocation.option[allocation.option >= 0]] = 1
    x[formulation.x] = allocation.units
    money = formulation.money
    for columns, amounts in ((money.bought, allocation.bought), (money.own, allocation.own)):
        has = columns >= 0
        x[columns[has]] = amounts[has]
    return formulation.completed(x)


def allocation_of(formulation: Formulation, x: IntArray) -> Allocation:
    """Give the plan a vector stands for."""
    o = formulation.options
    chosen = np.flatnonzero(x[: len(o)] > 0)
    option = np.full(len(o.of_demand) - 1, -1, dtype=np.int32)
    option[o.demand[chosen]] = chosen
    money = formulation.money
    bought, own = (np.where(c >= 0, x[c], 0) for c in (money.bought, money.own))
    return Allocation(option, x[formulation.x].copy(), bought, own)
