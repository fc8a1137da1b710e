"""Plain CSV is cut into columns at once: the same tables as row by row, or left to the rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov_opt.formats import folder
from cogov_opt.formats.rows import table_of_columns, table_of_rows

CELLS = st.text(alphabet='ab1 ,\n"\r\u3000é河', max_size=3)
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=6).map("\n".join)
PLAIN = "volunteer_id,actor_id,other\nV1,A1,\nV2,,  \n河,A2,x\n"


def shape(table: Any) -> object:
    columns = {**table.columns, **table.unknown}
    cells = {name: (text.values, text.codes.tobytes()) for name, text in columns.items()}
    return list(table.columns), cells, table.source, len(table)


def both(text: str) -> tuple[object, object] | None:
    """Read a text at once and row by row; None where it is not plain."""
    plain = folder._plain_cells(text)
    if plain is None:
        return None
    quick: list[Any] = []
    slow: list[Any] = []
    found = table_of_columns("volunteers", *plain, quick, file="v.csv")
    rows = table_of_rows("volunteers", folder._csv_rows(text), slow, file="v.csv")
    assert quick == slow
    return shape(found), shape(rows)


@given(LINES)
def test_what_is_read_at_once_is_what_is_read_by_rows(text: str) -> None:
    """Whatever the text, the quick way gives the table of the slow one, or does not answer."""
    found = both(text)
    assert found is None or found[0] == found[1]


@given(st.lists(st.tuples(*3 * (st.text(alphabet="ab 1河", max_size=3),)), max_size=5))
def test_regular_rows_are_read_at_once(rows: list[tuple[str, ...]]) -> None:
    """Rows of the header's width are plain unless one of them is empty."""
    text = "".join(",".join(row) + "\n" for row in [("volunteer_id", "b", "c"), *rows])
    found = both(text)
    assert (found is None) == any(not any(row) for row in rows)
    assert found is None or found[0] == found[1]


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n"1",2\n', "a,b\r\n1,2\r\n", "a,b\n,\n",
     "a,b\n\n1,2\n", "a,\n1,\n", "a,b\n1,\0\n", "a,b\n1,2\n\n", f"a,b\n1,{'x' * 200_000}\n"],
)  # fmt: skip
def test_anything_else_is_left_to_the_rows(text: str) -> None:
    """Quotes, other line ends, ragged and empty rows need a closer look."""
    assert folder._plain_cells(text) is None


def test_a_plain_file() -> None:
    """Blank cells and text of any script are cells like others."""
    plain = folder._plain_cells(PLAIN)
    assert plain == (
        ["volunteer_id", "actor_id", "other"],
        [["V1", "V2", "河"], ["A1", "", "A2"], ["", "  ", "x"]],
    )
    found = both(PLAIN)
    assert found is not None
    assert found[0] == found[1]
