"""A tree whose leaves are all proved empty: there is no plan (convention S10.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import conflicts
from .case import key_of, number

if TYPE_CHECKING:
    from .case import Case
    from .priced import Key, Row

FILE = "certificate.json"
Box = dict[str, Any]


def check(case: Case, detail: dict[str, Any]) -> None:
    """Check that splits cover and every leaf is empty, then what is told of the conflict."""
    rows = {row.key: row for row in case.priced.rows}
    bounds = dict(case.priced.columns)
    waiting: list[dict[Key, tuple[int, int]]] = [{}]
    used: dict[Key, int] = {}
    for place, node in enumerate(detail["tree"]):
        if not waiting:
            case.findings.add("tree", FILE, f"node {place}: beyond the tree")
            return
        box = waiting.pop()
        if node[0] == "split" and len(node) == 3:
            waiting += _halves(bounds, box, key_of(node[1]), number(node[2]))
        elif node[0] == "leaf" and len(node) == 2:
            prices = {key_of(key): number(price) for key, price in node[1]}
            if _sum(rows, bounds, box, prices) >= 0:
                case.findings.add("tree", FILE, f"node {place}: not proved empty")
            used |= prices
        else:
            case.findings.add("tree", FILE, f"node {place}")
            return
    if waiting:
        case.findings.add("tree", FILE, "nodes are missing")
    if "conflict" not in detail or "farkas" in detail:
        case.findings.add("conflict", FILE, "conflict")
    else:
        conflicts.check(case, detail["conflict"], used, tree=True)


def _halves(
    bounds: dict[Key, tuple[int, int]], box: dict[Key, tuple[int, int]], key: Key, most: int
) -> list[dict[Key, tuple[int, int]]]:
    """Give the upper and the lower half of a box; the lower is taken first."""
    low, high = box.get(key, bounds[key])
    return [{**box, key: (most + 1, high)}, {**box, key: (low, most)}]


def _sum(
    rows: dict[Key, Row],
    bounds: dict[Key, tuple[int, int]],
    box: dict[Key, tuple[int, int]],
    prices: dict[Key, int],
) -> int:
    """Give the Farkas sum of S10.5 within a box."""
    weight: dict[Key, int] = {}
    total = 0
    for key, price in prices.items():
        row = rows[key]
        bound = row.upper if price > 0 else row.lower
        if not price or bound is None:
            raise ValueError("a price that is 0 or of a side that is infinite")
        total += price * bound
        for column, coefficient in row.terms:
            weight[column] = weight.get(column, 0) + price * coefficient
    for column, value in weight.items():
        low, high = box.get(column, bounds[column])
        total += max(-value * low, -value * high)
    return total
