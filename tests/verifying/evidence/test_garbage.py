"""Whatever a folder holds, the answer is a verdict, never a traceback (S13, proof.md 6)."""

import json
import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogov_opt.verifying import verify
from cogov_opt.verifying.findings import MEANINGS
from cogov_opt.verifying.verdict import Verdict

FILES = (
    "run.json", "policy.toml", "allocation.csv", "unmet.csv", "records.jsonl", "phrases.json",
    "certificate.json", "checkpoint", "inputs/datapackage.json", "inputs/demands.csv",
    "inputs/options.csv", "inputs/needs.csv", "inputs/volunteers.csv", "inputs/availability.csv",
    "inputs/actors.csv",
)  # fmt: skip
GARBAGE = (
    b"", b"\x00", b"\xff\xfe\xfd", b"{}", b"[]", b"null", b"{\n", b'"', b"\n\n", b"[" * 20_000,
    b"a,b\n1,2\n", b'{"stages":[{}]}', b'{"stages":[[]]}', b"1", b"[[]]\n", b'{"stages":{}}',
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def assert_found(folder):
    """A verdict that is not accepted, with codes of the closed list."""
    verdict = verify(folder)
    assert isinstance(verdict, Verdict)
    assert verdict.status == 7
    assert {f.code for f in verdict.findings} <= set(MEANINGS)
    json.dumps(verdict.to_dict()).encode()
    return verdict


@pytest.mark.parametrize("path", FILES)
def test_garbage_in_each_file(rivals, pack, path):
    """Empty, binary, other JSON: a finding, raw and re-sealed where that is possible."""
    for data in GARBAGE:
        (rivals / path).write_bytes(data)
        assert_found(rivals)
        if path not in {"run.json", "checkpoint"}:
            pack.reseal(rivals)
            assert_found(rivals)


@pytest.mark.parametrize("path", FILES)
def test_each_file_missing(rivals, pack, path):
    """A file that is not there is found, or what follows from it is."""
    (rivals / path).unlink()
    assert_found(rivals)
    if path not in {"run.json", "checkpoint", "policy.toml"}:
        pack.reseal(rivals)
        assert_found(rivals)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_random_bytes(rivals, tmp_path, pack, data):
    """Bytes changed, cut or put in anywhere, re-sealed: the answer is always a verdict."""
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rivals, folder)
    path = folder / data.draw(st.sampled_from(FILES))
    old = path.read_bytes()
    at = data.draw(st.integers(0, len(old)))
    cut = data.draw(st.integers(0, 5))
    path.write_bytes(old[:at] + data.draw(st.binary(max_size=8)) + old[at + cut :])
    if path.name not in {"run.json", "checkpoint"}:
        pack.reseal(folder)
    verdict = verify(folder)

    assert {f.code for f in verdict.findings} <= set(MEANINGS)
    assert verdict.accepted or verdict.findings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(value=JSON, data=st.data())
def test_other_json_anywhere(rivals, tmp_path, pack, value, data):
    """Any part of a JSON file replaced by another value is never an error."""
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rivals, folder)
    path = folder / data.draw(st.sampled_from(["run.json", "certificate.json", "phrases.json"]))

    def change(whole):
        at = whole
        while True:
            names = list(at) if isinstance(at, dict) else list(range(len(at)))
            name = data.draw(st.sampled_from(names))
            inner = at[name]
            if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
                at = inner
                continue
            at[name] = value
            return

    pack.edit(path, change)
    verdict = verify(folder)

    assert {f.code for f in verdict.findings} <= set(MEANINGS)
    assert verdict.accepted or verdict.findings


def test_folders_that_are_none(tmp_path):
    """A missing folder, a file, an empty folder."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, code in (("missing", "file"), ("file", "format"), ("empty", "file")):
        assert code in {f.code for f in assert_found(tmp_path / name).findings}


def test_what_does_not_belong(rivals, pack):
    """Links are found; a file nobody knows makes the verdict incomplete."""
    (rivals / "extra.json").write_text("{}")
    pack.reseal(rivals)
    assert assert_found(rivals).verdict == "incomplete"

    (rivals / "extra.json").unlink()
    (rivals / "link").symlink_to(rivals / "run.json")
    assert assert_found(rivals).verdict == "rejected"


def test_names_that_are_no_text(rivals):
    """A file name that is not UTF-8 is told, not tripped over."""
    (rivals / os.fsdecode(b"\xff\xfe")).write_bytes(b"x")

    assert_found(rivals)
