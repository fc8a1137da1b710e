"""Small formulations made by hand or at random, and every vector they allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from cogov_opt.domain.formulation import (
    FREE,
    Block,
    Candidates,
    Formulation,
    Labels,
    Matrix,
    Money,
    Stage,
)
from cogov_opt.domain.instance import IntArray, Options
from cogov_opt.domain.policy import Objective
from cogov_opt.solving import exact

Rows = list[tuple[list[int], int, int]]
"""Dense coefficients, lower side, upper side."""


def labels(prefix: str, count: int) -> Labels:
    names = [str(i) for i in range(count)]
    return Labels((Block((prefix,), ((names, np.arange(count, dtype=np.int32)),), count),))


def formulation(
    upper: list[int],
    rows: Rows,
    costs: list[list[int]],
    *,
    lower: list[int] | None = None,
    options: int = 0,
    continuous: list[int] | None = None,
    gives: list[int] | None = None,
    constants: list[int] | None = None,
) -> Formulation:
    """Give a formulation of dense rows; the first `options` columns are y."""
    width = len(upper)
    none, nothing = np.zeros(0, np.int32), np.zeros(0, np.int64)
    count = width - options
    idle = np.full(count, -1, np.int32)
    dense = np.array([r[0] for r in rows], np.int64).reshape(len(rows), width)
    row, column = np.nonzero(dense)
    starts = np.concatenate(([0], np.cumsum((dense != 0).sum(axis=1)))).astype(np.int64)
    marked = np.zeros(width, dtype=bool)
    marked[continuous or []] = True
    stages = [
        Stage(
            k + 1,
            np.array(c, np.int64),
            (constants or [0] * len(costs))[k],
            Objective("maximise", (), give_percent=(gives or [0] * len(costs))[k]),
        )
        for k, c in enumerate(costs)
    ]
    return Formulation(
        options=Options(none, ("",) * options, nothing, nothing, nothing, nothing, nothing),
        candidates=Candidates(idle, idle, idle, idle, nothing, nothing, nothing),
        columns=labels("c", width),
        lower=np.array(lower or [0] * width, np.int64),
        upper=np.array(upper, np.int64),
        rows=labels("r", len(rows)),
        row_lower=np.array([r[1] for r in rows], np.int64),
        row_upper=np.array([r[2] for r in rows], np.int64),
        matrix=Matrix(starts, column.astype(np.int32), dense[row, column]),
        stages=tuple(stages),
        money=Money(none, none, none, none),
        continuous=marked,
    )


def with_options(f: Formulation, count: int) -> Formulation:
    """Let the first columns be y; as in a child, no more is known of them than how many."""
    idle, nothing = np.full(len(f.lower) - count, -1, np.int32), np.zeros(0, np.int64)
    return replace(
        f,
        options=replace(f.options, ids=("",) * count),
        candidates=Candidates(idle, idle, idle, idle, nothing, nothing, nothing),
    )


def at_random(seed: int, *, stages: int = 2, money: bool = False) -> Formulation:
    """Give a random formulation of few columns, feasible or not; negative bounds included."""
    g = np.random.default_rng(seed)
    width, height = int(g.integers(3, 7)), int(g.integers(1, 5))
    lower = np.where(g.random(width) < 0.2, -g.integers(0, 2, width), 0)
    upper = lower + g.integers(1, 4, width)
    rows: Rows = []
    for _ in range(height):
        line = np.where(g.random(width) < 0.6, g.integers(-4, 6, width), 0)
        middle = int(line @ g.integers(lower, upper + 1))
        low, high = middle - int(g.integers(0, 4)), middle + int(g.integers(0, 4))
        kind = g.random()
        rows.append((line.tolist(), -FREE if kind < 0.5 else low, FREE if kind > 0.85 else high))
    costs = [np.where(g.random(width) < 0.8, g.integers(-9, 12, width), 0) for _ in range(stages)]
    return formulation(
        upper.tolist(),
        rows,
        [c.tolist() for c in costs],
        lower=lower.tolist(),
        continuous=[width - 1] if money else None,
    )


def every(f: Formulation) -> list[IntArray]:
    """Give every vector that keeps all bounds and rows."""
    ranges = [range(int(a), int(b) + 1) for a, b in zip(f.lower, f.upper, strict=True)]
    found = []
    for values in product(*ranges):
        x = np.array(values, np.int64)
        if not f.violated(x):
            found.append(x)
    return found


def best(f: Formulation) -> list[int] | None:
    """Give the lexicographic optimum by brute force, give = 0, without constants."""
    plans = every(f)
    if not plans:
        return None
    return list(max(tuple(int(s.costs @ x) for s in f.stages) for x in plans))


def knapsack(count: int = 16, seed: int = 1) -> Formulation:
    """Give a formulation that its linear programme does not settle; large ones take very long."""
    g = np.random.default_rng(seed)
    weights = g.integers(20, 99, (8, count))
    rows: Rows = [(w.tolist(), -FREE, int(w.sum()) // 2) for w in weights]
    costs = weights.sum(axis=0) + g.integers(0, 9, count)
    return formulation([1] * count, rows, [costs.tolist()], options=count)


def beside(one: Formulation, two: Formulation) -> Formulation:
    """Put two formulations side by side: no row has columns of both."""
    width, rows = len(one.lower), []
    for f, left, right in ((one, 0, len(two.lower)), (two, width, 0)):
        m = f.matrix
        for i in range(len(f.row_lower)):
            line = np.zeros(len(f.lower), np.int64)
            part = slice(int(m.starts[i]), int(m.starts[i + 1]))
            line[m.columns[part]] = m.values[part]
            whole = np.concatenate((np.zeros(left, np.int64), line, np.zeros(right, np.int64)))
            rows.append((whole.tolist(), int(f.row_lower[i]), int(f.row_upper[i])))
    stages = zip(one.stages, two.stages, strict=True)
    return formulation(
        [*one.upper.tolist(), *two.upper.tolist()],
        rows,
        [[*a.costs.tolist(), *b.costs.tolist()] for a, b in stages],
        lower=[*one.lower.tolist(), *two.lower.tolist()],
    )  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two random formulations side by side; every plan is one of each half."""

    whole: Formulation
    plans: list[IntArray]

    def best(self) -> IntArray:
        """Give a lexicographically best plan by looking at every one."""
        stages = self.whole.stages
        return max(self.plans, key=lambda x: [exact.value(s.costs, x) for s in stages])


def pair(seed: int) -> Pair | None:
    """Give a pair; None where a half has no plan, or too many to look at."""
    one, two = (at_random(2 * seed + k) for k in range(2))
    if max(np.prod(f.upper - f.lower + 1) for f in (one, two)) > 400:
        return None
    plans = [np.concatenate(halves) for halves in product(every(one), every(two))]
    return Pair(beside(one, two), plans) if 0 < len(plans) < 4_000 else None
