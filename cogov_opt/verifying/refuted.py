"""A tree whose leaves are all proved empty: there is no plan (convention S10.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import conflicts
from .case import key_of, number

if TYPE_CHECKING:
    from .case import Case
    from .priced import Key, Row

FILE = "certificate.json"
Side = tuple[int, int]


def check(case: Case, detail: dict[str, Any]) -> None:
    """Check that splits cover and every leaf is empty, then what is told of the conflict."""
    rows = {row.key: row for row in case.priced.rows}
    box: dict[Key, Side] = dict(case.priced.columns)
    trail: list[tuple[Key, Side]] = []
    waiting: list[tuple[int, Key, Side]] = [(0, (), (0, 0))]
    used: dict[Key, int] = {}
    for place, node in enumerate(detail["tree"]):
        if not waiting:
            case.findings.add("tree", FILE, f"node {place}: beyond the tree")
            return
        mark, key, half = waiting.pop()
        while len(trail) > mark:
            back, whole = trail.pop()
            box[back] = whole
        if key:
            trail.append((key, box[key]))
            box[key] = half
        if node[0] == "split" and len(node) == 3:
            key, most = key_of(node[1]), number(node[2])
            low, high = box[key]
            waiting += [(len(trail), key, (most + 1, high)), (len(trail), key, (low, most))]
        elif node[0] == "leaf" and len(node) == 2:
            prices = {key_of(key): number(price) for key, price in node[1]}
            if _sum(rows, box, prices) >= 0:
                case.findings.add("tree", FILE, f"node {place}: not proved empty")
                return
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


def _sum(rows: dict[Key, Row], box: dict[Key, Side], prices: dict[Key, int]) -> int:
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
        low, high = box[column]
        total += max(-value * low, -value * high)
    return total
