"""``cogov verify``: re-check a run with the standard library alone."""

from __future__ import annotations

from importlib import import_module

import click

from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.phrases import Language

EPILOG = """\b
Example:
  cogov verify runs/week
  cogov verify runs/week --root 9f3c...    the root as printed on a notice or letter
  cogov verify runs/week --letter letters/demand-D-017.html
  cogov verify D-017.extract.json          a single record, without the run

\b
Exit status:
  0 accepted   7 anything else
"""


@click.command(epilog=EPILOG)
@click.argument("run", metavar="RUN")
@click.option("--root", metavar="HEX", help="Root known from elsewhere: a notice, a ledger.")
@click.option("--key", metavar="KEY", help="Public key the checkpoint must be signed with.")
@click.option(
    "--answer", metavar="FILE", help="An answer of 'cogov explain' about the run, checked with it."
)
@click.option(
    "--letter", metavar="FILE",
    help="A letter about the run (or a file of them), written again from its records and compared.",
)  # fmt: skip
@click.option(
    "--template", metavar="PLACE",
    help="Your own template that the letter was written from, or the folder of them.",
)  # fmt: skip
@click.option(
    "--contacts", metavar="FILE",
    help="The list (CSV) whose names the letter was printed with; else these are not checked.",
)  # fmt: skip
@options.as_json
@options.language
def verify(
    run: str,
    root: str | None,
    key: str | None,
    as_json: bool,
    lang: Language,
    **beside: str | None,
) -> int:
    """
    Re-check the run folder RUN: data, plan, prices, totals, reasons and root.

    RUN may also be an extract, the file that proves a single record alone. No solver is used, and
    no code of the one that decided. Without --root or --key the run is
    consistent in itself, not authenticated. With --letter it is also said whether a letter says
    what the records say, and where not.
    """
    check = import_module("cogov_opt.verifying").verify
    verdict = check(run, root=root, key=key, **beside)
    if as_json:
        options.write_json({"schema_version": options.SCHEMA_VERSION, **verdict.to_dict()})
    else:
        told = import_module("cogov_opt.verifying.wording").lines(verdict, lang)
        click.echo("\n".join(told))
    return Exit.DONE if verdict.accepted else Exit.NOT_ACCEPTED
