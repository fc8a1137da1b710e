"""``cogov check``: every issue of a dataset at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cogov_opt import catalogue
from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.errors import Issue, IssuesError
from cogov_opt.formulating.matching import unmatched
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.pipeline import Hooks, checked
from cogov_opt.recording.writing import refuse_existing
from cogov_opt.reporting.annotating import annotate
from cogov_opt.strategies.infeasible import foreseen

SHOWN = 200
"""Most issues that the text lists; `--json` holds all."""


EPILOG = """\b
Example:
  cogov check week.xlsx --lang zh
  cogov check datasets/riverside -p needs-first --json
"""


@click.command(epilog=EPILOG)
@click.argument("data")
@click.option("-p", "--policy", metavar="NAME|FILE", help="Card the data will be used with.")
@click.option("--format", "format_name", metavar="NAME", help="Format of DATA, if not recognised.")
@click.option(
    "--annotate", "marked", metavar="OUT.xlsx",
    help="Write a copy of the workbook with the issues marked; must not exist.",
)  # fmt: skip
@options.as_json
@options.language
def check(
    data: str, policy: str | None, format_name: str | None, marked: str | None, as_json: bool,
    lang: Language,
) -> int:  # fmt: skip
    """
    List all issues of DATA at once, by file, row and column.

    Errors must be mended; warnings should be looked at; repairs are cells read otherwise than
    written. With --annotate the workbook comes back with the cells concerned coloured and
    commented, and a sheet of all issues; DATA itself is never changed. A folder of tables comes
    back as a workbook. Exit status: 0 no errors, 3 errors.
    """
    if marked is not None:
        refuse_existing(Path(marked))
    counts: dict[str, int] = {}
    try:
        instance, card = checked(data, policy, format_name, Hooks())
        counts = {name: len(table) for name, table in instance.tables.items() if len(table)}
        lost = unmatched(instance, card)
        beyond = [] if any(i.severity == "error" for i in lost) else foreseen(instance, card)
        issues: list[Issue] = [*instance.warnings, *instance.repairs, *lost, *beyond]
    except IssuesError as error:
        issues = list(error.issues)
    if marked is not None:
        _annotate(data, issues, Path(marked), lang)
    accepted = all(i.severity != "error" for i in issues)
    if as_json:
        options.write_json(answer(issues, counts, accepted=accepted))
    else:
        click.echo(text(issues, counts, lang, accepted=accepted))
    return Exit.DONE if accepted else Exit.REJECTED


def _annotate(data: str, issues: Sequence[Issue], out: Path, lang: Language) -> None:
    """Write the marked copy, and say so on stderr."""
    shipped = None if Path(data).exists() else catalogue.dataset_path(Path(data).name)
    made = annotate(shipped or Path(data), issues, out, lang)
    told = {"path": str(made.path), "marked": made.marked, "listed": made.listed}
    click.echo(fill("annotate.written", told, lang), err=True)
    for what in made.lost:
        click.echo(f"  {phrase(f'annotate.lost_{what}', lang)}", err=True)


def answer(issues: Sequence[Issue], counts: dict[str, int], *, accepted: bool) -> dict[str, Any]:
    """Give the answer of `--json` (schemas/check.json)."""
    return {
        "schema_version": options.SCHEMA_VERSION,
        "accepted": accepted,
        "rows": counts,
        "issues": [i.to_dict() for i in issues],
    }


def text(issues: Sequence[Issue], counts: dict[str, int], lang: Language, *, accepted: bool) -> str:
    """Write the issues, errors first, and what they come to."""
    order = {"error": 0, "warning": 1, "repair": 2}
    lines = []
    for issue in sorted(issues, key=lambda i: order.get(i.severity, 3))[:SHOWN]:
        lines.append(f"{issue.severity} {issue.code}  {issue.where.text()}")
        lines.append(f"  {issue.text(lang)}")
    if len(issues) > SHOWN:
        lines.append(fill("label.more", {"count": len(issues) - SHOWN}, lang))
    if counts:
        lines.append(", ".join(f"{n} {name}" for name, n in counts.items()))
    totals = {s: sum(i.severity == s for i in issues) for s in order}
    name = "accepted" if accepted else "rejected"
    return "\n".join([*lines, fill(f"check.{name}", totals, lang)])
