"""The search through the changes of one kind: what helps, and proof that the rest does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from cogov_opt.explaining.changes.change import Change, Family, Ladder
from cogov_opt.explaining.changes.least import least
from cogov_opt.explaining.changes.needing import Item, edits_of, needed, topmost
from cogov_opt.explaining.changes.trial import USELESS, Better, Trial, Tried, Verdict

Telling = Callable[[Change, Tried, Tried | None], bool]
"""Hears of a change that helps, or comes level: with the same of one size less, if it
has one. Answers whether its kind has been searched enough."""

MANY = 30
"""Beyond so many changes, those to try are found by plans instead of one by one."""


@dataclass
class KindSearch:
    """
    Searches a kind: all its changes at once by the prices, then each that these leave open.

    Where they are many, a plan that all of them allow shows which it needs: these are tried and
    laid aside, and the rest is asked again, until nothing of it allows a better plan, which one
    proof shows of all of it. `proofs` are those of changes that do not help; `items` those that
    are not settled.
    """

    trial: Trial
    family: Family
    tell: Telling
    tries: int
    proofs: list[Tried] = field(default_factory=list)
    enough: bool = False
    """Whether no more is asked: a change was found that costs nobody anything, say."""

    def __post_init__(self) -> None:
        """Set out with every change."""
        self.items: list[Item] = [*self.family.ladders, *self.family.changes]

    @property
    def joint(self) -> list[Item]:
        """Give the changes not settled that may be weighed together."""
        return [item for item in self.items if item in self.together]

    @cached_property
    def together(self) -> list[Item]:
        """
        Give the changes that may be weighed together.

        Lifting a soft clause changes what every plan is worth: what it does beside others says
        nothing of what each of them does, so it is tried by itself.
        """
        policy = self.trial.about.decision.policy
        soft = {clause.id for clause in policy.clauses if clause.soft}
        items: list[Item] = [*self.family.ladders, *self.family.changes]
        if self.family.kind != "clause":
            return items
        return [item for item in items if topmost(item).target not in soft]

    def all_useless(self, proof: Tried) -> None:
        """Lay all changes aside that may be weighed together: one proof speaks of them."""
        joint = self.joint
        if joint:
            self.proofs.append(proof)
            self.items = [item for item in self.items if item not in joint]

    def run(self) -> None:
        """Search as long as there are tries, time, and changes that are not settled."""
        if self._may_go_on() and len(self.joint) > 1:
            together = self.trial.of(edits_of(self.joint), screen=True)
            if together.verdict in USELESS:
                self.all_useless(together)
        if len(self.joint) > MANY:
            self._by_plans()
        if self._may_go_on():
            self._singly()

    def _by_plans(self) -> None:
        """Ask many changes at once, and try what the plan that they allow needs of them."""
        while self._may_go_on() and self.joint:
            looked = self.trial.look(edits_of(self.joint))
            if isinstance(looked, Tried):
                if looked.verdict in USELESS and looked.spares:
                    self.all_useless(looked)
                return
            parts, looked = needed(self.trial, self.joint, looked)
            alone = looked if len(parts) == 1 else None
            for part in parts:
                self.settle(part, alone)
            if not parts:
                return

    def _may_go_on(self) -> bool:
        left = self.items and self.tries > 0 and not self.enough
        return bool(left) and not self.trial.budget.over

    def _singly(self) -> None:
        """Try each change that is left by relaxations, then those that promise most in full."""
        work: list[tuple[tuple[int, ...], Item]] = []
        for item in list(self.items):
            if self.trial.budget.over:
                return
            tried = self.trial.of(edits_of([item]), screen=True)
            if tried.verdict is Verdict.UNPROVEN:
                work.append((tried.hope, item))
            elif tried.proof:
                self._aside(item, tried)
        work.sort(key=lambda pair: pair[0], reverse=True)  # stable: as listed where equal
        for _, item in work:
            if not self._may_go_on():
                return
            self.settle(item)

    def settle(self, item: Item, known: Better | None = None) -> None:
        """Try one change in full; `known` is a plan that it alone is thought to allow."""
        self.tries -= 1
        change, tried, under = self._full(item, known)
        if tried.verdict in USELESS:
            if tried.spares or not isinstance(item, Ladder):
                self._aside(item, tried)
        elif tried.verdict in (Verdict.SERVED, Verdict.POSSIBLE, Verdict.MATCHED):
            self.items.remove(item)
            self.enough |= self.tell(change, tried, under)

    def _aside(self, item: Item, tried: Tried) -> None:
        """Lay a change aside that is proved not to help."""
        self.proofs.append(tried)
        self.items.remove(item)

    def _full(self, item: Item, known: Better | None) -> tuple[Change, Tried, Tried | None]:
        """Try one change, or find the least size of one."""
        if isinstance(item, Ladder):
            return least(self.trial, item)
        if known is not None:
            better = self.trial.given(item.edits, known.formulation, known.plan, known.at)
            if better is not None:
                return item, self.trial.settled(item.edits, better), None
        return item, self.trial.of(item.edits), None
