"""
Makes the run of this format that tests/compat keeps: `python -m tests.compat.make_run FOLDER`.

A released format is never made again: its folder stays as it is, and new formats get their own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cogov_opt as cg
from tests.lies.large_money import CARD, money_week


def make(folder: Path) -> None:
    """Decide a small week and record it, without the file that tells when and where."""
    policy = cg.load_policy_text(CARD.replace("draw = false\n", 'seed = "kept"\n'))
    instance = cg.check(money_week(8, 100, 7, rich=True), policy)
    cg.record(cg.explain(cg.allocate(instance, policy)), folder)
    (folder / "provenance.json").unlink()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
