"""Ties: the plan before the draw as their witness (S11.2), and all of them on a flow (S10.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, certificates, draws, face, feasibility
from .case import Case, key_of, number, shown
from .plan import Plan, nonzero

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .priced import Key

FILE = "certificate.json"
DECIDED = frozenset(["y", "x", "bought", "own"])
FLOW_BITS = 36
FIRST_BITS = 3


def check(case: Case) -> None:
    """Check what is said of ties; leaves them in `case.tied`, and `case.before`."""
    _check_all(case)
    _check_before(case)


def _check_all(case: Case) -> None:
    """S10.7: a flow without a gap may tell how many ties there are; they are found anew."""
    told = (case.opened.certificate or {}).get("ties")
    if told is None:
        return
    case.exact = face.is_exact(case)
    if not case.exact:
        case.findings.add("tie", FILE, "not a flow without a gap")
        return
    try:
        case.face = face.Face.of(case)
        case.tied = face.tied(case.face)
    except face.NoFlowError as error:
        case.findings.add("tie", FILE, str(error))
        return
    if told != {"candidates": str(len(case.tied))}:
        case.findings.add("tie", FILE, f"{len(case.tied)} candidates")
    for column in sorted(face.open_refusals(case.face) - case.tied):
        case.findings.add("price", FILE, shown(column))


def _check_before(case: Case) -> None:
    """Check the plan before the draw as a plan of equal value."""
    raw = (case.opened.certificate or {}).get("before_draw")
    if not raw:
        return
    case.before = _read(case, raw)
    values = nonzero(_plan_before(case), case.priced)
    for key, value in case.before.items():
        if values.get(key, 0) != value or case.values.get(key, 0) == value:
            case.findings.add("draw", FILE, shown(key))
    for key in sorted(values.keys() | case.values.keys()):
        other = values.get(key, 0) != case.values.get(key, 0)
        if other and key[0] in DECIDED and key not in case.before:
            case.findings.add("draw", FILE, shown(key))
    for row in feasibility.broken_rows(case.rows.values(), values):
        case.findings.add("draw", FILE, shown(row.key))
    for key in feasibility.outside(case.priced.columns, values):
        case.findings.add("draw", FILE, shown(key))
    for proof in case.proofs:
        if certificates.total(proof.costs, values) != proof.published:
            case.findings.add("draw", FILE, f"{proof.index} value")
    if won(case) < 0:
        case.findings.add("draw", FILE, "rank")


def won(case: Case) -> int:
    """
    Give the ranks the draw won over the plan before it; below 0 it was not drawn (S11.2).

    Where the first bits of the options' ranks won something on a coupled plan, that is all.
    """
    total = first = 0
    for key, before in case.before.items():
        rank, more = rank_in_draw(case, key), case.values.get(key, 0) - before
        total += rank * more
        if key[0] == "y" and not _is_flow(case):
            first += (rank >> (draws.BITS - FIRST_BITS)) * more
    return first if first > 0 else total


def _read(case: Case, raw: Any) -> dict[Key, int]:
    """Read [[column key, value]...]: decided columns, sorted, each once."""
    found: dict[Key, int] = {}
    last = b""
    for name, text in raw:
        key, at = key_of(name), canonical.encode(name)
        if key[0] not in DECIDED or key not in case.priced.columns or at <= last:
            case.findings.add("draw", FILE, shown(key))
        else:
            found[key] = number(text)
        last = at
    return found


def _plan_before(case: Case) -> Plan:
    """Give the plan with the told columns at their values before the draw."""
    plan = case.plan
    before = Plan(dict(plan.served), dict(plan.given), dict(plan.bought), dict(plan.own))
    for key, value in sorted(case.before.items(), key=lambda item: item[1]):
        if key[0] == "x":
            before.given[key[1], key[2], key[3], key[4]] = value
        elif key[0] == "y":
            _serve(before.served, key, value)
        else:
            (before.bought if key[0] == "bought" else before.own)[key[1], key[2]] = value
    return before


def _serve(served: dict[str, str], key: Key, value: int) -> None:
    if value:
        served[key[1]] = key[2]
    elif served.get(key[1]) == key[2]:
        del served[key[1]]


def _is_flow(case: Case) -> bool:
    return (case.opened.run.get("draw") or {}).get("unique") in draws.FLOW


def _ranked(case: Case, key: Key) -> bool:
    """Tell whether a column takes part in the draw (S11.1)."""
    if key[0] == "y":
        needs = case.facts.demands[key[1]].needs
        return not _is_flow(case) or all(n.minimum == n.quantity for n in needs)
    return key[0] == "x" and case.facts.needs[key[1]].kind in {"volunteer", "space"}


def rank_in_draw(case: Case, key: Key, counter: int | None = None) -> int:
    """Give the rank of a column, at the run's counter or another, 0 for none (S11.1)."""
    if not _ranked(case, key):
        return 0
    bits = FLOW_BITS if _is_flow(case) else draws.BITS
    at = case.counter if counter is None else counter
    return draws.rank_of(case.seed, at, key, _position(case.priced.candidates, key), bits)


def _position(candidates: Mapping[str, Mapping[str, Any]], key: Key) -> int:
    """Give the place of an x column's agreement among those of its (n, r, o), by id (S4.9)."""
    if key[0] != "x" or not key[4]:
        return 0
    found = [c.agreement for c in candidates[key[1]][key[3]] if c.resource == key[2]]
    return sorted(found).index(key[4])
