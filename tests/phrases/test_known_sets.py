"""The phrases that ship are those the verifier knows under their version."""

import hashlib
import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.phrases import VERSION
from cogov_opt.recording import phrases

TOOL = Path(__file__).parents[2] / "tools" / "renew_phrases.py"


def test_the_shipped_set_is_the_known_one_of_its_version():
    """Phrases changed without renewing: run tools/renew_phrases.py."""
    text = resources.files("cogov_opt.verifying").joinpath("phrase_sets.json").read_text("utf-8")

    assert json.loads(text)[VERSION] == hashlib.sha256(canonical_json(phrases())).hexdigest()


def test_other_versions_are_kept():
    """Renewing replaces the digest of the shipped version and nothing else."""
    code = (
        f"import runpy; f = runpy.run_path({str(TOOL)!r})['renewed']; "
        "assert f({'0': 'a', '1': 'b'}, '1', 'c') == {'0': 'a', '1': 'c'}"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
