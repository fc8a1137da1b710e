"""Repairs as an answer file tells them, put into words: who grants what, how sure, at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.names import names_of
from cogov_opt.explaining.subjects import run_authority
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.units import money_text


@dataclass(frozen=True, slots=True)
class RepairText:
    """One repair in words."""

    owner: str
    what: str
    sure: str
    cost: str
    """At which goal its plan is worth less than that of the first repair; blank if at none."""


def repair_texts(
    run: Run, repairs: Sequence[Mapping[str, Any]], language: Language
) -> list[RepairText]:
    """Write repairs in their order."""
    names = names_of(run, language)
    return [
        RepairText(
            *_who_and_what(run, line, names, language),
            sure=_sure(line, language),
            cost=_loss(repairs[0]["values"], line["values"], names, language),
        )
        for line in repairs
    ]


def _who_and_what(
    run: Run, line: Mapping[str, Any], names: Mapping[str, str], language: Language
) -> tuple[str, str]:
    """Say by whom what is changed."""
    form = line["part"] if line["part"] in ("lift", "twin", "capacity") else line["kind"]
    owner = line["owner"] or run_authority(run)
    shown = {k: str(v) for k, v in line.items()}
    shown["target"] = names.get(line["target"], line["target"])
    if line["kind"] == "amount":
        currency = run.package["currency"]
        shown |= {k: money_text(int(line[k]), currency) for k in ("size", "before", "after")}
    if line["kind"] == "earmark" or form == "clause":
        shown["part"] = phrase(f"mend_part.{line['part']}", language)
    return names.get(owner, owner), fill(f"mend.what_{form}", shown, language)


def _sure(line: Mapping[str, Any], language: Language) -> str:
    """Say whether less would do."""
    if line["part"] == "lift" or line["kind"] == "earmark":
        return phrase("mend.proven", language)
    return phrase(f"mend.{'least' if line['least'] else 'not_least'}", language)


def _loss(
    best: Sequence[str], values: Sequence[str], names: Mapping[str, str], language: Language
) -> str:
    """Say at which goal a repair is worth less than the first, and by how much."""
    for place, (first, own) in enumerate(zip(best, values, strict=True), start=1):
        if first != own:
            words = {"goal": names.get(f"stage {place}", phrase("mend.goal", language)),
                     "n": place, "own": own, "first": first}  # fmt: skip
            return fill("mend.loss", words, language)
    return ""
