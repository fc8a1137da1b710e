"""One HTML page that needs nothing else: no network, no font, no script to be complete."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.view import View


def write_page(
    run: Run, place: Path, language: Language = "en", contacts: Mapping[str, Contact] | None = None
) -> None:
    """Write the page of a run to a file."""
    place.write_text(page(run, language, contacts), encoding="utf-8", newline="\n")


def page(run: Run, language: Language = "en", contacts: Mapping[str, Contact] | None = None) -> str:
    """
    Give a run as one page of HTML.

    Parameters
    ----------
    run
        A run in memory or read from its folder.
    language
        `en` or `zh`.
    contacts
        Names by id, to be joined on the page; it then says who may see it.
    """
    view = View(run, language)
    template = _environment().get_template("page.html")
    return template.render(view=view, run=run, contacts=contacts or {})


@cache
def _environment() -> Environment:
    """Give the templates; everything put into one is escaped."""
    return Environment(
        loader=PackageLoader("cogov_opt.reporting.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


__all__ = ["page", "write_page"]
