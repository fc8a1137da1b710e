"""A run with prices computed by hand, and every lie about it."""

import pytest

from cogov_opt.verifying import verify


def test_the_honest_run_is_accepted(rivals, pack):
    """Every figure computed by hand is the one the verifier computes (S10, S12, S13)."""
    verdict = verify(rivals)

    assert verdict.findings == ()
    assert (verdict.verdict, verdict.authenticated, verdict.status) == ("accepted", False, 0)
    assert verify(rivals, root=pack.root_of(rivals)).authenticated


def test_the_root_held_elsewhere_decides(rivals, pack):
    """A re-sealed lie is consistent, but not what was published (S13.4)."""
    held = pack.root_of(rivals)
    pack.edit(rivals / "run.json", lambda run: run.update(attempt=2))
    pack.reseal(rivals)

    assert verify(rivals).accepted
    assert pack.codes(rivals, root=held) == {"root"}
    assert not verify(rivals, root=held).authenticated


def stage(name, value):
    return lambda certificate: certificate["stages"][0].update({name: value})


def told(name, value):
    return lambda run: run["stages"][0].update({name: value})


def price(position, value):
    def change(certificate):
        certificate["stages"][0]["prices"][position][1] = value

    return change


def key(position, value):
    def change(certificate):
        certificate["stages"][0]["prices"][position][0] = value

    return change


CERTIFICATE = {
    "a price raised": (price(0, "12"), "bound"),
    "other true prices, other reasons": (price(0, "7"), "record"),
    "no prices": (stage("prices", []), "bound"),
    "a price of no row": (key(0, ["law.no_overlap", "V-9", "540"]), "price"),
    "a price of the wrong sign": (price(0, "-8"), "price"),
    "a price of 0": (price(0, "0"), "price"),
    "a price as a number": (price(0, 8), "format"),
    "a price with a plus": (price(0, "+8"), "format"),
    "a scale that is no power of ten": (stage("scale", "2"), "price"),
    "a value": (stage("value", "16"), "value"),
    "a published value": (stage("published", "16"), "value"),
    "a bound": (stage("bound", "12"), "bound"),
    "a scaled bound": (stage("bound_scaled", "11"), "bound"),
    "an excess": (stage("excess", "1"), "share"),
    "a share": (stage("shares", [[["y", "D-1", "O1"], "1"]]), "share"),
    "a rounding": (stage("rounding", "1"), "share"),
    "what was taken back": (stage("taken_back", "1"), "give"),
    "optimality": (stage("optimal", False), "bound"),
    "a condition": (stage("conditional", True), "stage_order"),
    "a sense": (stage("sense", "minimise"), "stage_order"),
    "an index": (stage("index", 2), "stage_order"),
    "an unknown field": (stage("notes", []), "unknown"),
    "a plan nobody asked for": (lambda c: c.update(plans=[[], []]), "plan"),
    "no stages": (lambda c: c.update(stages=[]), "stage_order"),
}
RUN = {
    "a value": (told("value", "16"), "value"),
    "a published value": (told("published", "16"), "value"),
    "a bound": (told("bound", "12"), "bound"),
    "a gap": (told("gap", "2"), "bound"),
    "optimality": (told("optimal", False), "bound"),
    "a condition": (told("conditional", True), "stage_order"),
    "a sense": (told("sense", "minimise"), "stage_order"),
    "terms": (told("terms", ["cost"]), "stage_order"),
    "all certified": (lambda r: r.update(all_certified=False), "bound"),
    "a total": (lambda r: r["totals"].update(people=6), "total"),
    "an unknown total": (lambda r: r["totals"].update(smiles=6), "unknown"),
    "breaks": (lambda r: r.update(breaks=[["C1", ["C1"]]]), "breaks"),
    "the card's version": (lambda r: r["card"].update(version="2"), "card"),
    "a strategy nobody knows": (lambda r: r.update(strategy="guess"), "unknown"),
    "a format nobody knows": (lambda r: r.update(format=2), "unknown"),
    "a draw of another trust": (lambda r: r["draw"].update(trust="beacon"), "unknown"),
}


@pytest.mark.parametrize("lie", CERTIFICATE)
def test_a_lie_in_the_certificate(rivals, pack, lie):
    """Raw it fails at the root, re-sealed at the check that owns the fact (S10)."""
    change, code = CERTIFICATE[lie]
    pack.edit(rivals / "certificate.json", change)
    assert "root" in pack.codes(rivals)

    pack.reseal(rivals)
    assert code in pack.codes(rivals)
    assert "root" not in pack.codes(rivals)


@pytest.mark.parametrize("lie", RUN)
def test_a_lie_in_the_run(rivals, pack, lie):
    """Raw it fails at the root, re-sealed at the check that owns the fact (S13.3)."""
    change, code = RUN[lie]
    pack.edit(rivals / "run.json", change)
    assert "root" in pack.codes(rivals)

    pack.reseal(rivals)
    assert code in pack.codes(rivals)
    assert "root" not in pack.codes(rivals)


LINES = {
    "units": ("V-1,1,person", "V-1,2,person", "candidate"),
    "a unit": ("V-1,1,person", "V-1,1,hour", "allocation"),
    "a cost": ("person,0", "person,5", "allocation"),
    "a giver": (",JD,JD,", ",XX,JD,", "allocation"),
    "a taker": (",JD,JD,", ",JD,XX,", "allocation"),
    "an origin": ("optimised", "pinned", "allocation"),
    "a record": ("A-000001", "A-000002", "allocation"),
    "a start": ("T09:00", "T08:30", "allocation"),
    "an unknown resource": ("V-1", "V-2", "candidate"),
    "an unknown demand": ("D-1", "D-9", "candidate"),
    "another demand": ("D-1,O1", "D-2,O1", "candidate"),
    "an agreement": ("JD,JD,,,", "JD,JD,,G-1,", "agreement"),
    "words for units": ("V-1,1,", "V-1,one,", "candidate"),
}


@pytest.mark.parametrize("lie", LINES)
def test_a_lie_in_the_allocation(rivals, pack, lie):
    """A line of allocation.csv is what plan and inputs give (S13.1)."""
    old, new, code = LINES[lie]
    pack.replace(rivals / "allocation.csv", old, new)
    assert "root" in pack.codes(rivals)

    pack.reseal(rivals)
    assert code in pack.codes(rivals)


def test_a_person_in_two_places(rivals, pack):
    """One hour of one volunteer is given once (S7.3)."""
    line = pack.RIVALS_ALLOCATION[0]
    other = line.replace("D-1", "D-2").replace("N-1", "N-2").replace("A-000001", "A-000002")
    pack.replace(rivals / "allocation.csv", line, f"{line}\n{other}")
    pack.reseal(rivals)

    assert {"overlap", "value", "unmet", "record"} <= pack.codes(rivals)


def test_the_worse_plan_is_worse(rivals, pack):
    """The other demand served instead: consistent lines, but not the value or the reasons."""
    line = pack.RIVALS_ALLOCATION[0].replace("D-1", "D-2").replace("N-1", "N-2")
    pack.replace(rivals / "allocation.csv", pack.RIVALS_ALLOCATION[0], line)
    pack.reseal(rivals)

    assert {"value", "bound", "share", "record"} <= pack.codes(rivals)


def test_a_changed_fact(rivals, pack):
    """A volunteer who gave no answer cannot have been used (S4.5)."""
    (rivals / "inputs" / "availability.csv").unlink()
    pack.reseal(rivals)

    assert "eligibility" in pack.codes(rivals)


def test_a_candidate_dropped_from_the_bound(rivals, pack):
    """A second volunteer in the facts makes the bound false (S4.1)."""
    path = rivals / "inputs" / "volunteers.csv"
    path.write_text(path.read_text() + "V-2,JD" + "," * 13 + "\n")
    path = rivals / "inputs" / "availability.csv"
    path.write_text(path.read_text() + "V-2,2026-09-28T08:00+08:00,2026-09-28T12:00+08:00\n")
    pack.reseal(rivals)

    assert {"bound", "record"} <= pack.codes(rivals)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("records.jsonl", '"margin":1,"scale":1,"stage"', '"margin":2,"scale":1,"stage"', "record"),
        ("records.jsonl", "outpriced", "capacity", "record"),
        ("records.jsonl", '"bound"', '"exact"', "record"),
        ("unmet.csv", "1,0,1", "1,1,0", "unmet"),
        ("unmet.csv", "outpriced", "capacity", "unmet"),
        ("unmet.csv", "U-000001", "U-000002", "unmet"),
        ("phrases.json", "outpriced of {demand}", "outpriced, rightly, of {demand}", "sentence"),
        ("phrases.json", "outpriced of {demand}", "outpriced of {nobody}", "sentence"),
        ("phrases.json", '"version":"test"', '"version":"9"', "unknown"),
        ("policy.toml", "weight = 1", "weight = 2", "value"),
        ("policy.toml", 'sense = "maximise"', 'sense = "minimise"', "stage_order"),
        ("policy.toml", "served_points", "happiness", "unknown"),
        ("policy.toml", 'id = "toy"', 'id = "other"', "card"),
        ("policy.toml", "weight = 1", "weight = 1.5", "card"),
        ("inputs/demands.csv", ",10,,", ",20,,", "value"),
        ("inputs/demands.csv", ",10,,", ",010,,", "input"),
        ("inputs/demands.csv", "D-1", "D-3", "input"),
        ("inputs/needs.csv", "volunteer", "spaceship", "input"),
        ("inputs/datapackage.json", "minor", "major", "format"),
    ],
)
def test_a_lie_elsewhere(rivals, pack, file, old, new, code):
    """Each fact has a check of its own."""
    pack.replace(rivals / file, old, new)
    assert "root" in pack.codes(rivals)

    pack.reseal(rivals)
    assert code in pack.codes(rivals)
    assert "root" not in pack.codes(rivals)


def test_a_clause_nobody_knows_is_incomplete(rivals, pack):
    """What the verifier has no meaning for is neither accepted nor rejected."""
    path = rivals / "policy.toml"
    path.write_text(path.read_text() + '\n[[clause]]\nid = "C1"\nkind = "karma"\n')
    pack.reseal(rivals)
    verdict = verify(rivals)

    assert (verdict.verdict, verdict.status) == ("incomplete", 7)
    assert [f.code for f in verdict.findings] == ["unknown"]


def test_a_hard_clause_broken(rivals, pack):
    """A clause that forbids what was done (S8.8)."""
    path = rivals / "policy.toml"
    clause = '[[clause]]\nid = "C1"\nkind = "forbid"\nwhere = { demand = { id = "D-1" } }\n'
    path.write_text(f"{path.read_text()}\n{clause}")
    pack.reseal(rivals)

    assert "clause" in pack.codes(rivals)


def test_seed_of_the_draw(rivals, pack):
    """A derived seed follows from the inputs (S11.2)."""
    pack.reseal(rivals)
    pack.edit(rivals / "run.json", lambda run: run["draw"].update(seed="0" * 16))
    (rivals / "checkpoint").write_text(
        f"cogov_opt run\n{verify_id(rivals)}\n{pack.root_of(rivals)}\n"
    )

    assert pack.codes(rivals) == {"draw"}


def verify_id(folder):
    import json

    return json.loads((folder / "run.json").read_bytes())["run_id"]


def test_digests_told_in_the_run(rivals, pack):
    """run.json names the digests of inputs and card, and its id follows from them (S13.5)."""

    def lie(run):
        run["inputs"]["inputs/demands.csv"] = "0" * 64
        run["card"]["digest"] = "0" * 64
        run["run_id"] = "0" * 16

    pack.edit(rivals / "run.json", lie)
    (rivals / "checkpoint").write_text(f"cogov_opt run\n{'0' * 16}\n{pack.root_of(rivals)}\n")
    found = [(f.code, f.id) for f in verify(rivals).findings]

    assert found == [
        ("digest", "inputs/demands.csv"), ("digest", "policy.toml"), ("run_id", "0" * 16),
        ("extract", "run_id"),
    ]  # fmt: skip
