"""A decision as a data frame: one row an assignment, the columns of allocation.csv (S13.1)."""

from __future__ import annotations

from typing import Any

from cogov_opt.domain.decision import Decision
from cogov_opt.explaining import explain
from cogov_opt.recording.rows import ALLOCATION_COLUMNS, allocation_rows

WHOLE = ("quantity", "cost")
"""Columns of whole numbers; money in minor units."""


def columns_of(decision: Decision) -> dict[str, list[Any]]:
    """Give the allocation by column; empty columns where there is no plan."""
    rows = allocation_rows(explain(decision))
    return {
        name: [int(row[name]) if name in WHOLE else str(row[name]) for row in rows]
        for name in ALLOCATION_COLUMNS
    }


def to_pandas(decision: Decision) -> Any:
    """Give a pandas DataFrame."""
    import pandas as pd

    return pd.DataFrame(columns_of(decision))


def to_polars(decision: Decision) -> Any:
    """Give a polars DataFrame."""
    import polars as pl

    kinds = {name: pl.Int64 if name in WHOLE else pl.String for name in ALLOCATION_COLUMNS}
    return pl.DataFrame(columns_of(decision), schema=kinds)


def to_arrow(decision: Decision) -> Any:
    """Give an Arrow stream: any library that reads the Arrow C interface takes it."""
    return to_polars(decision)
