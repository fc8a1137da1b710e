"""Why a resource does not serve a demand: the tests it fails, or the line of its prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import IndexArray
from cogov_opt.domain.justification import Explained
from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import Answer, known_ids, unknown_id
from cogov_opt.explaining.bans import BANS, clauses_on_columns
from cogov_opt.explaining.plan import Plan, plan_of
from cogov_opt.explaining.price_lines import price_line
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.explaining.subjects import Line
from cogov_opt.formulating.failures import Failures
from cogov_opt.recording import Run, record


@dataclass(frozen=True)
class Asked:
    """What is asked about: a run, the decision behind it, and the views reasons are read from."""

    run: Run
    decision: Decision

    @classmethod
    def of(cls, source: Explained | Run) -> Asked:
        """Take a run, its decision rebuilt from its files; or a decision with its reasons."""
        if isinstance(source, Run):
            return cls(source, decision_of(source))
        return cls(record(source), source.decision)

    @cached_property
    def plan(self) -> Plan:
        """Give the plan; UnsupportedError where the run holds none."""
        found = plan_of(self.decision)
        if found is None:
            raise UnsupportedError("the run holds no plan: there is nothing to ask of it")
        return found

    @cached_property
    def failures(self) -> Failures:
        """Give the failing tests of pairs, recomputed from the inputs."""
        return Failures(self.plan.facts)


def why_not(source: Explained | Run, resource: str, demand: str) -> Answer:
    """
    Say why a resource does not serve a demand, or that it does.

    Parameters
    ----------
    source
        A run, or a decision with its reasons.
    resource, demand
        Their ids, in either order.

    Returns
    -------
    Answer
        For a pair that is used: how. For one that was never eligible: every test it fails, at
        every time of the demand. Else what its use would bring and take at the prices, by which
        scarce things, and the least it would cost.

    Raises
    ------
    UnsupportedError
        Nothing is called that; the message names what comes closest.
    """
    asked = Asked.of(source)
    pair = ordered(asked.run, resource, demand)
    return Answer(asked.run, " ".join(pair), "pair", tuple(_lines(asked, *pair)))


def ordered(run: Run, resource: str, demand: str) -> tuple[str, str]:
    """Find both ids, whichever comes first; refuse what is neither."""
    known = {kind: ids for kind, ids in known_ids(run) if kind in (*RESOURCE_KINDS, "demand")}
    if resource in known["demand"] and demand not in known["demand"]:
        resource, demand = demand, resource
    resources = [i for kind in RESOURCE_KINDS for i in known[kind]]
    for identifier, ids in ((resource, resources), (demand, list(known["demand"]))):
        if identifier not in ids:
            raise UnsupportedError(unknown_id(identifier, ids), code="unknown_id")
    return resource, demand


def _lines(asked: Asked, resource: str, demand: str) -> Iterator[Line]:
    """Tell the pair: used, of another kind, never eligible, barred, or weighed at the prices."""
    kind = _kind(asked.run, resource)
    pair = {"resource": resource, "demand": demand}
    used = [r for r in asked.run.allocation if (r["resource"], r["demand"]) == (resource, demand)]
    if used:
        yield Line("why.used", pair)
        for row in used:
            if row["record"]:
                yield Line("record", depth=1, record=asked.run.records[row["record"]])
        return
    needs = [n for n in asked.run.table("needs") if n["demand_id"] == demand]
    mine = [n["need_id"] for n in needs if n["kind"] == kind]
    if not mine:
        yield Line(
            "why.other_kind", pair | {"kinds": list(dict.fromkeys(n["kind"] for n in needs))}
        )
        return
    columns = _columns(asked, resource, demand)
    if not len(columns):
        yield Line("why.never", pair)
        yield from _failing(asked, resource, mine)
        yield Line("why.sure_tests", depth=1)
        return
    yield from _eligible(asked, pair, columns, mine)


def _kind(run: Run, resource: str) -> str:
    """Tell the kind of a resource."""
    tables = zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True)
    return next(kind for kind, table in tables if resource in run.by_id(table))


def _columns(asked: Asked, resource: str, demand: str) -> IndexArray:
    """Give the columns by which a resource could serve a demand, in candidate order."""
    plan, c = asked.plan, asked.plan.candidates
    place = plan.instance.resources.ids.index(resource)
    owner = plan.instance.demands.index[demand]
    mine = (c.resource == place) & (plan.facts.need_demand[c.need] == owner)
    return (np.flatnonzero(mine) + len(plan.instance.options)).astype(np.int32)


def _failing(asked: Asked, resource: str, needs: Sequence[str]) -> Iterator[Line]:
    """Name every test a pair fails, times that fail alike together, and who can change each."""
    facts = asked.plan.facts
    failures, instance = asked.failures, asked.decision.instance
    place = instance.resources.ids.index(resource)
    said: dict[str, None] = {}
    for need in needs:
        row = instance.needs.index[need]
        first, last = facts.options.of_demand[facts.need_demand[row] :][:2]
        alike: dict[tuple[str, ...], list[str]] = {}
        for option in range(first, last):
            tests = tuple(failures.tests(row, place, option))
            alike.setdefault(tests, []).append(instance.options.ids[option])
            said |= dict.fromkeys(tests)
        for tests, options in alike.items():
            yield Line("why.fails", {"need": need, "times": options, "tests": list(tests)}, 1)
    demand = asked.run.by_id("needs")[needs[0]]["demand_id"]
    yield Line("why.who_tests", {"who": list(said), "demand": demand}, 1)


def _eligible(
    asked: Asked, pair: dict[str, Any], columns: IndexArray, needs: Sequence[str]
) -> Iterator[Line]:
    """Tell a pair that could be used: what bars it, what the prices say, who has its place."""
    served = {r["demand"]: r["option"] for r in asked.run.allocation}
    yield Line("why.eligible" if pair["demand"] in served else "why.eligible_unserved", pair)
    clause = _barred(asked, columns)
    if clause is not None:
        owner = asked.decision.policy.clause(clause).owner or ""
        yield Line("why.barred", pair | {"clause": clause, "owner": owner}, 1)
    elif not isinstance(asked.decision.evidence, Certificate):
        yield Line("why.step_by_step", pair, 1)
    elif asked.decision.evidence.stages:
        yield from price_line(asked.decision, asked.decision.evidence.stages, columns)
    if pair["demand"] in served:
        yield from _instead(asked, pair, columns)
    own = needs if pair["demand"] in served else None
    yield from _reasons(asked, pair["demand"], own)


def _barred(asked: Asked, columns: IndexArray) -> str | None:
    """Name the clause that rules every use of a pair out, or None."""
    decision = asked.decision
    by, names = clauses_on_columns(decision.formulation, decision.policy, BANS)
    c = asked.plan.candidates
    option = c.option[columns - len(asked.plan.instance.options)]
    own = np.where(by[columns] >= 0, by[columns], by[option])
    return names[int(own.min())] if (own >= 0).all() else None


def _instead(asked: Asked, pair: dict[str, Any], columns: IndexArray) -> Iterator[Line]:
    """Name who serves instead, need by need."""
    c, ids = asked.plan.candidates, asked.plan.instance.needs.ids
    needs = dict.fromkeys(c.need[columns - len(asked.plan.instance.options)].tolist())
    for need in (ids[n] for n in needs):
        rows = [r for r in asked.run.allocation if r["need"] == need and r["resource"]]
        if rows:
            given = list(dict.fromkeys(r["resource"] for r in rows))
            yield Line("why.instead", {"need": need, "resources": given}, 1)


def _reasons(asked: Asked, demand: str, needs: Sequence[str] | None) -> Iterator[Line]:
    """Tell the recorded reasons of what is unmet (of some needs), each once; also who decides."""
    told: list[Any] = []
    for row in asked.run.unmet:
        found = asked.run.records[row["record"]]
        mine = row["demand"] == demand and (needs is None or row["need"] in needs)
        if mine and (found["code"], found["values"]) not in told:
            told.append((found["code"], found["values"]))
            yield Line("record", depth=1, record=found)
