"""``cogov template``: an empty workbook to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from cogov_opt.cli import options
from cogov_opt.formats.workbook_template import write_template
from cogov_opt.phrases import Language
from cogov_opt.recording.writing import refuse_existing

EPILOG = """\b
Example:
  cogov template week.xlsx --simple --lang zh
  cogov solve week.xlsx -o runs/week
  cogov verify runs/week
"""


@click.command(epilog=EPILOG)
@click.argument("book", metavar="BOOK.xlsx")
@click.option("--simple", is_flag=True, help="Only requests, volunteers, spaces, funds and codes.")
@options.as_json
@options.language
def template(book: str, simple: bool, as_json: bool, lang: Language) -> None:
    """
    Write an empty workbook BOOK.xlsx, which must not exist, to be filled in.

    It has drop-downs, notes, labels in both languages beside the ids, and on each sheet one
    example that is never read. `--lang` is the language of sheets, notes and drop-downs.
    """
    refuse_existing(Path(book))
    write_template(Path(book), simple=simple, language=lang)
    if as_json:
        told = {"path": book, "simple": simple}
        options.write_json({"schema_version": options.SCHEMA_VERSION, **told})
    else:
        click.echo(book)
