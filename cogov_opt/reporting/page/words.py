"""Words and numbers as the page writes them, in its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.reporting.overview import Overview
from cogov_opt.reporting.overview.parts import Side
from cogov_opt.units import money_text


@dataclass(frozen=True)
class Words:
    """Phrases, amounts, days and names of one overview."""

    overview: Overview

    def say(self, path: str, /, **values: object) -> str:
        """Give a phrase, filled."""
        return self.overview.view.say(path, **values)

    def head(self, name: str) -> str:
        """Give the heading of a column."""
        return self.say(f"report_column.{name}", currency=self.overview.view.currency)

    def text(self, name: str, /, **values: object) -> str:
        """Give a sentence of the report."""
        return self.say(f"report_text.{name}", **values)

    def number(self, value: int) -> str:
        """Write a whole number."""
        return f"{value:,}"

    def amount(self, minor: int) -> str:
        """Write money with its currency."""
        return money_text(minor, self.overview.view.currency)

    def plain(self, minor: int) -> str:
        """Write money without its currency, for a column that names it."""
        return money_text(minor, "").strip()

    def of_kind(self, kind: str, quantity: int) -> str:
        """Write how much of a kind of resource was given: money, or uses, bookings, units."""
        if kind == "fund":
            return self.amount(quantity)
        return self.say(f"answer.{kind}_amount", count=self.number(quantity))

    def units(self, amounts: Mapping[str, int]) -> str:
        """Write amounts by kind of resource, or that there are none."""
        told = [self.of_kind(k, amounts[k]) for k in RESOURCE_KINDS if amounts[k]]
        return self.say("label.list").join(told) or self.say("answer.actor_nothing")

    def needed(self, kind: str, quantity: int) -> str:
        """Write a quantity of a need: money with its currency, anything else as a number."""
        return self.amount(quantity) if kind == "fund" else self.number(quantity)

    def most(self, sides: Iterable[Side]) -> int:
        """Give the largest amount on either side: what fills a bar."""
        return max(max(side.amounts) for side in sides)

    def joint(self, *sentences: str) -> str:
        """Put sentences one after the other."""
        return (" " if self.overview.view.language == "en" else "").join(sentences)

    def joined(self, texts: Iterable[str]) -> str:
        """Join texts as a list."""
        return self.say("label.list").join(texts)

    def day(self, day: str) -> str:
        """Write a day of the plan: `Mon 28 September`."""
        return self._dated("report.day", day)

    def short_day(self, day: str) -> str:
        """Write a day without its weekday: `28 September`."""
        return self._dated("report.short_day", day)

    def weekday(self, day: str) -> str:
        """Write the weekday of a day."""
        return self.say(f"weekday.d{date.fromisoformat(day).weekday()}")

    def date(self, day: str) -> str:
        """Write a date with its year."""
        return self._dated("report.date", day)

    def _dated(self, path: str, day: str) -> str:
        found = date.fromisoformat(day)
        return self.say(
            path,
            weekday=self.say(f"weekday.d{found.weekday()}"),
            day=found.day,
            month=self.say(f"month.m{found.month}"),
            year=found.year,
        )
