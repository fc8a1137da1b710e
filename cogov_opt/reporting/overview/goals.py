"""How good the plan is, goal by goal: reached, certified by prices, and merely claimed."""

from __future__ import annotations

from typing import Any

from cogov_opt.explaining.goals import terms_text
from cogov_opt.reporting.outcome import claim_text, counted, reached_text, sure_text
from cogov_opt.reporting.overview.parts import Goal
from cogov_opt.reporting.view import View


def goals(view: View) -> tuple[Goal, ...]:
    """Give each goal of an optimised run, in order."""
    return tuple(_goal(view, stage) for stage in view.run.header["stages"])


def _goal(view: View, stage: dict[str, Any]) -> Goal:
    reached, bound = int(stage["published"]), int(stage["bound"])
    return Goal(
        number=int(stage["index"]),
        wanted=terms_text(stage, view.run, view.language),
        sense=view.say(f"sense.{stage['sense']}"),
        reached=counted(view, stage, reached),
        bound=counted(view, stage, bound),
        gap=counted(view, stage, int(stage["gap"])),
        claim=claim_text(view, stage).strip(),
        sentence=reached_text(view, stage) + sure_text(view, stage),
        optimal=bool(stage["optimal"]),
        conditional=bool(stage["conditional"]),
        amounts=(reached, bound),
    )
