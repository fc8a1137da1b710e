"""A sheet of letters as a file: cut into its letters, nothing else may stand in it (S17.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape

from .values import ANYTHING

LANGUAGES = {"en": "en", "zh-CN": "zh"}
_TOP = re.compile('<!DOCTYPE html>\n<html lang="([^"]*)">\n')
_END = "\n</body>\n</html>\n"
_LETTER = re.compile(
    r'<table role="presentation"><tfoot><tr><td><footer>(?P<footer>[^<]*)</footer>'
    r"</td></tr></tfoot>"
    r"<tbody><tr><td>\n<article(?P<told>[^>]*)>\n(?P<lines>.*)",
    re.DOTALL,
)
_LETTER_END = "\n</article>\n</td></tr></tbody></table>"
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
    """Cut a file into its letters, each sign looked at a few times whatever it holds."""
    text = data.decode("utf-8")
    top = _TOP.match(text)
    language = LANGUAGES.get(top[1]) if top else None
    if top is None or language is None:
        raise SheetError("not a sheet of letters")
    head, opened, rest = text.partition("<title>")
    title, closed, rest = rest.partition("</title>\n")
    foot, begun, body = rest.partition(f'</head>\n<body lang="{top[1]}">\n')
    if not (opened and closed and begun) or "<" in title or not body.endswith(_END):
        raise SheetError("not a sheet of letters")
    frame = sha256(f"{head}{opened}{closed}{foot}{begun}".encode()).hexdigest()
    return Sheet(language, unescape(title), frame, _letters(body.removesuffix(_END)))


def _letters(body: str) -> list[Letter]:
    """Cut what stands between head and foot: letters, a line end between each two."""
    *pieces, last = body.split(_LETTER_END)
    first, *others = pieces or [""]
    found = [_LETTER.fullmatch(p) for p in (first, *(p.removeprefix("\n") for p in others))]
    if last or not all(p.startswith("\n") for p in others) or None in found:
        raise SheetError("something that is no letter")
    return [_letter(match) for match in found if match]


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
