"""
What a change does to the inputs and the card (convention S16.1).

An edit is a JSON-ready list, so that whoever checks an answer applies it to the same tables:
`["set", table, [key cells], column, cell]`, `["add", table, {column: cell}]`, `["lift", clause]`,
`["clause", clause, at_least | at_most | at_least_percent | at_most_percent, number]`.
Cells are canonical text (S2.3), keys those of S2.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cogov_opt.checking import check
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.domain.tables import contracts
from cogov_opt.explaining.rebuilding import policy_of, table_of, tables_of
from cogov_opt.recording import Run

Edit = Sequence[Any]
NUMBERS = ("at_least", "at_most", "at_least_percent", "at_most_percent")
Row = dict[str, str]


def changed(run: Run, edits: Sequence[Edit]) -> tuple[Instance, Policy]:
    """
    Give the instance and the card of a run with some edits made.

    Raises
    ------
    InputError, PolicyError
        The data would not be accepted with these edits.
    KeyError
        An edit names a row, a column or a clause that is not there.
    """
    tables = tables_of(run)
    touched: dict[str, list[Row]] = {}
    lifted = set()
    policy = policy_of(run)
    for edit in edits:
        if edit[0] == "clause":
            policy = with_number(policy, *map(str, edit[1:]))
            continue
        if edit[0] == "lift":
            lifted.add(str(edit[1]))
            continue
        name = str(edit[1])
        if name not in touched:
            touched[name] = [dict(row) for row in run.table(name)]
        _apply(touched[name], name, edit)
    policy = without_clauses(policy, lifted)
    known = dict(tables.tables) | {n: table_of(n, rows) for n, rows in touched.items()}
    return check(replace(tables, tables=known), policy), policy


def _apply(rows: list[Row], name: str, edit: Edit) -> None:
    """Make one edit of a table."""
    columns = contracts()[name].fields
    if edit[0] == "add":
        given: Mapping[str, str] = edit[2]
        unknown = set(given) - set(columns)
        if unknown:
            raise KeyError(min(unknown))
        rows.append({c: given.get(c, "") for c in columns})
        return
    _, _, key, column, cell = edit
    if column not in columns:
        raise KeyError(column)
    found = [r for r in rows if [r[c] for c in contracts()[name].key] == list(key)]
    if not found:
        raise KeyError(" ".join(key))
    found[0][column] = cell


def with_number(policy: Policy, clause: str, part: str, number: str) -> Policy:
    """Give a card with another number in a clause; money of a card is in major units."""
    found = policy.clause(clause)
    parameters = found.parameters
    if part not in NUMBERS or getattr(parameters, part, None) is None:
        raise KeyError(part)
    hundred = 100 if getattr(parameters, "measure", "") == "money" and "percent" not in part else 1
    changed_parameters = parameters.model_copy(update={part: int(number) * hundred})
    clauses = tuple(
        replace(c, parameters=changed_parameters) if c is found else c for c in policy.clauses
    )
    return replace(policy, clauses=clauses)


def without_clauses(policy: Policy, lifted: set[str]) -> Policy:
    """Give a card without some of its clauses."""
    known = {c.id for c in policy.clauses}
    if not lifted <= known:
        raise KeyError(min(lifted - known))
    return replace(policy, clauses=tuple(c for c in policy.clauses if c.id not in lifted))
