"""What a change would do, by trying every plan: the truth that answers are held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cogov_opt as cg
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import Explained
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.asking.reaching import gives
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.change import Change
from cogov_opt.explaining.changes.families import family
from cogov_opt.explaining.changes.giving import trial_of
from cogov_opt.explaining.changes.least import least
from cogov_opt.explaining.changes.making import unmet_demands
from cogov_opt.explaining.changes.trial import Verdict
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating import formulate
from cogov_opt.recording import Run
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of
from tests.explaining.little_weeks import little_card, little_week
from tests.properties.brute_force import every_plan, plan_count
from tests.properties.small_weeks import tables_of

MOST_PLANS = 400


def asked_of(seed: int, *, giving: bool = False) -> Asked | None:
    """Decide a small week, where goals may give or not; None where there is nothing to ask."""
    try:
        policy = cg.load_policy_text(little_card(seed, giving=giving))
        instance = cg.check(tables_of(little_week(seed)), policy)
        explained: Explained = cg.explain(cg.allocate(instance, policy, isolation="none"))
    except cg.CogovError:
        return None
    decision = explained.decision
    if decision.outcome.vector is None or decision.strategy != "optimum":
        return None
    if giving and not gives(policy):
        return None
    return Asked.of(explained)


def truth(run: Run, edits: Sequence[Any], demand: str) -> str | None:
    """Say whether a best plan of the changed week serves the demand: yes, no, level; None: big."""
    try:
        instance, policy = changed(run, edits)
        f = formulate(instance, policy)
    except cg.CogovError:
        return "refused"
    if plan_count(f) > MOST_PLANS:
        return None
    first, last = instance.options.of_demand[instance.demands.index[demand] :][:2]
    serves = {bool(x[int(first) : int(last)].any()) for x in best_plans(f)}
    return "level" if len(serves) > 1 else "yes" if serves == {True} else "no"


def best_plans(f: Formulation) -> list[IntArray]:
    """Give every best plan: goal by goal those that keep what it must, at the last the best."""
    plans, last = [x for x in every_plan(f) if not f.violated(x)], f.stages[-1]
    for stage in f.stages[:-1]:
        plans = _keeping(stage, plans)
    most = max((exact.value(last.costs, x) for x in plans), default=0)
    return [x for x in plans if exact.value(last.costs, x) == most]


def reached(f: Formulation) -> list[int] | None:
    """Give what each goal reaches before later ones take back; None where there is no plan."""
    plans = [x for x in every_plan(f) if not f.violated(x)]
    found: list[int] = []
    for stage in f.stages if plans else ():
        found.append(max(exact.value(stage.costs, x) for x in plans))
        plans = _keeping(stage, plans)
    return found or None


def _keeping(stage: Stage, plans: Sequence[IntArray]) -> list[IntArray]:
    """Give the plans that keep what a goal must keep of what it reaches among them (S9.4)."""
    values = [exact.value(stage.costs, x) for x in plans]
    floor = floor_of(stage, max(values, default=0))
    return [x for x, value in zip(plans, values, strict=True) if value >= floor]


def changes_of(about: Asked, demand: str, kind: str) -> Iterator[Change]:
    """Give the changes of a kind, ladders at every size where there are few, else at some."""
    group = family(about, demand, kind)
    yield from group.changes
    for ladder in group.ladders:
        for size in sorted({1, 2, ladder.top // 2, ladder.top - 1, ladder.top} - {0}):
            if size <= ladder.top:
                yield ladder.made(size)


ALLOWED = {
    Verdict.SERVED: ("yes",),
    Verdict.NOT_SERVED: ("no",),
    Verdict.MATCHED: ("level", "yes"),
    Verdict.NO_BETTER: ("level", "no"),
    Verdict.POSSIBLE: ("yes", "no", "level"),
    Verdict.UNPROVEN: ("yes", "no", "level"),
    Verdict.REFUSED: ("refused",),
}
"""What may be true where a verdict is given."""


def judged(about: Asked, kind: str) -> Iterator[tuple[Verdict, str]]:
    """Try every change of a kind for every unmet demand; give verdict and truth of each."""
    for demand in unmet_demands(about):
        trial = trial_of(about, demand, Budget(None))
        for change in changes_of(about, demand, kind):
            fact = truth(about.run, change.edits, demand)
            if fact is not None:
                yield trial.of(change.edits).verdict, fact


def at_and_under(about: Asked, kind: str) -> Iterator[tuple[int, str, str]]:
    """Find the least size of every ladder of a kind; give it, its truth, and that of one less."""
    for demand in unmet_demands(about):
        trial = trial_of(about, demand, Budget(None))
        for ladder in family(about, demand, kind).ladders:
            change, tried, _ = least(trial, ladder)
            if tried.verdict is not Verdict.SERVED:
                continue
            fact = truth(about.run, change.edits, demand)
            less = ladder.made(change.size - 1).edits if change.size > 1 else []
            under = truth(about.run, less, demand)
            if fact is not None and under is not None:
                yield change.size, fact, under
