"""
Conflicts of any shape: a Farkas core, made smaller by giving up one thing after the other (S10.8).

Each question is "is there a plan if only these are kept": answered by a plan, by a proof in exact
integers that there is none, or by a solver's word. Only the first two are relied on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from cogov_opt.domain.conflict import Conflict, Parts, Proof, Sparse, Tree
from cogov_opt.domain.formulation import FREE, Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.solving import exact, farkas
from cogov_opt.solving.money import settle
from cogov_opt.solving.problem import Backend, Status, Work
from cogov_opt.solving.refuting import refute
from cogov_opt.solving.scaling import prepare, soft_columns
from cogov_opt.solving.search import search

QUESTIONS = 300
"""Questions asked before a set is told as it stands: work, not time, so that runs repeat."""
NODES = 2000
"""Nodes one question may take."""
PARTS = 60
"""Beyond so many parts a set is not made smaller part by part."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A plan, or a proof that there is none, or neither; `denied` is a solver's word for none."""

    plan: Sparse | None = None
    proof: Proof = ()
    denied: bool = False
    tree: Tree = ()

    @property
    def refuted(self) -> bool:
        """Tell whether it is proved that there is no plan."""
        return bool(self.proof or self.tree)

    def used(self, parts: Parts) -> frozenset[int]:
        """Give the parts the proof speaks of."""
        return parts.used_by(self.tree) if self.tree else parts.used(self.proof)


@dataclass
class Questions:
    """Asks whether there is a plan when only some parts are kept."""

    formulation: Formulation
    parts: Parts
    backend: Backend
    work: Work = field(default_factory=Work)
    asked: int = 0

    def __post_init__(self) -> None:
        """Mark what a search branches on."""
        self.hard = ~soft_columns(self.formulation)
        self.nothing = Stage(0, np.zeros(len(self.formulation.lower), np.int64), 0, None)

    def ask(self, kept: frozenset[int]) -> Reply:
        """Ask the linear programme first, then a search."""
        self.asked += 1
        if self.asked > QUESTIONS:
            return Reply()
        system = self._system(kept)
        scaled = prepare(system)
        problem, _ = scaled.with_costs(self.nothing.costs)
        answer = self.backend(problem, replace(self.work, ray=True))
        if answer.status is Status.INFEASIBLE:
            if answer.ray is None:
                return Reply(denied=True)
            ray = scaled.scaling.true_duals(answer.ray, 1.0)
            return Reply(proof=tuple(farkas.proof(system, ray) or ()), denied=True)
        if answer.point is not None:
            point = scaled.scaling.true_point(answer.point)
            if float(np.abs(point - np.rint(point))[self.hard].max(initial=0.0)) < WHOLE:
                made = settle(system, point, self.nothing.costs, self.backend, self.work)
                if made.vector is not None and exact.feasible(system, made.vector):
                    return Reply(plan=sparse(made.vector))
        return self._searched(system)

    def _searched(self, system: Formulation) -> Reply:
        """Branch until there is a plan, or the solver says that there is none."""
        work = replace(self.work, nodes=NODES)
        found = search(system, self.hard, self.nothing, None, self.backend, work)
        if found.plan is not None and exact.feasible(system, found.plan):
            return Reply(plan=sparse(found.plan))
        if found.status is not Status.INFEASIBLE:
            return Reply()
        tree = refute(system, self.hard, self.backend, self.work)
        return Reply(denied=True, tree=tree or ())

    def _system(self, kept: frozenset[int]) -> Formulation:
        """Give the formulation in which the rows of all other parts say nothing."""
        gone = self.parts.given_up(kept)
        low = np.where(gone, -FREE, self.formulation.row_lower)
        high = np.where(gone, FREE, self.formulation.row_upper)
        return replace(self.formulation, row_lower=low, row_upper=high)


WHOLE = 1e-6


def sparse(plan: IntArray) -> Sparse:
    """Give the columns of a plan that are not 0."""
    used = np.flatnonzero(plan)
    return tuple(zip(used.tolist(), plan[used].tolist(), strict=True))


def find(questions: Questions) -> Conflict | None:
    """Give a conflict, as small as the questions show; None if there is a plan after all."""
    parts = questions.parts
    everything = frozenset(range(len(parts)))
    first = questions.ask(everything)
    if first.plan is not None:
        return None
    kept = parts.clauses_of(first.used(parts) if first.refuted else everything)
    clauses = _Shrinking(questions, first, {c: parts.of_clauses(frozenset([c])) for c in kept})
    clauses.run()
    left = frozenset(clauses.owners)
    if not clauses.reply.refuted:
        return Conflict(left, parts.of_clauses(left), without=clauses.plans)
    used = clauses.reply.used(parts)
    single = _Shrinking(questions, clauses.reply, {p: frozenset([p]) for p in used})
    if len(used) <= PARTS:
        single.run()
    return Conflict(
        left,
        frozenset(single.owners),
        single.reply.proof,
        single.reply.tree,
        clauses.plans,
        single.plans,
    )


@dataclass
class _Shrinking:
    """A set of owners (clauses, or parts) that no plan keeps together, made smaller."""

    questions: Questions
    reply: Reply
    owners: dict[int, frozenset[int]]
    plans: dict[int, Sparse] = field(default_factory=dict)

    def run(self) -> None:
        """Give up each owner once; those without which there is still no plan go."""
        for owner in sorted(self.owners):
            if owner in self.owners:
                self._give_up(owner)

    def _give_up(self, owner: int) -> None:
        """Ask without one owner."""
        others = [kept for o, kept in self.owners.items() if o != owner]
        reply = self.questions.ask(frozenset().union(*others))
        if reply.plan is not None:
            self.plans[owner] = reply.plan
        elif reply.refuted:
            self.reply = reply
            used = reply.used(self.questions.parts)
            self.owners = {o: kept for o, kept in self.owners.items() if kept & used}
        elif reply.denied and not self.reply.refuted:
            # A claim is made smaller by claims; a proof only by proofs.
            del self.owners[owner]
        self.plans = {o: plan for o, plan in self.plans.items() if o in self.owners}
