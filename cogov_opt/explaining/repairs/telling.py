"""Repairs in words: who may grant each, how much at least, and what it leaves of the goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.repairs.finding import Mending
from cogov_opt.explaining.repairs.wording import repair_texts
from cogov_opt.phrases import LANGUAGES, Language, fill, phrase

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
    if not mending.found:
        yield fill("mend.none", {"count": mending.tried}, language)
        return
    yield phrase("mend.head", language)
    texts = repair_texts(mending.run, mending.claim()["repairs"], language)
    for place, text in enumerate(texts, start=1):
        words = {"n": place, "owner": text.owner, "what": text.what}
        yield fill("mend.line", words, language) + text.sure + text.cost
    yield phrase("mend.tail", language)
