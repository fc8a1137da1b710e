"""``cogov explain --changes``: what would have to change for unmet demands to be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cogov_opt.explaining.changes.answering import Advice, changes
from cogov_opt.explaining.changes.making import unmet_demands
from cogov_opt.explaining.why_not import Asked
from cogov_opt.phrases import LANGUAGES, Language, fill
from cogov_opt.recording import Run
from cogov_opt.recording.writing import refuse_existing


def told(
    run: Run, demand: str | None, seconds: float, output: str | None, language: Language, *,
    as_json: bool,
) -> str | dict[str, Any]:  # fmt: skip
    """Answer for one demand, or for every unmet one; `seconds` is for each."""
    if output is not None:
        refuse_existing(Path(output))
    demands = [demand] if demand is not None else unmet_demands(Asked.of(run))
    found = []
    for name in demands:
        click.echo(fill("exact.seconds", {"seconds": f"{seconds:g}"}, language), err=True)
        found.append(changes(run, name, seconds=seconds))
        if output is not None:
            _write(found[-1], Path(output), alone=demand is not None)
    if as_json:
        return as_values(found, run)
    text = "\n".join(one.text(language) for one in found)
    return text if demand is not None else f"{text}\n{_total(found, language)}"


def _write(found: Advice, place: Path, *, alone: bool) -> None:
    """Write the answer file of a menu: the one asked for, or one of a folder."""
    if not alone:
        place.mkdir(parents=True, exist_ok=True)
        place = place / f"{found.menu.demand}.json"
    found.file.write(place)


def _total(found: list[Advice], language: Language) -> str:
    """Count what was found."""
    menus = [one.menu for one in found]
    helped = sum(any(f.tried.verdict == "served" for f in m.found) for m in menus)
    hopeless = sum(m.hopeless for m in menus)
    values = {"count": len(menus), "helped": helped, "hopeless": hopeless}
    return fill("change.total", values | {"open": len(menus) - helped - hopeless}, language)


def as_values(found: list[Advice], run: Run) -> dict[str, Any]:
    """Give menus as JSON-ready values, with their text in both languages."""
    return {
        "schema_version": 1,
        "run_id": run.run_id,
        "root": run.root,
        "answers": [
            {
                "demand": one.menu.demand,
                "claim": one.file.claim,
                "text": {language: one.text(language) for language in LANGUAGES},
            }
            for one in found
        ],
    }
