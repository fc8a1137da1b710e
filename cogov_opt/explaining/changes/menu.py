"""The menu of an unmet demand: which changes would serve it, at what cost to whom (S16.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import unknown_id
from cogov_opt.explaining.asking.exact import served
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.change import KINDS, Change, Family, Ladder
from cogov_opt.explaining.changes.families import family
from cogov_opt.explaining.changes.least import least
from cogov_opt.explaining.changes.trial import USELESS, Trial, Tried, Verdict
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating.points import demand_points

TRIALS = 4
"""Changes of one kind that are tried in full, those first that the prices leave most room."""
LISTED = 5
"""Changes that an answer lists."""
HELPS = (Verdict.SERVED, Verdict.POSSIBLE)


@dataclass(frozen=True)
class Found:
    """One change with what is known of it; `under` is the same of one size less, if it has one."""

    change: Change
    tried: Tried
    under: Tried | None = None
    cost: int = 1
    loss: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[bool, int, int, str, str]:
        """Give the order in which changes are told: proved, cheapest, least loss to others."""
        proved = self.tried.verdict is Verdict.SERVED
        return (not proved, self.cost, self.loss, self.change.kind, self.change.target)


@dataclass
class Menu:
    """
    What was found for one demand.

    `none` holds for each kind the proof that even all its changes together would not serve the
    demand, or the proofs for every one of them; `open` the kinds of which that is not proved, with
    how many changes were left untried; `absent` the kinds that have nothing to change.
    """

    demand: str
    found: list[Found] = field(default_factory=list)
    none: dict[str, list[Tried]] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)

    @property
    def best(self) -> list[Found]:
        """Give the changes that help and that no other beats in cost and loss, five at most."""
        helping = [f for f in self.found if f.tried.verdict in HELPS]
        proved = [f for f in helping if f.tried.verdict is Verdict.SERVED] or helping
        return sorted(_unbeaten(proved), key=lambda f: f.rank)[:LISTED]

    @property
    def told(self) -> list[Found]:
        """Give what an answer tells: the best, and those that come level."""
        return [*self.best, *(f for f in self.found if f.tried.verdict is Verdict.MATCHED)]

    @property
    def hopeless(self) -> bool:
        """Tell whether it is proved that no change of any kind helps by itself."""
        return not self.open and not self.found


def _unbeaten(found: Sequence[Found]) -> Iterator[Found]:
    """Give those that no other beats: cheaper and no worse for others, or the other way round."""
    for one in found:
        beaten = any(
            other.cost <= one.cost
            and other.loss <= one.loss
            and (other.cost, other.loss) != (one.cost, one.loss)
            for other in found
        )
        if not beaten:
            yield one


def menu(
    about: Asked, demand: str, budget: Budget, *, kinds: Iterable[str] = KINDS,
    trials: int = TRIALS, enough: int = len(KINDS) * TRIALS,
) -> Menu:  # fmt: skip
    """
    Look for the changes that would serve an unmet demand.

    Parameters
    ----------
    budget
        What each search may use; `budget.seconds` is for the whole menu, and kinds that it does
        not reach stay open.
    trials
        How many changes of a kind are tried in full.
    enough
        So many proved changes end the search: kinds not reached stay open.
    """
    refuse(about, demand)
    told = Menu(demand)
    trial = Trial(about, demand, budget)
    for kind in kinds:
        group = family(about, demand, kind)
        if group.empty:
            told.absent.append(kind)
        elif budget.over or sum(f.tried.verdict is Verdict.SERVED for f in told.found) >= enough:
            told.open[kind] = len(group.changes) + len(group.ladders)
        else:
            _of_kind(told, trial, group, trials)
    return told


def refuse(about: Asked, demand: str) -> None:
    """
    Refuse what no menu can be made for.

    Raises
    ------
    UnsupportedError
        The demand is served or unknown, a procedure decided, or a goal may be taken back by later
        ones: then being worse on it does not settle anything.
    """
    known = about.run.by_id("demands")
    if demand not in known:
        raise UnsupportedError(unknown_id(demand, known), code="unknown_id")
    if any(row["demand"] == demand for row in about.run.allocation):
        raise UnsupportedError(f"{demand} is served already: there is nothing to change")
    decision = about.decision
    if decision.strategy != "optimum" or not decision.policy.objectives:
        raise UnsupportedError(
            "the plan was made step by step: what a change would do cannot be proved by prices"
        )
    if any(o.give_percent or o.give_points for o in decision.policy.objectives[:-1]):
        raise UnsupportedError(
            "later goals of this card may take back from earlier ones: what a change would do is"
            " not settled goal by goal; ask with --exact instead"
        )


def unmet_demands(about: Asked) -> list[str]:
    """Name the demands that are not served, by id."""
    served_now = {row["demand"] for row in about.run.allocation}
    return [d for d in about.decision.instance.demands.ids if d not in served_now]


def _of_kind(told: Menu, trial: Trial, group: Family, trials: int) -> None:
    """Try a kind: all its changes together by the prices, then each that these leave open."""
    together = trial.of(group.together, screen=True)
    if together.verdict in USELESS:
        told.none[group.kind] = [together]
        return
    proofs: list[Tried] = []
    work: list[tuple[tuple[int, ...], Ladder | Change]] = []
    items: list[Ladder | Change] = [*group.ladders, *group.changes]
    for item in items:
        top = item.made(item.top) if isinstance(item, Ladder) else item
        tried = trial.of(top.edits, screen=True)
        if tried.verdict is Verdict.UNPROVEN:
            work.append((tried.hope, item))
        else:
            proofs.append(tried)
    work.sort(key=lambda pair: pair[0], reverse=True)  # stable: as listed where equal
    _in_full(told, trial, group.kind, [item for _, item in work], proofs, trials)


def _in_full(
    told: Menu, trial: Trial, kind: str, work: Sequence[Ladder | Change], proofs: list[Tried],
    trials: int,
) -> None:  # fmt: skip
    """Try what the prices leave open; what is not reached, or not settled, stays open."""
    left, helped = max(0, len(work) - trials), False
    for number, item in enumerate(work[:trials]):
        if trial.budget.over:
            left = len(work) - number
            break
        change, tried, under = _one(trial, item)
        if tried.verdict in (*USELESS, Verdict.REFUSED):
            proofs.append(tried)
        elif tried.verdict is Verdict.UNPROVEN:
            left += 1
        else:
            helped = True
            told.found.append(_found(trial.about, change, tried, under))
            if tried.verdict is Verdict.SERVED and not told.found[-1].loss:
                return  # no other of its kind can cost less, or cost others less
    if left:
        told.open[kind] = left
    elif not helped and all(tried.proof for tried in proofs):
        told.none[kind] = proofs
    elif not helped:
        told.open[kind] = sum(not tried.proof for tried in proofs)


def _one(trial: Trial, item: Ladder | Change) -> tuple[Change, Tried, Tried | None]:
    """Try one change, or find the least size of one."""
    if isinstance(item, Ladder):
        return least(trial, item)
    return item, trial.of(item.edits), None


def _found(about: Asked, change: Change, tried: Tried, under: Tried | None) -> Found:
    """Work out what a change costs, and what others lose by it."""
    costs: Mapping[str, int] = about.decision.policy.change_costs
    decision = about.decision
    before = served(decision.formulation, decision.outcome.vector)  # type: ignore[arg-type]
    dropped: tuple[str, ...] = ()
    loss = 0
    if tried.plan is not None and tried.formulation is not None:
        dropped = tuple(sorted(before - served(tried.formulation, tried.plan)))
        points = demand_points(about.plan.facts, decision.policy.points)
        loss = sum(int(points[decision.instance.demands.index[d]]) for d in dropped)
    return Found(change, tried, under, costs.get(change.kind, 1), loss, dropped)
