"""An extract is proven alone, shows one person's records only, and every lie about it is found."""

import json
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from itertools import islice

import pytest

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import UnsupportedError
from cogov_opt.recording import read_run
from cogov_opt.recording.extracts import Extracts
from cogov_opt.reporting import extracts
from cogov_opt.reporting.extracts import extract
from cogov_opt.testing import reseal
from cogov_opt.verifying import extract_file, verify, wording
from cogov_opt.verifying.findings import Findings
from tests.lies.about_extracts import LIES, resealed, tell
from tests.lies.honest_runs import honest_runs
from tests.properties.small_weeks import Dice

RUNS = 12
# What an honest packer of a lie has to be told by: the root held elsewhere, if not by arithmetic.
ARITHMETIC = {"line_twice", "line_opened", "open_without_end", "price", "worth", "line_value",
              "worth_and_value", "item_gone", "line_gone", "line_of_another", "price_gone",
              "scarce_more", "hidden", "value_hidden", "added"}  # fmt: skip


def codes(data, root=None):
    """The codes of what is found in an extract."""
    findings = Findings()
    _, own = extract_file.check(data, findings)
    found = {finding.code for finding in findings.all()}
    return found | ({"root"} if root is not None and root != own else set())


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Extracts of all subjects of a few runs of every kind, prices given however few compete."""
    folder = tmp_path_factory.mktemp("honest")
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extracts, "LEAST", 1)
        patch.setattr(extracts, "decision_of", cache(extracts.decision_of))
        for honest in islice(honest_runs(folder), RUNS):
            run = read_run(honest.folder)
            subjects = [*run.by_id("demands"), *run.by_id("volunteers")]
            found += [(run, subject, extract(run, subject)) for subject in subjects]
    return found


def test_every_extract_is_accepted_and_leads_to_the_root(told):
    """Demands and volunteers of coupled plans, flows and procedures: each proven alone."""
    assert len(told) > 50
    assert not [(r.run_id, s, codes(data)) for r, s, data in told if codes(data, r.root)]
    assert sum(len(json.loads(data)["lines"]) for _, _, data in told) > 30


def test_an_extract_takes_little_time(told):
    """Under 100 ms of CPU, the start of the interpreter left out."""
    largest = max((data for _, _, data in told), key=len)
    start = time.process_time()
    codes(largest)

    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_found(told, lie):
    """Raw: always. Packed anew: by arithmetic where it can be, else by the root held elsewhere."""
    count = Counter()
    for turn, (run, subject, data) in enumerate(told):
        edited = tell(data, lie, Dice(900_000 + turn))
        if edited is None:
            continue
        count["told"] += 1
        assert codes(edited), (run.run_id, subject)
        again = resealed(edited)
        assert codes(again, run.root), (run.run_id, subject)
        if lie in ARITHMETIC:
            assert codes(again) - {"root"} or (lie == "price" and not _matters(edited))
    assert count["told"] > 1


def _matters(data):
    """Whether every price is in a line: one that is not can be another without a sum changing."""
    return False if not json.loads(data)["lines"] else len(json.loads(data)["prices"]) > 0


def test_another_runs_checkpoint_is_found(told):
    """A checkpoint of another run does not fit, nor does its root."""
    (one, _, data), (other, _, foreign) = told[0], told[-1]
    extract_data = json.loads(data)
    extract_data["checkpoint"] = json.loads(foreign)["checkpoint"]

    assert one.root != other.root
    assert "root" in codes(canonical_json(extract_data) + b"\n")
    assert codes(data, other.root) == {"root"}


def test_nobody_elses_record_is_shown(told):
    """An extract holds records of its subject alone; its salts open nothing else."""
    for run, subject, data in told:
        found = json.loads(data)
        about = [r["about"] for r in found["subject"]["payload"]["records"]]
        key = Extracts(run.files).key.hex()

        assert all(subject in (a.get("demand"), a.get("resource")) for a in about)
        assert {r["record"] for r in found["subject"]["payload"]["records"]} >= set(found["values"])
        assert key not in data.decode()
        assert not [p for p, content in run.files.items() if key.encode() in content]


def test_prices_are_kept_back_where_few_compete(told):
    """Fewer than five demands compete: neither prices, nor lines, nor values that tell them."""
    seen = 0
    for run, subject, _ in told[::4]:
        data = extract(run, subject)
        found = json.loads(data)
        if found["suppressed"]:
            seen += 1
            opened = [v["values"] for v in found["values"].values()]
            assert not found["prices"] + found["lines"] + found["scarce"] + found["open"]
            assert not [v for v in opened if extracts.TELLING & v.keys()]
            assert not codes(data, run.root)
    assert seen


def test_an_unknown_subject_is_told_with_the_closest(told):
    """A slip in an id names what was probably meant."""
    run, subject, _ = told[0]
    with pytest.raises(UnsupportedError, match=subject):
        extract(run, subject.lower() + "x")


def test_the_program_checks_it_alone(told, tmp_path):
    """`python -m` of the verifier, without the rest: accepted, authenticated by the root."""
    run, subject, data = told[0]
    file = tmp_path / "own.json"
    file.write_bytes(data)
    command = [sys.executable, "-m", "cogov_opt.verifying", str(file), "--root", run.root]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert subject in done.stdout
    assert "authenticated" in done.stdout.splitlines()[0]
    assert wording.lines(verify(file, root=run.root), "zh")[1].startswith(("申请", "志愿者"))
    assert verify(file, root="0" * 64).status == 7


def test_a_large_run_commits_to_no_single_records(tmp_path, monkeypatch):
    """Beyond the limit there is no extracts.json, and one that is there, or is gone, is found."""
    honest = next(honest_runs(tmp_path / "honest"))
    run = read_run(honest.folder)
    (kept := tmp_path / "kept").mkdir()
    for path, data in run.files.items():
        (kept / path).parent.mkdir(parents=True, exist_ok=True)
        (kept / path).write_bytes(data)
    assert not verify(kept).findings
    monkeypatch.setattr("cogov_opt.verifying.extracts.MOST_SUBJECTS", 0)
    assert {f.code for f in verify(kept).findings} == {"extract"}

    (kept / "extracts.json").unlink()
    reseal(kept)

    assert not verify(kept).findings
    with pytest.raises(UnsupportedError):
        extract(read_run(kept), run.unmet[0]["demand"])
    monkeypatch.undo()
    assert {f.code for f in verify(kept).findings} == {"extract"}
