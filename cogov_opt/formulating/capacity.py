"""What resources hold: units, money, minutes, slots; a used volunteer's least (S7.1, S7.2)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IntArray
from cogov_opt.formulating.facts import FUND, SERVICE, VOLUNTEER
from cogov_opt.formulating.model import Model


def add_capacity(model: Model) -> None:
    """Keep every resource within what it holds."""
    facts, c = model.facts, model.candidates
    units = model.of_kinds(SERVICE, FUND)
    _by_resource(model, "units", units, c.use_units[units], facts.capacity)
    people = model.of_kinds(VOLUNTEER)
    for family, column, each in (
        ("minutes", "max_minutes", facts.options.minutes),
        ("slots", "max_slots", facts.options.slots),
    ):
        limit = _of_volunteers(model, column)
        limited = limit != BLANK
        if not limited.any():
            continue
        counts = limited.take(c.resource[people]) & (each > 0).take(c.option[people])
        mine = people[np.flatnonzero(counts)]
        _by_resource(model, family, mine, each.take(c.option[mine]), limit)
    _add_least_minutes(model)


def _by_resource(
    model: Model, family: str, mine: IntArray, amount: IntArray, limit: IntArray
) -> None:
    """Add sum of amount x <= limit, one row for each resource among some candidates."""
    owner = model.candidates.resource[mine].astype(np.int64)
    has = np.bincount(owner, minlength=len(limit)) > 0
    resource, at = np.flatnonzero(has).astype(np.int32), (np.cumsum(has) - 1)[owner]
    names = model.facts.instance.resources.ids
    model.rows(
        ("law.capacity", family), [(names, resource)], -FREE, limit[resource], len(resource),
        (at, model.x(mine), amount),
    )  # fmt: skip


def _of_volunteers(model: Model, column: str) -> IntArray:
    """Give a column of `volunteers` by resource index; BLANK for other kinds."""
    facts = model.facts
    found = np.full(len(facts.instance.resources), BLANK, dtype=np.int64)
    if len(facts.instance.volunteers):
        found[facts.span(VOLUNTEER)] = facts.instance.volunteers.ints(column)
    return found


def _add_least_minutes(model: Model) -> None:
    """Let a volunteer who is used at all do at least so many minutes (S7.2)."""
    facts, c = model.facts, model.candidates
    least = _of_volunteers(model, "min_minutes")
    mine = np.flatnonzero(least[c.resource] > 0)
    if not len(mine):
        return
    resource, at = np.unique(c.resource[mine], return_inverse=True)
    part = (facts.instance.resources.ids, resource)
    used = model.columns(("used",), [part], np.ones(len(resource), dtype=np.int64))
    every = np.arange(len(mine))
    rows = model.rows(
        ("law.capacity", "used"), model.x_parts(mine), -FREE, 0, len(mine),
        (every, model.x(mine), 1), (every, used[at], -1),
    )  # fmt: skip
    model.define(used, rows, least=True)
    model.rows(
        ("law.capacity", "least_minutes"), [part], 0, FREE, len(resource),
        (at, model.x(mine), facts.options.minutes[c.option[mine]]),
        (np.arange(len(resource)), used, -least[resource]),
    )  # fmt: skip
