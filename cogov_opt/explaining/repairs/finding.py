"""The repairs of a conflict: changes that mend it, ranked, each with its plan and its proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cogov_opt.domain.policy import Policy
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.asking.files import Weighing
from cogov_opt.explaining.asking.reaching import gives
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.conflicts import conflict_of, proof_of
from cogov_opt.explaining.rebuilding import policy_of
from cogov_opt.explaining.repairs.changes import Change, candidates, owner_of
from cogov_opt.explaining.repairs.comparing import Free, bounded, free_plan, improved, values
from cogov_opt.explaining.repairs.trying import SEARCHED, Ladder, Trials, Tried
from cogov_opt.recording import Run

SHOWN = 8
"""Most repairs that are told."""


@dataclass(frozen=True)
class Repair:
    """A change that mends, its size, its plan, and the proof that less does not."""

    change: Change
    size: int
    owner: str
    tried: Tried
    under: Tried | None
    others: Mapping[str, Any] | None = None
    """Whom its plan leaves out that the free plan serves, and the other way round, with points."""

    @property
    def least(self) -> bool:
        """Tell whether a smaller size is proved not to mend; without any, the run proves it."""
        return self.under is None or bool(self.under.proof)

    def values(self) -> list[str]:
        """Give what its plan reaches at each goal, as the card states it."""
        f, plan = self.tried.formulation, self.tried.plan
        return [] if f is None or plan is None else values(f, plan)


@dataclass
class Mending:
    """All repairs of one run, ranked; `tried` of the `of` changes there are were looked at."""

    run: Run
    budget: Budget = field(default_factory=Budget)
    found: list[Repair] = field(default_factory=list)
    tried: int = 0
    of: int = 0
    free: Free | None = None

    def look(self, tell: Callable[[], None] | None = None) -> None:
        """Try every candidate, rank what mends, and see whom it costs what; `tell` on the way."""
        changes = changes_of(self.run)
        trials, self.of = Trials(self.run, self.budget, [proof_of(self.run)]), len(changes)
        for change in changes:
            if self.budget.used(SEARCHED):
                break
            self.tried += 1
            repair = repaired(Ladder(trials, change))
            if repair is not None:
                self.found = ranked([*self.found, repair], policy_of(self.run))[:SHOWN]
                if tell is not None:
                    tell()
        self._compare()

    def _compare(self) -> None:
        """Hold every repair against the plan without the clauses in conflict, and rank anew."""
        policy, conflict = policy_of(self.run), conflict_of(self.run)
        if self.found and conflict is not None:
            self.free = free_plan(self.run, conflict["clauses"], self.budget)
        if self.free is not None:
            self.found = [self._compared(repair, self.free) for repair in self.found]
            self.found = [self._proved(repair) for repair in ranked(self.found, policy)]

    def _compared(self, repair: Repair, free: Free) -> Repair:
        """Give a repair with its plan searched to the end, and what that costs others."""
        f, plan = repair.tried.formulation, repair.tried.plan
        if f is None or plan is None or self.budget.over:
            return repair
        better = improved(f, plan, self.budget)
        if better is None:
            return repair
        better = free.nearest(f, better, self.budget)
        tried = replace(repair.tried, plan=better)
        return replace(repair, tried=tried, others=free.others(f, better))

    def _proved(self, repair: Repair) -> Repair:
        """Give a repair with the proof that no plan with it reaches more, goal after goal."""
        f, plan = repair.tried.formulation, repair.tried.plan
        if f is None or plan is None or repair.others is None or gives(policy_of(self.run)):
            return repair
        chain = bounded(f, plan, self.budget)
        others = {**repair.others, "exact": str(len(chain))}
        return replace(repair, tried=replace(repair.tried, proof=chain), others=others)

    def told(self) -> dict[str, Any]:
        """Give what is known as JSON-ready values: the claim with its proofs, and what is left."""
        return {
            "claim": self.claim(), "weighings": [w.to_dict() for w in self._weighings()],
            "tried": self.tried, "of": self.of, "untold": self.untold,
        }  # fmt: skip

    def _weighings(self) -> list[Weighing]:
        """Give the free plan, and for each repair its plan and the proof that less does not do."""
        weighings = [] if self.free is None else [self.free.weighing()]
        for repair in self.found:
            for size, tried in ((repair.size, repair.tried), (repair.size - 1, repair.under)):
                if tried is not None and tried.formulation is not None and (
                    tried.plan is not None or tried.proof
                ):  # fmt: skip
                    edits = repair.change.edits(self.run, size)
                    weighings.append(
                        Weighing(edits, (), tried.formulation, tried.plan, tried.proof)
                    )
        return weighings

    @property
    def untold(self) -> int:
        """Count the repairs of which time ended before it was known whom they cost what."""
        return sum(r.others is None for r in self.found) if self.budget.over else 0

    def claim(self) -> dict[str, Any]:
        """Give the repairs as JSON-ready values, in their order, and what they are held against."""
        free = {} if self.free is None else {"free": self.free.claim()}
        return free | {"repairs": [_claimed(repair) for repair in self.found]}


def repaired(ladder: Ladder) -> Repair | None:
    """Find the least size of a change that mends, None if none does."""
    size = ladder.least()
    if not size:
        return None
    under = ladder.at(size - 1) if size > 1 else None
    owner = owner_of(ladder.trials.run, ladder.change)
    return Repair(ladder.change, size, owner, ladder.at(size), under)


def changes_of(run: Run) -> list[Change]:
    """
    List the changes that may mend the conflict of a run.

    Raises
    ------
    UnsupportedError
        The run has no conflict.
    """
    conflict = conflict_of(run)
    if conflict is None:
        raise UnsupportedError("the run tells of no conflict: there is nothing to mend")
    return candidates(run, conflict, [tuple(key) for key, _ in proof_of(run)])


def _claimed(repair: Repair) -> dict[str, Any]:
    """Give a repair as JSON-ready values."""
    change = repair.change
    sized = change.part not in ("lift", "twin") and change.kind != "earmark"
    return {
        "kind": change.kind,
        "target": change.target,
        "part": change.part,
        "size": str(repair.size),
        "before": str(change.before) if sized else "",
        "after": str(change.after(repair.size)) if sized else "",
        "owner": repair.owner,
        "least": repair.least,
        "values": repair.values(),
    } | ({} if repair.others is None else {"others": repair.others})


def ranked(found: list[Repair], policy: Policy) -> list[Repair]:
    """Rank repairs: by what the card says such a change costs, then by what the goals reach."""
    costs = policy.change_costs

    def order(repair: Repair) -> tuple[Any, ...]:
        f, plan = repair.tried.formulation, repair.tried.plan
        reached = [] if f is None or plan is None else [-s.value(plan) for s in f.stages]
        change = repair.change
        return costs.get(change.kind, 1), reached, change.kind, change.target, change.part

    return sorted(found, key=order)
