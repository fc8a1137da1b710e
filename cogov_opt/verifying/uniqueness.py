"""Whether the draw of a flow left one plan: its prices, then a search for a cycle (S11.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import canonical, certificates, cycles, feasibility, ties
from .case import Case, key_of, number, shown

if TYPE_CHECKING:
    from .face import Face
    from .priced import Key

FILE = "certificate.json"
ATTEMPTS = 3
ENTRY = frozenset({"counter", "prices", "moved"})
Ends = tuple["Key", "Key"]


def check(case: Case) -> None:
    """Re-derive run.json's draw.unique on the flow route; other routes claim nothing here."""
    run, certificate = case.opened.run, case.opened.certificate or {}
    drawn = run.get("route") == "flow" and run.get("draw")
    if bool(drawn) != ("draw_prices" in certificate):
        case.findings.add("draw", FILE, "draw_prices")
        return
    if not drawn:
        if "draw_attempts" in certificate:
            case.findings.add("draw", FILE, "draw_attempts")
        return
    if case.face is None:
        case.findings.add("draw", FILE, "draw_prices: not a flow without a gap")
        return
    face = _drawn(case.face, case.counter, _read(case, certificate["draw_prices"]))
    told = "not_unique" if cycles.found(*_edges(face)) else "unique"
    if drawn.get("unique") != told:
        case.findings.add("draw", "run.json", f"unique {drawn.get('unique')}")
    _check_attempts(case, case.face, certificate.get("draw_attempts", []), alone=told == "unique")


def _check_attempts(case: Case, face: Face, raw: Any, *, alone: bool) -> None:
    """S11.3: the counter is the first that leaves one plan, or 0: the others are shown to fail."""
    if alone:
        expected = list(range(case.counter))
    else:
        ranked = (ties.rank_in_draw(case, k, c) for k in face.loose for c in range(ATTEMPTS))
        expected = list(range(1, ATTEMPTS)) if any(ranked) else []
    told = [number(entry["counter"]) for entry in raw]
    if told != expected or case.counter not in (range(ATTEMPTS) if alone else (0,)):
        case.findings.add("draw", FILE, f"draw_attempts {told}")
        return
    for counter, entry in zip(told, raw, strict=True):
        if set(entry) != ENTRY:
            case.findings.add("draw", FILE, f"draw_attempts {counter}")
        again = _moved(case, face, entry["moved"])
        left = _drawn(replace(face, case=again), counter, _read(case, entry["prices"]))
        if not cycles.found(*_edges(left)):
            case.findings.add("draw", FILE, f"draw_attempts {counter}: one plan")


def _moved(case: Case, face: Face, raw: Any) -> Case:
    """Give the run with the plan of another attempt, which is as good at every stage."""
    values, last = dict(case.values), b""
    for name, text in raw:
        key, value, at = key_of(name), number(text), canonical.encode(name)
        if key not in face.loose or value == case.values.get(key, 0) or at <= last:
            case.findings.add("draw", FILE, f"draw_attempts {shown(key)}")
        values[key], last = value, at
    broken = [row.key for row in feasibility.broken_rows(case.rows.values(), values)]
    for key in (*broken, *feasibility.outside(case.priced.columns, values)):
        case.findings.add("draw", FILE, f"draw_attempts {shown(key)}")
    for proof in case.proofs:
        if certificates.total(proof.costs, values) != proof.published:
            case.findings.add("draw", FILE, f"draw_attempts: value {proof.index}")
    values = {key: value for key, value in values.items() if value}
    given = {
        (key[1], key[2], key[3], key[4]): value for key, value in values.items() if key[0] == "x"
    }
    return replace(case, values=values, plan=replace(case.plan, given=given))


def _drawn(face: Face, counter: int, prices: dict[Key, int]) -> Face:
    """Give what the draw at a counter leaves of a face, and tell the prices of the wrong sign."""
    case = face.case
    left = {key: ties.rank_in_draw(case, key, counter) for key in sorted(face.loose)}
    for name, price in prices.items():
        if name[:2] == ("law.set", "link") or name[0] == "stage":
            case.findings.add("draw", FILE, f"draw_prices {shown(name)}")
        for key, coefficient in case.rows[name].terms:
            if key in left:
                left[key] -= price * coefficient
    _check_signs(face, left, prices)
    return face.narrowed({key for key, r in left.items() if not r}, face.held | prices.keys())


def _check_signs(face: Face, left: dict[Key, int], prices: dict[Key, int]) -> None:
    """S11.3: the prices prove that no plan as good has a greater sum of ranks."""
    case = face.case
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
