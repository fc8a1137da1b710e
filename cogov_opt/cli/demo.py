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
from cogov_opt.cli.solve import answer, exit_of
from cogov_opt.phrases import Language, fill
from cogov_opt.pipeline import Hooks, run
from cogov_opt.reporting import report
from cogov_opt.verifying import verify
from cogov_opt.verifying.wording import lines

SAMPLE = "riverside"


EPILOG = """\b
Example:
  cogov demo --lang zh
"""


@click.command(epilog=EPILOG)
@options.as_json
@options.language
@options.verbosity
def demo(as_json: bool, lang: Language, verbose: bool, quiet: bool) -> int:
    """
    Run the sample `riverside`: decide, record, show, verify.

    The run is written to a fresh folder here, or among the temporary files where this folder
    cannot be written.
    """
    data = catalogue.dataset_path(SAMPLE)
    if data is None:
        raise click.ClickException(f"the sample {SAMPLE} is not installed")
    folder = fresh_folder()
    say = (lambda text: None) if as_json else click.echo
    say(fill("demo.start", {"data": str(data), "run": str(folder)}, lang))
    with interruptible(lang) as cancel:
        hooks = Hooks(Progress(lang, verbose=verbose, quiet=quiet), cancel)
        made = run(data, None, folder, hooks=hooks)
    say(report(made, lang, colour=options.colours()))
    verdict = verify(folder)
    say(fill("demo.verdict", {"verdict": "\n".join(lines(verdict, lang))}, lang))
    say(fill("demo.next", {"run": str(folder)}, lang))
    if as_json:
        options.write_json({**answer(made), "verdict": verdict.to_dict()})
    return exit_of(made) if verdict.accepted else Exit.NOT_ACCEPTED


def fresh_folder() -> Path:
    """Name a folder that does not exist yet, here or among the temporary files."""
    here = Path.cwd()
    place = here if os.access(here, os.W_OK) else Path(tempfile.mkdtemp(prefix="cogov-"))
    names = (f"{SAMPLE}-run{f'-{n}' if n > 1 else ''}" for n in range(1, 10_000))
    return next(place / name for name in names if not (place / name).exists())
