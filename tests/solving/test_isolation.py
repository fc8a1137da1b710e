"""A child may end in any way: the parent lives, and every way is an outcome (reliability S3)."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from cogov_opt.domain.decision import Cancel, Limits, Termination
from cogov_opt.domain.formulation import FREE, Stage
from cogov_opt.errors import UnsupportedError
from cogov_opt.solving import coupled, isolation, parcel
from tests.solving.small import at_random, best, formulation, knapsack

pytestmark = pytest.mark.solver

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and RLIMIT_AS of Linux")


def child(code: str) -> list[str]:
    """A child that runs this code, with `task` and `result` as paths, instead of solving."""
    head = "import os, sys, time, pathlib\ntask, result = map(pathlib.Path, sys.argv[1:3])\n"
    return [sys.executable, "-c", head + textwrap.dedent(code)]


def test_a_child_gives_what_this_process_gives():
    """Isolation changes nothing but where the work is done."""
    f = next(f for f in map(at_random, range(9)) if best(f) is not None)
    ranks = Stage(3, np.arange(len(f.lower)), 0, None)
    told = []
    apart = coupled.solve(f, Limits(), draw=ranks, tell=told.append)
    here = coupled.solve(f, Limits(), draw=ranks, isolated=False)
    assert apart.vector.tolist() == here.vector.tolist()
    assert (apart.termination, apart.detail) == (here.termination, here.detail)
    assert [e.kind for e in told] == ["greedy", "stage", "stage"]


def test_infeasible_comes_back_with_its_names():
    f = formulation([1, 1], [([1, 1], 3, 3)], [[1, 1]])
    found = coupled.solve(f, Limits())
    assert found.termination is Termination.INFEASIBLE
    assert found.detail["farkas"][0][0] == ["r", "0"]


@pytest.mark.parametrize(
    ("code", "termination", "detail"),
    [
        ("sys.exit(3)", Termination.FAULT, {"fault": "crash", "exit": 3}),
        ("sys.exit(0)", Termination.FAULT, {"fault": "bad_output"}),
        ("result.write_bytes(b'no archive')", Termination.FAULT, {"fault": "bad_output"}),
        ("raise MemoryError", Termination.LIMIT, {"limit": "memory"}),
        ("sys.exit(70)", Termination.LIMIT, {"limit": "memory"}),
    ],
)
def test_every_end_has_its_name(code, termination, detail):
    found = coupled.solve(knapsack(), Limits(), command=child(code))
    assert found.termination is termination
    assert detail.items() <= found.detail.items()
    assert found.vector is None


@posix
@pytest.mark.parametrize(("sign", "fault"), [("SIGKILL", "killed"), ("SIGSEGV", "crash")])
def test_a_child_that_dies_by_a_signal_is_a_fault(sign, fault):
    code = f"import signal; os.kill(os.getpid(), signal.{sign})"
    found = coupled.solve(knapsack(), Limits(), command=child(code))
    assert (found.termination, found.detail["fault"]) == (Termination.FAULT, fault)


def test_what_a_child_saved_before_its_end_is_kept(tmp_path):
    """A greedy plan is saved before any solver is asked; a crash loses nothing."""
    f = knapsack()
    code = """
    from cogov_opt.solving import child, stages
    def crash(*args, save=None, **kwargs):
        from cogov_opt.solving import greedy
        from cogov_opt.solving.outcome import Solved
        save(Solved("limit", greedy.plan(args[0])))
        os._exit(9)
    stages.solve = crash
    child.main(str(task), str(result))
    """
    found = coupled.solve(f, Limits(), command=child(code))
    assert found.termination is Termination.FAULT
    assert f.violated(found.vector) == []


def test_a_plan_of_a_child_that_breaks_a_row_is_dropped():
    code = """
    import numpy as np
    from cogov_opt.solving import parcel
    from cogov_opt.solving.outcome import Solved
    f, _, _ = parcel.read_task(task)
    parcel.write_solved(result, Solved("optimal", f.upper))
    result.with_suffix(".done").touch()
    """
    found = coupled.solve(knapsack(), Limits(), command=child(code))
    assert (found.termination, found.detail["fault"]) == (Termination.FAULT, "bad_plan")
    assert found.vector is None


def test_a_child_that_ignores_its_limit_is_ended(monkeypatch):
    """HiGHS has run 253 s under a limit of 60: the parent holds the clock too."""
    monkeypatch.setattr(isolation, "GRACE", 0.3)
    began = time.monotonic()
    found = coupled.solve(knapsack(), Limits(seconds=0.2), command=child("time.sleep(60)"))
    assert time.monotonic() - began < 5
    assert found.termination is Termination.LIMIT
    assert (found.detail["limit"], found.detail["by"]) == ("seconds", "watchdog")


@pytest.mark.parametrize("isolated", [True, False])
def test_cancelling_is_honoured_within_a_second(isolated):
    cancel = Cancel()
    began: list[float] = []

    def ask() -> None:
        began.append(time.monotonic())
        cancel.set()

    timer = threading.Timer(1.5, ask)
    timer.start()
    found = coupled.solve(knapsack(200), Limits(seconds=60), isolated=isolated, cancel=cancel)
    assert time.monotonic() - began[0] < 1.0
    timer.join()
    assert found.termination is Termination.CANCELLED


def test_a_time_limit_keeps_a_plan():
    f = knapsack(200)
    found = coupled.solve(f, Limits(seconds=2))
    assert (found.termination, found.detail["limit"]) == (Termination.LIMIT, "seconds")
    assert found.detail["reproducible"] is False
    assert f.violated(found.vector) == []


@linux
def test_a_memory_limit_is_an_outcome():
    """RLIMIT_AS in the child: out of memory is told, and this process is none the worse."""
    g = np.random.default_rng(1)
    rows = [(g.integers(1, 9, 3000).tolist(), -FREE, 5000) for _ in range(300)]
    f = formulation([1] * 3000, rows, [g.integers(1, 99, 3000).tolist()])
    found = coupled.solve(f, Limits(memory_mb=20, seconds=60))
    assert (found.termination, found.detail["limit"]) == (Termination.LIMIT, "memory")


@linux
def test_a_child_dies_with_its_parent(tmp_path):
    """However the parent ends: kill -9 leaves no solver behind."""
    code = """
    from tests.solving.small import knapsack
    from cogov_opt.domain.decision import Limits
    from cogov_opt.solving import coupled
    coupled.solve(knapsack(200), Limits(seconds=60), tell=lambda e: print(e, flush=True))
    """
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, cwd=root
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    assert children
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(map(running, children)):
        time.sleep(0.05)
    assert not any(map(running, children))


def running(process: str) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_numbers_beyond_a_solver_are_refused_before_a_child_is_started():
    f = formulation([1, 2 * 10**9], [([-(10**4), 1], -FREE, 0)], [[1, 1]])
    with pytest.raises(UnsupportedError, match="c/1"):
        coupled.solve(f, Limits(), command=child("sys.exit(1)"))


def test_a_task_survives_the_way_through_a_file(tmp_path):
    f = at_random(3, money=True)
    draw = Stage(3, np.arange(len(f.lower)), 0, None)
    parcel.write_task(tmp_path / "t.npz", f, Limits(1.5, None, 7), draw)
    back, limits, drawn = parcel.read_task(tmp_path / "t.npz")
    assert limits == Limits(1.5, None, 7)
    assert drawn is not None
    assert drawn.costs.tolist() == draw.costs.tolist()
    for name in ("lower", "upper", "row_lower", "row_upper", "continuous"):
        assert getattr(back, name).tolist() == getattr(f, name).tolist()
    assert [s.objective.give_percent for s in back.stages] == [0, 0]


def test_it_works_from_standard_input():
    """No main guard is needed (proof.md 2)."""
    code = (
        "from tests.solving.small import knapsack\n"
        "from cogov_opt.domain.decision import Limits\n"
        "from cogov_opt.solving import coupled\n"
        "print(coupled.solve(knapsack(12), Limits()).termination)\n"
    )
    done = subprocess.run(
        [sys.executable, "-"],
        input=code,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "optimal"
