"""A decision as a data frame of any library."""

import polars as pl
import pytest

import cogov_opt as cg
from cogov_opt.recording.rows import ALLOCATION_COLUMNS


@pytest.fixture(scope="module")
def decision():
    policy = cg.load_policy("first-come")
    return cg.allocate(cg.check(cg.load("datasets/riverside"), policy), policy)


def test_every_library_gets_the_same_rows(decision):
    """Columns and rows are those of allocation.csv, quantities whole numbers."""
    pandas, polars = decision.to_pandas(), decision.to_polars()
    rows = cg.record(cg.explain(decision)).allocation

    assert list(pandas.columns) == polars.columns == list(ALLOCATION_COLUMNS)
    assert len(pandas) == len(polars) == len(rows) > 20
    assert pandas["quantity"].sum() == polars["quantity"].sum()
    assert polars["demand"].to_list() == [row["demand"] for row in rows]


def test_arrow_needs_no_library_of_its_own(decision):
    """The Arrow stream can be read back by whoever speaks the C interface."""
    stream = decision.to_arrow()

    assert hasattr(stream, "__arrow_c_stream__")
    assert pl.DataFrame(stream).equals(decision.to_polars())
