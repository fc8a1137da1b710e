"""The summary of a run in a terminal: what was decided, what not and why, who can change it."""

from __future__ import annotations

from collections.abc import Iterator
from shutil import get_terminal_size

from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting import conflicts, decided, outcome, refused
from cogov_opt.reporting.view import View

NARROW, USUAL, WIDE = 60, 100, 132
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def summary(
    run: Run, language: Language = "en", *, colour: bool = False, places: int | None = None
) -> str:
    """
    Write the summary of a run.

    Parameters
    ----------
    run
        A run in memory or read from its folder.
    language
        `en` or `zh`.
    colour
        Whether headings may be set in bold by terminal codes.
    places
        How wide a line may be; the terminal's own width, within reason, where it is left out.
    """
    wide = places or get_terminal_size((USUAL, 24)).columns
    view = View(run, language, min(max(wide, NARROW), WIDE))
    lines: list[str] = []
    for heading, body in sections(view):
        lines.append(f"{BOLD}{heading}{PLAIN}" if colour else heading)
        lines.extend(body)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def sections(view: View) -> Iterator[tuple[str, list[str]]]:
    """Give the parts of the summary, in order: heading and lines."""
    yield view.heading, outcome.result_lines(view)
    parts = (
        ("conflict", conflicts.conflict_lines),
        ("stages", outcome.stage_lines),
        ("decisions", decided.decision_lines),
        ("money", decided.money_lines),
        ("unmet", refused.unserved_lines),
        ("partly", refused.partly_lines),
        ("unused", refused.unused_lines),
        ("clauses", refused.clause_lines),
        ("run", outcome.run_lines),
    )
    for name, tell in parts:
        body = tell(view)
        if body:
            yield view.label(name, currency=view.currency), body
