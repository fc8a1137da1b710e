"""What makes a verifier work out of proportion to its length is refused (S2.7, S8.15, S10)."""

import tracemalloc
from types import SimpleNamespace

import pytest

from cogov_opt.verifying import canonical_tables, changed_cells, draft, reading, refuted, verify
from cogov_opt.verifying.answers import checking
from cogov_opt.verifying.findings import Findings


def found_in(folder):
    """Give the verdict, and the code and file of every finding."""
    verdict = verify(folder)
    return verdict.verdict, {(f.code, f.file) for f in verdict.findings}


@pytest.mark.parametrize(("digits", "wrong"), [(300, False), (301, True), (5000, True)])
def test_numbers_of_evidence_have_an_end(rivals, pack, digits, wrong):
    """A scale of 300 digits proves what it did; a longer number is not read (S10.3)."""
    more = "0" * (digits - 1)

    def longer(certificate):
        for stage in certificate["stages"]:
            stage["scale"] = "1" + more
            stage["prices"] = [[key, price + more] for key, price in stage["prices"]]

    pack.edit(rivals / "certificate.json", longer)
    pack.reseal(rivals)

    assert (("format", "certificate.json") in found_in(rivals)[1]) is wrong


@pytest.mark.parametrize("digits", [13, 5000])
def test_numbers_of_tables_have_an_end(rivals, pack, digits):
    """More than twelve digits are no cell, and nothing is worked out with them (S2.7)."""
    pack.replace(rivals / "inputs/demands.csv", ",10,", f",{'9' * digits},")
    pack.reseal(rivals)

    assert found_in(rivals)[1] >= {("input", "inputs/demands.csv"), ("input", "inputs")}


NONSENSE = [
    ("services", "capacity", "-1"), ("funds", "committed", "-500"), ("funds", "amount", "-0"),
    ("demands", "people", "-5"), ("needs", "own_limit", "-1"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "cell"), NONSENSE)
def test_nothing_but_a_place_is_below_nothing(tmp_path, pack, table, column, cell):
    """A fund that has spent less than nothing would have more to give than it holds (S2.7)."""
    tables = pack.rivals_tables() | {
        "funds": [{"fund_id": "F-1", "actor_id": "JD", "amount": "10"}],
        "services": [{"service_id": "S-1", "actor_id": "JD", "service_type": "x", "capacity": "2"}],
    }
    tables[table][0][column] = cell
    run = pack.write_run(
        tmp_path / "run", tables=tables, card=pack.CARD, run=pack.RIVALS_RUN, allocation=[],
        unmet=[], records=[], certificate={"stages": []},
    )  # fmt: skip

    assert ("input", f"inputs/{table}.csv") in found_in(run)[1]


@pytest.mark.parametrize("table", ["availability", "options"])
@pytest.mark.parametrize("end", ["2026-09-28T08:00+08:00", "2026-09-28T07:00+08:00"])
def test_an_interval_ends_after_it_begins(rivals, pack, table, end):
    """A session of less than no time would give its volunteer time back (S2.7)."""
    old = {"availability": "2026-09-28T12:00+08:00", "options": "2026-09-28T10:00+08:00"}
    pack.replace(rivals / f"inputs/{table}.csv", old[table], end)
    pack.reseal(rivals)

    assert ("input", "inputs") in found_in(rivals)[1]


@pytest.mark.parametrize(
    "horizon", [("2026-09-28", "2036-10-06"), ("1000-01-01", "1000-01-05"), ("2026-09-28",) * 2]
)
def test_a_horizon_has_an_end(rivals, pack, horizon):
    """More than 3,660 days, years out of reach, no day at all: not a horizon (S2.7)."""
    dates = dict(zip(("start", "end"), horizon, strict=True))
    pack.edit(rivals / "inputs/datapackage.json", lambda package: package["horizon"].update(dates))
    pack.reseal(rivals)

    assert ("input", "inputs") in found_in(rivals)[1]


@pytest.mark.parametrize(("levels", "wrong"), [(50, False), (51, True), (20_000, True)])
def test_a_chain_of_parents_has_an_end(rivals, pack, levels, wrong):
    """Fifty above an actor and no more: what stands above all of many is not gathered (S2.7)."""
    rows = [
        {"actor_id": f"K{n:06d}", "name": "x", "kind": "ngo", "parent_id": parent}
        for n, parent in enumerate(["", *(f"K{n:06d}" for n in range(levels))])
    ]
    lines = [f"{r['actor_id']},{r['name']},{r['kind']},,{r['parent_id']},\n" for r in rows]
    with (rivals / "inputs/actors.csv").open("a") as file:
        file.writelines(lines)
    pack.reseal(rivals)

    assert (("input", "inputs") in found_in(rivals)[1]) is wrong


CARDS = {
    "bytes": "# " + "x" * reading.LONGEST_CARD + "\n",
    "a number": f"\n[points.tags]\nx = {10**15 + 1}\n",
    "goals": '\n[[objective]]\nsense = "maximise"\nterms = []\n' * reading.MOST_GOALS,
    "nesting": f"\nx = {'[' * 5000}{']' * 5000}\n",
}


@pytest.mark.parametrize("more", CARDS)
def test_a_card_has_an_end(rivals, pack, more):
    """Bytes, goals, numbers and depth of a card are bounded (S8.15)."""
    with (rivals / "policy.toml").open("a") as file:
        file.write(CARDS[more])
    pack.reseal(rivals)

    assert ("card", "policy.toml") in found_in(rivals)[1]


def test_no_card_at_all(rivals, pack):
    """An empty card is found; it is not a reason to check nothing."""
    (rivals / "policy.toml").write_bytes(b"")
    pack.reseal(rivals)

    assert found_in(rivals) == ("rejected", {("card", "policy.toml")})


def test_a_formulation_beyond_what_is_followed(rivals, monkeypatch):
    """More terms than a verifier follows: incomplete, neither accepted nor rejected (S5.6)."""
    assert found_in(rivals) == ("accepted", set())
    monkeypatch.setattr(draft, "MOST_TERMS", 5)

    assert found_in(rivals) == ("incomplete", {("unknown", "policy.toml")})


def test_a_long_tree_of_a_conflict_takes_what_it_holds():
    """Halves that wait hold one bound each, not a copy of every bound above them (S10.8)."""
    columns = {("y", f"D-{n}", ""): (0, 1) for n in range(2000)}
    findings = Findings()
    case = SimpleNamespace(priced=SimpleNamespace(rows=[], columns=columns), findings=findings)
    tree = [["split", list(key), "0"] for key in columns]
    tracemalloc.start()
    try:
        refuted.check(case, {"tree": [*tree, ["leaf", []]]})
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert {(f.code, f.id) for f in findings.all()} == {("tree", "node 2000: not proved empty")}
    assert most < 1000 * len(columns)


def test_memory_that_does_not_suffice(rivals, monkeypatch):
    """A check that memory does not suffice for is a finding of its file, never a traceback."""

    def empty(*_):
        raise MemoryError

    for module, told in ((canonical_tables, ("input", "inputs")),
                         (changed_cells, ("format", "inputs/repairs.jsonl"))):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(module, "check", empty)
            assert found_in(rivals) == ("rejected", {told})


def test_weighings_have_an_end(rivals, tmp_path, pack):
    """Each weighing builds all rows anew: an answer of too many is refused before the first."""
    told = {"answer": 1, "run_id": "", "root": "", "question": ["serve", "D-2"], "claim": {}}
    weighing = {"edits": [], "ask": [], "plan": [], "chain": []}
    lines = (rivals / "checkpoint").read_text().splitlines()
    told |= {"run_id": lines[1], "root": lines[2]}
    told["weighings"] = [weighing] * (checking.MOST_WEIGHINGS + 1)
    answer = tmp_path / "answer.json"
    answer.write_bytes(pack.canonical(told))

    (finding,) = verify(rivals, answer=answer).findings
    assert (finding.code, finding.id) == ("answer", "more weighings than there may be")
