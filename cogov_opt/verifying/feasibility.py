"""Whether the plan keeps the law, the card and every priced row (convention S4-S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import canonical, clauses, eligibility, law
from .case import Case, shown
from .plan import unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .facts import Facts
    from .priced import Key, Row

CODES = {
    "law.capacity": "capacity",
    "law.no_overlap": "overlap", "law.agreement": "agreement", "law.money": "money",
    "law.set": "set", "term.level": "value", "stage": "give",
}  # fmt: skip
"""Which finding owns a row, by the first part of its key; every other row is a clause's."""
X_PARTS = 5
"""How many parts the key of an x column has."""


def check(case: Case) -> None:
    """Tell every row of the law and every hard clause the plan breaks."""
    check_candidates(case)
    broken = {*law.holds(case.facts, case.plan), *clauses.holds(case.facts, case.card, case.plan)}
    broken.update(row.key for row in broken_rows(case.priced.rows, case.values))
    broken = {key for key in broken if key[0] != "law.eligibility"}
    own = {key for key in broken if key[0] not in CODES}
    for key in sorted(broken - own):
        case.findings.add(CODES[key[0]], "allocation.csv", shown(key))
    if case.procedural:
        _check_breaks(case, own)
        return
    for key in sorted(own):
        case.findings.add("clause", "allocation.csv", shown(key))
    if case.opened.run.get("breaks") != []:
        case.findings.add("breaks", "run.json")


def broken_rows(rows: Iterable[Row], values: Mapping[Key, int]) -> Iterator[Row]:
    """List the rows that a value for every column does not keep."""
    used = {key[2] for key in values if len(key) == X_PARTS}
    for row in rows:
        total = activity(row, values) if not row.of or row.of in used else 0
        if (row.lower is not None and total < row.lower) or (
            row.upper is not None and total > row.upper
        ):
            yield row


def activity(row: Row, values: Mapping[Key, int]) -> int:
    """Give the sum of a row's terms."""
    return sum([coefficient * values[key] for key, coefficient in row.terms if key in values])


def outside(columns: Mapping[Key, tuple[int, int]], values: Mapping[Key, int]) -> list[Key]:
    """List the columns that are not known, or are outside their bounds."""
    found = []
    for key, value in values.items():
        bounds = columns.get(key)
        if bounds is None or not bounds[0] <= value <= bounds[1]:
            found.append(key)
    return found


def check_candidates(case: Case) -> None:
    """Tell every assignment that is not a candidate within its cap (S4.1, S4.10)."""
    for (need, resource, option, agreement), units in case.plan.given.items():
        key: Key = ("x", need, resource, option, agreement)
        bounds = case.priced.columns.get(key)
        if bounds is None or not 0 < units <= bounds[1]:
            case.findings.add(_why_not(case.facts, key, bounds), "allocation.csv", shown(key))
    for key in unknown(case.plan, case.priced):
        if key[0] != "x":
            case.findings.add("money", "allocation.csv", shown(key))


def _why_not(facts: Facts, key: Key, bounds: tuple[int, int] | None) -> str:
    """Give the finding that owns an assignment which is no candidate within its cap."""
    _, need, resource, option, _ = key
    line, used = facts.needs[need], facts.resources[resource]
    if line.kind != used.kind or bounds is not None:
        return "candidate"
    failing = eligibility.failing_tests(facts, line, used, facts.option(line.demand, option))
    return "eligibility" if set(failing) - {"agreement"} else "agreement"


def _check_breaks(case: Case, own: set[Key]) -> None:
    """S14.2: what a procedure breaks stands in run.json, all of it and nothing else."""
    expected = [[key[0], list(key)] for key in sorted(own)]
    told = case.opened.run.get("breaks", [])
    if canonical.encode(sorted(told, key=canonical.encode)) != canonical.encode(
        sorted(expected, key=canonical.encode)
    ):
        case.findings.add("breaks", "run.json")
