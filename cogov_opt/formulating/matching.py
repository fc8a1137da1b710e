"""Selectors that match nothing: a mistyped id must not bind nothing in silence (S8.12)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from cogov_opt.domain.clauses.earmark import Earmark
from cogov_opt.domain.clauses.require import Require
from cogov_opt.domain.instance import CheckedTable, Instance
from cogov_opt.domain.policy import Clause, Line, Policy, Where
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.errors import Issue
from cogov_opt.errors import Where as Place
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.selectors import row_mask
from cogov_opt.formulating.session_fields import option_mask


def unmatched(instance: Instance, policy: Policy) -> list[Issue]:
    """
    List the selectors of a card that match no row of the entities they name.

    Asked before eligibility: of clauses an error unless `may_be_empty`, of terms a warning.
    """
    facts = Facts(instance)
    found = []
    for clause in policy.clauses:
        lost = [] if clause.may_be_empty else _lost(facts, clause)
        found += [_issue(f"clause {clause.id}", entity, "error") for entity in lost]
    for number, objective in enumerate(policy.objectives, start=1):
        for term in objective.terms:
            lost = _entities_without_rows(facts, term.where)
            found += [_issue(f"objective {number} {term.term}", e, "warning") for e in lost]
    return found


def _issue(key: str, entity: str, severity: str) -> Issue:
    return Issue("matches_nothing", Place("card", column=key), {"entity": entity}, severity)


def _lost(facts: Facts, clause: Clause) -> list[str]:
    """Name the entities of which a clause's selectors match no row."""
    selectors: list[Where] = [clause.where]
    if isinstance(clause.parameters, Require):
        selectors.append(clause.parameters.must)
    if isinstance(clause.parameters, Earmark):
        selectors.append(clause.parameters.only)
    return [e for where in selectors for e in _entities_without_rows(facts, where)]


def _entities_without_rows(facts: Facts, where: Where) -> list[str]:
    """Name the entities whose lines, taken together, no row matches."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in where:
        lines[line.entity].append(line)
    return [entity for entity, mine in lines.items() if not _any_row(facts, entity, mine)]


def _any_row(facts: Facts, entity: str, lines: list[Line]) -> bool:
    if entity == "option":
        return bool(np.logical_and.reduce([option_mask(facts, line) for line in lines]).any())
    table = _table(facts, entity)
    masks = [row_mask(facts, table, line) for line in lines] if len(table) else []
    return bool(masks) and bool(np.logical_and.reduce(masks).any())


def _table(facts: Facts, entity: str) -> CheckedTable:
    """Give the table whose rows an entity's lines are about."""
    if entity in RESOURCE_KINDS:
        return facts.instance.resource_table(entity)
    names = {"demand": "demands", "need": "needs", "standing": "standing"}
    return facts.instance.tables[names.get(entity, "actors")]
