"""What the goals of a card are called, and what their numbers count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cogov_opt.explaining.subjects import card_of
from cogov_opt.phrases import Language, fill, phrase, phrase_set
from cogov_opt.recording import Run

POINTS = ("served_points", "unmet_points", "units_points", "preference")


def stage_name(stage: Mapping[str, object], run: Run, language: Language) -> str:
    """Name a goal by its number and terms."""
    values = {"stage": stage["index"], "terms": terms_text(stage, run, language)}
    return fill("label.goal_named", values, language)


def stage_unit(stage: Mapping[str, object], run: Run) -> str:
    """Tell what a goal counts: points, money, metres, or nothing that has one name."""
    terms = _terms(stage, run)
    names = {t["term"] for t in terms}
    if names <= set(POINTS):
        return "points"
    only = len(terms) == 1 and int(terms[0].get("weight", 1)) == 1
    return {"cost": "money", "distance": "metres"}.get(names.pop(), "") if only else ""


def terms_text(stage: Mapping[str, object], run: Run, language: Language) -> str:
    """Write the terms of a goal, with weights where they are not 1, and where they count."""
    currency = {"currency": f"{run.package['currency']}/100"}
    found = []
    for term in _terms(stage, run):
        text = fill(f"term.{term['term']}", currency, language)
        if term.get("where"):
            values = {"term": text, "where": where_text(term["where"], language)}
            text = fill("card.where", values, language)
        weight = int(term.get("weight", 1))
        values = {"weight": str(weight), "term": text}
        found.append(text if weight == 1 else fill("card.weight", values, language))
    return " + ".join(found)


def _terms(stage: Mapping[str, object], run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = card_of(run)["objective"][int(str(stage["index"])) - 1]["terms"]
    return found


def where_text(where: Mapping[str, Any], language: Language) -> str:
    """Write the lines of a selector as a card holds them."""
    lines = [
        text
        for entity, fields in where.items()
        for name, test in fields.items()
        for text in _line(_column(entity, name, language), test, language)
    ]
    return phrase("selector.and", language).join(lines)


def _column(entity: str, name: str, language: Language) -> str:
    """Say what a line asks about; a column without a word stands by its own name."""
    thing = phrase(f"entity.{entity}", language)
    if name == "id":
        return thing
    field = phrase_set(language)["field"].get(name, name)
    return fill("field.join", {"entity": thing, "field": field}, language)


def _line(what: str, test: Any, language: Language) -> Iterator[str]:
    """Say one test, or each part of it."""
    if not isinstance(test, Mapping):
        yield _listed("any", "or", what, test, language)
        return
    for name, wanted in test.items():
        if name in ("all", "not"):
            yield _listed(name, "and" if name == "all" else "or", what, wanted, language)
        else:
            side = "low" if name == "at_least" else "high"
            yield fill(f"selector.range_{side}", {"what": what, side: wanted}, language)


def _listed(name: str, joint: str, what: str, wanted: Any, language: Language) -> str:
    items = wanted if isinstance(wanted, list) else [wanted]
    values = phrase(f"selector.{joint}", language).join(str(i) for i in items)
    return fill(f"selector.{name}", {"what": what, "values": values}, language)
