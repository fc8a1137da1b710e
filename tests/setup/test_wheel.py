"""The wheel carries the cards and samples, the type marker and the program."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_LIMIT = 1_000_000  # bytes in all: a download should not pay for samples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as book:
        yield book


def files_under(folder):
    """What a checkout holds there, less what people's systems leave behind."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix() for path in paths if not path.name.startswith((".", "~"))
    }


@pytest.mark.parametrize("folder", ["models", "datasets"])
def test_shared_files_are_inside(wheel, folder):
    """Every card and every sample of the checkout is in the wheel, under _shared."""
    expected = {f"cogov_opt/_shared/{name}" for name in files_under(folder)}

    assert expected, f"{folder} is empty"
    assert expected <= set(wheel.namelist())


def test_samples_stay_small(wheel):
    """All samples together are under a megabyte."""
    shared = [info for info in wheel.infolist() if "/_shared/datasets/" in info.filename]

    assert sum(info.file_size for info in shared) < SAMPLE_LIMIT


def test_marker_licence_and_program_are_inside(wheel):
    """Type checkers, lawyers and shells find what they look for."""
    names = wheel.namelist()
    (points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))

    assert "cogov_opt/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert "cogov = cogov_opt.cli.main:main" in wheel.read(points).decode()


def test_nothing_else_is_inside(wheel):
    """Only the package and its metadata: no tests, tools or caches."""
    tops = {name.partition("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"cogov_opt"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name]
