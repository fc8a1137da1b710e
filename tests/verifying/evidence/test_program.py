"""The verifier as a program, in the package and alone in one file (proof.md 6)."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cogov_opt.domain import tables
from cogov_opt.domain.fields import Degrees, Text
from cogov_opt.verifying import canonical_tables, verify
from cogov_opt.verifying.__main__ import main
from cogov_opt.verifying.findings import MEANINGS, Findings

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "cogov_opt" / "verifying"


def test_accepted_in_words(rivals, capsysbinary):
    """Without a root held elsewhere it says that nothing vouches for the run."""
    assert main([str(rivals)]) == 0
    assert capsysbinary.readouterr().out == b"Accepted: consistent, not authenticated\n"
    assert main([str(rivals), "--lang", "zh"]) == 0
    assert capsysbinary.readouterr().out.decode() == (
        "核验通过：档案内容前后一致，尚未与外部留存的摘要或签名核对\n"
    )


def test_authenticated_by_root(rivals, pack, capsysbinary):
    """The root of a ledger or a notice vouches for it."""
    assert main([str(rivals), "--root", pack.root_of(rivals).upper()]) == 0
    assert capsysbinary.readouterr().out == b"Accepted: authenticated\n"
    assert main([str(rivals), "--root", "0" * 64]) == 7
    assert b"Rejected: not authenticated\nroot  checkpoint held elsewhere\n" in (
        capsysbinary.readouterr().out
    )


def test_json(rivals, pack, capsysbinary):
    """One object: verdict, authenticated, findings by code, file and id."""
    pack.edit(rivals / "run.json", lambda run: run["totals"].update(served=2))
    pack.reseal(rivals)

    assert main([str(rivals), "--json"]) == 7
    assert json.loads(capsysbinary.readouterr().out) == {
        "verdict": "rejected", "authenticated": False,
        "findings": [{"code": "total", "file": "run.json", "id": "served"}],
    }  # fmt: skip


def test_wrong_command_line(capsys):
    """argparse's own status."""
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "RUN" in capsys.readouterr().err


@pytest.fixture
def alone(tmp_path, pack):
    """The one-file verifier, with the toy phrase set among the known ones."""
    package = tmp_path / "package"
    for path in PACKAGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = package / path.relative_to(PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (package / "phrase_sets.json").write_text(
        json.dumps({"test": pack.sha(pack.canonical(pack.PHRASES))})
    )
    output = tmp_path / "verify.pyz"
    tool = [sys.executable, str(ROOT / "tools" / "make_pyz.py")]
    subprocess.run([*tool, "--package", str(package), "--output", str(output)], check=True)
    return output


def test_the_file_runs_alone(alone, rivals, pack):
    """An isolated Python without site packages gives the same verdict."""

    def run(*arguments):
        command = [sys.executable, "-I", "-S", str(alone), str(rivals), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False
        )

    done = run()
    assert (done.stdout, done.stderr, done.returncode) == (
        "Accepted: consistent, not authenticated\n", "", 0
    )  # fmt: skip

    pack.edit(rivals / "certificate.json", lambda c: c["stages"][0].update(bound="12"))
    pack.reseal(rivals)
    done = run("--json")
    assert done.returncode == 7
    assert json.loads(done.stdout) == verify(rivals).to_dict()


def test_nothing_but_the_standard_library():
    """Every import is relative or of the standard library (design.md 2)."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names), path


def test_every_code_is_used_and_said():
    """Each code of the closed list is raised somewhere and has one line in both languages."""
    sources = "".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py"))
    for code, meaning in MEANINGS.items():
        assert sources.count(f'"{code}"') > 1, code
        assert meaning.en
        assert not meaning.zh.isascii()


def test_findings_are_kept_once_and_not_without_end():
    """A code is listed at most a hundred times; an unknown code is a fault of ours."""
    findings = Findings()
    for number in range(500):
        findings.add("price", "certificate.json", str(number // 2))

    assert len(findings.all()) == 100
    with pytest.raises(KeyError):
        findings.add("nonsense", "run.json")


def test_shipped_columns_are_those_of_the_contracts():
    """The verifier ships the list of tables and columns as data; it is the one in force (S2.1)."""
    ours = {name: _shipped(contract) for name, contract in tables.contracts().items()}

    assert canonical_tables.contracts() == ours


def _shipped(contract):
    """Give what the verifier is to know of a table: columns, key, and what is held back (S2.5)."""
    fields = contract.fields
    grain = {c: f.grain for c, f in fields.items() if isinstance(f, Degrees) and f.grain > 1}
    blank = [c for c, f in fields.items() if isinstance(f, Text) and f.visibility == "private"]
    private = [c for c, f in fields.items() if f.visibility == "private"]
    held = {"private": private, "grain": grain, "blank": blank}
    known = {"columns": list(fields), "key": list(contract.key)}
    return known | {name: value for name, value in held.items() if value}
