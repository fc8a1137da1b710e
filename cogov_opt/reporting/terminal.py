"""The summary of a run in a terminal: what was decided, what not and why, who can change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from shutil import get_terminal_size
from typing import Any

from cogov_opt.explaining.names import names_of, one_language
from cogov_opt.explaining.subjects import card_of, clauses_of
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.reporting import decided, outcome, refused

NARROW, USUAL, WIDE = 60, 100, 132
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True)
class View:
    """A run to be shown in one language: phrases and names at hand."""

    run: Run
    language: Language
    places: int = 100
    """How many places a line may take."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Give what everything is called."""
        return names_of(self.run, self.language)

    @property
    def currency(self) -> str:
        """Give the currency."""
        return str(self.run.package["currency"])

    @cached_property
    def card(self) -> dict[str, Any]:
        """Give the card as written."""
        return card_of(self.run)

    @cached_property
    def clauses(self) -> dict[str, dict[str, Any]]:
        """Give the clauses of the card by id."""
        return clauses_of(self.run)

    def title(self, demand: str) -> str:
        """Give the title of a demand, without its id."""
        title = self.run.by_id("demands")[demand].get("title", "")
        return one_language(title, self.language) if title != demand else ""

    @cached_property
    def served(self) -> set[str]:
        """Give the demands that are served."""
        return {row["demand"] for row in self.run.allocation}

    def say(self, path: str, **values: object) -> str:
        """Give a phrase, filled."""
        return fill(path, values, self.language)

    def label(self, name: str, **values: object) -> str:
        """Give a label, filled."""
        return self.say(f"label.{name}", **values)

    def word(self, path: str, default: str) -> str:
        """Give a phrase, or a word of a plug-in as it stands."""
        try:
            return phrase(path, self.language)
        except KeyError:
            return default

    def name(self, identifier: str) -> str:
        """Give what an id is called."""
        return self.names.get(identifier, identifier)


def summary(
    run: Run, language: Language = "en", *, colour: bool = False, places: int | None = None
) -> str:
    """
    Write the summary of a run.

    Parameters
    ----------
    run
        A run in memory or read from its folder.
    language
        `en` or `zh`.
    colour
        Whether headings may be set in bold by terminal codes.
    places
        How wide a line may be; the terminal's own width, within reason, where it is left out.
    """
    wide = places or get_terminal_size((USUAL, 24)).columns
    view = View(run, language, min(max(wide, NARROW), WIDE))
    lines: list[str] = []
    for heading, body in sections(view):
        lines.append(f"{BOLD}{heading}{PLAIN}" if colour else heading)
        lines.extend(body)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def sections(view: View) -> Iterator[tuple[str, list[str]]]:
    """Give the parts of the summary, in order: heading and lines."""
    title = view.label("title", title=one_language(view.run.package["title"], view.language))
    yield title, outcome.result_lines(view)
    parts = (
        ("stages", outcome.stage_lines),
        ("decisions", decided.decision_lines),
        ("money", decided.money_lines),
        ("unmet", refused.unserved_lines),
        ("partly", refused.partly_lines),
        ("unused", refused.unused_lines),
        ("clauses", refused.clause_lines),
        ("run", outcome.run_lines),
    )
    for name, tell in parts:
        body = tell(view)
        if body:
            yield view.label(name, currency=view.currency), body
