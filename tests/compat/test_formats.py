"""A run of every format ever released is read and accepted (proof.md 5)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt.recording import read_run
from cogov_opt.testing import reseal

HERE = Path(__file__).parent
KEPT = sorted(path for path in HERE.glob("format_*") if path.is_dir())


@pytest.mark.parametrize("folder", KEPT, ids=lambda path: path.name)
def test_a_kept_run_is_accepted(folder: Path) -> None:
    """The verifier reads every released format, and the library its header and tables."""
    run = read_run(folder)

    assert f"format_{run.header['format']}" == folder.name
    assert cg.verify(folder).findings == ()
    assert run.root == run.recomputed_root()
    assert run.allocation
    assert run.unmet


def test_a_run_is_kept_of_this_format() -> None:
    """The format that is written now has a folder here."""
    assert [path.name for path in KEPT] == ["format_1"]


def test_a_later_format_is_incomplete(tmp_path: Path) -> None:
    """What this verifier does not know it says, and does not judge."""
    shutil.copytree(KEPT[0], tmp_path / "run")
    header = json.loads((tmp_path / "run" / "run.json").read_bytes())
    header["format"] = 99
    (tmp_path / "run" / "run.json").write_bytes(
        json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    reseal(tmp_path / "run")
    verdict = cg.verify(tmp_path / "run")

    assert verdict.verdict == "incomplete"
    assert {f.code for f in verdict.findings} == {"unknown"}
