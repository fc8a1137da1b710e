"""Repairs in words: who may grant each, how much at least, and what it leaves of the goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.names import names_of
from cogov_opt.explaining.repairs.finding import Mending, told
from cogov_opt.explaining.subjects import run_authority
from cogov_opt.phrases import LANGUAGES, Language, fill, phrase
from cogov_opt.units import money_text

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Repairs:
    """The repairs of a run as an answer: text in either language, and JSON-ready values."""

    mending: Mending

    def text(self, language: Language = "en") -> str:
        """Write the repairs, best first."""
        return "\n".join(_lines(self.mending, language))

    def to_dict(self) -> dict[str, Any]:
        """Give the repairs as JSON-ready values with their text."""
        run = self.mending.run
        return {
            "schema_version": SCHEMA_VERSION,
            "run_id": run.run_id,
            "root": run.root,
            "tried": self.mending.tried,
            **self.mending.claim(),
            "text": {language: self.text(language) for language in LANGUAGES},
        }


def _lines(mending: Mending, language: Language) -> Iterator[str]:
    names = names_of(mending.run, language)
    if not mending.found:
        yield fill("mend.none", {"count": mending.tried}, language)
        return
    yield phrase("mend.head", language)
    best: list[str] | None = None
    for place, repair in enumerate(mending.found, start=1):
        line = told(repair)
        text = fill("mend.line", {"n": place, **_words(mending, line, names, language)}, language)
        sure = phrase(f"mend.{'least' if line['least'] else 'not_least'}", language)
        if line["part"] == "lift" or line["kind"] == "earmark":
            sure = phrase("mend.proven", language)
        yield text + sure + _loss(best, line["values"], names, language)
        best = best or line["values"]
    yield phrase("mend.tail", language)


def _words(
    mending: Mending, line: Mapping[str, Any], names: Mapping[str, str], language: Language
) -> dict[str, str]:
    """Say what is changed, and by whom."""
    form = line["part"] if line["part"] in ("lift", "twin", "capacity") else line["kind"]
    owner = line["owner"] or run_authority(mending.run)
    shown = {k: str(v) for k, v in line.items()}
    shown["target"] = names.get(line["target"], line["target"])
    if line["kind"] == "amount":
        currency = mending.run.package["currency"]
        shown |= {k: money_text(int(line[k]), currency) for k in ("size", "before", "after")}
    if line["kind"] == "earmark" or form == "clause":
        shown["part"] = phrase(f"mend_part.{line['part']}", language)
    return {
        "owner": names.get(owner, owner),
        "what": fill(f"mend.what_{form}", shown, language),
    }


def _loss(
    best: list[str] | None, values: list[str], names: Mapping[str, str], language: Language
) -> str:
    """Say at which goal a repair is worth less than the first, and by how much."""
    if best is None or best == values:
        return ""
    for place, (first, own) in enumerate(zip(best, values, strict=True), start=1):
        if first != own:
            words = {"goal": names.get(f"stage {place}", phrase("mend.goal", language)),
                     "n": place, "own": own, "first": first}  # fmt: skip
            return fill("mend.loss", words, language)
    return ""
