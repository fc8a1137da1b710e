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
@options.as_json
@options.language
def verify(
    run: str, root: str | None, key: str | None, answer: str | None, as_json: bool, lang: Language
) -> int:
    """
    Re-check the run folder RUN: data, plan, prices, totals, reasons and root.

    RUN may also be an extract, the file that proves a single record alone. No solver is used, and
    no code of the one that decided. Without --root or --key the run is
    consistent in itself, not authenticated.
    """
    check = import_module("cogov_opt.verifying").verify
    verdict = check(run, root=root, key=key, answer=answer)
    if as_json:
        options.write_json({"schema_version": options.SCHEMA_VERSION, **verdict.to_dict()})
    else:
        told = import_module("cogov_opt.verifying.wording").lines(verdict, lang)
        click.echo("\n".join(told))
    return Exit.DONE if verdict.accepted else Exit.NOT_ACCEPTED
