"""Letters as HTML to be printed: no script, no outside font, run id and root on every sheet."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cogov_opt.phrases import VERSION

if TYPE_CHECKING:
    from cogov_opt.reporting.letters.templates import Lines, Printed
    from cogov_opt.reporting.view import View

TAGS = {
    "title": ("<h1>", "</h1>"), "heading": ("<h2>", "</h2>"),
    "right": ('<p class="right">', "</p>"), "item": ("<li>", "</li>"),
    "paragraph": ("<p>", "</p>"), "to": ('<p class="to">', "</p>"),
}  # fmt: skip
STYLE = """
@page { size: A4; margin: 22mm 24mm 24mm 26mm; }
body { font: 12pt/1.6 "Noto Serif", "Times New Roman", serif; color: #111; margin: 0 auto;
  max-width: 160mm; }
:lang(zh) body, body:lang(zh) { font: 12pt/1.65 "FangSong", "仿宋", "Noto Serif CJK SC", "SimSun",
  serif; }
h1 { font-size: 1.45em; text-align: center; margin: 0 0 1em; font-weight: bold; }
h2 { font-size: 1em; margin: 0.8em 0 0.2em; font-weight: bold; break-after: avoid; }
p { margin: 0.3em 0; overflow-wrap: anywhere; }
body:lang(zh) p, body:lang(zh) h2 { text-indent: 2em; }
body:lang(zh) p.to, body:lang(zh) p.right { text-indent: 0; }
p.right { text-align: right; }
ul { margin: 0.2em 0; padding-left: 3em; break-before: avoid; }
li { margin: 0.1em 0; }
table { width: 100%; border-spacing: 0; break-after: page; }
table:last-of-type { break-after: auto; }
td { padding: 0; vertical-align: top; }
footer { font: 8pt/1.3 sans-serif; color: #444; border-top: 1px solid #999; padding-top: 2mm;
  margin-top: 4mm; }
@media screen { body { padding: 1em; } table { margin-bottom: 3em; } }
"""


def sheet_of(view: View, letters: list[Printed], title: str) -> bytes:
    """Write letters as one file, each on paper of its own."""
    told = {"run": view.run.run_id, "root": view.run.root}
    footer = escape(view.say("letter.footer", **told))
    # The foot of a table is what every browser repeats on each sheet, with room kept for it.
    foot = f"<tfoot><tr><td><footer>{footer}</footer></td></tr></tfoot>"
    body = "\n".join(
        f'<table role="presentation">{foot}<tbody><tr><td>\n{_head(letter)}\n'
        f"{_letter(letter.lines)}\n</article>\n</td></tr></tbody></table>"
        for letter in letters
    )
    return f"{head_of(view.language, title)}{body}\n</body>\n</html>\n".encode()


def head_of(language: str, title: str) -> str:
    """Write all of a sheet that stands before its letters: the same for all but its title."""
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f'<body lang="{code}">\n'
    )


def _head(letter: Printed) -> str:
    """Open a letter with what it takes to write it again (convention S17)."""
    told = {"form": letter.form, "subject": letter.subject, "template": letter.template,
            "phrases": VERSION}  # fmt: skip
    named = "".join(f' data-{name}="{escape(value)}"' for name, value in told.items())
    return f"<article{named}>"


def _letter(lines: Lines) -> str:
    """Write the lines of one letter; items next to each other are one list."""
    found, listed, greeted = [], False, False
    for style, text in lines:
        if (style == "item") != listed:
            found.append("<ul>" if style == "item" else "</ul>")
            listed = style == "item"
        if style == "paragraph" and not greeted:
            greeted = text.endswith((":", "："))
            style = "to"
        start, end = TAGS[style]
        found.append(f"{start}{escape(text)}{end}")
    return "\n".join([*found, "</ul>"] if listed else found)
