"""
The plan as a workbook: by day, actor, fund, space, service and volunteer; what is unmet and why.

`plan` and `refused` give tables of plain values, `cover` the first sheet, `book` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.reporting.sheets import plan, refused
from cogov_opt.reporting.sheets.book import Book
from cogov_opt.reporting.sheets.cover import cover_lines
from cogov_opt.reporting.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cogov_opt.phrases import Language
    from cogov_opt.recording import Run
    from cogov_opt.reporting.contacts import Contact
    from cogov_opt.reporting.sheets.page import Page


def pages(view: View, contacts: Mapping[str, Contact] | None = None) -> list[Page]:
    """Give every sheet but the cover, as plain values."""
    return [
        plan.by_day(view),
        plan.by_actor(view),
        plan.by_fund(view),
        plan.by_space(view),
        plan.by_service(view),
        plan.by_volunteer(view, contacts or {}),
        refused.unmet_needs(view),
        refused.unused_resources(view),
    ]


def write_sheets(
    run: Run, path: Path, language: Language = "en", contacts: Mapping[str, Contact] | None = None
) -> None:
    """
    Write a run as a workbook; the same run gives the same bytes.

    With contacts, volunteers stand by name beside their pseudonyms, and the cover says so.

    Raises
    ------
    UnsupportedError
        The path does not end in `.xlsx`, or a text is longer than a cell can hold.
    """
    view = View(run, language)
    book = Book(path, run, language)
    found = pages(view, contacts)
    lines = cover_lines(view, [page.name for page in found])
    if contacts:
        lines.insert(1, ("note", view.say("sheet.named"), ""))
    book.cover(lines)
    for page in found:
        book.page(page)
    book.close()


__all__ = ["pages", "write_sheets"]
