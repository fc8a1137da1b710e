"""``cogov verify``: re-check a run with the standard library alone."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import click

from cogov_opt.cli.exits import Exit


@click.command()
@click.argument("run", metavar="RUN")
@click.option("--root", metavar="HEX", help="Root known from elsewhere: a notice, a ledger.")
@click.option("--key", metavar="KEY", help="Public key the checkpoint must be signed with.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
def verify(run: str, root: str | None, key: str | None, as_json: bool) -> int:
    """
    Re-check the run folder RUN: data, plan, prices, totals, reasons and root.

    No solver is used, and no code of the one that decided. Exit status: 0 accepted, 7 anything
    else. Without --root or --key the run is consistent in itself, not authenticated.
    """
    verdict = import_module("cogov_opt.verifying").verify(run, root=root, key=key)
    answer = {"schema_version": 1, **told(verdict)}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else text(answer))
    return Exit.DONE if answer["verdict"] == "accepted" else Exit.NOT_ACCEPTED


def told(verdict: Any) -> dict[str, Any]:
    """Give a verdict as JSON-ready values."""
    found: dict[str, Any] = verdict.to_dict()
    return found


def text(answer: dict[str, Any]) -> str:
    """Write a verdict: the word, how far it is authenticated, and each finding."""
    head = str(answer["verdict"])
    if head == "accepted":
        sure = "authenticated" if answer["authenticated"] else "consistent, not authenticated"
        head = f"{head} ({sure})"
    found = ("  ".join(str(v) for v in f.values() if v) for f in answer["findings"])
    return "\n".join([head, *(f"  {line}" for line in found)])
