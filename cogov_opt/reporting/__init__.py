"""REPORT: a run as people read it."""

from __future__ import annotations

from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting.terminal import summary


def report(
    run: Run, lang: Language = "en", *, colour: bool = False, width: int | None = None
) -> str:
    """
    Write the summary of a run, for a terminal.

    Parameters
    ----------
    run
        A run in memory or read from its folder.
    lang
        `en` or `zh`.
    colour
        Whether headings may be set in bold by terminal codes.
    width
        How many places a line may take; the terminal's own where it is left out.
    """
    return summary(run, lang, colour=colour, places=width)


__all__ = ["report"]
