"""Two formulations written apart say the same of every small week, and so does brute force."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogov_opt.checking import check
from cogov_opt.errors import InputError, IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy, load_policy_text
from tests.properties.both_sides import built, rebuilt, verifier_side
from tests.properties.random_plans import case, judged
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week


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
    assert judged(seed, found, tmp_path)["plans"]


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
