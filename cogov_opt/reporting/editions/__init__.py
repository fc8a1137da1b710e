"""
Editions of a run for readers who may not see all of it (words.md): public, an actor's, auditor's.

The public edition names no person and no small group. An actor's holds the letters about what it
asks for, gives and carries out, and to its own volunteers. The auditor's is the whole page, and
never joined with contacts.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import unknown_id
from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.editions.public import Part, public_parts
from cogov_opt.reporting.letters import letters_of_actor
from cogov_opt.reporting.view import View

PUBLIC, AUDITOR = "public", "auditor"
STYLE = """
@page { size: A4; margin: 18mm; }
body { font: 11pt/1.5 "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #111;
  max-width: 190mm; margin: 0 auto; padding: 1em; }
h1 { font-size: 1.4em; margin: 0 0 0.3em; }
h2 { font-size: 1.1em; margin: 1.2em 0 0.3em; color: #1f4e79; break-after: avoid; }
p { margin: 0.2em 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92em; }
th, td { border: 1px solid #c8d0d8; padding: 2px 6px; text-align: left; vertical-align: top; }
th { background: #eef3f8; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
footer { margin-top: 2em; border-top: 1px solid #999; font-size: 0.8em; color: #444; }
.sheet, .sheet > * > tr > td { border: 0; padding: 0; font-size: 1em; }
@media print { body { padding: 0; } footer { margin-top: 3mm; } }
"""


def write_edition(
    run: Run,
    place: Path,
    language: Language = "en",
    contacts: Mapping[str, Contact] | None = None,
    *,
    edition: str,
) -> None:
    """
    Write an edition of a run: `public`, `auditor`, or that of an actor by its id.

    Raises
    ------
    UnsupportedError
        There is no such edition, or contacts are given for one that holds no names.
    """
    if contacts and edition in (PUBLIC, AUDITOR):
        raise UnsupportedError(f"the {edition} edition holds no names: leave out --contacts")
    place.write_bytes(edition_of(run, edition, language, contacts))


def edition_of(
    run: Run, edition: str, language: Language = "en", contacts: Mapping[str, Contact] | None = None
) -> bytes:
    """Give an edition as HTML that needs nothing else."""
    if edition == PUBLIC:
        return public_page(View(run, language))
    if edition == AUDITOR:
        from cogov_opt.reporting.page import page

        return page(run, language).encode()
    if edition not in run.by_id("actors"):
        known = (PUBLIC, AUDITOR, *run.by_id("actors"))
        raise UnsupportedError(unknown_id(edition, known), code="unknown_id")
    return letters_of_actor(run, edition, language, contacts)


def public_page(view: View) -> bytes:
    """Give the public edition as HTML."""
    horizon = view.run.package["horizon"]
    days = view.say("edition.days", start=horizon["start"], end=horizon["end"])
    body = "\n".join(_part(part) for part in public_parts(view))
    language = "zh-CN" if view.language == "zh" else "en"
    seal = view.say("edition.seal", run=view.run.run_id, root=view.run.root[:16])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(view.heading)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        # The foot of a table is what every browser repeats on each sheet, with room kept for it.
        '<table role="presentation" class="sheet">'
        f"<tfoot><tr><td><footer>{escape(seal)}</footer></td></tr></tfoot>"
        "<tbody><tr><td>\n<main>\n"
        f"<h1>{escape(view.heading)}</h1>\n<p>{escape(view.say('edition.public'))}</p>\n"
        f"<p>{escape(days)}</p>\n{body}\n</main>\n</td></tr></tbody></table>\n"
        "</body>\n</html>\n"
    ).encode()


def _part(part: Part) -> str:
    """Write one part: lines of text, or a table that scrolls on narrow screens."""
    heading, heads, rows = part
    found = [f"<h2>{escape(heading)}</h2>"]
    if not heads:
        return "\n".join([*found, *(f"<p>{escape(row[0])}</p>" for row in rows)])
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    found.append(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>')
    found += ("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return "\n".join([*found, "</tbody></table></div>"])


__all__ = ["edition_of", "write_edition"]
