"""The one-file verifier: the same sources give the same bytes, and the file runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = """\
from importlib.resources import files

from . import rules


def main():
    print(rules.NAME, files(__package__).joinpath("data.json").read_text())
    return 7
"""


@pytest.fixture
def package(tmp_path):
    """A package of the verifier's shape: modules, a sub-package and a data file."""
    folder = tmp_path / "toy"
    (folder / "rules").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "__main__.py").write_text(MAIN)
    (folder / "rules" / "__init__.py").write_text("NAME = 'toy'\n")
    (folder / "data.json").write_text("{}")
    return folder


def make(package, output):
    tool = [sys.executable, str(ROOT / "tools" / "make_pyz.py")]
    options = ["--package", str(package), "--output", str(output)]
    return subprocess.run([*tool, *options], capture_output=True, text=True, check=False)


def test_bytes_depend_on_sources_only(package, tmp_path):
    """Other times on the files, and caches beside them, change no byte."""
    make(package, tmp_path / "one.pyz")
    for path in package.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "rules.pyc").write_bytes(b"cache")
    make(package, tmp_path / "two.pyz")

    assert (tmp_path / "one.pyz").read_bytes() == (tmp_path / "two.pyz").read_bytes()


def test_the_file_runs_alone(package, tmp_path):
    """An isolated Python runs it, finds its data, and ends with the status of main."""
    output = tmp_path / "verify.pyz"
    make(package, output)

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(output)], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr, done.returncode) == ("toy {}\n", "", 7)
    assert output.read_bytes().startswith(b"#!/usr/bin/env python3\n")


def test_a_package_without_entry_point_is_refused(tmp_path):
    """Nothing is written when there is nothing to run."""
    done = make(tmp_path, tmp_path / "verify.pyz")

    assert done.returncode == 2
    assert not (tmp_path / "verify.pyz").exists()
