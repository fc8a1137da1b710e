"""Every case of S12.3-S12.5 on a small instance, its values by hand."""

import pytest

ACTOR = {"actor_id": "JD"}
SKILL = {"vocabulary": "skill", "code": "sewing"}
STAGE = {
    "index": 1, "sense": "maximise", "scale": "10", "prices": [], "value": "0", "published": "0",
    "bound": "0", "gap": "0", "bound_scaled": "0", "excess": "0", "taken_back": "0",
    "optimal": False, "conditional": False, "shares": [], "rounding": "0",
}  # fmt: skip


def need(kind, quantity, name="N-1", demand="D-1", **more):
    return {"need_id": name, "demand_id": demand, "kind": kind, "quantity": quantity, **more}


def service(capacity):
    return {
        "services": [{
            "service_id": "S-1", **ACTOR, "service_type": "meal", "unit": "meal",
            "capacity": capacity,
        }]
    }  # fmt: skip


def fund(**more):
    return {"funds": [{"fund_id": "F-1", **ACTOR, "amount": 100, **more}]}


def volunteers(*names):
    return {"volunteers": [{"volunteer_id": name, **ACTOR} for name in names]}


FORBIDDEN = '[[clause]]\nid = "{id}"\nkind = "forbid"\nwhere = {{ {where} }}\n'
PINNED = '[[clause]]\nid = "C9"\nkind = "pin"\nwhere = { demand = { id = "D-1" } }\n'


@pytest.fixture
def make(tmp_path, pack):
    """A run of demand D-1, worth 10, and the records derived for it."""

    def make(tables, needs, allocation=(), clauses="", prices=(), **demand):
        row = {"demand_id": "D-1", **ACTOR, "points": 10, "people": 1, **demand}
        folder = pack.write_run(
            tmp_path / "run", card=f"{pack.CARD}\n{clauses}", run=pack.RIVALS_RUN | {"totals": {}},
            tables={"actors": pack.ACTORS, "codes": [SKILL], "demands": [row], "needs": needs}
            | tables,
            allocation=list(allocation), unmet=[], records=[],
            certificate={"stages": [STAGE | {"prices": list(prices)}]},
        )  # fmt: skip
        return {
            name: (record["code"], record["values"], record["proven"])
            for name, record in pack.derived(folder).items()
        }

    return make


def test_nobody_with_the_skill(make):
    """Case 1: failing tests are counted over all pairs; the idle are told the same."""
    found = make(volunteers("V-1", "V-2"), [need("volunteer", 1, requires="sewing")])

    assert found["U-000001"] == ("no_eligible_candidate", {"counts": {"skill": 2}}, "exact")
    assert found["R-000002"] == ("no_eligible_candidate", {"counts": {"skill": 1}}, "exact")


def test_no_resource_at_all(make):
    """Case 1 without a single pair: nothing was earmarked for something else."""
    found = make({}, [need("fund", 50)])

    assert found == {"U-000001": ("no_eligible_candidate", {"counts": {}}, "exact")}


@pytest.mark.parametrize(
    ("terms", "code", "counts"),
    [
        ({"purposes": "meal"}, "earmark", {"purpose": 1}),
        ({"cost_types": "meal", "spend_until": "2026-01-01"}, "earmark",
         {"cost_type": 1, "period": 1}),
        ({"spend_until": "2026-01-01"}, "period", {"period": 1}),
    ],
)  # fmt: skip
def test_money_for_something_else(make, terms, code, counts):
    """Case 1 of a fund need: earmarked, or not in its period."""
    found = make(fund(**terms), [need("fund", 50)])

    assert found["U-000001"] == (code, {"counts": counts}, "exact")


@pytest.mark.parametrize(
    ("tables", "line", "values"),
    [
        (service(1), need("service", 3, minimum=2), {"most": 1, "minimum": 2}),
        (volunteers("V-1", "V-2"), need("volunteer", 3), {"most": 2, "minimum": 3}),
        (fund(), need("fund", 200, own_limit=50), {"most": 150, "minimum": 200}),
    ],
)
def test_too_little_of_it(make, tables, line, values):
    """Case 2: all candidates together do not reach the minimum."""
    assert make(tables, [line])["U-000001"] == ("below_minimum", values, "exact")


def test_another_need_of_the_set(make):
    """Case 3: a need without candidates before one with too few, else the smallest id."""
    needs = [need("volunteer", 1), need("service", 9, "N-2"), need("fund", 5, "N-3")]
    found = make(volunteers("V-1") | service(1), needs)

    assert found["U-000001"] == ("set_incomplete", {"need": "N-3"}, "exact")
    assert found["U-000002"][0] == "below_minimum"
    assert found["U-000003"][0] == "no_eligible_candidate"


def test_all_of_it_is_used(make):
    """Case 4: served in part, every candidate at its cap."""
    line = "D-1,,,,N-1,service,S-1,2,meal,0,,,JD,JD,,,optimised,A-000001"
    found = make(service(2), [need("service", 3, minimum=1)], [line])

    assert found["U-000001"] == ("capacity", {}, "exact")


def test_served_in_part_by_prices(make):
    """Case 4: one more unit of the service brings nothing and takes 4 at its price, scale 10."""
    line = "D-1,,,,N-1,service,S-1,1,meal,0,,,JD,JD,,,optimised,A-000001"
    prices = [[["law.capacity", "units", "S-1"], "4"]]
    found = make(service(9), [need("service", 3, minimum=1)], [line], prices=prices)

    assert found["A-000001"] == ("gap", {"stage": 1, "share": 4, "scale": 10}, "prices")
    values = {"option": "", "stage": 1, "margin": 4, "scale": 10, "by": [["N-1", "S-1", 4]]}
    assert found["U-000001"] == ("outpriced", values, "prices")


def test_by_a_clause(make):
    """Case 5: the option, or every candidate, is barred; the smallest clause is named."""
    clauses = FORBIDDEN.format(id="C2", where='demand = { id = "D-1" }')
    clauses += FORBIDDEN.format(id="C1", where='volunteer = { id = "V-1" }')
    found = make(volunteers("V-1"), [need("volunteer", 1)], clauses=clauses)
    assert found["U-000001"] == ("clause", {"clause": "C1"}, "exact")


def test_one_candidate_barred_is_not_all(make):
    """Case 5 asks that nothing is left; else prices decide: y brings 10 at scale 10."""
    clauses = FORBIDDEN.format(id="C1", where='volunteer = { id = "V-1" }')
    found = make(volunteers("V-1", "V-2"), [need("volunteer", 1)], clauses=clauses)

    values = {"option": "", "stage": 1, "share": 100, "scale": 10}
    assert found["U-000001"] == ("gap", values, "prices")


def test_pinned(make):
    """S12.3: what a hard pin holds needs no price."""
    line = "D-1,,,,N-1,volunteer,V-1,1,person,0,,,JD,JD,,,pinned,A-000001"
    standing = {"standing": [{
        "demand_id": "D-1", "need_id": "N-1", "resource_id": "V-1", "quantity": 1,
        "status": "pinned",
    }]}  # fmt: skip
    found = make(volunteers("V-1") | standing, [need("volunteer", 1)], [line], PINNED)

    assert found["A-000001"] == ("pinned", {"clause": "C9"}, "exact")


def test_idle_resources(make):
    """S12.5: nobody asks, everything is met, or others are preferred by no price."""
    line = "D-1,,,,N-1,volunteer,V-1,1,person,0,,,JD,JD,,,optimised,A-000001"
    found = make(volunteers("V-1", "V-2") | fund(), [need("volunteer", 1)], [line])

    assert found["R-000001"] == ("need_met", {"needs": 1}, "exact")
    assert found["R-000002"] == ("not_needed", {}, "exact")


def test_idle_by_prices(make, pack):
    """S12.5: the best use of an idle volunteer, where its demand is not served."""
    prices = [[["law.set", "need", "N-1", ""], "70"]]
    found = make(volunteers("V-1", "V-2"), [need("volunteer", 1)], prices=prices)

    values = {"need": "N-1", "option": "", "stage": 1, "margin": 70, "scale": 10, "by": []}
    assert found["R-000001"] == ("outpriced", values, "prices")
    assert found["U-000001"] == (
        "gap", {"option": "", "stage": 1, "share": 100, "scale": 10}, "prices"
    )  # fmt: skip
