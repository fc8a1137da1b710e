"""Ids as a mapping that makes its dictionary late."""

from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.domain.ids import Ids

SOME = st.lists(st.text("ab1", max_size=3), max_size=12, unique=True).map(sorted)


@given(SOME, SOME)
def test_what_two_tables_share_is_what_sets_share(one: list[str], other: list[str]) -> None:
    """By bisection as by hashing; a blank id names nothing."""
    found = Ids(tuple(one)).shared(Ids(tuple(other)))

    assert sorted(found) == sorted((set(one) & set(other)) - {""})


def test_of_an_id_that_stands_twice_the_first_counts() -> None:
    """The second is told as an issue; look-ups go to the first."""
    ids = Ids(("", "a", "b", "b"))

    assert (ids["b"], ids.get(""), list(ids), len(ids)) == (2, None, ["", "a", "b", "b"], 4)
