"""``cogov explain``: why a recorded decision is as it is."""

from __future__ import annotations

from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.explaining.answers import about
from cogov_opt.explaining.names import names_of
from cogov_opt.phrases import LANGUAGES, Language
from cogov_opt.phrases.reasons import reason_text
from cogov_opt.recording import Run, read_run


@click.command()
@click.argument("run", metavar="RUN")
@click.option(
    "--about", "subject", metavar="ID",
    help="A demand, need, resource, actor, record or clause.",
)  # fmt: skip
@options.as_json
@options.language
def explain(run: str, subject: str | None, as_json: bool, lang: Language) -> None:
    """
    Say why the decision in RUN is as it is.

    With --about: what was decided about one thing, who gives what, and why. Without: the reason
    of every unmet need. The words are made from the recorded codes and values; nothing is
    recomputed.
    """
    found = read_run(run)
    if subject is None:
        if as_json:
            options.write_json(reasons(found))
        else:
            click.echo(_text(found, lang))
        return
    answer = about(found, subject)
    if as_json:
        options.write_json(answer.to_dict())
    else:
        click.echo(answer.text(lang))


def _text(run: Run, language: Language) -> str:
    """Write the reason of every unmet need."""
    names, currency = names_of(run, language), run.package["currency"]
    records = (run.records[row["record"]] for row in run.unmet)
    lines = (f"{r['record']}  {reason_text(r, names, currency, language)}" for r in records)
    return "\n".join(lines)


def reasons(run: Run) -> dict[str, Any]:
    """Give every record with its sentences (schemas/explain.json)."""
    names = {language: names_of(run, language) for language in LANGUAGES}
    currency = run.package["currency"]
    return {
        "schema_version": options.SCHEMA_VERSION,
        "run_id": run.run_id,
        "root": run.root,
        "records": [
            r | {"text": {x: reason_text(r, names[x], currency, x) for x in LANGUAGES}}
            for r in run.records.values()
        ],
    }
