"""Every lie is found: raw at the root, re-sealed at the check that owns the fact (proof.md 6)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cogov_opt.testing import reseal
from tests.lies.registry import LIES
from tests.lies.suite import codes, seals, tell_many, tellings

pytestmark = pytest.mark.solver

MANY, CALLS = 250, 40


def test_every_lie_is_found_or_true_after_all(tmp_path: Path) -> None:
    """Raw and re-sealed, over coupled weeks, flows and procedures, all classes."""
    count = tell_many(MANY, tmp_path)

    print(count.line())
    assert not count.missed
    assert count.raw == count.told == MANY
    assert count.kinds.keys() == {lie.kind for lie in LIES}
    assert count.valid < MANY // 5


def test_a_verifier_that_only_checks_digests_fails_this_suite(tmp_path: Path) -> None:
    """Negative control: seals tell nothing of a lie that an honest packer sealed."""
    count = tell_many(60, tmp_path, verifier=seals)

    print(f"digests alone: {count.raw} found raw, {count.resealed} re-sealed")
    assert count.raw == 60
    assert count.resealed == 0
    assert len(count.missed) > 40


def test_the_command_finds_lies_too(tmp_path: Path) -> None:
    """`cogov verify` ends with 7, and its JSON names the check that owns the fact."""
    calls = 0
    for lie, copy in tellings(tmp_path, first=300):
        folder = copy.write(tmp_path / "run")
        assert "root" in verified(folder)
        reseal(folder)
        if codes(folder):
            seen = verified(folder)
            assert seen & lie.owners, (lie, copy.honest.name, seen)
            calls += 2
        if calls >= CALLS:
            break
    print(f"{calls} verdicts by the command")


def verified(folder: Path) -> set[str]:
    """Verify by the command, in a process of its own."""
    done = subprocess.run(
        [Path(sys.executable).with_name("cogov"), "verify", folder, "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["verdict"] in ("rejected", "incomplete")
    return {finding["code"] for finding in answer["findings"]}
