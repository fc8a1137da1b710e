"""
Bars as parts of a whole, in whole numbers; the template draws them as inline SVG.

A bar is a rectangle or two, so a charting library would bring a hundred megabytes and a script
for what a few lines draw exactly; every bar stands beside the figures it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 1000

Parts = list[tuple[str, int, int]]
"""Class, left edge and width of each part, in thousandths of the bar."""


def bar(parts: Sequence[tuple[str, int]], whole: int) -> Parts:
    """
    Lay parts of a whole side by side; nothing where there is no whole.

    Parameters
    ----------
    parts
        The class and the amount of each part, none negative.
    whole
        The amount that fills the bar; what goes beyond it is cut off.
    """
    drawn, start = [], 0
    for name, amount in parts if whole > 0 else ():
        end = min(start + amount, whole)
        left, right = WIDTH * start // whole, WIDTH * end // whole
        if end > start:
            drawn.append((name, left, max(right - left, 1)))
        start = end
    return drawn


def share_bar(given: int, asked: int) -> Parts:
    """Lay out what was given of what was asked."""
    return bar((("given", given), ("rest", asked - given)), asked)


def bound_bar(reached: int, bound: int) -> Parts:
    """Lay out what is reached against what is proven: the part between them is left open."""
    low, high = sorted((abs(reached), abs(bound)))
    return bar((("given", low), ("open", high - low)), high)
