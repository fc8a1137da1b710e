"""Every letter of a file, written again and compared line by line (convention S17)."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .about import letter_of
from .forms import filled, own_templates, shipped
from .sheet import Letter, SheetError, is_same, read_sheet, written
from .source import Source
from .values import ANYTHING, Contacts, Desk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..findings import Findings
    from ..reading import RunFolder
    from .sheet import Sheet

COLUMNS = ("id", "name", "phone", "address")
ERRORS = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration, RecursionError,
    OSError, csv.Error,
)  # fmt: skip
Told = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What is given beside a letter: a planner's templates, the contacts it was printed with."""

    templates: Path | None = None
    contacts: Path | None = None


def check(opened: RunFolder, root: str, file: Path, given: Given, findings: Findings) -> list[Told]:
    """Check a file of letters; say of each whether it is equal, and where it is not."""
    try:
        sheet = read_sheet(file.read_bytes())
        checking = _Checking(opened, root, sheet, given, findings, file.name)
        return [checking.letter(letter) for letter in sheet.letters]
    except ERRORS as error:
        about = str(error) if isinstance(error, SheetError) else type(error).__name__
        findings.add("letter", file.name, about)
        return []


class _Checking:
    """One file, with all that its letters are written from."""

    def __init__(
        self, opened: RunFolder, root: str, sheet: Sheet, given: Given, findings: Findings,
        file: str,
    ) -> None:  # fmt: skip
        self.source = Source(opened, root, sheet.language)
        self.findings, self.file = findings, file
        own = own_templates(given.templates) if given.templates is not None else {}
        self.forms = shipped()["forms"] | own
        self.desks = _desks(self.source, given.contacts)
        if sheet.frame not in shipped()["frames"]:
            findings.add("letter", file, "style")
        if sheet.title not in self._titles(sheet):
            findings.add("letter", file, "title")

    def _titles(self, sheet: Sheet) -> set[str]:
        """Give what a file may be called: its subjects, or the run."""
        subjects = {letter.subject for letter in sheet.letters}
        title = self.source.half(str(self.source.opened.package["title"]))
        named = {self.desks[0].name(subject) for subject in subjects}
        return subjects | named | {self.source.say("label.title", title=title)}

    def letter(self, letter: Letter) -> Told:
        """Compare one letter; what differs is a finding, what cannot be told an unknown."""
        told: Told = {"subject": letter.subject, "form": letter.form, "equal": False}
        template = self.forms.get(letter.template)
        version = str(self.source.opened.phrases.get("version"))
        if template is None or letter.phrases != version:
            lacks = "template" if template is None else f"phrases {letter.phrases}"
            self.findings.add("unknown", self.file, f"{letter.subject} {lacks}")
            return told
        differs, unchecked = self._best(letter, template)
        for place in differs:
            self.findings.add("letter", self.file, f"{letter.subject} {place['line']}")
        told["equal"] = not differs
        return told | {"differs": differs, "unchecked": unchecked}

    def _best(self, letter: Letter, template: str) -> tuple[list[Told], list[int]]:
        """Compare with each way contacts could have been joined; keep the one that fits best."""
        found = None
        for desk in self.desks:
            known = letter_of(desk, letter.form, letter.subject)
            if known is None or known[0] != letter.form:
                return [{"line": "subject", "should": ""}], []
            should = written(filled(template, known[1], self.source))
            differs = self._compared(letter, should)
            if found is None or len(differs) < len(found[0]):
                lines = [n for n, line in enumerate(should, 1) if ANYTHING in line]
                found = differs, lines
        return found or ([], [])

    def _compared(self, letter: Letter, should: list[str]) -> list[Told]:
        """Give the lines of HTML that do not stand as they should, counted from 1."""
        found = [
            {"line": str(n), "should": b.replace(ANYTHING, "...")}
            for n, (a, b) in enumerate(itertools.zip_longest(letter.lines, should, fillvalue=""), 1)
            if not is_same(a, b)
        ]
        foot = self.source.say(
            "letter.footer", run=self.source.run["run_id"], root=self.source.root
        )
        return found + ([{"line": "foot", "should": foot}] if letter.footer != foot else [])


def _desks(source: Source, contacts: Path | None) -> list[Desk]:
    """Give a desk with the contacts given, else one for each way they could have been joined."""
    first = Desk.of(source, Contacts({}))
    if contacts is not None:
        return [Desk(source, Contacts(_read(contacts)), first.names)]
    ways = itertools.product((False, True), repeat=3)
    return [first, *(Desk(source, Contacts(None, *way), first.names) for way in ways if any(way))]


def _read(contacts: Path) -> Mapping[str, tuple[str, str, str]]:
    """Read a list of contacts: CSV with the columns id, name, phone?, address?."""
    text = contacts.read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    cells = ([(row.get(c) or "").strip() for c in COLUMNS] for row in rows)
    return {row[0]: (row[1], row[2], row[3]) for row in cells if row[0]}
