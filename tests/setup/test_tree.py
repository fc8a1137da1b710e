"""What the whole tree keeps to: sizes, names that say something, no index addresses."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "cogov_opt").rglob("*.py"))

FILE_LIMIT = 400
FUNCTION_LIMIT = 40
EMPTY_NAMES = {
    "base", "common", "engine", "helper", "helpers", "manager", "misc", "util", "utils",
}  # fmt: skip
# In pieces, so that this file does not hold them.
INDEX_HOSTS = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js"]

each_file = pytest.mark.parametrize(
    "path", PACKAGE, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def functions(path):
    """All functions of a file, nested ones and methods included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def size(function):
    """Lines of a function, less its docstring."""
    docstring = ast.get_docstring(function, clean=False)
    lines = function.end_lineno - function.lineno + 1
    return lines - (docstring.count("\n") + 1 if docstring else 0)


def tracked():
    """Files of the repository, those about to be added included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


@each_file
def test_files_are_short(path):
    """No file of the package has more than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LIMIT


@each_file
def test_functions_are_short(path):
    """No function has more than 40 lines, its docstring left out."""
    long = {node.name: size(node) for node in functions(path) if size(node) > FUNCTION_LIMIT}

    assert not long


@each_file
def test_names_say_something(path):
    """No module or folder is named after nothing in particular."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    words = {word for part in parts for word in part.lower().split("_")}

    assert not words & EMPTY_NAMES


def test_no_index_address_is_tracked():
    """Where packages are fetched from is the business of each machine, not of the repository."""
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked()
        for host in INDEX_HOSTS
        if host.encode() in path.read_bytes()
    ]

    assert not found


def test_lock_files_hold_hashes_and_no_address():
    """Each pin carries hashes; no line names an index or a link."""
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        pins = text.replace("\\\n", "").splitlines()

        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
        assert "://" not in text
        assert "index" not in text
