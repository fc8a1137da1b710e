"""One HTML page that needs nothing else: no network, no font, no script to be complete."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.overview import overview
from cogov_opt.reporting.page.bars import bar, bound_bar, share_bar
from cogov_opt.reporting.page.mending import read_repairs
from cogov_opt.reporting.page.sealing import content_policy, script, style
from cogov_opt.reporting.page.writer import Writer


def write_page(
    run: Run,
    place: Path,
    language: Language = "en",
    contacts: Mapping[str, Contact] | None = None,
    *,
    answer: Path | None = None,
) -> None:
    """Write the page of a run to a file; `answer` is a file with the repairs of its conflict."""
    mending = read_repairs(run, answer) if answer is not None else {}
    told = page(run, language, contacts, mending)
    place.write_text(told, encoding="utf-8", newline="\n")


def page(
    run: Run,
    language: Language = "en",
    contacts: Mapping[str, Contact] | None = None,
    mending: Mapping[str, Any] | None = None,
) -> str:
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
    mending
        What an answer file claims of the repairs of its conflict.
    """
    found = overview(run, language, mending)
    writer = Writer(found, contacts or {})
    pages = writer.say("report.page_of", page="{page}", pages="{pages}")
    styled, scripted = style(found.view.heading, writer.seal, pages), script()
    return (
        _environment()
        .get_template("page.html")
        .render(
            w=writer,
            o=found,
            view=found.view,
            run=run,
            totals=writer.totals,
            style=styled,
            script=scripted,
            policy=content_policy(styled, scripted),
        )
    )


@cache
def _environment() -> Environment:
    """Give the templates; everything put into one is escaped."""
    found = Environment(
        loader=PackageLoader("cogov_opt.reporting.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"bar_of": bar, "share_bar": share_bar, "bound_bar": bound_bar}
    return found


__all__ = ["page", "write_page"]
