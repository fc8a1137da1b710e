"""Random plans of a week, judged by the meaning and by the rows of both sides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.solving import greedy
from cogov_opt.verifying.feasibility import broken_rows, outside
from cogov_opt.verifying.plan import complete
from tests.properties.both_sides import verifier_side
from tests.properties.brute_force import deciding, means_well, plan_of
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

Case = tuple[Instance, Policy, Formulation]
PLANS = 100
"""Plans that are judged in each week."""


def case(seed: int) -> Case | None:
    """Give a random case; None where the week is refused, as some are on purpose."""
    try:
        card = load_policy_text(small_card(seed))
        instance = check(small_week(seed), card)
        return instance, card, formulate(instance, card)
    except IssuesError:
        return None


def judged(seed: int, found: Case, folder: Path) -> Counter[str]:
    """
    Judge a week's random plans three ways that must agree, and count those that hold.

    Every second plan strays from one the greedy start found, so that many are whole or nearly so.
    """
    instance, card, f = found
    facts, text, priced = verifier_side(instance, card, folder)
    rng = np.random.default_rng(seed)
    keys = [f.columns.key(j) for j in range(len(f.columns))]
    start, counts = greedy.plan(f), Counter[str]()
    while counts["plans"] < PLANS:
        near = start if counts["plans"] % 2 else None
        x = f.completed(_random(f, rng, near))
        plan = plan_of(f, x)
        if plan is None:
            counts["two options"] += 1
            if counts["two options"] > 20 * PLANS:
                break
            continue
        values = complete(plan, priced)
        by_rows = not outside(priced.columns, values) and not list(broken_rows(priced.rows, values))
        by_build = not f.violated(x)
        assert by_rows == by_build == means_well(facts, text, plan), (seed, plan)
        assert values == dict(zip(keys, x.tolist(), strict=True)), seed
        counts["plans"] += 1
        counts["hold"] += by_rows
    return counts


def _random(f: Formulation, rng: np.random.Generator, near: IntArray | None) -> IntArray:
    """Draw the deciding columns, all of them or a few of a plan's."""
    columns = deciding(f)
    fresh = rng.integers(0, f.upper[columns] + 1)
    x = np.zeros(len(f.columns), dtype=np.int64)
    if near is None:
        x[columns] = fresh * (rng.random(len(columns)) < 0.5)
    else:
        x[columns] = np.where(rng.random(len(columns)) < 1 / len(columns), fresh, near[columns])
    return x
