"""A sheet of letters as a file: cut into its letters, nothing else may stand in it (S17.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape

from .values import ANYTHING

LANGUAGES = {"en": "en", "zh-CN": "zh"}
_SHEET = re.compile(
    r'<!DOCTYPE html>\n<html lang="(?P<lang>[^"]*)">\n.*?<title>(?P<title>[^<]*)</title>\n.*?'
    r'</head>\n<body lang="(?P=lang)">\n(?P<body>.*)\n</body>\n</html>\n',
    re.DOTALL,
)
_LETTER = re.compile(
    r'<table role="presentation"><tfoot><tr><td><footer>(?P<footer>[^<]*)</footer>'
    r"</td></tr></tfoot>"
    r"<tbody><tr><td>\n<article(?P<told>[^>]*)>\n(?P<lines>.*?)\n</article>\n"
    r"</td></tr></tbody></table>",
    re.DOTALL,
)
_TOLD = re.compile(r' data-([a-z]+)="([^"]*)"')
NAMES = ("form", "subject", "template", "phrases")
TAGS = {
    "title": ("<h1>", "</h1>"), "heading": ("<h2>", "</h2>"), "item": ("<li>", "</li>"),
    "right": ('<p class="right">', "</p>"), "to": ('<p class="to">', "</p>"),
    "paragraph": ("<p>", "</p>"),
}  # fmt: skip


class SheetError(ValueError):
    """A file that is no sheet of letters."""


@dataclass(frozen=True)
class Letter:
    """One letter of a sheet: what it is said to be, its foot and its lines of HTML."""

    form: str
    subject: str
    template: str
    phrases: str
    footer: str
    lines: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file of letters in one language."""

    language: str
    title: str
    frame: str
    """The digest of everything but its title and its letters."""
    letters: list[Letter]


def read_sheet(data: bytes) -> Sheet:
    """Cut a file into its letters."""
    text = data.decode("utf-8")
    found = _SHEET.fullmatch(text)
    if found is None or found["lang"] not in LANGUAGES:
        raise SheetError("not a sheet of letters")
    letters = [_letter(letter) for letter in _LETTER.finditer(found["body"])]
    if not letters or _LETTER.sub("", found["body"]) != "\n" * (len(letters) - 1):
        raise SheetError("something that is no letter")
    head = text[: found.start("title")] + text[found.end("title") : found.start("body")]
    frame = sha256(head.encode()).hexdigest()
    return Sheet(LANGUAGES[found["lang"]], unescape(found["title"]), frame, letters)


def _letter(found: re.Match[str]) -> Letter:
    pairs = _TOLD.findall(found["told"])
    told = {name: unescape(value) for name, value in pairs}
    if tuple(name for name, _ in pairs) != NAMES or _TOLD.sub("", found["told"]):
        raise SheetError("a letter that does not say what it is")
    return Letter(**told, footer=unescape(found["footer"]), lines=found["lines"].split("\n"))


def written(lines: list[tuple[str, str]]) -> list[str]:
    """Write lines as HTML: items next to each other are a list, the first to end in : greets."""
    found: list[str] = []
    listed = greeted = False
    for style, text in lines:
        if listed != (style == "item"):
            listed = style == "item"
            found.append("<ul>" if listed else "</ul>")
        to = style == "paragraph" and not greeted
        if to:
            greeted = text.endswith((":", "："))
        start, end = TAGS["to" if to else style]
        found += f"{start}{escape(text)}{end}".split("\n")
    return [*found, "</ul>"] if listed else found


def is_same(stands: str, should: str) -> bool:
    """Tell whether a line stands as it should; words from contacts may be any without a tag."""
    if ANYTHING not in should:
        return stands == should
    parts = (re.escape(part) for part in should.split(ANYTHING))
    return re.fullmatch("[^<>]+".join(parts), stands) is not None
