"""Refusals: no plan that serves a demand is as good as the one published (convention S10.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import parts
from .answers import chains
from .case import Refused, key_of, number

if TYPE_CHECKING:
    from .case import Case
    from .priced import Priced, Row

FILE = "certificate.json"
COLUMNS = 3_000_000
LEAVES = 30
"""What all refusals, and the tree of one, may take."""
ENTRY = frozenset({"demand", "stage", "scale", "prices", "bound"})


def check(case: Case) -> None:
    """Work out every refusal; leaves those that hold in `case.refused`."""
    entries = (case.opened.certificate or {}).get("refusals", [])
    if entries and case.opened.run.get("route") != "coupled":
        case.findings.add("refusal", FILE, "route")
    names = [entry["demand"] for entry in entries]
    if names != sorted(set(names)):
        case.findings.add("refusal", FILE, "order")
    if len(entries) * len(case.priced.columns) > COLUMNS:
        raise chains.AnswerError("refusal", "more than there may be")
    for entry in entries:
        try:
            case.refused[entry["demand"]] = _refused(case, entry)
        except (chains.AnswerError, ValueError, KeyError, TypeError, IndexError) as error:
            case.findings.add("refusal", FILE, f"{entry.get('demand')} {error}")


def _refused(case: Case, entry: dict[str, Any]) -> Refused:
    """Give what one entry proves; an AnswerError where it does not."""
    if set(entry) - {"tree", "part"} != ENTRY:
        raise chains.AnswerError("refusal", "fields")
    if number(entry.get("tree", {}).get("leaves", "0")) > LEAVES:
        raise chains.AnswerError("refusal", "leaves")
    demand, k = entry["demand"], number(entry["stage"])
    if demand in case.plan.served or demand not in case.facts.demands or k < 1:
        raise chains.AnswerError("refusal", "served")
    proof = case.proofs[k - 1]
    row = chains.ask_row(case.priced, ["serve", demand])
    if row is None:
        raise chains.AnswerError("refusal", "ask")
    in_part = "part" in entry
    system, beside = _part(case, k, row, entry["part"]) if in_part else (_whole(case, k, row), 0)
    told = {name: value for name, value in entry.items() if name not in ("demand", "part")}
    bound = chains.ceiling(system, k, told)
    low = proof.step if bound is None else proof.published - bound - beside
    if low <= 0:
        raise chains.AnswerError("refusal", "bound")
    prices = {key_of(name): number(price) for name, price in entry["prices"]}
    return Refused(k, number(entry["scale"]), low, prices)


def _whole(case: Case, k: int, row: Row) -> Priced:
    """Give the rows of a stage, of the stages before it, and of what is asked."""
    return replace(case.priced, rows=[*case.rows_of(case.proofs[k - 1].index), row])


def _part(case: Case, k: int, row: Row, name: Any) -> tuple[Priced, int]:
    """
    Give the part that holds what is asked, and what is proven of all others together.

    What a plan reaches in the others at most is a constant of the stage here (S10.13).
    """
    found = parts.find(case.priced, case.proofs[:k])
    part = found.named(name)
    if len(found.costly) < 2 or any(key not in part.columns for key, _ in row.terms):
        raise chains.AnswerError("refusal", "part")
    beside = found.bound - part.bound
    stages = list(case.priced.stages)
    constant = stages[k - 1].constant + beside
    stages[k - 1] = replace(stages[k - 1], costs=part.costs, constant=constant)
    return replace(case.priced, columns=part.columns, rows=[*part.rows, row], stages=stages), beside
