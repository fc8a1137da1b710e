"""The four import contracts hold, and each of them catches a planted breach."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERIFYING = ROOT / "cogov_opt" / "verifying"

LAYERS = "The way through is a straight line"
VERIFIER = "The verifier imports nothing of ours and no third party"
SOLVERS = "Solvers are known to solving.backends only"
FRAMES = "Data frames and workbooks are known to formats and reporting only"

BREACHES = [
    pytest.param(LAYERS, "units.py", "import cogov_opt.domain", id="layers-upwards"),
    pytest.param(
        LAYERS, "solving/planted.py", "import cogov_opt.formulating", id="layers-sideways"
    ),
    pytest.param(LAYERS, "planted.py", "", id="layers-exhaustive"),
    pytest.param(
        VERIFIER, "verifying/planted.py", "from cogov_opt import units", id="verifier-ours"
    ),
    pytest.param(VERIFIER, "verifying/planted.py", "import numpy", id="verifier-third-party"),
    pytest.param(SOLVERS, "formulating/planted.py", "import highspy", id="solvers"),
    pytest.param(
        SOLVERS, "solving/planted.py", "def f():\n    import pulp", id="solvers-in-function"
    ),
    pytest.param(FRAMES, "checking/planted.py", "import polars", id="frames"),
    pytest.param(FRAMES, "recording/planted.py", "import openpyxl", id="frames-workbook"),
]


def sources_of_ours() -> list[Path]:
    """Modules and packages directly below the package."""
    return [*(ROOT / "cogov_opt").glob("[!_]*.py"), *(ROOT / "cogov_opt").glob("*/__init__.py")]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package with its contracts, to do wrong in."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cogov_opt", tmp_path / "cogov_opt", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(tree), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(
        [program, "--no-cache"],
        cwd=tree, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_the_package_keeps_its_contracts(tree):
    """Without a breach all four contracts are kept; so a failure below is the planted one."""
    result = lint_imports(tree)

    assert result.returncode == 0, result.stdout + result.stderr
    for contract in (LAYERS, VERIFIER, SOLVERS, FRAMES):
        assert f"{contract} KEPT" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "place", "line"), BREACHES)
def test_a_planted_breach_is_caught(tree, contract, place, line):
    """One line in the wrong place breaks the contract that forbids it."""
    target = tree / "cogov_opt" / place
    before = target.read_text(encoding="utf-8") if target.exists() else '"""Planted."""\n'
    target.write_text(f"{before}\n{line}\n", encoding="utf-8")

    result = lint_imports(tree)

    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


def test_the_verifier_contract_names_all_the_others():
    """A package added to ours is added to what the verifier may not import."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (named,) = (c["forbidden_modules"] for c in contracts if c["id"] == "verifier")
    places = {path.parent if path.stem == "__init__" else path for path in sources_of_ours()}
    ours = {f"cogov_opt.{path.stem}" for path in places if path.parent == ROOT / "cogov_opt"}

    assert ours - {"cogov_opt.verifying"} == {
        name for name in named if name.startswith("cogov_opt.")
    }


@pytest.mark.parametrize(
    "path", sorted(VERIFYING.rglob("*.py")), ids=lambda path: path.relative_to(VERIFYING).as_posix()
)
def test_the_verifier_knows_the_standard_library_only(path):
    """Our own modules are imported relatively, and never from outside the verifier's folder."""
    depth = len(path.relative_to(VERIFYING).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level <= depth, f"line {node.lineno} leaves the verifier"
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.Import):
            for alias in node.names:
                assert alias.name.partition(".")[0] in sys.stdlib_module_names
