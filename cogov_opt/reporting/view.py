"""A run to be shown in one language: what every form of report is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cogov_opt.explaining.names import names_of, one_language
from cogov_opt.explaining.subjects import card_of, clauses_of
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.phrases.reasons import reason_short
from cogov_opt.recording import Run
from cogov_opt.units import money_text


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

    @property
    def heading(self) -> str:
        """Give the title of the whole."""
        return self.label("title", title=one_language(self.run.package["title"], self.language))

    def title(self, demand: str) -> str:
        """Give the title of a demand, without its id."""
        title = self.run.by_id("demands")[demand].get("title", "")
        return one_language(title, self.language) if title != demand else ""

    @cached_property
    def served(self) -> set[str]:
        """Give the demands that are served."""
        return {row["demand"] for row in self.run.allocation}

    def say(self, path: str, /, **values: object) -> str:
        """Give a phrase, filled."""
        return fill(path, values, self.language)

    def label(self, name: str, /, **values: object) -> str:
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

    def short(self, record: Mapping[str, Any]) -> str:
        """Give the reason of a record in a few words."""
        return reason_short(record, self.names, self.currency, self.language)

    def quantity(self, kind: str, number: int) -> str:
        """Write how much of a kind of resource is asked or given: money with its currency."""
        return money_text(number, self.currency) if kind == "fund" else f"{number:,}"
