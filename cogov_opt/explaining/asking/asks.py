"""What is asked of a formulation: one row `["ask"]` that forces a thing in or out (S16.2)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation, Key
from cogov_opt.domain.instance import IndexArray, Instance
from cogov_opt.errors import UnsupportedError

Ask = tuple[str, ...]
"""`use R`, `serve D`, `leave D`, `without R`; `use R D`, `serve D O`, `without R D`; or nothing."""

ROW: Key = ("ask",)


def asked(formulation: Formulation, instance: Instance, ask: Ask) -> Formulation:
    """
    Give the formulation with the row of what is asked.

    Raises
    ------
    UnsupportedError
        No column could do it: the resource may not serve the demand, or there is no such option.
    """
    if not ask:
        return formulation
    columns = columns_of(formulation, instance, ask)
    if not len(columns) and ask[0] in ("use", "serve"):
        raise UnsupportedError(f"nothing can {' '.join(ask)}", code="never_eligible")
    low, high = (0, 0) if ask[0] in ("leave", "without") else (1, FREE)
    return formulation.with_row(ROW, columns, np.ones(len(columns), np.int64), low, high)


def columns_of(formulation: Formulation, instance: Instance, ask: Ask) -> IndexArray:
    """Give the columns the row of an ask adds up, in their order."""
    word, *names = ask
    c, options = formulation.candidates, instance.options
    if word in ("serve", "leave"):
        mine = options.demand == instance.demands.index[names[0]]
        if len(names) > 1:
            mine &= np.array([i == names[1] for i in options.ids])
        return np.flatnonzero(mine).astype(np.int32)
    used = c.resource == instance.resources.ids.index(names[0])
    if len(names) > 1:
        demand = instance.demands.index[names[1]]
        used &= options.demand[c.option] == demand
    return (np.flatnonzero(used) + len(options)).astype(np.int32)
