"""``cogov report``: a recorded run as pages, sheets, calendars and letters to hand out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.errors import RecordError
from cogov_opt.phrases import Language
from cogov_opt.recording import read_sealed
from cogov_opt.recording.writing import refuse_existing
from cogov_opt.reporting.contacts import read_contacts

EPILOG = """\b
Example:
  cogov report runs/week --html week.html --lang zh
  cogov report runs/week --html notice.html --edition public
  cogov report runs/week --xlsx week.xlsx --ics calendars --letters letters

\b
Exit status:
  0 done                              3 contacts or templates not usable
  2 nothing asked for, or it exists   7 run edited or unreadable
"""

# option: (module, function); each takes the run, where to write, the language and the contacts.
WRITERS: dict[str, tuple[str, str]] = {
    "html": ("cogov_opt.reporting.page", "write_page"),
    "xlsx": ("cogov_opt.reporting.sheets", "write_sheets"),
    "ics": ("cogov_opt.reporting.calendars", "write_calendars"),
    "letters": ("cogov_opt.reporting.letters", "write_letters"),
    "extract": ("cogov_opt.reporting.extracts", "write_extract"),
}


@contextmanager
def _faults_told(run: str, place: Path) -> Iterator[None]:
    """Say what was wrong with the place, or with a run that is sealed but does not fit together."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{place} cannot be written: {error.strerror or error}") from error
    except (KeyError, IndexError, ValueError) as error:
        raise RecordError(
            f"{run}: its files do not fit together ({error!r}); 'cogov verify {run}' says where. "
            f"If that accepts the run, please report this as a fault of cogov_opt."
        ) from error


@click.command(epilog=EPILOG)
@click.argument("run", metavar="RUN")
@click.option("--html", metavar="FILE", help="One page that needs nothing else, also to print.")
@click.option(
    "--edition", metavar="WHICH",
    help="What --html holds: public, auditor, or an actor's id; all of it where left out.",
)  # fmt: skip
@click.option(
    "--answer", metavar="FILE",
    help="Show in --html the repairs of a conflict that 'cogov explain RUN --exact -o' wrote.",
)  # fmt: skip
@click.option("--xlsx", metavar="FILE", help="The plan as a workbook: by day, actor, fund ...")
@click.option("--ics", metavar="DIR", help="A calendar for each volunteer and each space.")
@click.option(
    "--letters", metavar="DIR", help="A letter about each demand, to each volunteer and actor."
)
@click.option(
    "--templates",
    metavar="DIR",
    help="Your own texts for letters, named as those in models/letters.",
)
@click.option(
    "--extract", nargs=2, metavar="ID FILE",
    help="What RUN holds about one demand or volunteer, provable alone: for that person.",
)  # fmt: skip
@click.option(
    "--contacts", metavar="FILE",
    help="Names for ids (CSV or workbook: id, name, phone, address), joined in what is written and "
    "kept nowhere else.",
)  # fmt: skip
@options.as_json
@options.language
def report(
    run: str,
    contacts: str | None,
    extract: tuple[str, str] | None,
    as_json: bool,
    lang: Language,
    **asked: str | None,
) -> None:
    """
    Write what RUN decided as something to hand out.

    Everything is read from the run folder, whose root is computed again first: a run that was
    edited is refused. No solver is needed, and the run is not changed. What is written must not
    exist yet.
    """
    wanted, writers, more = _asked_for(asked, extract)
    if not wanted:
        names = ", ".join(f"--{name}" for name in WRITERS)
        raise click.UsageError(f"say what to write: {names}")
    for place in wanted.values():
        refuse_existing(place)
    found, known = read_sealed(run), read_contacts(Path(contacts)) if contacts else {}
    for name, place in wanted.items():
        module, function = writers[name]
        write = getattr(import_module(module), function)
        with _faults_told(run, place):
            write(found, place, lang, known, **more.get(name, {}))
        if not as_json:
            click.echo(place)
    if as_json:
        written = {name: str(place) for name, place in wanted.items()}
        told = {"run_id": found.run_id, "root": found.root, "written": written}
        options.write_json({"schema_version": options.SCHEMA_VERSION, **told})


def _asked_for(
    asked: dict[str, str | None], extract: tuple[str, str] | None
) -> tuple[dict[str, Path], dict[str, tuple[str, str]], dict[str, dict[str, Any]]]:
    """Give what is to be written where, by which function, and what that needs besides."""
    templates, edition, answer = (asked.pop(n) for n in ("templates", "edition", "answer"))
    wanted = {name: Path(place) for name, place in asked.items() if place}
    writers = dict(WRITERS)
    more: dict[str, dict[str, Any]] = {
        "letters": {"templates": Path(templates) if templates else None}
    }
    if answer is not None:
        if "html" not in wanted or edition is not None:
            raise click.UsageError("--answer is shown in the whole page: name --html FILE alone")
        more["html"] = {"answer": Path(answer)}
    if edition is not None:
        if "html" not in wanted:
            raise click.UsageError("--edition says what --html holds: name its FILE")
        writers["html"] = ("cogov_opt.reporting.editions", "write_edition")
        more["html"] = {"edition": edition}
    if extract is not None:
        wanted["extract"] = Path(extract[1])
        more["extract"] = {"subject": extract[0]}
    return wanted, writers, more
