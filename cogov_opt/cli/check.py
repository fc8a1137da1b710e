"""``cogov check``: every issue of a dataset at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cogov_opt import catalogue
from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.cli.progress import counted
from cogov_opt.errors import SHOWN, InputError, Issue, IssuesError, UnsupportedError
from cogov_opt.formulating.matching import unmatched
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.pipeline import Hooks, checked
from cogov_opt.reporting.annotating import annotate, refuse_copy
from cogov_opt.reporting.issue_words import place_text, sentence
from cogov_opt.strategies.infeasible import foreseen

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
@click.option("-v", "--verbose", "every", is_flag=True, help="List every cell read otherwise.")
@options.as_json
@options.language
def check(
    data: str, policy: str | None, format_name: str | None, marked: str | None, every: bool,
    as_json: bool, lang: Language,
) -> int:  # fmt: skip
    """
    List all issues of DATA at once, by file, row and column.

    Errors must be mended; warnings should be looked at; what is read otherwise than written is
    told once a column. With --annotate the workbook comes back with the cells concerned coloured
    and commented, and a sheet of all issues; DATA itself is never changed. A folder of tables
    comes back as a workbook. Exit status: 0 no errors, 3 errors.
    """
    if marked is not None:
        refuse_copy(_path_of(data), Path(marked))
    counts: dict[str, int] = {}
    try:
        instance, card = checked(data, policy, format_name, Hooks())
        counts = {name: len(table) for name, table in instance.tables.items() if len(table)}
        lost = unmatched(instance, card)
        beyond = [] if any(i.severity == "error" for i in lost) else foreseen(instance, card)
        issues: list[Issue] = [*instance.warnings, *instance.repairs, *lost, *beyond]
    except IssuesError as error:
        issues = list(error.issues)
    accepted = all(i.severity != "error" for i in issues)
    if as_json:
        options.write_json(answer(issues, counts, accepted=accepted))
    else:
        click.echo(text(issues, counts, lang, accepted=accepted, every=every))
    if marked is not None:
        _annotate(_path_of(data), issues, Path(marked), lang)
    return Exit.DONE if accepted else Exit.REJECTED


def _path_of(data: str) -> Path:
    """Give the path of a dataset that may be named like a shipped one."""
    shipped = None if Path(data).exists() else catalogue.dataset_path(Path(data).name)
    return shipped or Path(data)


def _annotate(data: Path, issues: Sequence[Issue], out: Path, lang: Language) -> None:
    """Write the marked copy, and say on stderr that it was, or why it cannot be."""
    try:
        made = annotate(data, issues, out, lang)
    except (InputError, UnsupportedError):
        click.echo(fill("annotate.unwritten", {"path": str(out)}, lang), err=True)
        return
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


def text(
    issues: Sequence[Issue], counts: dict[str, int], lang: Language, *, accepted: bool,
    every: bool = False,
) -> str:  # fmt: skip
    """
    Write the issues, errors first, and what they come to.

    Repairs of one kind in one column are told once, by the first of them, unless `every` is set:
    a column filled in from a pick-list is no list of faults.
    """
    order = {"error": 0, "warning": 1, "repair": 2}
    groups: dict[object, list[Issue]] = {}
    for at, issue in enumerate(sorted(issues, key=lambda i: order.get(i.severity, 3))):
        where = issue.where
        alike = issue.severity == "repair" and where.column is not None and not every
        key: object = (issue.code, where.file, where.sheet, where.column) if alike else at
        groups.setdefault(key, []).append(issue)
    lines = [line for group in list(groups.values())[:SHOWN] for line in _told(group, lang)]
    if len(groups) > SHOWN:
        lines.append(fill("label.more", {"count": len(groups) - SHOWN}, lang))
    if counts:
        lines.append(fill("check.rows", {"counts": counted(counts, lang)}, lang))
    totals = {s: sum(i.severity == s for i in issues) for s in order}
    name = "accepted" if accepted else "rejected"
    return "\n".join([*lines, fill(f"check.{name}", totals, lang)])


def _told(group: Sequence[Issue], lang: Language) -> list[str]:
    """Write an issue, or several of one kind by the first of them."""
    first = group[0]
    said = {
        "severity": phrase(f"check.{first.severity}", lang), "code": first.code,
        "place": place_text(first, lang), "count": len(group),
    }  # fmt: skip
    form = "group" if len(group) > 1 else "issue"
    return [fill(f"check.{form}", said, lang), f"  {sentence(first, lang)}"]
