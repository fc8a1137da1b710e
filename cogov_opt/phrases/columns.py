"""Text in columns, for terminals: a Chinese character is as wide as two Latin ones."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

GAP = "  "
LEAST = 8
"""The narrowest that a column is cut to."""


def width(text: str) -> int:
    """Give how many places a text takes in a terminal."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, places: int, *, right: bool = False) -> str:
    """Fill a text up with spaces to a number of places."""
    space = " " * max(places - width(text), 0)
    return space + text if right else text + space


def wrap(text: str, places: int, indent: str = "", hang: str | None = None) -> list[str]:
    """
    Break a text into lines of at most so many places; `hang` indents all but the first.

    Latin words stay whole; between Chinese characters a line may end anywhere, but no line
    begins with closing punctuation.
    """
    lines: list[str] = []
    line = indent
    for piece in _pieces(text):
        too_long = width(line) + width(piece.rstrip()) > places
        if too_long and line.strip() and piece[0] not in "，。；：、）！？”":
            lines.append(line.rstrip())
            line = indent if hang is None else hang
            piece = piece.lstrip()
            if not piece:
                continue
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def wrap_each(text: str, places: int) -> str:
    """Break every line of a text that is too long; what goes on is indented a little more."""
    lines: list[str] = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines.extend(wrap(line.lstrip(), places, indent, f"{indent}  ") or [""])
    return "\n".join(lines)


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after spaces, and around wide characters."""
    found: list[str] = []
    for c in text:
        wide = east_asian_width(c) in "WF"
        last_wide = bool(found) and east_asian_width(found[-1][-1]) in "WF"
        if not found or wide or last_wide or found[-1].endswith(" "):
            found.append(c)
        else:
            found[-1] += c
    return found


def cut(text: str, places: int) -> str:
    """Shorten a text to a number of places, with an ellipsis where something is left out."""
    if width(text) <= places:
        return text
    while text and width(text) > places - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
    indent: str = "  ",
    *,
    places: int = 0,
    flexible: int = 0,
) -> list[str]:
    """
    Give a table as lines: heads, a rule, rows; columns named in `right` end on the right.

    With `places` the table is at most so wide: the column `flexible` is cut to fit.
    """
    widths = [max(width(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    if places:
        over = len(indent) + sum(widths) + len(GAP) * (len(widths) - 1) - places
        widths[flexible] -= max(min(over, widths[flexible] - LEAST), 0)
        rows = [
            [cut(c, widths[i]) if i == flexible else c for i, c in enumerate(row)] for row in rows
        ]
    lines = [_row(heads, widths, right, indent)]
    lines.append(indent + GAP.join("-" * w for w in widths))
    return lines + [_row(row, widths, right, indent) for row in rows]


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int], indent: str) -> str:
    places = zip(cells, widths, strict=True)
    padded = (pad(c, w, right=i in right) for i, (c, w) in enumerate(places))
    return (indent + GAP.join(padded)).rstrip()
