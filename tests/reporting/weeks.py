"""Runs that reports are made of: the sample week decided by a procedure, and a kept optimum."""

from functools import cache
from pathlib import Path

import cogov_opt as cg
from cogov_opt.recording import Run, read_sealed
from tests.lies.large_money import CARD, money_week

KEPT = Path(__file__).resolve().parents[1] / "compat" / "format_1"


@cache
def kept() -> Run:
    """A small week with an optimum, its prices and its goals."""
    return read_sealed(KEPT)


TOO_MUCH = """
[[clause]]
id = "C99"
kind = "guarantee"
where = { }
measure = "demands"
at_least = 999
firmness = "hard"
owner = "A"
source = "test"
because = { en = "Everything.", zh = "全部。" }
"""


@cache
def hopeless() -> Run:
    """A small week under a clause that asks for more than there is."""
    policy = cg.load_policy_text(CARD.replace("draw = false\n", 'seed = "kept"\n') + TOO_MUCH)
    instance = cg.check(money_week(8, 100, 7, rich=True), policy)
    return cg.record(cg.explain(cg.allocate(instance, policy, isolation="none")))


@cache
def sample() -> Run:
    """The sample week, first come, first served: half a second, and every kind of row."""
    policy = cg.load_policy("needs-first")
    instance = cg.check(cg.load("riverside"), policy)
    return cg.record(cg.explain(cg.allocate(instance, policy, strategy="first_come")))
