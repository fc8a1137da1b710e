"""Awards, what they pay and who is paid, computed by hand (S6.7, S13.1)."""

import pytest

from cogov_opt.verifying import verify
from cogov_opt.verifying.allocation import spread

SEED = "5eed"
STAGE = {
    "index": 1, "sense": "maximise", "scale": "1", "prices": [], "value": "10", "published": "10",
    "bound": "10", "gap": "0", "bound_scaled": "10", "excess": "0", "taken_back": "0",
    "optimal": True, "conditional": False, "shares": [], "rounding": "0",
}  # fmt: skip
# S-1 gives 2 meals at 200, S-2 gives 1 at 300; 500 are bought outside: 1,200 in all.
# F-1 has 600, F-2 gives 500, the performer 100. Filled first to first:
ALLOCATION = [
    "D-1,,,,N-1,service,S-1,2,meal,400,,,A,JD,,,optimised,A-000001",
    "D-1,,,,N-1,service,S-2,1,meal,300,,,B,JD,,,optimised,A-000002",
    "D-1,,,,N-2,fund,,100,CNY,0,meal,outside,JD,JD,JD,,optimised,",
    "D-1,,,,N-2,fund,F-1,400,CNY,0,meal,N-1,JD,JD,A,,optimised,A-000003",
    "D-1,,,,N-2,fund,F-1,200,CNY,0,meal,N-1,JD,JD,B,,optimised,A-000003",
    "D-1,,,,N-2,fund,F-2,100,CNY,0,meal,N-1,JD,JD,B,,optimised,A-000004",
    "D-1,,,,N-2,fund,F-2,400,CNY,0,meal,outside,JD,JD,JD,,optimised,A-000004",
]


def used(number, need, resource):
    """No price tells against it, and no plan before a draw was another (S12.3)."""
    about = {"demand": "D-1", "option": "", "need": need, "resource": resource}
    return {
        "record": f"A-{number:06d}", "type": "assignment", "about": about, "code": "at_prices",
        "values": {"stage": 1, "scale": 1, "brings": 0, "takes": 0, "margin": 0,
                   "low": 0, "best": True},
        "proven": "prices",
    }  # fmt: skip


def tables(pack):
    service = {"service_type": "meal", "unit": "meal", "capacity": "2"}
    return {
        "actors": [
            {"actor_id": "A", "name": "A", "kind": "firm", "parent_id": "JD"},
            {"actor_id": "B", "name": "B", "kind": "firm", "parent_id": "JD"}, *pack.ACTORS,
        ],
        "funds": [
            {"fund_id": "F-1", "actor_id": "JD", "amount": "600"},
            {"fund_id": "F-2", "actor_id": "JD", "amount": "1500", "committed": "1000"},
        ],
        "services": [
            {"service_id": "S-1", "actor_id": "A", "cost_per_unit": "200", **service},
            {"service_id": "S-2", "actor_id": "B", "cost_per_unit": "300", **service},
        ],
        "demands": [{"demand_id": "D-1", "actor_id": "JD", "people": "9", "points": "10"}],
        "needs": [
            {"need_id": "N-1", "demand_id": "D-1", "kind": "service", "quantity": "3"},
            {"need_id": "N-2", "demand_id": "D-1", "kind": "fund", "quantity": "500",
             "cost_type": "meal", "pays_for": "N-1", "own_limit": "100"},
        ],
    }  # fmt: skip


@pytest.fixture
def paid(tmp_path, pack):
    run = {
        **pack.RIVALS_RUN, "totals": {"demands": 1, "served": 1, "people": 9, "money": 1100},
        "draw": {"seed": SEED, "trust": "chosen", "unique": "plans_found", "counter": 0},
    }  # fmt: skip
    records = [
        used(1, "N-1", "S-1"), used(2, "N-1", "S-2"), used(3, "N-2", "F-1"),
        used(4, "N-2", "F-2"),
    ]  # fmt: skip
    return pack.write_run(
        tmp_path / "paid", tables=tables(pack), card=pack.CARD, run=run, allocation=ALLOCATION,
        unmet=[], records=records, certificate={"stages": [STAGE]},
    )  # fmt: skip


def test_the_honest_run_is_accepted(paid):
    """Every line of the money follows from awards and purchases."""
    assert verify(paid).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("F-1,400,CNY", "F-1,500,CNY", "money"),
        ("F-1,400,CNY", "F-1,399,CNY", "money"),
        ("outside,JD,JD,JD,,optimised,A", "outside,JD,JD,A,,optimised,A", "allocation"),
        ("N-1,JD,JD,A,,optimised", "N-1,JD,JD,B,,optimised", "allocation"),
        ("2,meal,400", "2,meal,300", "allocation"),
        ("S-1,2,meal", "S-1,3,meal", "capacity"),
        ("S-2,1,meal", "S-2,2,meal", "set"),
        (",100,CNY,0,meal,outside", ",101,CNY,0,meal,outside", "money"),
        (
            "CNY,0,meal,outside,JD,JD,JD,,optimised",
            "CNY,0,food,outside,JD,JD,JD,,optimised",
            "allocation",
        ),
        ("F-2,400,CNY", "F-2,4e2,CNY", "candidate"),
    ],
)
def test_a_lie_about_money(paid, pack, old, new, code):
    """Money that is not covered, not spent, or told otherwise (S6)."""
    pack.replace(paid / "allocation.csv", old, new)
    assert "root" in pack.codes(paid)

    pack.reseal(paid)
    assert code in pack.codes(paid)


def test_lines_out_of_order(paid, pack):
    """The lines have one order (S13.1)."""
    path = paid / "allocation.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *reversed(lines[1:]), ""]))
    pack.reseal(paid)

    assert pack.codes(paid) == {"allocation"}


def test_first_to_first():
    """Payers in order fill purchases in order; what cannot be paid stays open (S6.7)."""
    payers = [("F-1", 5), ("F-2", 0), ("", 4)]
    purchases = [("N-1", "A", 3), ("N-1", "B", 0), ("N-3", "A", 4), ("outside", "P", 9)]

    assert spread(payers, purchases) == {
        ("F-1", "N-1", "A"): 3, ("F-1", "N-3", "A"): 2, ("", "N-3", "A"): 2,
        ("", "outside", "P"): 2,
    }  # fmt: skip
