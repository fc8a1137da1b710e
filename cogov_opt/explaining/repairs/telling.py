"""Repairs in words: who may grant each, how much at least, and what it leaves of the goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.conflicts import conflict_of
from cogov_opt.explaining.rebuilding import policy_of
from cogov_opt.explaining.repairs.answering import Mended, mending
from cogov_opt.explaining.repairs.wording import free_text, repair_texts
from cogov_opt.explaining.subjects import run_authority
from cogov_opt.phrases import LANGUAGES, Language, fill, phrase
from cogov_opt.recording import Run

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Repairs:
    """The repairs of a run as an answer: text in either language, and JSON-ready values."""

    mending: Mended

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
            **self.listed(),
            "text": {language: self.text(language) for language in LANGUAGES},
        }

    def listed(self) -> dict[str, Any]:
        """
        Give the repairs alone, best first: who may grant each, what it costs, what is proved.

        `tried` of the `of` changes there are were looked at: where fewer, the time ended.
        """
        claim = self.mending.claim
        costs = policy_of(self.mending.run).change_costs
        texts = {x: list(_sentences(self.mending, x)) for x in LANGUAGES}
        return {
            "tried": self.mending.tried,
            "of": self.mending.of,
            "free": claim.get("free"),
            "repairs": [
                {
                    "others": None,
                    **line,
                    "owner": line["owner"] or run_authority(self.mending.run),
                    "cost": costs.get(line["kind"], 1),
                    "proven": ["enough", "least"] if line["least"] else ["enough"],
                    "text": {language: texts[language][place] for language in LANGUAGES},
                }
                for place, line in enumerate(claim["repairs"])
            ],
        }


SOON = 10.0
"""The seconds that repairs may take where nobody asked for them; `--exact` asks."""


def at_once(run: Run, seconds: float | None = None) -> Repairs | None:
    """Give the repairs of a run without a plan that a short while finds; None if none are due."""
    if run.has_plan or conflict_of(run) is None:
        return None
    return Repairs(mending(run, SOON if seconds is None else min(seconds, SOON)))


def _lines(mending: Mended, language: Language) -> Iterator[str]:
    counts = {"count": mending.tried, "of": mending.of}
    cut_short = mending.tried < mending.of
    if not mending.claim["repairs"]:
        yield fill("mend.none_yet" if cut_short else "mend.none", counts, language)
        return
    yield phrase("mend.head", language)
    free = free_text(mending.run, mending.claim, language)
    if free:
        yield free
    yield from _sentences(mending, language)
    yield phrase("mend.tail", language)
    if mending.untold:
        yield fill("mend.untold", {"count": mending.untold}, language)
    if cut_short:
        yield fill("mend.cut_short", counts, language)


def _sentences(mending: Mended, language: Language) -> Iterator[str]:
    """Write each repair: what is changed by whom, and under it who loses and who gains."""
    texts = repair_texts(mending.run, mending.claim, language)
    for place, text in enumerate(texts, start=1):
        words = {"n": place, "owner": text.owner, "what": text.what}
        first = fill("mend.line", words, language) + text.sure + text.cost
        comma = phrase("why.semicolon", language)
        sides = (fill("mend.side", {"list": comma.join(x)}, language) for x in text.others)
        yield "\n   ".join((first, *sides))
