"""What serving a demand at an option brings at the prices, by hand (S12.4, 6)."""

from types import SimpleNamespace

import pytest

from cogov_opt.verifying import formulation
from cogov_opt.verifying.case import StageProof
from cogov_opt.verifying.reasons import best
from cogov_opt.verifying.set_values import set_value
from tests.verifying.tiny import card, facts_of

TABLES = {
    "codes": [
        {"vocabulary": "service_type", "code": "meal"}, {"vocabulary": "unit", "code": "meal"},
    ],
    "volunteers": [{"volunteer_id": f"V{i}", "actor_id": "A", "max_slots": 9} for i in (1, 2, 3)],
    "services": [
        {"service_id": name, "actor_id": "A", "service_type": "meal", "unit": "meal",
         "capacity": capacity, "cost_per_unit": cost}
        for name, capacity, cost in (("S1", 3, 2), ("S2", 9, 5))
    ],
    "funds": [
        {"fund_id": "F1", "actor_id": "A", "amount": 8},
        {"fund_id": "F2", "actor_id": "A", "amount": 100},
    ],
    "demands": [{"demand_id": "D", "actor_id": "A"}],
    "needs": [
        {"need_id": "N1", "demand_id": "D", "kind": "service", "quantity": 5, "minimum": 4},
        {"need_id": "N2", "demand_id": "D", "kind": "volunteer", "quantity": 2},
        {"need_id": "N3", "demand_id": "D", "kind": "fund", "quantity": 10, "minimum": 6,
         "pays_for": "N1", "own_limit": 5},
    ],
}  # fmt: skip
SCARCE = {
    ("law.capacity", "units", "S1"): 1, ("law.capacity", "units", "S2"): 3,
    ("law.capacity", "slots", "V1"): 2, ("law.capacity", "slots", "V2"): 4,
    ("law.capacity", "slots", "V3"): 3,
    ("law.capacity", "units", "F1"): 1, ("law.capacity", "units", "F2"): 2,
}  # fmt: skip


@pytest.fixture
def value(tmp_path):
    """The set value of D, worth 10, at prices and scale 1."""

    def value(prices, tables=TABLES):
        facts = facts_of(tmp_path, tables)
        priced = formulation.build(facts, card())
        stage = priced.stages[0]
        reduced = formulation.price_out(priced, stage, prices, 1)
        proof = StageProof(1, 1, prices, reduced, stage.costs)
        return set_value(SimpleNamespace(priced=priced), proof, facts.demands["D"], "")

    return value


def test_without_prices_the_points_are_all(value):
    """y brings 10; nothing has a price."""
    assert value({}) == 10


def test_two_volunteers_are_the_two_that_cost_least(value):
    """N2 asks for two of V1, V2, V3 at 2, 4, 3: 10 - 2 - 3."""
    prices = {key: price for key, price in SCARCE.items() if key[1] == "slots"}

    assert value(prices) == 5


def test_a_minimum_is_filled_cap_by_cap(value):
    """N1 takes 3 of S1 at 1, its cap, and 1 of S2 at 3: 10 - 6."""
    prices = {key: price for key, price in SCARCE.items() if key[2] in {"S1", "S2"}}

    assert value(prices) == 4


def test_money_from_own_purse_then_two_funds(value):
    """
    N3 pays 6 and 3 x 2 + 1 x 5 for N1: 17. Own money at 0 gives 5, F1 at 1 all its 8, F2 at 2 the
    other 4: 10 - 6 - (2 + 3) - (8 + 8).
    """
    assert value(SCARCE) == -17


def test_no_more_than_there_is(value):
    """S1 gives 3 of 4, so 6 + 6 are due: F1 and own money pay at 1; own's row gives y 5."""
    tables = TABLES | {"services": TABLES["services"][:1]}
    prices = {("law.capacity", "units", "F2"): 2, ("law.money", "own", "N3", ""): 1}

    assert value(prices | {("law.capacity", "units", "F1"): 1}, tables) == 10 + 5 - 12


@pytest.mark.parametrize("price", [-7, 4])
def test_rows_of_the_set_move_nothing(value, price):
    """What a row that ties the set together takes of one column it brings to others."""
    rows = [("law.set", "need", "N2", "")]
    if price < 0:
        rows.append(("law.set", "least", "N1", ""))
    tables = TABLES | {"services": TABLES["services"][1:]}
    balance = {("law.money", "balance", "N3", ""): price}

    assert value(SCARCE | dict.fromkeys(rows, price)) == -17
    assert value(SCARCE | balance, tables) == value(SCARCE, tables)


def test_without_a_need_of_the_kind_nobody_pays(value):
    """The `bought` column and own money are absent where their bounds are 0."""
    needs = [TABLES["needs"][0], TABLES["needs"][2] | {"quantity": 0, "minimum": 0, "own_limit": 0}]

    # 3 of S1 and 1 of S2 cost 11: F1 pays 8 at 1, F2 the other 3 at 2.
    assert value(SCARCE, TABLES | {"needs": needs}) == 10 - 6 - 8 - 6


def test_the_latest_stage_then_the_largest_then_the_first():
    """None is the last of all; equals keep their order (S12.4, 6)."""
    one, two = (StageProof(k, 1, {}, {}, {}) for k in (1, 2))

    assert best([("a", (one, 9)), ("b", (two, -5)), ("c", (two, -4)), ("d", (two, -4))])[0] == "c"
    assert best([("a", (two, 9)), ("b", None), ("c", None)])[0] == "b"


def test_an_option_that_is_as_good_is_told(tmp_path, pack):
    """O1 needs V-1, who has a price of 3; O2 needs V-2, who has none: serving it moves nothing."""
    tables = pack.rivals_tables()
    day = "2026-09-28T"
    tables["volunteers"] = [
        {"volunteer_id": f"V-{n}", "actor_id": "JD", "max_slots": "1"} for n in (1, 2)
    ]
    hours = [(f"{day}{h:02d}:00+08:00", f"{day}{h + 1:02d}:00+08:00") for h in (9, 10)]
    tables["availability"] = [
        {"resource_id": f"V-{n}", "start": start, "end": end}
        for n, (start, end) in enumerate(hours, 1)
    ]
    tables["demands"], tables["needs"] = tables["demands"][:1], tables["needs"][:1]
    tables["options"] = [
        {"demand_id": "D-1", "option_id": f"O{n}", "start": start, "end": end}
        for n, (start, end) in enumerate(hours, 1)
    ]
    prices = [[["law.capacity", "slots", "V-1"], "3"], [["law.set", "one_option", "D-1"], "10"]]
    folder = pack.write_run(
        tmp_path / "run", tables=tables, card=pack.CARD, run=pack.RIVALS_RUN, allocation=[],
        unmet=[], records=[], certificate={"stages": [pack.RIVALS_STAGE | {"prices": prices}]},
    )  # fmt: skip
    record = pack.derived(folder)["U-000001"]

    assert (record["code"], record["proven"]) == ("at_prices", "prices")
    assert record["values"] == {"option": "O2", "stage": 1, "margin": 0, "scale": 1}
