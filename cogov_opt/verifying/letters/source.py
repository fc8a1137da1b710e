"""What letters are written from: the files of a run as text, and the phrases it was said with."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .. import canonical
from ..canonical_tables import contracts
from ..reading import Line, RunFolder, read_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]


class _Dashes(string.Formatter):
    """Fills the places of a phrase: a dash where nothing is known; one word for 1, else another."""

    def format_field(self, value: Any, format_spec: str) -> str:
        words = format_spec.split("|", 1)
        return words[str(value) != "1"] if len(words) > 1 else format(value, format_spec)

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return (
            kwargs.get(key, "-") if isinstance(key, str) else super().get_value(key, args, kwargs)
        )


@dataclass
class Source:
    """A run to be told in one language."""

    opened: RunFolder
    root: str
    language: str

    @cached_property
    def phrases(self) -> dict[str, Any]:
        """Give the recorded phrases of the language."""
        found: dict[str, Any] = self.opened.phrases[self.language]
        return found

    def entry(self, path: str) -> Any:
        """Give what stands at a dotted path, None if nothing does."""
        found: Any = self.phrases
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def say(self, path: str, values: Mapping[str, Any] | None = None, /, **more: Any) -> str:
        """Fill a phrase."""
        text = self.entry(path)
        if not isinstance(text, str):
            raise KeyError(path)
        return _Dashes().vformat(text, (), {**(values or {}), **more})

    def join(self, items: Any, by: str = "label.list") -> str:
        """Join texts as a list."""
        return self.say(by).join(items)

    @property
    def run(self) -> dict[str, Any]:
        """Give run.json."""
        return self.opened.run

    @property
    def currency(self) -> str:
        """Give the currency."""
        return str(self.opened.package["currency"])

    @cached_property
    def records(self) -> dict[str, Record]:
        """Give the records by id, in their order."""
        lines = [canonical.decode(line, canonical=False) for line in self.opened.records]
        return {str(line["record"]): line for line in lines}

    @cached_property
    def tables(self) -> dict[str, list[Line]]:
        """Give every table of the inputs as text."""
        found: dict[str, list[Line]] = {}
        for table, contract in contracts().items():
            path = self.opened.folder / "inputs" / f"{table}.csv"
            data = path.read_bytes() if table in self.opened.tables else b""
            found[table] = read_csv(data, tuple(contract["columns"])) if data else []
        return found

    @cached_property
    def by_id(self) -> dict[str, dict[str, Line]]:
        """Give the rows of the tables with an id, by it."""
        keys = {table: contract["key"][0] for table, contract in contracts().items()}
        return {t: {row[keys[t]]: row for row in rows} for t, rows in self.tables.items()}

    @property
    def allocation(self) -> list[Line]:
        """Give the rows of the plan."""
        return self.opened.allocation

    @property
    def unmet(self) -> list[Line]:
        """Give the rows of what is not met."""
        return self.opened.unmet

    @property
    def has_plan(self) -> bool:
        """Tell whether the run holds a plan."""
        return bool(self.allocation or self.records)

    @cached_property
    def served(self) -> dict[str, list[Line]]:
        """Give the rows of each served demand, by it."""
        found: dict[str, list[Line]] = {}
        for row in self.allocation:
            found.setdefault(row["demand"], []).append(row)
        return found

    @cached_property
    def clauses(self) -> dict[str, dict[str, Any]]:
        """Give the clauses of the card by id."""
        return {clause["id"]: clause for clause in self.opened.card.get("clause", [])}

    @cached_property
    def words(self) -> dict[str, str]:
        """Give what each code is called."""
        return {r["code"]: r[self.language] or r["code"] for r in self.tables["codes"]}

    def half(self, text: str) -> str:
        """Give the half in this language of a text written `中文 / English`, else all of it."""
        left, slash, right = (part.strip() for part in text.partition("/"))
        chinese = [any("\u4e00" <= c <= "\u9fff" for c in part) for part in (left, right)]
        if not (slash and left and right) or chinese[0] == chinese[1]:
            return text
        return left if chinese[0] == (self.language == "zh") else right


def money(minor: int, currency: str) -> str:
    """Write money in major units."""
    whole, rest = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole:,}.{rest:02d} {currency}"
