"""``cogov explain``: why a recorded decision is as it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, cast

import click

from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.errors import RecordError
from cogov_opt.explaining.answers import Answer, about
from cogov_opt.explaining.conflicts import conflict_answer, conflict_text
from cogov_opt.explaining.names import names_of
from cogov_opt.phrases import LANGUAGES, Language, fill, phrase
from cogov_opt.phrases.columns import wrap_each
from cogov_opt.phrases.reasons import reason_parts, reason_text
from cogov_opt.recording import Run, read_run
from cogov_opt.recording.writing import refuse_existing

EPILOG = """\b
Example:
  cogov explain runs/week
  cogov explain runs/week --about D-017 --lang zh
"""


@click.command(epilog=EPILOG)
@click.argument("run", metavar="RUN")
@click.option(
    "--about", "subject", metavar="ID",
    help="A demand, need, resource (fund included), actor, record or clause.",
)  # fmt: skip
@click.option(
    "--why-not", "pair", nargs=2, metavar="RESOURCE DEMAND",
    help="Why this resource does not serve this demand.",
)  # fmt: skip
@click.option(
    "--exact", "forced", is_flag=True,
    help="Solve again with it forced (a demand served or left, a resource used or taken away).",
)  # fmt: skip
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True,
    help="The time a new solve may take.",
)  # fmt: skip
@click.option(
    "--changes", "menus", is_flag=True,
    help="What would have to change for an unmet demand to be served; without --about, for all.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE",
    help="Write the proof of an --exact or --changes answer (a folder for those of all demands).",
)  # fmt: skip
@click.option("--verify", "whole", is_flag=True, help="Verify the run first, not its root only.")
@options.as_json
@options.language
def explain(
    run: str, subject: str | None, pair: tuple[str, str] | None, forced: bool, seconds: float,
    menus: bool, output: str | None, whole: bool, as_json: bool, lang: Language,
) -> int:  # fmt: skip
    """
    Say why the decision in RUN is as it is.

    With --about: what was decided about one thing, who gives what, because of what, who may change
    it, and how sure that is. With --why-not: every test a resource fails for a demand, or what its
    use would bring and take, and the least it would cost. Without: the reason of every unmet need.
    With --changes: which single changes (a higher priority, one more person, a skill, another time,
    an agreement, a fund's use or amount, a clause lifted) would serve it, and what others lose.
    With --exact, the cost of deciding otherwise is found by solving again; -o keeps its proof,
    which 'cogov verify RUN --answer FILE' checks. Where there is no plan: why there is none, and
    with --exact the single changes that would mend it, who may grant each, and who loses and who
    gains by it. An edited run is refused first (exit status 7).
    """
    found = read_run(run)
    refuse_edited(found)
    if whole and not _accepted(run, lang):
        return Exit.NOT_ACCEPTED
    if subject is not None and pair:
        raise click.UsageError("--about and --why-not ask two questions: ask one at a time")
    if output and not forced and not menus:
        raise click.UsageError("-o writes the proof of an answer: add --exact or --changes")
    if menus:
        changes = import_module("cogov_opt.cli.changes")
        _write(changes.told(found, subject, seconds, output, lang, as_json=as_json))
        return Exit.DONE
    if forced and subject is None and not pair and not found.has_plan:
        answer: Any = _mended(found, seconds, output, lang)
    elif forced and subject is not None and about(found, subject).kind == "clause":
        answer = _lifted(found, subject, seconds, output, lang)
    elif forced:
        answer = _exact(found, _ask(found, subject, pair), seconds, output, lang)
    else:
        answer = _answer(found, subject, pair)
    if answer is None:
        _write(reasons(found) if as_json else _text(found, lang))
    else:
        _write(answer.to_dict() if as_json else answer.text(lang))
    return Exit.DONE


def _ask(run: Run, subject: str | None, pair: tuple[str, str] | None) -> tuple[str, ...]:
    """Make of what is named the question that a new solve answers: the other way round."""
    if pair:
        ordered: tuple[str, str] = import_module("cogov_opt.explaining.why_not").ordered(run, *pair)
        used = any((r["resource"], r["demand"]) == ordered for r in run.allocation)
        return ("without" if used else "use", *ordered)
    if subject is None:
        raise click.UsageError("--exact needs --about a demand or resource, or --why-not")
    kind = about(run, subject).kind
    known = {r["demand"] for r in run.allocation} | {r["resource"] for r in run.allocation}
    if kind == "demand":
        return ("leave" if subject in known else "serve", subject)
    if kind in RESOURCE_KINDS:
        return ("without" if subject in known else "use", subject)
    raise click.UsageError("--exact is asked about a demand or a resource")


def _mended(run: Run, seconds: float, output: str | None, language: Language) -> Any:
    """Look for single changes that let every hard clause be kept; write their proof where asked."""
    mending = import_module("cogov_opt.explaining.repairs.answering").mending
    found = _forced(run, output, language, seconds, lambda: mending(run, seconds))
    return import_module("cogov_opt.explaining.repairs.telling").Repairs(found)


def _lifted(
    run: Run, clause: str, seconds: float, output: str | None, language: Language
) -> Answer:
    """Say what a clause costs exactly, by solving again without it."""
    lift = import_module("cogov_opt.explaining.asking.lifting").lift
    solved = _forced(run, output, language, seconds, lambda: lift(run, clause, seconds=seconds))
    return cast("Answer", solved.answer)


def _exact(
    run: Run, ask: tuple[str, ...], seconds: float, output: str | None, language: Language
) -> Answer:
    """Answer by solving again; the proof is written where asked."""
    exact = import_module("cogov_opt.explaining.asking.exact").exact
    solved = _forced(run, output, language, seconds, lambda: exact(run, ask, seconds=seconds))
    return cast("Answer", solved.answer)


def _forced(
    run: Run, output: str | None, language: Language, seconds: float, solve: Callable[[], Any]
) -> Any:
    """Solve again, and write the proof where asked; say on stderr how long it may take."""
    click.echo(fill("exact.seconds", {"seconds": f"{seconds:g}"}, language), err=True)
    if output is not None:
        refuse_existing(Path(output))
    forced = solve()
    if output is not None:
        forced.file.write(output)
        told = {"path": output, "run": run.path}
        click.echo(fill("exact.written", told, language), err=True)
    return forced


def refuse_edited(run: Run) -> None:
    """
    Refuse a run whose files are not those its root was made of.

    Raises
    ------
    RecordError
        The root recomputed from the files is not the one of the checkpoint.
    """
    if run.recomputed_root() != run.root:
        raise RecordError(fill("explain.edited", {"run": run.path}, "en"), code="edited_run")


def _accepted(run: str, language: Language) -> bool:
    """Verify the whole run; tell on stderr what was found."""
    verdict = import_module("cogov_opt.verifying").verify(run)
    if not verdict.accepted:
        shown = import_module("cogov_opt.verifying.wording").lines(verdict, language)
        click.echo("\n".join(shown), err=True)
    return bool(verdict.accepted)


def _answer(run: Run, subject: str | None, pair: tuple[str, str] | None) -> Answer | None:
    """Answer what was asked; None where nothing was named."""
    if pair:
        found: Answer = import_module("cogov_opt.explaining.why_not").why_not(run, *pair)
        return found
    return None if subject is None else about(run, subject)


def _write(answer: dict[str, Any] | str) -> None:
    """Write an answer to stdout; at a terminal no line is wider than it is."""
    if isinstance(answer, str):
        at_terminal = sys.stdout.isatty()
        click.echo(wrap_each(answer, get_terminal_size().columns) if at_terminal else answer)
    else:
        options.write_json(answer)


def _text(run: Run, language: Language) -> str:
    """
    Write the reason of every unmet need, or why there is no plan.

    Needs of one reason, word by word, are told together.
    """
    names, currency = names_of(run, language), run.package["currency"]
    conflict = conflict_text(run, names, language)
    if conflict:
        repairs = _repairs(run)
        return "\n".join([conflict, *([repairs.text(language)] if repairs else [])])
    told: dict[tuple[str, ...], list[str]] = {}
    for row in run.unmet:
        parts = reason_parts(run.records[row["record"]], names, currency, language)
        told.setdefault(parts, []).append(row["record"])
    comma = phrase("label.list", language)
    return "\n\n".join("\n  ".join([comma.join(ids), *parts]) for parts, ids in told.items())


def _repairs(run: Run) -> Any:
    """Give the single changes that would mend a conflict, as far as a short while shows it."""
    return import_module("cogov_opt.explaining.repairs.telling").at_once(run)


def reasons(run: Run) -> dict[str, Any]:
    """Give every record with its sentences (schemas/explain.json)."""
    repairs = None if run.has_plan else _repairs(run)
    names = {language: names_of(run, language) for language in LANGUAGES}
    currency = run.package["currency"]
    return {
        "schema_version": options.SCHEMA_VERSION,
        "run_id": run.run_id,
        "root": run.root,
        "conflict": conflict_answer(run),
        "repairs": repairs and repairs.listed(),
        "records": [
            r | {"text": {x: reason_text(r, names[x], currency, x) for x in LANGUAGES}}
            for r in run.records.values()
        ],
    }
