"""Why there is no plan (part of the summary)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.explaining.conflicts import conflict_lines as lines_of
from cogov_opt.phrases.columns import wrap

if TYPE_CHECKING:
    from cogov_opt.reporting.view import View


def conflict_lines(view: View) -> list[str]:
    """Say which clauses cannot be kept together, what it turns on, and how sure that is."""
    lines: list[str] = []
    for depth, text in lines_of(view.run, view.names, view.language):
        lead = "  " * depth + ("- " if depth == 1 else "  ")
        lines.extend(wrap(text, view.places, lead, " " * len(lead)))
    return lines
