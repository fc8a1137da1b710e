"""``cogov solve``: the whole line, from data to a recorded run."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.cli.progress import Progress, interruptible
from cogov_opt.domain.decision import Limits
from cogov_opt.explaining.conflicts import conflict_answer
from cogov_opt.explaining.lots import draw_told
from cogov_opt.phrases import Language
from cogov_opt.pipeline import Hooks, Options
from cogov_opt.pipeline import run as run_pipeline
from cogov_opt.recording import Run
from cogov_opt.reporting import report

EPILOG = """\b
Example:
  cogov solve week.xlsx -p needs-first -o runs/week
  cogov solve votes.pb -p pb-greedy -o runs/votes

\b
Exit status:
  0 done                      4 infeasible, proved
  2 wrong command line        5 stopped, with a checked plan
  3 input rejected            6 stopped, without a plan
                            130 interrupted; the best plan found is kept
"""

_WITHOUT_PLAN = {
    "infeasible": Exit.INFEASIBLE,
    "cancelled": Exit.INTERRUPTED,
}
_WITH_PLAN = {
    "optimal": Exit.DONE,
    "done": Exit.DONE,
    "cancelled": Exit.INTERRUPTED,
}


@click.command(epilog=EPILOG)
@click.argument("data")
@click.option(
    "-p", "--policy", metavar="NAME|FILE", help="Card; 'cogov policies' lists those shipped."
)
@click.option("-s", "--strategy", metavar="NAME", help="Way of deciding. Default: the card's.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Strategy option.")
@click.option("--draw", metavar="DRAW", help="A finished draw of lots, of 'cogov draw reveal'.")
@click.option(
    "--soften", metavar="ID[=PENALTY]", multiple=True,
    help="Let a hard clause be missed in this run, at a penalty in the first goal; recorded.",
)  # fmt: skip
@click.option(
    "--regrets", is_flag=True,
    help="Write what every other decision would lose to regrets.csv; plans that are flows only.",
)  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Stop after this long.")
@click.option("--memory", type=click.IntRange(64), metavar="MB", help="Stop at this much memory.")
@click.option("--format", "format_name", metavar="NAME", help="Format of DATA, if not recognised.")
@click.option(
    "-o", "--output", metavar="RUN", default="run", show_default=True,
    help="Folder to create; must not exist.",
)  # fmt: skip
@click.option("--attempt", type=click.IntRange(1), default=1, help="Number of this try.")
@click.option("--supersedes", metavar="ID", help="Id of the run this one replaces.")
@click.option("--key", type=click.File("rb"), help="Ed25519 private key (PEM) to sign with.")
@options.as_json
@options.language
@options.verbosity
def solve(output: str, as_json: bool, lang: Language, **asked: Any) -> int:
    """
    Decide who gets what, and write the run folder RUN.

    DATA is a folder with datapackage.json and its tables, a workbook, a benchmark file (.pb, a
    generalised assignment file), or the name of a shipped dataset. It is never changed. Without
    -p the dataset's own card is taken, else needs-first. Re-check the run later, without a
    solver, by 'cogov verify RUN'.
    """
    wanted = Options(
        strategy=asked["strategy"],
        settings=options.settings(asked["settings"])
        | options.softening(asked["soften"])
        | options.lots_given(asked["draw"])
        | ({"regrets": True} if asked["regrets"] else {}),
        limits=Limits(seconds=asked["seconds"], memory_mb=asked["memory"]),
        format=asked["format_name"],
        attempt=asked["attempt"],
        supersedes=asked["supersedes"],
        key=asked["key"].read() if asked["key"] else None,
    )
    progress = Progress(lang, verbose=asked["verbose"], quiet=asked["quiet"])
    with interruptible(lang) as cancel:
        hooks = Hooks(on_event=progress, cancel=cancel)
        made = run_pipeline(asked["data"], asked["policy"], Path(output), wanted, hooks)
    if not as_json:
        click.echo(report(made, lang, colour=options.colours()), nl=False)
    repairs = None if cancel.is_set() else _repairs(made, asked["seconds"])
    if as_json:
        options.write_json(answer(made) | {"repairs": repairs and repairs.listed()})
    elif repairs:
        click.echo(f"\n{repairs.text(lang)}")
    return exit_of(made)


def _repairs(run: Run, seconds: float | None) -> Any:
    """Give the single changes that would mend a conflict, as far as a short while shows it."""
    if run.has_plan:
        return None
    return import_module("cogov_opt.explaining.repairs.telling").at_once(run, seconds)


def exit_of(run: Run) -> Exit:
    """Tell the exit status of a run by how it ended."""
    ended = run.header["termination"]
    if run.header.get("proof") == "cancelled" and not run.header["all_certified"]:
        return Exit.INTERRUPTED
    if run.has_plan:
        return _WITH_PLAN.get(ended, Exit.STOPPED_WITH_PLAN)
    return _WITHOUT_PLAN.get(ended, Exit.STOPPED_WITHOUT)


def answer(run: Run) -> dict[str, Any]:
    """Give the answer of `--json` (schemas/solve.json)."""
    header = run.header
    keys = (
        "run_id",
        "strategy",
        "termination",
        "proof",
        "route",
        "all_certified",
        "stages",
        "totals",
    )
    return {
        "schema_version": options.SCHEMA_VERSION,
        "path": str(run.path) if run.path else "",
        "root": run.root,
        "exit": int(exit_of(run)),
        "card": {k: header["card"][k] for k in ("id", "version", "status")},
        **{k: header[k] for k in keys},
        "conflict": conflict_answer(run),
        "draw": draw_told(run),
        "unmet": [
            {"demand": r["demand"], "need": r["need"], "asked": int(r["asked"]),
             "given": int(r["given"]), "code": r["code"], "record": r["record"]}
            for r in run.unmet
        ],
    }  # fmt: skip
