"""The making of a menu: all changes at once, kind by kind, and several kinds together (S16.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.answers import unknown_id
from cogov_opt.explaining.asking.exact import served
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.changes.change import KINDS, Change, Family
from cogov_opt.explaining.changes.families import family
from cogov_opt.explaining.changes.giving import trial_of
from cogov_opt.explaining.changes.menu import Found, Joint, Menu
from cogov_opt.explaining.changes.needing import Item, edits_of, needed, smallest
from cogov_opt.explaining.changes.searching import KindSearch
from cogov_opt.explaining.changes.trial import USELESS, Better, Trial, Tried, Verdict
from cogov_opt.explaining.why_not import Asked
from cogov_opt.formulating.points import demand_points

PRIORITY = "priority"
"""The kind that makes the demand worth more: beside it, any other would seem to help."""
LEAST = 2
"""So many changes are tried together at least: each by itself was tried before."""
SHOWN = (Verdict.SERVED, Verdict.POSSIBLE, Verdict.MATCHED)


TRIALS = 4
"""Changes of one kind that are tried in full before the next kind has its turn."""


def menu(
    about: Asked, demand: str, budget: Budget, *, kinds: Iterable[str] = KINDS,
    trials: int = TRIALS, enough: int = len(KINDS) * TRIALS,
    jointly: bool = True, tell: Callable[[Menu], None] | None = None,
) -> Menu:  # fmt: skip
    """
    Look for the changes that would serve an unmet demand.

    Parameters
    ----------
    budget
        What each search may use; `budget.seconds` is for the whole menu, and kinds that it does
        not reach stay open.
    trials
        How many changes of a kind are tried in full before the next kind has its turn.
    enough
        So many proved changes end the search: kinds not reached stay open.
    jointly
        Whether to see what several changes do together, where none helps by itself.
    tell
        Hears what is known whenever a kind is done.
    """
    refuse(about, demand)
    trial = trial_of(about, demand, budget)
    making = _Making(about, trial, Menu(demand), trials, enough, jointly, tell)
    return making.made(kinds)


def untried(about: Asked, demand: str) -> Menu:
    """Give the menu of which nothing is known but what there is to change."""
    told = Menu(demand)
    for kind in KINDS:
        _list(told, family(about, demand, kind))
    return told


def _list(told: Menu, group: Family) -> None:
    """Put a kind on a menu before anything of it is tried."""
    if group.empty:
        told.absent.append(group.kind)
    else:
        told.open[group.kind] = len(group.changes) + len(group.ladders)


def refuse(about: Asked, demand: str) -> None:
    """
    Refuse what no menu can be made for.

    Raises
    ------
    UnsupportedError
        The demand is served or unknown, or a procedure decided.
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


def unmet_demands(about: Asked) -> list[str]:
    """Name the demands that are not served, by id."""
    served_now = {row["demand"] for row in about.run.allocation}
    return [d for d in about.decision.instance.demands.ids if d not in served_now]


@dataclass
class _Making:
    """A menu in the making; see `menu` for what it may use."""

    about: Asked
    trial: Trial
    told: Menu
    trials: int
    enough: int
    jointly: bool
    tell: Callable[[Menu], None] | None

    def made(self, kinds: Iterable[str]) -> Menu:
        """Search the kinds; where no change helps by itself, see what they do together."""
        searches = []
        for kind in kinds:
            group = family(self.about, self.told.demand, kind)
            _list(self.told, group)
            if not group.empty:
                searches.append(KindSearch(self.trial, group, self._tell, self.trials))
        for search in (s for s in searches if s.family.kind == PRIORITY):
            self._kind(search)
        self._others([s for s in searches if s.family.kind != PRIORITY])
        self._rest(searches)
        alone = not self.told.found and not self.told.open
        if self.jointly and alone and len(searches) > 1 and not self.trial.budget.over:
            self._jointly([item for s in searches for item in s.together])
        return self.told

    def _others(self, searches: Sequence[KindSearch]) -> None:
        """Ask the changes of all other kinds at once, then kind by kind what that leaves open."""
        items = [item for search in searches for item in search.joint]
        if items and not self._enough and not self.trial.budget.over:
            proof = self.trial.of(edits_of(items), screen=True)
            if proof.verdict in USELESS:
                for search in searches:
                    search.all_useless(proof)
        for search in searches:
            self._kind(search)

    def _rest(self, searches: Sequence[KindSearch]) -> None:
        """Go on with what is left open, now that every kind has had its turn."""
        for search in searches:
            if search.items and not (search.enough or self._enough or self.trial.budget.over):
                search.tries = len(search.items)
                self._kind(search)

    def _kind(self, search: KindSearch) -> None:
        """Search one kind, and say what is known of it then."""
        told, kind = self.told, search.family.kind
        if not self.trial.budget.over and not self._enough:
            search.run()
        del told.open[kind]
        if search.items and not search.enough:
            told.open[kind] = len(search.items)
        elif not search.items and not any(f.change.kind == kind for f in told.found):
            told.none[kind] = search.proofs
        if self.tell is not None:
            self.tell(told)

    @property
    def _enough(self) -> bool:
        """Tell whether as many changes are proved as were asked for."""
        return sum(f.tried.verdict is Verdict.SERVED for f in self.told.found) >= self.enough

    def _tell(self, change: Change, tried: Tried, under: Tried | None) -> bool:
        """Put a change that helps on the menu; tell whether its kind has been searched enough."""
        self.told.found.append(_found(self.about, change, tried, under))
        free = tried.verdict is Verdict.SERVED and not self.told.found[-1].loss
        return free or self._enough

    def _fewer(self, parts: list[Item], better: Better) -> tuple[list[Item], Better]:
        """Leave out what the demand can do without: a plan may need more than another would."""
        for part in list(parts):
            rest = [other for other in parts if other is not part]
            if part not in parts or len(rest) < LEAST or self.trial.budget.over:
                continue
            looked = self.trial.look(edits_of(rest))
            if isinstance(looked, Better):
                parts, better = needed(self.trial, rest, looked)
        return parts, better

    def _jointly(self, items: list[Item]) -> None:
        """See whether several changes serve the demand together, or prove that all do not."""
        looked = self.trial.look(edits_of(items))
        if isinstance(looked, Tried):
            if looked.verdict in USELESS:
                self.told.joint = Joint((), looked)
            return
        parts, better = self._fewer(*needed(self.trial, items, looked))
        changes = smallest(self.trial, parts, better)
        edits = [edit for change in changes for edit in change.edits]
        mine = self.trial.given(edits, better.formulation, better.plan, better.at)
        tried = self.trial.of(edits) if mine is None else self.trial.settled(edits, mine)
        if tried.verdict in SHOWN and len(changes) > 1:
            known = [_found(self.about, change, tried, None) for change in changes]
            cost = sum(one.cost for one in known)
            self.told.joint = Joint(tuple(changes), tried, cost, known[0].loss, known[0].dropped)


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
