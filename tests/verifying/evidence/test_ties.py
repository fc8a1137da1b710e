"""A tie is claimed only with the plan that was as good (S11.2, S12.3-S12.4)."""

import pytest

from cogov_opt.verifying import draws, verify

X = [["x", f"N-{n}", "V-1", "O1", ""] for n in (1, 2)]
Y = [["y", f"D-{n}", "O1"] for n in (1, 2)]
BEFORE = [[X[0], "0"], [X[1], "1"], [Y[0], "0"], [Y[1], "1"]]


def lead(seed):
    """What D-1 wins over D-2 by the draw."""
    one, two = (
        sum(draws.rank_of(seed, 0, tuple(column)) for column in pair)
        for pair in zip(X, Y, strict=True)
    )
    return one - two


SEED = next(str(n) for n in range(99) if lead(str(n)) > 0)
OTHER = next(str(n) for n in range(99) if lead(str(n)) < 0)
ABOUT = {"demand": "D-1", "option": "O1", "need": "N-1", "resource": "V-1"}


def tied(name, kind, about, seed):
    return {"record": name, "type": kind, "about": about, "code": "tie_draw",
            "values": {"seed": seed}, "proven": "prices"}  # fmt: skip


@pytest.fixture
def twins(tmp_path, pack):
    """Both demands are worth 10; the plan before the draw served D-2."""

    def twins(seed=SEED, points="10"):
        tables = pack.rivals_tables()
        tables["demands"][1]["points"] = points
        prices = [
            [["law.no_overlap", "V-1", "540"], "10"], [["law.set", "need", "N-1", "O1"], "-10"],
            [["law.set", "need", "N-2", "O1"], f"-{points}"],
        ]  # fmt: skip
        draw = {"seed": seed, "trust": "chosen", "unique": "plans_found", "counter": 0}
        return pack.write_run(
            tmp_path / "twins", tables=tables, card=pack.CARD, run=pack.RIVALS_RUN | {"draw": draw},
            allocation=[pack.RIVALS_ALLOCATION[0].replace("optimised", "drawn")],
            unmet=["D-2,N-2,1,0,1,tie_draw,U-000001"],
            records=[tied("A-000001", "assignment", ABOUT, seed),
                     tied("U-000001", "unmet", {"demand": "D-2", "need": "N-2"}, seed)],
            certificate={"stages": [pack.RIVALS_STAGE | {"prices": prices}], "before_draw": BEFORE},
        )  # fmt: skip

    return twins


def test_the_honest_tie_is_accepted(twins):
    """The plan before the draw keeps every row and is worth as much."""
    assert verify(twins()).findings == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c.pop("before_draw"), "record"),
        (lambda c: c["before_draw"].pop(0), "draw"),
        (lambda c: c["before_draw"].reverse(), "draw"),
        (lambda c: c["before_draw"][3].__setitem__(1, "2"), "draw"),
        (lambda c: c["before_draw"][0].__setitem__(1, "1"), "draw"),
        (lambda c: c["before_draw"].append([["y", "D-9", "O1"], "1"]), "draw"),
        (lambda c: c.update(before_draw=[[7, "1"]]), "draw"),
        (lambda c: c.update(before_draw=7), "draw"),
    ],
)
def test_a_lie_about_the_tie(twins, pack, change, code):
    """Another plan than the told one, or none."""
    folder = twins()
    pack.edit(folder / "certificate.json", change)
    pack.reseal(folder)

    assert code in pack.codes(folder)


def test_a_draw_that_was_not_followed(twins, pack):
    """With this seed the other demand would have won (S11.1)."""
    assert pack.codes(twins(seed=OTHER)) == {"draw"}


def test_no_tie_with_less(twins, pack):
    """A plan worth less is no witness of a tie."""
    assert "draw" in pack.codes(twins(points="6"))
