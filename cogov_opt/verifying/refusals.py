"""Refusals: no plan that serves a demand is as good as the one published (convention S10.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .answers import chains
from .case import Refused, key_of, number

if TYPE_CHECKING:
    from .case import Case
    from .priced import Priced

FILE = "certificate.json"
ENTRY = frozenset({"demand", "stage", "scale", "prices", "bound"})


def check(case: Case) -> None:
    """Work out every refusal; leaves those that hold in `case.refused`."""
    entries = (case.opened.certificate or {}).get("refusals", [])
    if entries and case.opened.run.get("route") != "coupled":
        case.findings.add("refusal", FILE, "route")
    names = [entry["demand"] for entry in entries]
    if names != sorted(set(names)):
        case.findings.add("refusal", FILE, "order")
    for entry in entries:
        try:
            case.refused[entry["demand"]] = _refused(case, entry)
        except (chains.AnswerError, ValueError, KeyError, TypeError, IndexError) as error:
            case.findings.add("refusal", FILE, f"{entry.get('demand')} {error}")


def _refused(case: Case, entry: dict[str, Any]) -> Refused:
    """Give what one entry proves; an AnswerError where it does not."""
    if set(entry) - {"tree"} != ENTRY:
        raise chains.AnswerError("refusal", "fields")
    demand, k = entry["demand"], number(entry["stage"])
    if demand in case.plan.served or demand not in case.facts.demands or k < 1:
        raise chains.AnswerError("refusal", "served")
    system, proof = _system(case, demand, k), case.proofs[k - 1]
    told = {name: value for name, value in entry.items() if name != "demand"}
    bound = chains.ceiling(system, k, told)
    low = proof.step if bound is None else proof.published - bound
    if low <= 0:
        raise chains.AnswerError("refusal", "bound")
    prices = {key_of(name): number(price) for name, price in entry["prices"]}
    return Refused(k, number(entry["scale"]), low, prices)


def _system(case: Case, demand: str, k: int) -> Priced:
    """Give the rows of a stage, of the stages before it, and of what is asked."""
    rows = case.rows_of(case.proofs[k - 1].index)
    system = replace(case.priced, rows=rows)
    row = chains.ask_row(system, ["serve", demand])
    if row is not None:
        rows.append(row)
    return system
