"""The first sheet: what was decided, how sure that is, which run it is, what is on the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.reporting.outcome import (
    goal_text,
    procedure_texts,
    reached_text,
    result_facts,
    sure_text,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cogov_opt.reporting.view import View

Line = tuple[str, str, str]
"""A style (`title`, `head`, `pair`, `note`), a name and a value."""


def cover_lines(view: View, sheets: Sequence[str]) -> list[Line]:
    """Give the lines of the cover."""
    run = view.run
    horizon = run.package["horizon"]
    lines: list[Line] = [("title", view.heading, "")]
    days = {"start": horizon["start"], "end": horizon["end"]}
    lines.append(("pair", view.say("sheet.horizon"), view.say("sheet.horizon_days", **days)))
    lines.append(("head", view.say("sheet.decided"), ""))
    if not run.has_plan:
        lines.append(("note", view.label("no_plan"), ""))
    lines += [("pair", name, value) for name, value in result_facts(view)]
    lines.append(("head", view.say("sheet.how_sure"), ""))
    for stage in run.header["stages"]:
        reached = reached_text(view, stage) + sure_text(view, stage)
        lines.append(("pair", goal_text(view, stage), reached))
    told = [view.label("prices_are")] if run.header["stages"] else procedure_texts(view)
    lines += [("note", text, "") for text in told]
    lines.append(("head", view.say("sheet.which_run"), ""))
    lines.append(("pair", view.say("sheet.run_id"), run.run_id))
    lines.append(("pair", view.label("root"), run.root))
    lines += [("pair", view.say("sheet.attempt"), str(run.header["attempt"]))]
    if run.header.get("supersedes"):
        lines.append(("pair", view.say("sheet.supersedes"), run.header["supersedes"]))
    lines.append(("note", view.say("sheet.check_it"), ""))
    lines.append(("head", view.say("sheet.contents"), ""))
    lines += [("pair", view.say(f"sheet_name.{s}"), view.say(f"sheet_about.{s}")) for s in sheets]
    return lines
