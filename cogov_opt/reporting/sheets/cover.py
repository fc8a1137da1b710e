"""The first sheet: what was decided, how sure that is, which run it is, and what the sheets hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.explaining.names import one_language
from cogov_opt.reporting.outcome import result_pairs, stage_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cogov_opt.reporting.terminal import View

Line = tuple[str, str, str]
"""A style (`title`, `head`, `pair`, `note`), a name and a value."""


def cover_lines(view: View, sheets: Sequence[str]) -> list[Line]:
    """Give the lines of the cover."""
    run = view.run
    horizon = run.package["horizon"]
    title = view.label("title", title=one_language(run.package["title"], view.language))
    lines: list[Line] = [("title", title, "")]
    days = {"start": horizon["start"], "end": horizon["end"]}
    lines.append(("pair", view.say("sheet.horizon"), view.say("sheet.horizon_days", **days)))
    lines.append(("head", view.say("sheet.decided"), ""))
    if not run.has_plan:
        lines.append(("note", view.label("no_plan"), ""))
    lines += [("pair", name, value) for name, value in result_pairs(view)]
    goals = stage_pairs(view)
    lines.append(("head", view.say("sheet.how_sure"), ""))
    lines += [("pair", goal, reached) for goal, reached in goals]
    told = view.label("prices_are") if goals else view.label("by_procedure")
    lines.append(("note", told, ""))
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
