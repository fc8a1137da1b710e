"""``cogov explain --changes``: what would have to change for unmet demands to be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.answering import answer_of
from cogov_opt.explaining.changes.making import menu, unmet_demands
from cogov_opt.explaining.changes.menu import Menu
from cogov_opt.explaining.changes.telling import menu_text
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
    about = Asked.of(run)
    demands = [demand] if demand is not None else unmet_demands(about)
    menus = []
    for name in demands:
        click.echo(fill("exact.seconds", {"seconds": f"{seconds:g}"}, language), err=True)
        menus.append(menu(about, name, Budget(seconds)))
        if output is not None:
            _write(menus[-1], run, Path(output), alone=demand is not None)
    if as_json:
        return as_values(menus, run)
    text = "\n".join(menu_text(m, run, language) for m in menus)
    return text if demand is not None else f"{text}\n{_total(menus, language)}"


def _write(found: Menu, run: Run, place: Path, *, alone: bool) -> None:
    """Write the answer file of a menu: the one asked for, or one of a folder."""
    if not alone:
        place.mkdir(parents=True, exist_ok=True)
        place = place / f"{found.demand}.json"
    answer_of(found, run).write(place)


def _total(menus: list[Menu], language: Language) -> str:
    """Count what was found."""
    helped = sum(any(f.tried.verdict == "served" for f in m.found) for m in menus)
    hopeless = sum(m.hopeless for m in menus)
    values = {"count": len(menus), "helped": helped, "hopeless": hopeless}
    return fill("change.total", values | {"open": len(menus) - helped - hopeless}, language)


def as_values(menus: list[Menu], run: Run) -> dict[str, Any]:
    """Give menus as JSON-ready values, with their text in both languages."""
    return {
        "schema_version": 1,
        "run_id": run.run_id,
        "root": run.root,
        "answers": [
            {
                "demand": m.demand,
                "claim": answer_of(m, run).claim,
                "text": {language: menu_text(m, run, language) for language in LANGUAGES},
            }
            for m in menus
        ],
    }
