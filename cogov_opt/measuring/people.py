"""How many people an allocation reaches (convention S8.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def people_reached(
    people: IntArray, served: NDArray[np.bool_], demand: IntArray, given: IntArray, asked: IntArray
) -> IntArray:
    """
    Give the people that each demand reaches: all when served, a part with one service need.

    Parameters
    ----------
    people
        How many each demand is for.
    served
        Whether it is served.
    demand, given, asked
        One entry for each service need: the place of its demand, the units it got, the units it
        asks for.

    Returns
    -------
    IntArray
        floor(people x given / asked) where a demand has exactly one service need, else all of
        its people; 0 where it is not served.
    """
    reached = np.where(served, people, 0).astype(np.int64)
    alone = np.bincount(demand, minlength=len(people))[demand] == 1
    demand, most = demand[alone], np.maximum(asked[alone], 1)
    reached[demand] = reached[demand] * np.minimum(given[alone], most) // most
    return reached
