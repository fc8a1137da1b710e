"""Small flows with every plan they have, to hold exact statements to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.solving.backends.min_cost_flow import solve_circulation
from cogov_opt.strategies.flow_route import FlowSolved, is_flow, solve_flow
from tests.properties.flow_weeks import flow_card, flow_week

MOST_PLANS = 3_000
Values = tuple[int, ...]


def formulated(seed: int, size: int) -> Formulation | None:
    """Give a small flow; None where the week is refused, or is too large to list its plans."""
    try:
        card = load_policy_text(flow_card(seed))
        f = formulate(check(flow_week(seed, size), card), card)
    except IssuesError:
        return None
    if is_flow(f) is None or not 1 < float(np.prod(f.upper[f.x] + 1.0)) <= MOST_PLANS:
        return None
    return f


def solved(f: Formulation) -> FlowSolved:
    """Solve a flow without a draw."""
    network = is_flow(f)
    assert network is not None
    return solve_flow(f, network, solve_circulation, None)


def every_plan(f: Formulation) -> tuple[np.ndarray, list[Values]]:
    """Give every plan by what its candidates get, and the values of the best choice of options."""
    units, values = [], []
    for given in product(*(range(int(h) + 1) for h in f.upper[f.x])):
        x = np.zeros(len(f.columns), dtype=np.int64)
        x[f.x] = given
        reached = [tuple(s.value(y) for s in f.stages) for y in choices(f, x) if not f.violated(y)]
        if reached:
            units.append(given)
            values.append(max(reached))
    return np.array(units), values


def choices(f: Formulation, x: np.ndarray) -> Iterator[np.ndarray]:
    """Give a plan with options chosen where something is given, and wherever that is allowed."""
    y = x.copy()
    y[f.candidates.option[x[f.x] > 0]] = 1
    yield y
    for j in np.flatnonzero(y[: len(f.options)] == 0):
        more = y.copy()
        more[j] = 1
        y = y if f.violated(more) else more
    yield y


def first_difference(best: Values, other: Values) -> tuple[int, int]:
    """Give the place of the first stage in which two plans differ, and by how much; last and 0."""
    for k, (one, two) in enumerate(zip(best, other, strict=True)):
        if one != two:
            return k, one - two
    return len(best) - 1, 0
