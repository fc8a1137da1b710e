"""Procedures replayed from the facts alone (S14)."""

import pytest

from cogov_opt.verifying import verify

SEED = "5eed"
CARD = """\
id = "toy"
version = "1.0.0"
status = "draft"

[strategy]
name = "pb_greedy"
variant = "skip"
tie_break = ["position"]
"""


def project(name, cost, points, position):
    demand = {"demand_id": name, "actor_id": "JD", "points": points, "position": position}
    need = {"need_id": f"N-{name}", "demand_id": name, "kind": "fund", "quantity": cost}
    return demand, need


def step(number, demand, votes, cost, left, verdict, tie=()):
    return {
        "step": number, "demand": demand, "votes": votes, "cost": cost, "left": left,
        "verdict": verdict, "tie": list(tie),
    }  # fmt: skip


def line(demand, money, record):
    about = f"{demand},,,,N-{demand},fund,budget,{money},CNY,0"
    return f"{about},,outside,JD,JD,JD,,procedure,{record}"


def record(name, code, demand, **values):
    about = {"demand": demand, "need": f"N-{demand}"}
    kind = "unmet"
    if name.startswith("A"):
        about |= {"option": "", "resource": "budget"}
        kind = "assignment"
    return {"record": name, "type": kind, "about": about, "code": code, "values": values,
            "proven": "trace"}  # fmt: skip


# 100 to spend. P2 goes before P1 by position; P1 no longer fits; P3 does.
STEPS = [
    step(1, "P2", 5, 50, 100, "taken", ["P1"]),
    step(2, "P1", 5, 60, 50, "too_dear", ["P2"]),
    step(3, "P3", 3, 40, 50, "taken"),
]
RECORDS = [
    record("A-000001", "need_met", "P2", step=1, tie=["P1"]),
    record("A-000002", "need_met", "P3", step=3),
    record("U-000001", "budget", "P1", step=2, asked=60, left=50, tie=["P2"]),
]


def run(totals, strategy="pb_greedy", **more):
    return {"strategy": strategy, "draw": None, "route": "procedure", "totals": totals, **more}


@pytest.fixture
def voted(tmp_path, pack):
    projects = [project("P1", 60, 5, 2), project("P2", 50, 5, 1), project("P3", 40, 3, 3)]
    tables = {
        "actors": pack.ACTORS,
        "funds": [{"fund_id": "budget", "actor_id": "JD", "amount": "100"}],
        "demands": [demand for demand, _ in projects],
        "needs": [need for _, need in projects],
    }
    return pack.write_run(
        tmp_path / "voted", tables=tables, card=CARD, run=run({"demands": 3, "served": 2}),
        allocation=[line("P2", 50, "A-000001"), line("P3", 40, "A-000002")],
        unmet=["P1,N-P1,60,0,60,budget,U-000001"], records=RECORDS, trace=STEPS,
    )  # fmt: skip


def test_the_honest_procedure_is_accepted(voted):
    """Steps, ties, plan and reasons by hand (S14.1, S12.6)."""
    assert verify(voted).findings == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("trace.jsonl", '"left":50,"step":3', '"left":40,"step":3', "trace"),
        ("trace.jsonl", "too_dear", "stopped", "trace"),
        ("trace.jsonl", '"tie":["P1"]', '"tie":[]', "trace"),
        ("run.json", "skip", "stop", "trace"),
        ("run.json", "position", "demand_id", "trace"),
        ("run.json", "skip", "coin", "unknown"),
        ("inputs/funds.csv", "100", "200", "trace"),
        ("inputs/demands.csv", ",5,", ",2,", "trace"),
        ("records.jsonl", '"left":50', '"left":51', "record"),
        ("allocation.csv", "procedure", "optimised", "allocation"),
        ("allocation.csv", "budget,50", "budget,49", "trace"),
    ],
)
def test_a_lie_about_the_procedure(voted, pack, file, old, new, code):
    """The replay gives other steps, another plan or other reasons."""
    pack.replace(voted / file, old, new)
    assert "root" in pack.codes(voted)

    pack.reseal(voted)
    assert code in pack.codes(voted)


def retold(pack, folder, options, last, reason, values):
    """P3 is not taken after all: other options, last step and last record."""
    for name in ("allocation.csv", "records.jsonl"):
        lines = (folder / name).read_text().splitlines(keepends=True)
        kept = [line for line in lines if "A-000002" not in line]
        (folder / name).write_text("".join(kept))
    steps = [*STEPS[:2], last]
    (folder / "trace.jsonl").write_bytes(b"".join(pack.canonical(s) + b"\n" for s in steps))
    told = record("U-000002", reason, "P3", step=3, **values)
    path = folder / "records.jsonl"
    path.write_bytes(path.read_bytes() + pack.canonical(told) + b"\n")
    path = folder / "unmet.csv"
    path.write_text(f"{path.read_text()}P3,N-P3,40,0,40,{reason},U-000002\n")
    pack.edit(folder / "run.json", lambda run: run["totals"].update(served=1))
    pack.edit(folder / "run.json", lambda run: run["options"].update(options))
    return pack.reseal(folder)


def test_threshold(voted, pack):
    """`threshold` passes over few votes and tells how many it asks (S14.1)."""
    last = step(3, "P3", 3, 40, 50, "below_threshold") | {"threshold": 4}
    values = {"votes": 3, "threshold": 4}
    options = {"variant": "threshold", "threshold": 4}

    assert verify(retold(pack, voted, options, last, "below_minimum", values)).findings == ()


def test_stop(voted, pack):
    """`stop` ends at the first that does not fit; the award is closed for the rest (S12.6)."""
    last = step(3, "P3", 3, 40, 50, "stopped")

    told = retold(pack, voted, {"variant": "stop"}, last, "budget", {"asked": 40, "left": 50})
    assert verify(told).findings == ()


def test_what_no_procedure_could_give_is_exact(tmp_path, pack):
    """P4 asks for more than there is, whatever the steps: certain without the trace (S12.5)."""
    projects = [project("P3", 40, 3, 1), project("P4", 160, 9, 2)]
    tables = {
        "actors": pack.ACTORS,
        "funds": [{"fund_id": "budget", "actor_id": "JD", "amount": "100"}],
        "demands": [demand for demand, _ in projects],
        "needs": [need for _, need in projects],
    }
    steps = [step(1, "P4", 9, 160, 100, "too_dear"), step(2, "P3", 3, 40, 100, "taken")]
    exact = record("U-000001", "below_minimum", "P4", most=100, minimum=160) | {"proven": "exact"}
    folder = pack.write_run(
        tmp_path / "run", tables=tables, card=CARD, run=run({"demands": 2, "served": 1}),
        allocation=[line("P3", 40, "A-000001")],
        unmet=["P4,N-P4,160,0,160,below_minimum,U-000001"],
        records=[record("A-000001", "need_met", "P3", step=2), exact], trace=steps,
    )  # fmt: skip

    assert verify(folder).findings == ()


def test_a_missing_trace(voted, pack):
    """A procedure without its trace has no evidence."""
    (voted / "trace.jsonl").unlink()
    pack.reseal(voted)

    assert pack.codes(voted) == {"file"}


@pytest.fixture
def queued(tmp_path, pack):
    """The rivals again; D-2 came first and takes the hour."""
    tables = pack.rivals_tables()
    tables["demands"][0]["submitted_at"] = "2026-09-02T09:00+08:00"
    tables["demands"][1]["submitted_at"] = "2026-09-01T09:00+08:00"
    steps = [
        {
            "step": 1,
            "demand": "D-2",
            "option": "O1",
            "verdict": "taken",
            "cost": 0,
            "left": 0,
            "tie": [],
        },
        {
            "step": 2,
            "demand": "D-1",
            "option": "",
            "verdict": "nothing",
            "cost": 0,
            "left": 0,
            "tie": [],
        },
    ]
    taken = pack.RIVALS_ALLOCATION[0].replace("D-1", "D-2").replace("N-1", "N-2")
    records = [
        {"record": "A-000001", "type": "assignment", "code": "need_met", "values": {"step": 1},
         "about": {"demand": "D-2", "option": "O1", "need": "N-2", "resource": "V-1"},
         "proven": "trace"},
        {"record": "U-000001", "type": "unmet", "code": "capacity", "values": {"step": 2},
         "about": {"demand": "D-1", "need": "N-1"}, "proven": "trace"},
    ]  # fmt: skip
    clause = '[[clause]]\nid = "C1"\nkind = "forbid"\nwhere = { demand = { id = "D-2" } }\n'
    return pack.write_run(
        tmp_path / "queued", tables=tables, card=f"{pack.CARD}\n{clause}",
        run=run({"demands": 2, "served": 1}, "first_come", breaks=[["C1", ["C1", "D-2", "O1"]]]),
        allocation=[taken.replace("optimised", "procedure")],
        unmet=["D-1,N-1,1,0,1,capacity,U-000001"], records=records, trace=steps,
    )  # fmt: skip


def test_first_come_is_accepted(queued):
    """Order, plan, reasons and the clause it breaks (S14.2)."""
    assert verify(queued).findings == ()


def test_broken_clauses_are_told(queued, pack):
    """run.json lists what a procedure breaks: all of it, and nothing else."""
    pack.edit(queued / "run.json", lambda run: run.update(breaks=[]))
    pack.reseal(queued)

    assert pack.codes(queued) == {"breaks"}


def test_who_came_first(queued, pack):
    """Another time of asking makes another plan."""
    pack.replace(queued / "inputs/demands.csv", "2026-09-02", "2026-08-02")
    pack.reseal(queued)

    assert "trace" in pack.codes(queued)
