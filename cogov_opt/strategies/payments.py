"""Release order: which fund pays first where a plan leaves it open (convention S6.8)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import Instance

RESTRICTIONS = ("purposes", "cost_types", "groups", "areas")


def release_ranks(instance: Instance) -> list[int]:
    """Give each fund its turn, by its row: those alike but for their ids share one."""
    funds = instance.funds
    if not len(funds):
        return []
    until = funds.ints("spend_until")
    counts = np.array([np.diff(funds.lists(name).starts) for name in RESTRICTIONS])
    last = np.where(until == BLANK, np.iinfo(np.int64).max, until)
    turns = np.stack((last, -(counts > 0).sum(axis=0), counts.sum(axis=0)), axis=1)
    ranks: list[int] = np.unique(turns, axis=0, return_inverse=True)[1].reshape(-1).tolist()
    return ranks


def release_order(instance: Instance) -> list[int]:
    """Give the resource indices of all funds, the one that pays first in front."""
    # Rows are in the order of ids, and a stable sort keeps them so.
    order = np.argsort(np.array(release_ranks(instance), dtype=np.int64), kind="stable")
    return [int(place) for place in order + instance.resources.span("fund").start]
