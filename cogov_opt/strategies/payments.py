"""Release order: which fund pays first where a plan leaves it open (convention S6.8)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import Instance

RESTRICTIONS = ("purposes", "cost_types", "groups", "areas")


def release_order(instance: Instance) -> list[int]:
    """Give the resource indices of all funds, the one that pays first in front."""
    funds = instance.funds
    if not len(funds):
        return []
    until = funds.ints("spend_until")
    counts = np.array([np.diff(funds.lists(name).starts) for name in RESTRICTIONS])
    # Rows are in the order of ids, and a sort by several keys is stable.
    last = np.where(until == BLANK, np.iinfo(np.int64).max, until)
    order = np.lexsort((counts.sum(axis=0), -(counts > 0).sum(axis=0), last))
    return [int(place) for place in order + instance.resources.span("fund").start]
