"""Repairs as an answer file tells them, put into words: who grants what, how sure, at what cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.conflicts import conflict_of
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
    """The first goal at which its plan reaches another value, and how sure; blank if at none."""
    others: tuple[tuple[str, ...], ...] = ()
    """Who loses, then who gains, actor by actor, the points last; empty where it is not known."""


SHOWN = 12
"""Most activities that are named on one side."""


def repair_texts(run: Run, claim: Mapping[str, Any], language: Language) -> list[RepairText]:
    """Write the repairs of a claim in their order."""
    names, repairs = names_of(run, language), claim.get("repairs", ())
    return [
        RepairText(
            *_who_and_what(run, line, names, language),
            sure=_sure(line, language),
            cost=_loss(claim, line, names, language),
            others=tuple(map(tuple, _others(run, line.get("others"), names, language))),
        )
        for line in repairs
    ]


def free_text(run: Run, claim: Mapping[str, Any], language: Language) -> str:
    """Say what the repairs are held against, and how good that is; blank where against nothing."""
    conflict = conflict_of(run)
    if "free" not in claim or conflict is None:
        return ""
    clauses = conflict["clauses"]
    proven, goals = int(claim["free"]["exact"]), len(claim["free"]["values"])
    words = {"list": phrase("label.list", language).join(clauses)}
    told = fill("mend.free", words, language)
    if proven == goals:
        return told + phrase("mend.free_best", language)
    return told + (fill("mend.free_exact", {"n": proven}, language) if proven else "")


def _others(
    run: Run, told: Mapping[str, Any] | None, names: Mapping[str, str], language: Language
) -> Iterator[list[str]]:
    """Say by actor what would be lost and what gained, those with most first."""
    if told is None:
        return
    if not told["dropped"]:
        yield [phrase("mend.nobody", language)]
    for demands, points, word in (("dropped", "loss", "loses"), ("gained", "gain", "gains")):
        if told[demands]:
            listed = list(_by_actor(run, told[demands], f"mend.{word}", names, language))
            if told[points] != "0":
                worth = {"points": f"{int(told[points]):,}"}
                listed.append(fill(f"mend.{points}_points", worth, language))
            yield listed


def _by_actor(
    run: Run, demands: Sequence[str], path: str, names: Mapping[str, str], language: Language
) -> Iterator[str]:
    """Name what each actor that asked loses or gains, those with most of it first; few in all."""
    found: dict[str, list[str]] = {}
    for demand in demands:
        found.setdefault(run.by_id("demands")[demand]["actor_id"], []).append(demand)
    left, most_first = SHOWN, sorted(found, key=lambda actor: (-len(found[actor]), actor))
    for actor in most_first:
        shown = found[actor][: max(left, 1)]
        left -= len(shown)
        text = phrase("label.list", language).join(names[d] for d in shown)
        if len(found[actor]) > len(shown):
            more = {"list": text, "count": len(found[actor]) - len(shown)}
            text = fill("conflict.more", more, language)
        yield fill(path, {"name": names.get(actor, actor), "list": text}, language)


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
    claim: Mapping[str, Any], line: Mapping[str, Any], names: Mapping[str, str], language: Language
) -> str:
    """Say at which goal a repair reaches another value than the free plan, or than the first."""
    others = line.get("others")
    held, form = (claim["free"], "_free") if others else (claim["repairs"][0], "")
    for place, (first, own) in enumerate(zip(held["values"], line["values"], strict=True), start=1):
        if first != own:
            proven = others is not None and int(others["exact"]) >= place
            words = {"goal": names.get(f"stage {place}", phrase("mend.goal", language)),
                     "n": place, "own": own, "first": first,
                     "kept": phrase("mend.kept", language) if place > 1 else ""}  # fmt: skip
            return fill(f"mend.loss{'_best' if proven else form}", words, language)
    return ""
