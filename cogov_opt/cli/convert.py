"""``cogov convert``: a dataset from one format to another."""

from __future__ import annotations

from pathlib import Path

import click

from cogov_opt import formats
from cogov_opt.cli import options
from cogov_opt.errors import InputError
from cogov_opt.formats.folder import PACKAGE, formula_like
from cogov_opt.loading import load
from cogov_opt.phrases import Language, fill
from cogov_opt.recording.writing import refuse_existing

EPILOG = """\b
Example:
  cogov convert week.xlsx week              the rows that typed activities stand for
  cogov convert week week.xlsx
  cogov convert votes.pb votes
"""


@click.command(epilog=EPILOG)
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option("--from", "read_as", metavar="NAME", help="Format of IN, if not recognised.")
@click.option("--to", "write_as", metavar="NAME", help="Format of OUT, if its ending does not say.")
@options.as_json
@options.language
def convert(
    source: str,
    target: str,
    read_as: str | None,
    write_as: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """
    Convert the dataset IN to OUT, which must not exist.

    A folder of tables, a workbook (.xlsx) and the benchmark formats are known; what a format
    cannot hold is refused, never dropped.
    """
    refuse_existing(Path(target))
    tables = load(source, format=read_as)
    errors = [n for n in tables.notes if getattr(n, "severity", "") == "error"]
    if errors:
        raise InputError(errors)
    formats.write(tables, target, write_as)
    risky = formula_like(tables) if (Path(target) / PACKAGE).is_file() else 0
    if risky:
        click.echo(fill("annotate.injection", {"count": risky}, lang), err=True)
    if not as_json:
        click.echo(target)
        return
    repairs = [n.to_dict() for n in tables.notes if getattr(n, "severity", "") == "repair"]
    rows = {name: len(table) for name, table in tables.tables.items() if len(table)}
    told = {"path": target, "rows": rows, "repairs": repairs}
    options.write_json({"schema_version": options.SCHEMA_VERSION, **told})
