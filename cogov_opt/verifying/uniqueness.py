"""Whether the draw of a flow left one plan: its prices, then a search for a cycle (S11.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, cycles, feasibility, ties
from .case import Case, key_of, number, shown

if TYPE_CHECKING:
    from .face import Face
    from .priced import Key

FILE = "certificate.json"
Ends = tuple["Key", "Key"]


def check(case: Case) -> None:
    """Re-derive run.json's draw.unique on the flow route; other routes claim nothing here."""
    run, certificate = case.opened.run, case.opened.certificate or {}
    drawn = run.get("route") == "flow" and run.get("draw")
    if bool(drawn) != ("draw_prices" in certificate):
        case.findings.add("draw", FILE, "draw_prices")
        return
    if not drawn:
        return
    if case.face is None:
        case.findings.add("draw", FILE, "draw_prices: not a flow without a gap")
        return
    face = _drawn(case, case.face, _read(case, certificate["draw_prices"]))
    told = "not_unique" if cycles.found(*_edges(face)) else "unique"
    if drawn.get("unique") != told:
        case.findings.add("draw", "run.json", f"unique {drawn.get('unique')}")


def _drawn(case: Case, face: Face, prices: dict[Key, int]) -> Face:
    """Give what the draw leaves of a face, and tell the prices of the wrong sign."""
    left = {key: ties.rank_in_draw(case, key) for key in sorted(face.loose)}
    for name, price in prices.items():
        if name[:2] == ("law.set", "link") or name[0] == "stage":
            case.findings.add("draw", FILE, f"draw_prices {shown(name)}")
        for key, coefficient in case.rows[name].terms:
            if key in left:
                left[key] -= price * coefficient
    _check_signs(case, face, left, prices)
    return face.narrowed({key for key, r in left.items() if not r}, face.held | prices.keys())


def _check_signs(case: Case, face: Face, left: dict[Key, int], prices: dict[Key, int]) -> None:
    """S11.3: the prices prove that no plan as good has a greater sum of ranks."""
    values, columns = case.values, case.priced.columns
    for key, r in left.items():
        if r and values.get(key, 0) != columns[key][r > 0]:
            case.findings.add("draw", FILE, f"draw_prices {shown(key)}")
    for key, price in prices.items():
        row = case.rows[key]
        side = row.upper if price > 0 else row.lower
        if key not in face.held and side != feasibility.activity(row, values):
            case.findings.add("draw", FILE, f"draw_prices {shown(key)}")


def _edges(face: Face) -> tuple[list[Ends], list[Ends]]:
    """Give the edges that go both ways, and those that go one way."""
    both: list[Ends] = []
    one: list[Ends] = []
    for arc in face.arcs():
        if arc.forwards and arc.backwards:
            both.append((arc.tail, arc.head))
        elif arc.forwards or arc.backwards:
            one.append((arc.tail, arc.head) if arc.forwards else (arc.head, arc.tail))
    return both, one


def _read(case: Case, raw: Any) -> dict[Key, int]:
    """Read the prices of the draw (S10.3)."""
    prices: dict[Key, int] = {}
    last = b""
    for name, text in raw:
        key, price, at = key_of(name), number(text), canonical.encode(name)
        if key not in case.rows or price == 0 or at <= last:
            case.findings.add("draw", FILE, f"draw_prices {shown(key)}")
        else:
            prices[key] = price
        last = at
    return prices
