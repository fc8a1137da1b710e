"""
Letter templates: plain text that a planner may edit.

    # a title          ## a heading          > a line at the right          - an item
    anything else is a paragraph

`{place}` stands for a value, named in English or in the template's own language; `{{` and `}}` are
braces. A line whose place stands for a list is written once for each item. A line in which a place
stands for nothing is left out, and with it the line before it, if that ends in a colon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cogov_opt.catalogue import letter_templates
from cogov_opt.domain.closeness import closest
from cogov_opt.errors import InputError, Issue, Where
from cogov_opt.formats.decoding import decode
from cogov_opt.phrases import Language, phrase_set

FORMS = ("demand_served", "demand_unserved", "volunteer_used", "volunteer_unused", "actor")
SUFFIX = ".txt"
_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_STYLES = (("## ", "heading"), ("# ", "title"), ("> ", "right"), ("- ", "item"))

Value = str | tuple[str, ...]
Lines = list[tuple[str, str]]
"""Lines of a letter: a style (`title`, `heading`, `right`, `item`, `paragraph`) and a text."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One letter: its lines, and what it takes to write them again (convention S17)."""

    form: str
    subject: str
    template: str
    """The SHA-256 of its template."""
    lines: Lines


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a template: its style and its text, cut at its places."""

    style: str
    texts: tuple[str, ...]
    """The texts between the places, one more than there are places."""
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template, read; `digest` is the SHA-256 of its file."""

    form: str
    digest: str
    lines: tuple[Line, ...]

    def printed(self, subject: str, values: Mapping[str, Value]) -> Printed:
        """Write the letter about, or to, somebody."""
        return Printed(self.form, subject, self.digest, self.filled(values))

    def filled(self, values: Mapping[str, Value]) -> Lines:
        """Write the lines of a letter."""
        found: Lines = []
        for line in self.lines:
            given = [values[place] for place in line.places]
            if all(given):
                found.extend((line.style, text) for text in _texts(line, given))
            elif found and found[-1][1].endswith((":", "：")):
                found.pop()
        return found


def _texts(line: Line, given: list[Value]) -> list[str]:
    """Write a line, once for each item of its longest list."""
    most = max((len(v) for v in given if isinstance(v, tuple)), default=1)
    found = []
    for number in range(most):
        text = line.texts[0]
        for value, after in zip(given, line.texts[1:], strict=True):
            item = value if isinstance(value, str) else value[min(number, len(value) - 1)]
            text += item + after
        found.append(text)
    return found


def read_templates(language: Language, folder: Path | None = None) -> dict[str, Template]:
    """
    Read the templates of a language: those in the folder given, the shipped ones for the rest.

    Raises
    ------
    InputError
        All that is wrong with them at once: file, line, what was read and what comes closest.
    """
    issues: list[Issue] = []
    files = {form: letter_templates(language) / f"{form}{SUFFIX}" for form in FORMS}
    if folder is not None:
        files |= _own(folder, issues)
    found = {form: _template(file, language, issues) for form, file in files.items()}
    if issues:
        raise InputError(issues)
    return found


def _own(folder: Path, issues: list[Issue]) -> dict[str, Path]:
    """Give the templates of a planner; a file that is named like none of ours is an issue."""
    if not folder.is_dir():
        issues.append(Issue("missing_file", Where(str(folder)), {"read": str(folder)}))
        return {}
    found = {}
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        if file.stem in FORMS:
            found[file.stem] = file
        else:
            told = {"read": file.name, "closest": _closest(file.stem, FORMS) + SUFFIX}
            issues.append(Issue("unknown_template", Where(str(file)), told))
    return found


def _template(file: Path, language: Language, issues: list[Issue]) -> Template:
    """Read one template."""
    data = file.read_bytes()
    text = decode(data, str(file), issues) or ""
    issues[:] = [issue for issue in issues if issue.severity != "repair"]
    known = known_places(language)
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            lines.append(_line(line.strip(), known, Where(str(file), row=number), issues))
    return Template(file.stem, sha256(data).hexdigest(), tuple(lines))


def known_places(language: Language) -> dict[str, str]:
    """Give the place each name stands for: its own name, and its name in a language."""
    fields: Mapping[str, str] = phrase_set(language)["letter_field"]
    return {name: name for name in fields} | {word: name for name, word in fields.items()}


def _line(text: str, known: Mapping[str, str], where: Where, issues: list[Issue]) -> Line:
    """Cut one line at its places."""
    style, body = "paragraph", text
    for mark, name in _STYLES:
        if text.startswith(mark):
            style, body = name, text.removeprefix(mark).strip()
            break
    texts, places, last = [""], [], 0
    for match in _PLACE.finditer(body):
        texts[-1] += body[last : match.start()]
        last = match.end()
        name = match.group(1)
        if match.group() in ("{{", "}}"):
            texts[-1] += match.group()[0]
        elif name is not None and name.strip() in known:
            places.append(known[name.strip()])
            texts.append("")
        else:
            closest = _closest(name or "", tuple(known))
            told = {"read": match.group(), "closest": f"{{{closest}}}"}
            issues.append(Issue("unknown_place", where, told))
    texts[-1] += body[last:]
    return Line(style, tuple(texts), tuple(places))


def _closest(word: str, words: tuple[str, ...]) -> str:
    return next(iter(closest(word, words, cutoff=0.0)), words[0])
