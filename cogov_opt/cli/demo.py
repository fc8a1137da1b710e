"""``cogov demo``: a sample from end to end."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from cogov_opt import catalogue
from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.cli.progress import Progress, interruptible
from cogov_opt.cli.solve import exit_of
from cogov_opt.cli.verify import text as verdict_text
from cogov_opt.cli.verify import told
from cogov_opt.phrases import Language, fill
from cogov_opt.pipeline import Hooks, run
from cogov_opt.reporting import report
from cogov_opt.verifying import verify

SAMPLE = "riverside"


@click.command()
@options.language
@options.verbosity
def demo(lang: Language, verbose: bool, quiet: bool) -> int:
    """
    Run the sample `riverside`: decide, record, show, verify.

    The run is written to a fresh folder here, or among the temporary files where this folder
    cannot be written.
    """
    data = catalogue.dataset_path(SAMPLE)
    if data is None:
        raise click.ClickException(f"the sample {SAMPLE} is not installed")
    folder = fresh_folder()
    click.echo(fill("demo.start", {"data": str(data), "run": str(folder)}, lang))
    with interruptible(lang) as cancel:
        hooks = Hooks(Progress(lang, verbose=verbose, quiet=quiet), cancel)
        made = run(data, None, folder, hooks=hooks)
    click.echo(report(made, lang, colour=options.colours()))
    verdict = told(verify(folder))
    click.echo(fill("demo.verdict", {"verdict": verdict_text(verdict)}, lang))
    click.echo(fill("demo.next", {"run": str(folder)}, lang))
    accepted = verdict["verdict"] == "accepted"
    return exit_of(made) if accepted else Exit.NOT_ACCEPTED


def fresh_folder() -> Path:
    """Name a folder that does not exist yet, here or among the temporary files."""
    here = Path.cwd()
    place = here if os.access(here, os.W_OK) else Path(tempfile.mkdtemp(prefix="cogov-"))
    names = (f"{SAMPLE}-run{f'-{n}' if n > 1 else ''}" for n in range(1, 10_000))
    return next(place / name for name in names if not (place / name).exists())
