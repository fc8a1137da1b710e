"""However a solve ends, the whole line ends in a typed outcome, an exit status and a whole run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt import pipeline
from cogov_opt.cli import main as program
from cogov_opt.domain.decision import Cancel, Decision, Limits, Termination
from cogov_opt.formats.folder import write
from cogov_opt.solving import isolation
from cogov_opt.strategies.context import Isolation
from tests.properties.small_weeks import Rows, tables_of

pytestmark = [
    pytest.mark.solver,
    pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX"),
]

CARD = """
id = "faults"
version = "1.0.0"
status = "draft"
title = { en = "faults", zh = "故障" }
[points]
priority = { 1 = 9, 2 = 7, 3 = 5, 4 = 3, 5 = 2 }
[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
"""
GUARANTEE = """
[[clause]]
id = "C1"
kind = "guarantee"
where = { }
measure = "demands"
at_least = 12
firmness = "hard"
source = "test"
because = { en = "test", zh = "测试" }
"""
FILES = {"run.json", "checkpoint", "allocation.csv", "certificate.json", "records.jsonl"}


def week() -> Rows:
    """Make twelve demands with two needs each and volunteers for half of them: no flow."""
    hour = {"start": "2026-09-28 09:00", "end": "2026-09-28 10:00"}
    rows: Rows = {
        "actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}],
        "volunteers": [{"volunteer_id": f"V{i:02}", "actor_id": "A"} for i in range(13)],
        "availability": [{"resource_id": f"V{i:02}", **hour} for i in range(13)],
        "demands": [
            {"demand_id": f"D{i:02}", "actor_id": "A", "priority": 1 + i % 5} for i in range(12)
        ],
        "options": [{"demand_id": f"D{i:02}", "option_id": "o", **hour} for i in range(12)],
    }
    rows["needs"] = [
        {"need_id": f"N{i:02}{k}", "demand_id": f"D{i:02}", "kind": "volunteer",
         "quantity": 1 + (i + k) % 2, "pays_for": "none"}
        for i in range(12) for k in range(2)
    ]  # fmt: skip
    return rows


def decide(card: str = CARD, way: Isolation = "child", **asked: object) -> Decision:
    """Decide the week."""
    policy = cg.load_policy_text(card)
    return cg.allocate(cg.check(tables_of(week()), policy), policy, isolation=way, **asked)  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The week as a folder, and its two cards."""
    write(tables_of(week()), tmp_path / "week")
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    (tmp_path / "hard.toml").write_text(CARD + GUARANTEE, encoding="utf-8")
    return tmp_path


def solve(data: Path, card: str = "card", *more: str) -> int:
    """Run `cogov solve` in this process; give its exit status."""
    arguments = ["solve", data / "week", "-p", data / f"{card}.toml", "-o", data / "run", *more]
    with pytest.raises(SystemExit) as ended:
        program.cli.main([str(a) for a in arguments])
    return int(ended.value.code or 0)


def whole(data: Path, termination: str | None) -> None:
    """Hold the folder to all or nothing: a complete run, or none; no part beside it."""
    left = {p.name for p in data.iterdir()} - {"week", "card.toml", "hard.toml"}
    assert left == ({"run"} if termination else set())
    if termination:
        assert {p.name for p in (data / "run").iterdir()} >= FILES
        header = json.loads((data / "run" / "run.json").read_bytes())
        assert header["termination"] == termination
        read = cg.verify(data / "run")
        assert not {"root", "digest", "run_id", "file"} & {f.code for f in read.findings}


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child run this code instead of a solve."""
    head = "import os, sys, time, pathlib\ntask, result = map(pathlib.Path, sys.argv[1:3])\n"
    command = (sys.executable, "-c", head + textwrap.dedent(code))
    original: Callable[..., object] = isolation.solve

    def planted(*args: object, **kwargs: object) -> object:
        return original(*args, **(kwargs | {"command": command}))

    monkeypatch.setattr(isolation, "solve", planted)


ENDS = [
    ("sys.exit(3)", Termination.FAULT, {"fault": "crash"}, 6),
    ("import signal; os.kill(os.getpid(), signal.SIGKILL)", Termination.FAULT,
     {"fault": "killed"}, 6),
    ("import signal; os.kill(os.getpid(), signal.SIGSEGV)", Termination.FAULT,
     {"fault": "crash"}, 6),
    ("result.write_bytes(b'nothing')", Termination.FAULT, {"fault": "bad_output"}, 6),
    ("sys.exit(70)", Termination.LIMIT, {"limit": "memory"}, 6),
]  # fmt: skip


@pytest.mark.parametrize(("code", "termination", "detail", "status"), ENDS)
def test_a_child_that_breaks_is_an_outcome(
    code: str,
    termination: Termination,
    detail: dict[str, str],
    status: int,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Crash, kill, garbage and memory: typed, status 6, and a whole run that says so."""
    child(monkeypatch, code)
    decision = decide()

    assert decision.termination is termination
    assert detail.items() <= decision.outcome.detail.items()
    assert decision.allocation is None
    assert solve(data) == status
    whole(data, str(termination))


GREEDY_THEN = """
from cogov_opt.solving import child, stages
def broken(f, *args, save=None, **kwargs):
    from cogov_opt.solving import greedy
    from cogov_opt.solving.outcome import Solved
    save(Solved("limit", greedy.plan(f)))
    {end}
stages.solve = broken
child.main(str(task), str(result))
"""


@pytest.mark.parametrize(
    ("end", "termination"), [("os._exit(9)", "fault"), ("time.sleep(60)", "limit")]
)
def test_a_plan_found_before_the_end_is_kept_and_accepted(
    end: str, termination: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The greedy plan of a child that died, or ran over its time, is a run of its own: status 5."""
    monkeypatch.setattr(isolation, "GRACE", 2.5)
    child(monkeypatch, GREEDY_THEN.format(end=end))

    assert solve(data, "card", "--seconds", "0.5") == 5
    whole(data, termination)
    assert cg.verify(data / "run").accepted
    stages = json.loads((data / "run" / "run.json").read_bytes())["stages"]
    assert len(stages) == 1


def test_a_wrong_optimum_is_not_believed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that calls an empty plan the optimum is found out by prices, or by a better plan."""
    lie = """
    import numpy as np
    from cogov_opt.solving import parcel
    from cogov_opt.solving.outcome import Solved, StageResult
    f, _, _ = parcel.read_task(task)
    empty = np.zeros(len(f.lower), np.int64)
    stage = StageResult(1, empty, np.zeros(len(f.row_lower)), 0.0)
    parcel.write_solved(result, Solved("optimal", empty, (stage,)))
    result.with_suffix(".done").touch()
    """
    child(monkeypatch, lie)
    decision = decide()

    assert decision.evidence is None or not decision.evidence.all_optimal  # type: ignore[union-attr]
    solve(data)
    header = json.loads((data / "run" / "run.json").read_bytes())
    assert header["all_certified"] is False
    assert int(header["stages"][0]["gap"]) > 0


def test_infeasible_is_proved(data: Path) -> None:
    """Twelve demands cannot be served: Farkas integers by row key, and status 4."""
    decision = decide(CARD + GUARANTEE)

    assert decision.termination is Termination.INFEASIBLE
    assert ["C1", "horizon"] in [key for key, _ in decision.outcome.detail["farkas"]]
    assert solve(data, "hard") == 4
    whole(data, "infeasible")


def test_infeasible_by_word_only_is_told_as_a_claim(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a proof it is a claim, and status 6 instead of 4."""
    word = """
    from cogov_opt.solving import parcel
    from cogov_opt.solving.outcome import Solved
    parcel.write_solved(result, Solved("infeasible_claimed", None, (), {"said": "Infeasible"}))
    result.with_suffix(".done").touch()
    """
    child(monkeypatch, word)

    assert decide(CARD + GUARANTEE).termination is Termination.INFEASIBLE_CLAIMED
    assert solve(data, "hard") == 6
    whole(data, "infeasible_claimed")


def test_out_of_memory_while_starting_is_an_outcome(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver that cannot allocate says bad_alloc and aborts."""
    child(monkeypatch, "sys.stderr.write('std::bad_alloc'); os.abort()")

    assert decide(limits=Limits(memory_mb=100)).outcome.detail["limit"] == "memory"
    assert solve(data, "card", "--memory", "100") == 6
    whole(data, "limit")


def test_a_child_that_hangs_is_ended_at_its_limit(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parent holds the clock; nothing is left behind but a run that says so."""
    monkeypatch.setattr(isolation, "GRACE", 0.2)
    child(monkeypatch, "time.sleep(60)")
    began = time.monotonic()

    assert solve(data, "card", "--seconds", "0.2") == 6
    assert time.monotonic() - began < 10
    whole(data, "limit")


def test_cancelled_before_and_during(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt while the child works: status 130, and what stands is whole."""
    child(monkeypatch, "time.sleep(60)")
    original = pipeline.allocate

    def interrupted(*args: object, **kwargs: object) -> object:
        cancel = kwargs["cancel"]
        assert isinstance(cancel, Cancel)
        cancel.set()
        return original(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "allocate", interrupted)
    assert solve(data) == 130
    whole(data, "cancelled")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc of Linux")
def test_killing_the_program_leaves_no_part_of_a_run(data: Path) -> None:
    """Kill -9 while a child solves: no run, no part of one, no child."""
    code = f"""
    import sys
    from cogov_opt.solving import coupled
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    coupled.solve.__kwdefaults__["command"] = sleeper
    from cogov_opt.cli.main import cli
    cli.main(["solve", {str(data / "week")!r}, "-p", {str(data / "card.toml")!r},
              "-o", {str(data / "run")!r}, "-v"])
    """
    with (data.parent / "told.txt").open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdout=told, stderr=told
        )
        deadline = time.monotonic() + 20
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while time.monotonic() < deadline and process.poll() is None:
            if children.exists() and children.read_text().split():
                break
            time.sleep(0.02)
        assert process.poll() is None, (data.parent / "told.txt").read_text()
        process.send_signal(signal.SIGKILL)
        process.wait()
    whole(data, None)
