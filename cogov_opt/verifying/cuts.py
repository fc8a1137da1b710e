"""Chvatal-Gomory cuts of a tree: rows that whole numbers alone imply (convention S10.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bounds import Ground

Pairs = list[tuple[int, int]]


class CutError(ValueError):
    """A cut that no rule gives."""


def add(at: Ground, divisor: int, prices: Pairs, weights: Pairs) -> int:
    """
    Derive a cut within the bounds that hold here and put it behind the rows; give its place.

    With a = Y A, every whole w has d w x <= Y b + the most of (d w - a) x: divided by d, and
    rounded down because w x is whole. w is a / d rounded down, where `weights` does not say.
    """
    if divisor < 1:
        raise CutError("a divisor below 1")
    charged: dict[int, int] = {}
    most = 0
    for i, y in prices:
        side = at.rows.high[i] if y > 0 else at.rows.low[i]
        if side is None or y == 0:
            raise CutError("a multiplier that is 0 or of a side that is infinite")
        most += y * side
        for j, a in zip(*at.terms[i], strict=True):
            charged[j] = charged.get(j, 0) + y * a
    chosen = dict(weights)
    terms: Pairs = []
    for j in charged.keys() | chosen.keys():
        whole = charged.get(j, 0)
        weight = chosen.get(j, whole // divisor)
        rest = divisor * weight - whole
        low, high = at.columns.low[j], at.columns.high[j]
        most += rest * (high if rest > 0 else low)
        if weight:
            terms.append((j, weight))
    return append(at, sorted(terms), most // divisor)


def append(at: Ground, terms: Pairs, most: int) -> int:
    """Put a row behind the others."""
    at.terms.append(([j for j, _ in terms], [w for _, w in terms]))
    at.rows.low.append(None)
    at.rows.high.append(most)
    return len(at.terms) - 1


def remove(at: Ground, count: int) -> None:
    """Take away every row behind the first `count`."""
    del at.terms[count:], at.rows.low[count:], at.rows.high[count:]
