"""What a mistyped id most likely stands for: slips of the hand before likeness of letters."""

from __future__ import annotations

import json

import pytest

import cogov_opt as cg
from cogov_opt.domain.closeness import closest
from cogov_opt.errors import UnsupportedError
from tests.explaining.corner import decided
from tests.explaining.little_weeks import little_week
from tests.properties.small_weeks import tables_of

DEMANDS = [f"D-{n:03}" for n in range(1, 120)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("D-0O1", "D-001"), ("D-OO1", "D-001"), ("D-o51", "D-051"), ("D-1OO", "D-100"),
        ("D-0l1", "D-011"), ("D-I1I", "D-111"), ("D-|07", "D-107"), ("D-0I0", "D-010"),
        ("Ｄ－００１", "D-001"), ("Ｄ-０17", "D-017"), ("D－１１９", "D-119"),
        ("d-001", "D-001"), ("d_017", "D-017"), ("D 017", "D-017"), ("D—017", "D-017"),
        ("D-1", "D-001"), ("D-0017", "D-017"), ("D17", "D-017"), ("d01O", "D-010"),
    ],
)  # fmt: skip
def test_slips_of_the_hand_lead_to_the_id_that_was_meant(typed: str, meant: str) -> None:
    """O for 0, I and l for 1, full width, case, zeros, the dash; alone and together."""
    assert closest(typed, DEMANDS) == [meant]


def test_of_several_that_differ_by_slips_alone_the_most_alike_comes_first() -> None:
    """Ids with and without zeros in front: what was typed decides between them."""
    ids = ["D-1", "D-01", "D-001"]

    assert closest("D-0O1", ids, count=3) == ["D-001", "D-01", "D-1"]
    assert closest("d1", ids) == ["D-1"]


def test_other_mistakes_go_by_their_letters() -> None:
    """A letter too many, two that changed places; and what is like nothing has no answer."""
    assert closest("tutering", ["tutoring", "cooking", "lunch"]) == ["tutoring"]
    assert closest("cokoing", ["tutoring", "cooking"], cutoff=0.6) == ["cooking"]
    assert closest("xyz", DEMANDS) == []
    assert closest("辅导员", ["辅导", "做饭"]) == ["辅导"]


def test_numbers_that_differ_by_more_than_zeros_in_front_are_not_the_same() -> None:
    """D-10 is not D-001, nor D-100: zeros behind count."""
    assert closest("D-10", DEMANDS) == ["D-010"]
    assert closest("D-1O", ["D-001", "D-100", "D-010"]) == ["D-010"]
    assert closest("D-001-2", ["D-012", "D-001-1", "D-001-3"])[0].startswith("D-001")


@pytest.mark.parametrize("typed", ["D-0O1", "d1", "D_OO1", "D-00l"])
def test_a_reference_that_slipped_is_told_with_the_id_that_was_meant(typed: str) -> None:
    """The issue of a need whose demand is mistyped names it, not the one like it by letters."""
    text = json.dumps(little_week(3)).replace('"D0', '"D-001').replace('"D1', '"D-051')
    rows = json.loads(text)
    rows["needs"][0]["demand_id"] = typed
    card = cg.load_policy("needs-first")
    try:
        cg.check(tables_of(rows), card)
    except cg.InputError as error:
        issues = error.issues
    else:
        raise AssertionError("nobody is called that")

    found = [i.values["closest"] for i in issues if i.code == "unknown_reference"]
    assert found == ["D-001"]


@pytest.mark.solver
@pytest.mark.parametrize("typed", ["D-2", "Ｄ２", "d02"])
def test_a_question_about_a_slipped_id_is_answered_with_the_one_that_was_meant(typed: str) -> None:
    """`explain --about` of a run whose demands are D1 ... D4."""
    with pytest.raises(UnsupportedError) as caught:
        decided().about(typed)

    assert "D2" in str(caught.value)
    assert not any(other in str(caught.value) for other in ("D1", "D3", "D4"))
