"""The same inputs give the same bytes: in any order of rows, from anywhere, under any hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.properties.same_bytes import digests, run_of

pytestmark = pytest.mark.solver

ROOT = Path(__file__).parents[2]
SHUFFLES = 20
MIXED = [("coupled", 182), ("coupled", 300), ("sets", 3), ("sets", 8), ("flow", 2), ("flow", 10),
         ("first_come", 8)]  # fmt: skip
ELSEWHERE = [("coupled", 300), ("sets", 3), ("flow", 2), ("first_come", 8)]
CODE = f"""
import json
from tests.properties.same_bytes import digests
print(json.dumps(digests({ELSEWHERE!r})))
"""
# Workers of a pool are daemonic: they may have no children by multiprocessing, so ours is none.
DAEMONIC = f"""
import json
import multiprocessing
from tests.properties.same_bytes import digests
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(json.dumps(pool.apply(digests, ({ELSEWHERE!r},))))
"""


@pytest.fixture(scope="module")
def here() -> list[str]:
    """The digests as this process gives them."""
    return digests(ELSEWHERE)


@pytest.mark.parametrize(("kind", "seed"), MIXED)
def test_the_order_of_rows_and_tables_is_no_information(kind: str, seed: int) -> None:
    """Twenty shuffles of all rows of all tables give one run (proof.md 4)."""
    assert {run_of(kind, seed, mixer) for mixer in range(SHUFFLES + 1)} == {run_of(kind, seed)}


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_hash_seeds_are_no_information(hash_seed: str, here: list[str]) -> None:
    """Sets and dictionaries of text may come in any order."""
    assert told(["-c", CODE], PYTHONHASHSEED=hash_seed) == here


def test_from_standard_input(here: list[str]) -> None:
    """A script that has no file can still start a child."""
    assert told(["-"], typed=CODE) == here


@pytest.mark.parametrize("code", [CODE, DAEMONIC], ids=["no main guard", "daemonic worker"])
def test_from_a_script(code: str, here: list[str], tmp_path: Path) -> None:
    """A script without a main guard is not run twice; a daemonic worker may solve as well."""
    if code is DAEMONIC and sys.platform == "win32":
        pytest.skip("this system cannot fork")
    (tmp_path / "script.py").write_text(code, encoding="utf-8")

    assert told([str(tmp_path / "script.py")]) == here


def test_from_a_thread(here: list[str]) -> None:
    """Another thread than the main one gives the same."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(digests(ELSEWHERE)))
    thread.start()
    thread.join()

    assert found == here


def told(arguments: list[str], typed: str | None = None, **environment: str) -> list[str]:
    """Run Python on arguments and give what it tells."""
    done = subprocess.run(
        [sys.executable, *arguments], input=typed, capture_output=True, text=True, check=False,
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found
