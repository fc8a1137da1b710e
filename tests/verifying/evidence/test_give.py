"""What later stages take back, and the plan each stage keeps as its witness (S9.4, S10.3)."""

import pytest

from cogov_opt.verifying import verify

SEED = "5eed"
CARD = """\
id = "toy"
version = "1.0.0"
status = "draft"

[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
give = 100

[[objective]]
sense = "minimise"
terms = [{ term = "cost", weight = 1 }]
"""
Y, X = ["y", "D-1", "O1"], ["x", "N-1", "V-1", "O1", ""]
# Serving D-1 brings 10 and costs 7; all 10 may be taken back, so the last plan serves nobody.
FIRST = {
    "index": 1, "sense": "maximise", "scale": "1", "prices": [], "value": "10", "published": "0",
    "bound": "10", "gap": "0", "bound_scaled": "10", "excess": "10", "taken_back": "10",
    "optimal": True, "conditional": False, "shares": [[Y, "10"]], "rounding": "0",
}  # fmt: skip
SECOND = {
    "index": 2, "sense": "minimise", "scale": "1", "prices": [], "value": "0", "published": "0",
    "bound": "0", "gap": "0", "bound_scaled": "0", "excess": "0", "taken_back": "0",
    "optimal": True, "conditional": False, "shares": [], "rounding": "0",
}  # fmt: skip
PLANS = [[[X, "1"], [Y, "1"]], []]
RECORDS = [
    {"record": "R-000001", "type": "unused", "about": {"resource": "V-1"}, "code": "outpriced",
     "values": {"need": "N-1", "option": "O1", "stage": 2, "margin": 7, "scale": 1, "by": [],
                "low": 7, "best": True},
     "proven": "bound"},
    {"record": "U-000001", "type": "unmet", "about": {"demand": "D-1", "need": "N-1"},
     "code": "gap", "values": {"option": "O1", "stage": 1, "share": 10, "scale": 1, "low": 0},
     "proven": "prices"},
]  # fmt: skip


def told(entry, term):
    names = ("index", "sense", "value", "published", "bound", "gap", "optimal", "conditional")
    return {**{name: entry[name] for name in names}, "terms": [term]}


@pytest.fixture
def given(tmp_path, pack):
    tables = pack.rivals_tables()
    for name in ("demands", "options", "needs"):
        tables[name] = tables[name][:1]
    tables["volunteers"][0]["cost_per_slot"] = "7"
    run = {
        **pack.RIVALS_RUN, "stages": [told(FIRST, "served_points"), told(SECOND, "cost")],
        "totals": {"demands": 1, "served": 0},
    }  # fmt: skip
    return pack.write_run(
        tmp_path / "given", tables=tables, card=CARD, run=run, allocation=[],
        unmet=["D-1,N-1,1,0,1,gap,U-000001"], records=RECORDS,
        certificate={"stages": [FIRST, SECOND], "plans": PLANS},
    )  # fmt: skip


def test_the_honest_run_is_accepted(given):
    """Value from the stage's own plan, published from the last one."""
    assert verify(given).findings == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c["plans"][0].pop(), "plan"),
        (lambda c: c["plans"][0].append([["y", "D-9", "O1"], "1"]), "plan"),
        (lambda c: c["plans"][0][1].__setitem__(1, "2"), "plan"),
        (lambda c: c["plans"].pop(), "format"),
        (lambda c: c.pop("plans"), "plan"),
        (lambda c: c["plans"].__setitem__(0, []), "value"),
        (lambda c: c["stages"][0].update(taken_back="0"), "give"),
        (lambda c: c["stages"].reverse(), "stage_order"),
        (lambda c: c["stages"].pop(), "stage_order"),
        (lambda c: c["stages"][0].update(shares=[], rounding="10"), "share"),
        (lambda c: c["stages"][0].update(shares=[[Y, "9"], [X, "1"]]), "share"),
    ],
)
def test_a_lie_about_stages(given, pack, change, code):
    """Each re-sealed lie fails at the check that owns the fact."""
    pack.edit(given / "certificate.json", change)
    assert "root" in pack.codes(given)

    pack.reseal(given)
    assert code in pack.codes(given)


@pytest.mark.parametrize("give", ["0", "40", '"9 points"'])
def test_more_taken_back_than_the_card_gives(given, pack, give):
    """With less to give the last plan breaks the stage's row (S9.4)."""
    pack.replace(given / "policy.toml", "give = 100", f"give = {give}")
    pack.reseal(given)

    assert pack.codes(given) & {"give", "plan"}
