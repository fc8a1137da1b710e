"""Runs without a plan: a proof that there is none, or no verdict (convention S10.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import conflicts, refuted
from .case import key_of, number

if TYPE_CHECKING:
    from .case import Case
    from .priced import Key

FILE = "certificate.json"
PROVED = "infeasible"
WITHOUT_A_PLAN = (PROVED, "infeasible_claimed")
"""Words of a run that cannot have a plan."""


def has_no_plan(case: Case) -> bool:
    """Tell whether a run says that it ended without a plan."""
    certificate = case.opened.certificate
    return isinstance(certificate, dict) and "detail" in certificate and not certificate["stages"]


def check(case: Case) -> None:
    """Check that nothing is given, and the Farkas sum; without one nothing is known."""
    for name, rows in (
        ("allocation.csv", case.opened.allocation),
        ("unmet.csv", case.opened.unmet),
        ("records.jsonl", case.opened.records),
    ):
        if rows:
            case.findings.add("plan", name, "a run without a plan gives nothing")
    run, certificate = case.opened.run, case.opened.certificate or {}
    for name in sorted(set(certificate) - {"stages", "detail"}):
        case.findings.add("unknown", FILE, name)
    if run.get("stages") or run.get("all_certified") or run.get("breaks"):
        case.findings.add("stage_order", "run.json", "stages")
    detail = certificate["detail"]
    proved = run.get("termination") == PROVED
    for name in sorted(set(detail) - {"farkas", "conflict", "tree"}) if proved else ():
        case.findings.add("unknown", FILE, f"detail {name}")
    if proved and "tree" in detail:
        refuted.check(case, detail)
        return
    raw = detail["farkas"] if proved else ()
    prices = {key_of(key): number(price) for key, price in raw}
    if "conflict" in detail:
        conflicts.check(case, detail["conflict"], prices)
    if not proved:
        case.findings.add("unknown", "run.json", f"no plan: {run.get('termination')}")
    elif _sum(case, prices) >= 0:
        case.findings.add("bound", FILE, "farkas")


def _sum(case: Case, prices: dict[Key, int]) -> int:
    """Give sum Y b + sum max(-(Y A) l, -(Y A) h): below 0 no plan can keep these rows (S10.5)."""
    left = dict(prices)
    weight: dict[Key, int] = {}
    total = 0
    for row in case.priced.rows:
        price = left.pop(row.key, 0)
        bound = row.upper if price > 0 else row.lower
        if not price or bound is None:
            continue
        total += price * bound
        for key, coefficient in row.terms:
            weight[key] = weight.get(key, 0) + price * coefficient
    for key in left:
        case.findings.add("price", FILE, str(key))
    for key, value in weight.items():
        lower, upper = case.priced.columns[key]
        total += max(-value * lower, -value * upper)
    return total
