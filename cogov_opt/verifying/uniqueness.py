"""Whether the draw of a flow left one plan: its prices, then a search for a cycle (S11.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import canonical, cycles, feasibility, ties
from .case import Case, key_of, number, shown

if TYPE_CHECKING:
    from .priced import Key, Row

FILE = "certificate.json"
HUB: Key = ("hub",)
NEED_ROWS = frozenset({"need", "least", "most"})
NO_FLOW = "not a flow"
Ends = tuple["Key", "Key"]


class NoFlowError(ValueError):
    """The formulation has not the structure the test is exact for."""


def check(case: Case) -> None:
    """Re-derive run.json's draw.unique on the flow route; other routes claim nothing here."""
    run, certificate = case.opened.run, case.opened.certificate or {}
    drawn = run.get("route") == "flow" and run.get("draw")
    if bool(drawn) != ("draw_prices" in certificate):
        case.findings.add("draw", FILE, "draw_prices")
        return
    if not drawn:
        return
    if len(case.proofs) != len(case.priced.stages) or not all(map(_exact, case.proofs)):
        case.findings.add("draw", FILE, "draw_prices: a stage has a gap")
        return
    try:
        face = _Face.of(case, certificate["draw_prices"])
        told = "not_unique" if cycles.found(*face.edges()) else "unique"
    except NoFlowError as error:
        case.findings.add("draw", FILE, str(error))
        return
    if drawn.get("unique") != told:
        case.findings.add("draw", "run.json", f"unique {drawn.get('unique')}")


def _exact(proof: Any) -> bool:
    return bool(proof.bound_scaled == proof.scale * proof.published)


@dataclass(slots=True)
class _Face:
    """The plans as good as the published one, draw included: what of it may still move."""

    case: Case
    prices: dict[Key, int]
    free: dict[Key, int] = field(default_factory=dict)
    """Every free column with its r."""
    held: set[Key] = field(default_factory=set)
    """Rows that are not loose: priced at a stage or in the draw."""
    capacity: list[tuple[Row, list[Key]]] = field(default_factory=list)
    """The capacity rows that hold a loose x, with what they hold."""

    @classmethod
    def of(cls, case: Case, raw: Any) -> _Face:
        """Read the draw's prices, and find out what is loose and what breaks a sign."""
        face = cls(case, _read(case, raw))
        free = [key for key in case.priced.columns if not any(p.reduced[key] for p in case.proofs)]
        face.free = {key: ties.rank_in_draw(case, key) for key in free}
        face.held = {key for proof in case.proofs for key in proof.prices}
        holding = face._price_out()
        face._check_signs()
        face.held |= face.prices.keys()
        for row, inside in holding:
            loose = [key for key in inside if not face.free[key]]
            if loose:
                face.capacity.append((row, loose))
        return face

    def _price_out(self) -> list[tuple[Row, list[Key]]]:
        """Take the prices from the ranks; give the capacity rows with the free x they hold."""
        free, holding = self.free, []
        for row in self.case.priced.rows:
            family = row.key[1] if row.key[0] == "law.set" else ""
            inside = [term for term in row.terms if term[0] in free]
            price = self.prices.get(row.key, 0)
            if price:
                for key, coefficient in inside:
                    free[key] -= price * coefficient
            if family or row.key[0] == "stage":
                _check_family(row, family, priced=price != 0 or row.key in self.held)
            elif inside:
                if row.lower is not None or any(k[0] != "x" or c != 1 for k, c in inside):
                    raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
                holding.append((row, [key for key, _ in inside]))
        return holding

    def _check_signs(self) -> None:
        """S11.3: the prices prove that no plan as good has a greater sum of ranks."""
        values, columns = self.case.values, self.case.priced.columns
        for key, left in self.free.items():
            if left and values.get(key, 0) != columns[key][left > 0]:
                self.case.findings.add("draw", FILE, f"draw_prices {shown(key)}")
        rows = self.case.rows
        for key, price in self.prices.items():
            side = rows[key].upper if price > 0 else rows[key].lower
            if key not in self.held and side != feasibility.activity(rows[key], values):
                self.case.findings.add("draw", FILE, f"draw_prices {shown(key)}")

    def edges(self) -> tuple[list[Ends], list[Ends]]:
        """Give the edges that go both ways, and those that go one way."""
        both: list[Ends] = []
        one: list[Ends] = []

        def add(tail: Key, head: Key, *, forwards: bool, backwards: bool) -> None:
            if forwards and backwards:
                both.append((tail, head))
            elif forwards or backwards:
                one.append((tail, head) if forwards else (head, tail))

        values, columns = self.case.values, self.case.priced.columns
        inner, outer = self._nested()
        for key, left in self.free.items():
            if key[0] == "x" and not left:
                x, cap = values.get(key, 0), columns[key][1]
                add(inner.get(key, HUB), key[1:2], forwards=x < cap, backwards=x > 0)
        for row, _ in self.capacity:
            if row.key not in self.held:
                total = feasibility.activity(row, values)
                fuller = row.upper is None or total < row.upper
                add(outer[row.key], row.key, forwards=fuller, backwards=total > 0)
        for need, given in self._needs().items():
            more, less = self._moves(need, given)
            add((need,), HUB, forwards=more, backwards=less)
        return both, one

    def _nested(self) -> tuple[dict[Key, Key], dict[Key, Key]]:
        """Give the innermost capacity row of every loose x, and the row around every row."""
        inner: dict[Key, Key] = {}
        outer: dict[Key, Key] = {}
        for row, loose in sorted(self.capacity, key=lambda found: -len(found[1])):
            around = {inner.get(key, HUB) for key in loose}
            if len(around) > 1:
                raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
            outer[row.key] = around.pop()
            inner.update(dict.fromkeys(loose, row.key))
        return inner, outer

    def _needs(self) -> dict[str, int]:
        """Give what every need gets that a loose x leads to."""
        given = {key[1]: 0 for key, left in self.free.items() if key[0] == "x" and not left}
        for (need, _, _, _), units in self.case.plan.given.items():
            if need in given:
                given[need] += units
        return given

    def _moves(self, name: str, given: int) -> tuple[bool, bool]:
        """Tell whether a need may get one more, and one less (S11.3)."""
        need = self.case.facts.needs[name]
        demand = self.case.facts.demands[need.demand]
        (option,) = demand.options
        served: Key = ("y", demand.id, option)
        chosen = self.free.get(served, 1) == 0
        if need.minimum == need.quantity:
            return (given == 0 and chosen, given > 0 and chosen)
        if ("law.set", "most", name, option) in self.held:
            return False, False
        least = need.minimum == 0 or ("law.set", "least", name, option) not in self.held
        begins = not self.case.values.get(served, 0)
        ends = need.minimum == 1 and given == 1
        more = given < need.quantity and (chosen if begins else least)
        return more, given > 0 and (chosen if ends else least)


def _read(case: Case, raw: Any) -> dict[Key, int]:
    """Read the prices of the draw (S10.3), and whether the whole is shaped like a flow (S11.3)."""
    for demand in case.facts.demands.values():
        needs = demand.needs
        if len(needs) != 1 or len(demand.options) != 1 or needs[0].kind == "fund":
            raise NoFlowError(f"{NO_FLOW}: {demand.id}")
        if needs[0].minimum > 1 or needs[0].minimum == needs[0].quantity > 1:
            raise NoFlowError(f"{NO_FLOW}: {needs[0].id}")
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


def _check_family(row: Row, family: str, *, priced: bool) -> None:
    """Of the rows of sets a flow has those of needs and links; only the former are priced."""
    if family and family != "link" and family not in NEED_ROWS:
        raise NoFlowError(f"{NO_FLOW}: {shown(row.key)}")
    if priced and family == "link":
        raise NoFlowError(f"draw_prices {shown(row.key)}")
