"""A run appears whole, by one rename, under one root (S13)."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import RecordError, UnsupportedError
from cogov_opt.recording import read_run, writing
from cogov_opt.recording.merkle import run_root, tree_root
from cogov_opt.recording.purchases import Payer, Purchase, north_west
from cogov_opt.testing import reseal

VOTES = """META
key;value
description;Three projects, money for two
country;Nowhere
unit;Small town
instance;2026
num_projects;3
num_votes;3
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
p1;60;3;Park
p2;50;2;Bench
p3;30;1;Lamp
VOTES
voter_id;vote
v1;p1,p2
v2;p1,p2,p3
v3;p1
"""


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """A decision by votes, with its reasons."""
    path = tmp_path_factory.mktemp("votes") / "small.pb"
    path.write_text(VOTES, encoding="utf-8")
    policy = cg.load_policy("pb-greedy")
    return cg.explain(cg.allocate(cg.check(cg.load(path), policy), policy))


def test_the_tree_is_that_of_rfc_6962():
    """The root over three leaves is made as RFC 6962 says, with the split at a power of two."""

    def leaf(x):
        return sha256(b"\x00" + x).digest()

    def node(left, right):
        return sha256(b"\x01" + left + right).digest()

    assert tree_root([]) == sha256(b"").digest()
    assert tree_root([b"a"]) == leaf(b"a")
    expected = node(node(leaf(b"a"), leaf(b"b")), leaf(b"c"))
    assert tree_root([b"a", b"b", b"c"]) == expected


def test_the_root_covers_all_but_checkpoint_and_provenance(explained):
    """S13.4: any other file changes the root; those two do not."""
    run = cg.record(explained)
    files = dict(run.files)
    assert run.root == run_root(files)

    for path in files:
        changed = run_root(files | {path: b"other"})
        assert (changed == run.root) == (path in ("checkpoint", "provenance.json")), path


def test_digests_and_run_id_follow_the_law(explained):
    """S13.5: the run id is 16 hex digits over inputs, card, options and attempt."""
    run = cg.record(explained, attempt=2)
    header = run.header
    inputs = {p: sha256(run.files[p]).hexdigest() for p in header["inputs"]}
    options = {"strategy": header["strategy"], "options": header["options"]}
    parts = [
        sha256(canonical_json(inputs)).hexdigest(),
        sha256(run.files["policy.toml"]).hexdigest(),
        sha256(canonical_json(options)).hexdigest(),
        2,
    ]

    assert header["inputs"] == inputs
    assert "inputs/repairs.jsonl" not in inputs
    assert run.run_id == sha256(canonical_json(parts)).hexdigest()[:16]
    lines = run.files["checkpoint"].decode().splitlines()
    assert lines == ["cogov_opt run", run.run_id, run.root]


def test_the_same_decision_gives_the_same_bytes(explained):
    """Nothing but the provenance tells two recordings apart."""
    first, second = cg.record(explained), cg.record(explained)

    assert {p: c for p, c in first.files.items() if p != "provenance.json"} == {
        p: c for p, c in second.files.items() if p != "provenance.json"
    }


def test_a_run_on_disk_reads_as_in_memory(explained, tmp_path):
    """Reading the folder gives the files that were recorded."""
    made = cg.record(explained, tmp_path / "run")
    found = read_run(tmp_path / "run")

    assert dict(found.files) == dict(made.files)
    assert found.root == found.recomputed_root()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_existing_folder_is_refused(explained, tmp_path):
    """A run is never overwritten, not even an empty folder."""
    (tmp_path / "run").mkdir()

    with pytest.raises(UnsupportedError) as caught:
        cg.record(explained, tmp_path / "run")

    assert caught.value.code == "run_exists"


@pytest.mark.parametrize("number", [0, 3, 9])
def test_nothing_is_left_when_the_disk_fails(explained, tmp_path, monkeypatch, number):
    """A write that fails, early or late, leaves neither a run nor a part of one."""
    calls = []

    def fails(handle):
        calls.append(handle)
        if len(calls) > number:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", fails)

    with pytest.raises(RecordError, match="No space left"):
        cg.record(explained, tmp_path / "run")

    assert list(tmp_path.iterdir()) == []


def test_one_rename_makes_the_run_appear(explained, tmp_path, monkeypatch):
    """Before the rename the folder is absent, after it complete; there is one rename."""
    seen = []
    rename = Path.rename

    def watched(self, target):
        seen.append((Path(target).exists(), (self / "run.json").is_file()))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", watched)
    cg.record(explained, tmp_path / "run")

    assert seen == [(False, True)]


def test_what_is_no_run_is_refused(tmp_path):
    """A folder without run.json is no run."""
    with pytest.raises(RecordError):
        read_run(tmp_path)


def test_reseal_packs_an_edited_run_honestly(explained, tmp_path):
    """After an edit the root is false; resealed, root and digests fit again."""
    run = cg.record(explained, tmp_path / "run")
    path = tmp_path / "run" / "inputs" / "funds.csv"
    path.write_bytes(path.read_bytes().replace(b"10000", b"20000"))
    assert read_run(tmp_path / "run").recomputed_root() != run.root

    sealed = reseal(tmp_path / "run")

    assert sealed.root == sealed.recomputed_root() != run.root
    assert sealed.run_id != run.run_id
    assert sealed.header["inputs"]["inputs/funds.csv"] == sha256(path.read_bytes()).hexdigest()


def test_payers_fill_purchases_first_to_first():
    """S6.7: funds by id, then own money; paid needs first, `outside` last."""
    payers = [Payer("F-1", 50), Payer("F-2", 30), Payer("", 20)]
    purchases = [
        Purchase("N1", "KITCHEN", 40),
        Purchase("N1", "KITCHEN", 20),
        Purchase("outside", "CLUB", 40),
    ]

    assert list(north_west(payers, purchases)) == [
        ("F-1", "N1", "KITCHEN", 50),
        ("F-2", "N1", "KITCHEN", 10),
        ("F-2", "outside", "CLUB", 20),
        ("", "outside", "CLUB", 20),
    ]


def test_a_signed_checkpoint_keeps_its_three_lines(explained):
    """With a key the note carries an Ed25519 signature over its text."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    run = cg.record(explained, key=pem, key_name="street")
    text, _, signature = run.files["checkpoint"].decode().partition("\n\n")

    assert text.splitlines() == ["cogov_opt run", run.run_id, run.root]
    assert signature.startswith("\u2014 street ")


def test_records_and_rows_name_each_other(explained):
    """S13.1: each fund row of the allocation cites the record of its assignment."""
    run = cg.record(explained)
    cited = {row["record"] for row in run.allocation if row["record"]}

    assert cited == {r for r in run.records if r.startswith("A-")}
    assert {row["record"] for row in run.unmet} == {r for r in run.records if r.startswith("U-")}
    assert json.loads(run.files["phrases.json"])["version"] == "1"
