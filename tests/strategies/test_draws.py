import hashlib

import numpy as np
import pytest

from cogov_opt import check, load, load_policy
from cogov_opt.domain.decision import Draw
from cogov_opt.formulating import formulate
from cogov_opt.strategies.draws import draw_of, rank, ranks


@pytest.fixture(scope="module")
def case():
    policy = load_policy("needs-first")
    instance = check(load("datasets/riverside"), policy)
    return instance, formulate(instance, policy)


def test_a_rank_is_the_first_bits_of_a_digest():
    """First 20 bits of SHA-256 of ["s","rank",0,"n","r","o"], minus 2^19 (S11.1)."""
    digest = hashlib.sha256(b'["s","rank",0,"n","r","o"]').digest()
    assert rank(Draw("s"), "n", "r", "o") == (int.from_bytes(digest[:3], "big") >> 4) - 2**19


def test_only_yes_or_no_decisions_are_drawn(case):
    """All y, and 0/1 x of volunteers and spaces; not services, money or auxiliaries (S11.1)."""
    instance, f = case
    found = ranks(instance, f, Draw("s"))
    kind = instance.resources.kind[f.candidates.resource]
    drawn = np.isin(kind, [0, 2])
    assert (found[f.x][~drawn] == 0).all()
    assert (found[len(f.options) + len(f.candidates) :] == 0).all()
    assert np.count_nonzero(found) >= 0.99 * (len(f.options) + drawn.sum())
    assert np.abs(found).max() <= 2**19


def test_the_default_seed_comes_from_the_inputs(case):
    """16 hex digits, the same each time, told as derived; a typed one is told as chosen (S11.2)."""
    instance, _ = case
    derived = draw_of(instance, None)
    assert derived == draw_of(instance, None)
    assert (len(derived.seed), derived.trust, derived.unique) == (16, "derived", "plans_found")
    assert draw_of(instance, "lucky") == Draw("lucky", "chosen")
