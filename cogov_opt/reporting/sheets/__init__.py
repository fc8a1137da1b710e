"""
The plan as a workbook: by day, actor, fund, space, service and volunteer; what is unmet and why.

`plan` and `refused` give tables of plain values, `cover` the first sheet, `book` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.reporting.sheets import plan, refused
from cogov_opt.reporting.sheets.book import Book
from cogov_opt.reporting.sheets.cover import cover_lines
from cogov_opt.reporting.terminal import View

if TYPE_CHECKING:
    from pathlib import Path

    from cogov_opt.phrases import Language
    from cogov_opt.recording import Run
    from cogov_opt.reporting.sheets.page import Page

PAGES = (
    plan.by_day, plan.by_actor, plan.by_fund, plan.by_space, plan.by_service, plan.by_volunteer,
    refused.unmet_needs, refused.unused_resources,
)  # fmt: skip


def pages(view: View) -> list[Page]:
    """Give every sheet but the cover, as plain values."""
    return [page(view) for page in PAGES]


def write_sheets(run: Run, path: Path, language: Language = "en") -> None:
    """
    Write a run as a workbook; the same run gives the same bytes.

    Raises
    ------
    UnsupportedError
        The path does not end in `.xlsx`, or a text is longer than a cell can hold.
    """
    view = View(run, language)
    book = Book(path, run, language)
    found = pages(view)
    book.cover(cover_lines(view, [page.name for page in found]))
    for page in found:
        book.page(page)
    book.close()


__all__ = ["pages", "write_sheets"]
