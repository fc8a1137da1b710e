"""Two formulations written apart say the same of every small week, and so does brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import InputError, IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy, load_policy_text
from cogov_opt.verifying.feasibility import broken_rows, outside
from cogov_opt.verifying.plan import complete
from tests.properties.both_sides import built, rebuilt, verifier_side
from tests.properties.brute_force import deciding, means_well, plan_of
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

Case = tuple[Instance, Policy, Formulation]


def case(seed: int) -> Case | None:
    """Give a random case; None where the week is refused, as some are on purpose."""
    try:
        card = load_policy_text(small_card(seed))
        instance = check(small_week(seed), card)
        return instance, card, formulate(instance, card)
    except IssuesError:
        return None


@pytest.mark.parametrize("block", range(8))
def test_rows_columns_and_stages_are_the_same_on_both_sides(block: int, tmp_path: Path) -> None:
    """Keys, bounds, terms, costs and constants are equal on every small week (S5-S9)."""
    compared = 0
    for seed in range(block * 25, block * 25 + 25):
        found = case(seed)
        if found is None:
            continue
        instance, card, f = found
        mine, theirs = built(f), rebuilt(verifier_side(instance, card, tmp_path / str(seed))[2])
        for part in ("columns", "rows", "stages"):
            assert mine[part] == theirs[part], (seed, part)
        compared += 1
    assert compared > 12


@pytest.mark.parametrize("name", ["needs-first", "efficient", "fair-share", "first-come"])
def test_riverside_is_the_same_on_both_sides(name: str, tmp_path: Path) -> None:
    """The sample week under each of its cards has one formulation (S5-S9)."""
    from cogov_opt.loading import load

    card = load_policy(name)
    instance = check(load("datasets/riverside"), card)
    assert built(formulate(instance, card)) == rebuilt(verifier_side(instance, card, tmp_path)[2])


@pytest.mark.parametrize("seed", range(40))
def test_meaning_and_rows_agree_on_random_plans(seed: int, tmp_path: Path) -> None:
    """A plan keeps the meaning iff it keeps the verifier's rows iff it keeps the built rows."""
    found = case(seed)
    if found is None:
        pytest.skip("this seed makes a week that the check refuses")
    instance, card, f = found
    facts, text, priced = verifier_side(instance, card, tmp_path)
    rng = np.random.default_rng(seed)
    columns = deciding(f)
    for _ in range(100):
        x = np.zeros(len(f.columns), dtype=np.int64)
        x[columns] = rng.integers(0, f.upper[columns] + 1) * (rng.random(len(columns)) < 0.5)
        x = f.completed(x)
        plan = plan_of(f, x)
        if plan is None:
            continue
        values = complete(plan, priced)
        by_rows = not outside(priced.columns, values) and not list(broken_rows(priced.rows, values))
        by_build = not f.violated(x)
        assert by_rows == by_build == means_well(facts, text, plan), plan
        assert values == {f.columns.key(j): int(x[j]) for j in range(len(x))}


def test_a_pin_on_someone_ineligible_is_refused() -> None:
    """Pinning what may not be used names every failing test (S8.10)."""
    refused = []
    for seed in range(400):
        try:
            card = load_policy_text(small_card(seed))
            formulate(check(small_week(seed), card), card)
        except InputError as error:
            refused += [i.code for i in error.issues]
        except IssuesError:
            continue
    assert "pinned_ineligible" in refused
