"""
Letters about a run: one a demand, one a volunteer, one an actor, each a page of HTML to be printed.

HTML because every office can print it without another program, and its print style puts run id
and root on every sheet of paper; `all.html` holds the letters together, so that printing them is
one command. The text comes from templates a planner may edit; what stands in their places comes
from the records. Names are joined from the contacts here and nowhere else, and only the name of
the one a letter is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.recording.writing import write_folder
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.filenames import file_names
from cogov_opt.reporting.letters.actors import actor_letters
from cogov_opt.reporting.letters.demands import demand_letters
from cogov_opt.reporting.letters.printing import sheet_of
from cogov_opt.reporting.letters.templates import Printed, read_templates
from cogov_opt.reporting.letters.values import Desk, Letter
from cogov_opt.reporting.letters.volunteers import volunteer_letters

ALL = "all.html"


def write_letters(
    run: Run,
    place: Path,
    language: Language = "en",
    contacts: Mapping[str, Contact] | None = None,
    templates: Path | None = None,
) -> None:
    """
    Write every letter of a run into a new folder.

    Raises
    ------
    UnsupportedError
        The folder exists.
    InputError
        A template holds a place nobody knows, or is no template of ours.
    """
    write_folder(place, letters(run, language, contacts, templates))


def letters(
    run: Run,
    language: Language = "en",
    contacts: Mapping[str, Contact] | None = None,
    templates: Path | None = None,
) -> dict[str, bytes]:
    """Give every letter by its file name, and all of them together as `all.html`."""
    forms = read_templates(language, templates)
    desk = Desk(run, language, contacts or {})
    found: dict[str, bytes] = {}
    together: list[Printed] = []
    for kind, written in _kinds(desk):
        names = file_names(written, f"{kind}-", ".html")
        for identifier, letter in written.items():
            printed = forms[letter.form].printed(identifier, letter.values)
            together.append(printed)
            found[names[identifier]] = sheet_of(desk.view, [printed], identifier)
    found[ALL] = sheet_of(desk.view, together, desk.view.heading)
    return found


def letters_of_actor(
    run: Run, actor: str, language: Language = "en", contacts: Mapping[str, Contact] | None = None
) -> bytes:
    """Give what concerns one actor as one file: its own letter, its demands', its volunteers'."""
    forms = read_templates(language)
    desk = Desk(run, language, contacts or {})
    owners = {
        "demand": {i for i, row in run.by_id("demands").items()
                   if actor in (row["actor_id"], row["performer_id"])},
        "volunteer": {i for i, row in run.by_id("volunteers").items() if row["actor_id"] == actor},
        "actor": {actor},
    }  # fmt: skip
    printed = [
        forms[letter.form].printed(identifier, letter.values)
        for kind, written in reversed(list(_kinds(desk)))
        for identifier, letter in written.items()
        if identifier in owners[kind]
    ]
    return sheet_of(desk.view, printed, desk.view.name(actor))


def _kinds(desk: Desk) -> Iterator[tuple[str, dict[str, Letter]]]:
    """Give the letters of each kind by the id of whom or what they are about."""
    yield "demand", demand_letters(desk)
    yield "volunteer", volunteer_letters(desk)
    yield "actor", actor_letters(desk)


__all__ = ["letters", "letters_of_actor", "write_letters"]
