"""Parquet files of a folder, by polars, imported when one is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.domain.loaded import Source, Table, Tables
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import Issue, Where
from cogov_opt.formats import folder
from cogov_opt.formats.frames import text_column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def recognise(path: Path) -> bool:
    """Tell whether a path is a Parquet file of a dataset."""
    return path.suffix == ".parquet" and folder.recognise(path)


def read(path: Path) -> Tables:
    """Read the folder a Parquet file stands in."""
    return folder.read(path)


def write(tables: Tables, path: Path) -> None:
    """Write a dataset as a folder of Parquet files, all columns as text."""
    folder.write(tables, path, parquet=True)


def read_table(name: str, file: Path, notes: list[Issue]) -> Table | None:
    """Read one table; whatever its types, cells become the text a person would type."""
    import polars

    try:
        frame = polars.read_parquet(file, use_pyarrow=False)
    except (OSError, polars.exceptions.PolarsError) as error:
        notes.append(Issue("bad_csv", Where(str(file)), {"reason": str(error)}))
        return None
    columns = {c: text_column(frame[c]) for c in frame.columns}
    known = contracts()[name].fields if name in contracts() else columns
    return Table(
        name,
        {c: t for c, t in columns.items() if c in known},
        Source(str(file), first_row=1),
        {c: t for c, t in columns.items() if c not in known},
    )


def write_table(cells: Mapping[str, list[str]], file: Path) -> None:
    """Write one table, blank cells as nulls."""
    import polars

    columns = {c: [v or None for v in values] for c, values in cells.items()}
    schema = dict.fromkeys(cells, polars.String)
    polars.DataFrame(columns, schema=schema).write_parquet(file)
